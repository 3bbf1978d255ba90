"""Code of the bench of copied code: whole packages, tests included, in two languages."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

import tomli
from attrs import frozen

from tests.bench.quality_packages import Package, fetched, members, package_list
from tightlip.provenance.indexable import MOST_BYTES, why_skipped

LIST = Path(__file__).with_name("copied_code.toml")
LANGUAGES = {
    "py": "Python", "js": "JavaScript", "mjs": "JavaScript", "cjs": "JavaScript", "jsx": "JavaScript", "ts": "TypeScript",
    "mts": "TypeScript", "cts": "TypeScript", "tsx": "TypeScript",
}  # fmt: skip


@frozen
class Code:
    """One file of a package."""

    package: str
    path: str
    text: str

    @property
    def language(self) -> str:
        return LANGUAGES[self.path.rpartition(".")[2]]


@frozen
class Copy:
    """Why an innocent file is known to hold lines of a restricted one."""

    package: str
    at: str
    of: str
    why: str


@frozen
class Corpus:
    """Files that people wrote; without generated, vendored and minified ones, as an index is built."""

    restricted: tuple[Code, ...]
    innocent: tuple[Code, ...]
    """Files that are asked about."""
    unrestricted: tuple[Code, ...]
    """The other half of the same projects."""
    public: tuple[Code, ...]
    copies: tuple[Copy, ...]
    missing: int
    """Packages that pip and npm could not fetch."""


def corpus() -> Corpus:
    """Read the packages. Empty where none can be fetched."""
    chosen = tomli.loads(LIST.read_text("utf-8"))
    packages = package_list().packages
    had = fetched(packages)
    kinds: dict[str, list[Package]] = {"restricted": [], "innocent": [], "public": []}
    for package in had:
        kind = next((kind for kind in ("restricted", "innocent", "unused") if package.name in chosen[kind]), "public")
        kinds.setdefault(kind, []).append(package)
    innocent = tuple(_written(kinds["innocent"]))
    return Corpus(
        restricted=tuple(_written(kinds["restricted"])),
        innocent=innocent[::2],
        unrestricted=innocent[1::2],
        public=(*_written(kinds["public"]), *_standard_library()),
        copies=tuple(Copy(**one) for one in chosen.get("copies", [])),
        missing=len(packages) - len(had),
    )


def lines_of(files: Iterable[Code]) -> int:
    """Lines of some files."""
    return sum(file.text.count("\n") + 1 for file in files)


def _written(packages: Iterable[Package]) -> Iterator[Code]:
    for package in packages:
        for path, size, read in members(package.archive):
            if path.rpartition(".")[2] not in LANGUAGES or size > MOST_BYTES or why_skipped(path):
                continue
            try:
                text = read().decode()
            except UnicodeDecodeError:
                continue
            if not why_skipped(path, text):
                yield Code(package.name, path.removeprefix("package/"), text)


def _standard_library() -> Iterator[Code]:
    root = Path(sysconfig.get_paths()["stdlib"])
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if "site-packages" not in path.parts and not why_skipped(name):
            yield Code("python", name, path.read_text("utf-8", "replace"))
