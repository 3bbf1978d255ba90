"""Members of zip, tar and compressed files, read in memory and within limits: nothing is ever unpacked to disk."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, NamedTuple

from tightlip.cli.report import Skipped

DEPTH = 3
"""Archives inside archives that are looked into."""
MEMBERS = 20_000
"""Members of one outermost archive that are looked at."""
RATIO = 200
"""How many times its packed size a compressed text may have; ordinary text packs 3 to 20 times."""
_FACTOR = 20
"""Bytes unpacked from one outermost archive, in `max_size`s."""
_DIRECTORY = 32_000_000
"""Bytes of a zip file's table of contents."""
_SMALL = 100_000
"""Bytes up to which the ratio says nothing."""

_DAMAGED = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError, RuntimeError,
)  # fmt: skip
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_COMPRESSED = ((b"\x1f\x8b", ".gz"), (b"BZh", ".bz2"))


class Member(NamedTuple):
    """One text in an archive."""

    name: str
    """As reported, behind `!/`; for a member of a member `inner.zip!/a.txt`."""
    data: bytes


class _Limit(Exception):
    """A limit was reached; what follows is not looked at."""


class _Budget:
    """What one outermost archive may still cost."""

    def __init__(self, size: int):
        self.size = size
        self.members = MEMBERS

    @property
    def spent(self) -> bool:
        return self.size < 0 or self.members < 0

    def take(self, size: int) -> None:
        self.size -= size
        if self.size < 0:
            raise _Limit("it holds more than is looked at")

    def count(self) -> None:
        self.members -= 1
        if self.members < 0:
            raise _Limit(f"it has more than {MEMBERS:,} members")


class _Counted(io.RawIOBase):
    """A decompressor's output, ended when it grows beyond reason."""

    def __init__(self, file: IO[bytes] | gzip.GzipFile | bz2.BZ2File, packed: int, budget: _Budget):
        self._file = file
        self._packed = packed
        self._budget = budget
        self._total = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(65536 if size < 0 else min(size, 65536))
        self._total += len(data)
        self._budget.take(len(data))
        if self._total > max(_SMALL, self._packed * RATIO):
            raise _Limit(f"it unpacks to more than {RATIO} times its size")
        return data

    def all(self) -> bytes:
        return b"".join(iter(self.read, b""))


def is_archive(head: bytes) -> bool:
    """Whether a file that begins so can be looked into."""
    return head.startswith(_ZIP) or head.startswith(tuple(mark for mark, _ in _COMPRESSED)) or head[257:262] == b"ustar"


def members(file: IO[bytes], size: int, name: str, max_size: int) -> Iterator[Member | Skipped]:
    """Texts inside an archive of `size` bytes. `name` is what it is reported as; `max_size` the bytes of one member.

    Whatever is not looked at comes as a `Skipped`; nothing is raised for a file, whatever is in it.
    """
    yield from _guarded(file, size, name, max_size, _Budget(max_size * _FACTOR), 1)


def _guarded(
    file: IO[bytes], size: int, name: str, max_size: int, budget: _Budget, depth: int
) -> Iterator[Member | Skipped]:
    try:
        yield from _members(file, size, name, max_size, budget, depth)
    except _Limit as limit:
        if budget.spent and depth > 1:
            raise  # the outermost archive says it, once
        yield Skipped(name, "limit", str(limit))
    except _DAMAGED:
        yield Skipped(name, "damaged")


def _members(
    file: IO[bytes], size: int, name: str, max_size: int, budget: _Budget, depth: int
) -> Iterator[Member | Skipped]:
    head = file.read(512)
    file.seek(0)
    if head.startswith(_ZIP):
        found = _zip_members(file, size, name, max_size, budget)
    elif head[257:262] == b"ustar":
        found = _tar_members(_Counted(file, size, budget), name, max_size, budget)
    else:
        found = _unpacked(file, size, name, max_size, budget, head)
    for member in found:
        if isinstance(member, Member) and is_archive(member.data[:512]):
            if depth >= DEPTH:
                yield Skipped(member.name, "limit", f"archives nested more than {DEPTH} deep")
            else:
                inner = io.BytesIO(member.data)
                yield from _guarded(inner, len(member.data), member.name, max_size, budget, depth + 1)
        else:
            yield member


def _zip_members(file: IO[bytes], size: int, name: str, max_size: int, budget: _Budget) -> Iterator[Member | Skipped]:
    if _directory_size(file, size) > _DIRECTORY:
        raise _Limit("its table of contents is too long")
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            budget.count()
            shown = f"{name}!/{_clean(info.filename)}"
            if info.flag_bits & 1:
                yield Skipped(shown, "encrypted")
            elif info.file_size > max_size:
                yield Skipped(shown, "too-large")
            elif info.file_size > max(_SMALL, info.compress_size * RATIO):
                yield Skipped(shown, "limit", f"it unpacks to more than {RATIO} times its size")
            elif info.compress_type not in _METHODS:
                yield Skipped(shown, "limit", "it is packed by a method that is not read")
            else:
                yield _zip_member(archive, info, shown, budget)


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, shown: str, budget: _Budget) -> Member | Skipped:
    try:
        with archive.open(info) as member:
            data = member.read(info.file_size + 1)
    except _DAMAGED:
        return Skipped(shown, "damaged")
    budget.take(len(data))
    return Member(shown, data)


def _directory_size(file: IO[bytes], size: int) -> int:
    """Bytes of a zip file's table of contents as its end record tells (APPNOTE.TXT 4.3.16); 0 where there is no record."""
    file.seek(max(0, size - 65_557))
    tail = file.read(65_557)
    file.seek(0)
    record = tail.rfind(b"PK\x05\x06")
    return struct.unpack_from("<I", tail, record + 12)[0] if record >= 0 and record + 16 <= len(tail) else 0


def _tar_members(stream: io.RawIOBase, name: str, max_size: int, budget: _Budget) -> Iterator[Member | Skipped]:
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for info in archive:
            if not info.isreg():
                continue
            budget.count()
            shown = f"{name}!/{_clean(info.name)}"
            if info.size > max_size:
                yield Skipped(shown, "too-large")
                continue
            content = archive.extractfile(info)
            yield Member(shown, content.read() if content is not None else b"")


def _unpacked(
    file: IO[bytes], size: int, name: str, max_size: int, budget: _Budget, head: bytes
) -> Iterator[Member | Skipped]:
    suffix = next(suffix for mark, suffix in _COMPRESSED if head.startswith(mark))
    counted = _Counted(gzip.GzipFile(fileobj=file) if suffix == ".gz" else bz2.BZ2File(file), size, budget)
    first = counted.read(512)
    while len(first) < 512 and (more := counted.read(512 - len(first))):
        first += more
    if first[257:262] == b"ustar":
        yield from _tar_members(_Rest(first, counted), name, max_size, budget)
        return
    shown = f"{name}!/{_inner_name(name, suffix)}"
    data = [first]
    length = len(first)
    while more := counted.read():
        data.append(more)
        length += len(more)
        if length > max_size:
            yield Skipped(shown, "too-large")
            return
    yield Member(shown, b"".join(data))


class _Rest(io.RawIOBase):
    """A stream whose first bytes were already read."""

    def __init__(self, first: bytes, stream: _Counted):
        self._first = first
        self._stream = stream

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            first, self._first = self._first, b""
            return first + self._stream.all()
        parts: list[bytes] = []
        while size > 0:
            part = self._first[:size] if self._first else self._stream.read(size)
            if not part:
                break
            self._first = self._first[size:]
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def _inner_name(name: str, suffix: str) -> str:
    last = name.rpartition("!/")[2].rpartition("/")[2]
    return last[: -len(suffix)] or last if last.lower().endswith(suffix) else last


def _clean(name: str) -> str:
    """A member's name without what could lead out of a folder; it is only ever shown."""
    parts = (part for part in name.replace("\\", "/").split("/") if part not in ("", ".", ".."))
    return "/".join(parts) or os.path.basename(name) or "unnamed"  # noqa: PTH119
