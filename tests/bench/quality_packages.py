"""Popular packages of PyPI and npm: fetched by the ordinary clients into a cache, read from their archives, without their tests.

`packages.toml` says which, in which versions, and why each finding that is left in them stays.
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import Any

import tomli
from attrs import frozen

from tests.bench.quality_clean import SKIPPED
from tests.bench.quality_sample import Sample

LIST = Path(__file__).with_name("packages.toml")
CACHE = Path(os.environ.get("TIGHTLIP_PACKAGES") or Path(sys.prefix) / "packages")
"""Where archives are kept."""

_FILE, _PACKAGE = 1_000_000, 2_000_000
"""Bytes of a file, and of a package, that are taken at most: no package should be most of the corpus."""
_PIP = (
    "download --quiet --disable-pip-version-check --retries 1 --timeout 20 --no-deps --only-binary :all: --python-version 3.12"
    " --platform manylinux_2_28_x86_64 --platform manylinux_2_27_x86_64 --platform manylinux2014_x86_64"
).split()
"""The same wheel on every machine."""
_NPM = "pack --silent --ignore-scripts --fetch-retries 1 --fetch-timeout 20000".split()


@frozen
class Package:
    """One version of a package."""

    registry: str
    """`pypi` or `npm`."""
    name: str
    version: str

    @property
    def archive(self) -> Path | None:
        """Its wheel or tarball, where it has been fetched."""
        return next(iter(sorted(self._folder.glob("*.*"))), None) if self._folder.is_dir() else None

    @property
    def _folder(self) -> Path:
        return CACHE / self.registry / self.name.replace("/", "+") / self.version

    def fetch(self) -> bool:
        """Let pip or npm fetch it; whether it is there now."""
        if self.archive is not None:
            return True
        npm = shutil.which("npm") or ""
        arriving = self._folder.with_name(f"{self.version}.arriving")
        arriving.mkdir(parents=True, exist_ok=True)
        if self.registry == "npm":
            command = [npm, *_NPM, "--pack-destination", str(arriving), f"{self.name}@{self.version}"]
        else:
            command = [sys.executable, "-m", "pip", *_PIP, "--dest", str(arriving), f"{self.name}=={self.version}"]
        if command[0] and subprocess.run(command, capture_output=True, check=False).returncode == 0:
            arriving.rename(self._folder)
        else:
            shutil.rmtree(arriving)
        return self.archive is not None

    def samples(self) -> Iterator[Sample]:
        """Its texts, as a corpus has them. Nothing where it has not been fetched."""
        taken = 0
        for name, size, read in members(self.archive):
            parts = PurePosixPath(name).parts
            if SKIPPED & set(parts) or ".." in parts or size > _FILE or taken + size > _PACKAGE:
                continue
            content = read()
            try:
                text = content.decode()
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                taken += size
                yield Sample(f"packages/{self.registry}/{self.name}/{name}", text, (), "packages")


@frozen
class Stays:
    """Why a finding in a package stays."""

    package: str
    at: str
    """File and line: `pay/key.py:12`."""
    rule: str
    why: str


@frozen
class Listed:
    """What `packages.toml` says."""

    packages: tuple[Package, ...]
    stays: tuple[Stays, ...]


def package_list() -> Listed:
    """Read the list."""
    data: dict[str, Any] = tomli.loads(LIST.read_text("utf-8"))
    packages = [Package(registry, *pin) for registry in ("pypi", "npm") for pin in data[registry].items()]
    return Listed(tuple(packages), tuple(Stays(**one) for one in data["stays"]))


def fetched(packages: Iterable[Package]) -> list[Package]:
    """Those of some packages that could be had. What a registry holds is not asked for after three packages in vain."""
    wanted = list(packages)
    for registry in dict.fromkeys(package.registry for package in wanted):
        missing = [one for one in wanted if one.registry == registry and one.archive is None]
        if any(one.fetch() for one in missing[:3]):
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(Package.fetch, missing))
    return [package for package in wanted if package.archive is not None]


def members(archive: Path | None) -> Iterator[tuple[str, int, Callable[[], bytes]]]:
    """Name, size and content of an archive's files, in the order of their names."""
    if archive is None:
        return
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            for info in sorted(wheel.infolist(), key=lambda one: one.filename):
                if not info.is_dir():
                    yield info.filename, info.file_size, lambda info=info: wheel.read(info)
        return
    # unpacked as a whole: to read a compressed one in another order than its own takes minutes
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(archive.read_bytes()))) as tarball:
        for member in sorted(tarball.getmembers(), key=lambda one: one.name):
            file = tarball.extractfile(member) if member.isfile() else None
            if file is not None:
                yield member.name, member.size, file.read
