"""Clean code: the standard library without its tests, and the packages installed here. Nothing in it is a secret."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.quality_sample import Sample

_SKIPPED = frozenset({"test", "tests", "testing", "idle_test", "site-packages", "__pycache__"})
_KINDS = frozenset(
    ".py .pyi .js .ts .json .toml .cfg .ini .yaml .yml .md .rst .txt .html .css .xml .sh .c .h .pyx".split()
)
_FILE, _PACKAGE = 1_000_000, 2_000_000
"""Bytes of a file, and of a package, that are taken at most: no package should be most of the corpus."""


def standard_library() -> list[Sample]:
    """The `.py` files of the standard library, without its tests."""
    root = Path(sysconfig.get_paths()["stdlib"])
    return list(_texts(root, root, frozenset({".py"}), 10**9, "stdlib"))


def packages() -> list[Sample]:
    """Texts of the packages in this environment, without their tests and without tightlip, whose rules hold examples."""
    root = Path(sysconfig.get_paths()["purelib"])
    folders = sorted(path for path in root.iterdir() if path.is_dir() and path.name not in _SKIPPED | {"tightlip"})
    return [sample for folder in folders for sample in _texts(folder, root, _KINDS, _PACKAGE, "packages")]


def _texts(folder: Path, root: Path, kinds: frozenset[str], most: int, name: str) -> Iterator[Sample]:
    taken = 0
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(root)
        if path.suffix not in kinds or _SKIPPED & set(relative.parts) or not path.is_file():
            continue
        content = path.read_bytes()
        if len(content) > _FILE or taken + len(content) > most or b"\0" in content:
            continue
        try:
            text = content.decode()
        except UnicodeDecodeError:
            continue
        taken += len(content)
        yield Sample(f"{name}/{relative.as_posix()}", text, (), name)


def megabytes(samples: Sequence[Sample]) -> float:
    """Size of samples in UTF-8, in millions of bytes."""
    return sum(len(sample.text.encode()) for sample in samples) / 1e6
