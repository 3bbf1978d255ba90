"""Building an index: lines of restricted files in, sorted keyed hashes out; the same files and key give the same bytes."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

from attrs import define, field

from tightlip.errors import TightlipError
from tightlip.provenance.copied import blob_id
from tightlip.provenance.index_header import (
    CHECKSUM,
    KEY,
    MAGIC,
    MOST_FILES,
    ROOT,
    SECTIONS,
    keyed_blob,
    name_of_key,
    prefix_of,
)
from tightlip.provenance.normal_lines import DIGEST, hashes_of, licence_lines, long_lines, tells

_PLACE = 32
_ENTRY = DIGEST + _PLACE // 8
_MOST_LINES = (1 << _PLACE) - 1


class Built(NamedTuple):
    """What became of the files."""

    files: int
    lines: int
    hashes: int
    """Lines, in one to three files each, that tell where they are from."""
    common: int
    """Places of lines that more files have, or files that are no secret."""
    size: int
    """Bytes of the index."""


@define
class _Repository:
    names: tuple[str, ...]
    files: int = 0
    lines: int = 0


@define
class Builder:
    """Collects lines. Add all files of one repository before those of the next, and after all of them what is no secret.

    Takes about 60 bytes of memory for each line that tells something.
    """

    key: bytes = field(factory=lambda: os.urandom(KEY), repr=False)
    """`KEY` bytes, the same for indexes that are to be asked together."""
    _repositories: list[_Repository] = field(factory=list, init=False)
    _starts: array[int] = field(factory=lambda: array("I"), init=False)
    _paths: list[bytes] = field(factory=list, init=False)
    _entries: list[int] = field(factory=list, init=False)
    """Hash and, in the lowest 32 bits, place of a line."""
    _blobs: dict[bytes, int] = field(factory=dict, init=False)
    _stopped: set[int] = field(factory=set, init=False)
    _known: set[int] = field(factory=set, init=False)
    _lines: int = field(default=0, init=False)

    def repository(self, names: Iterable[str], roots: Iterable[str] = ()) -> None:
        """Begin with a repository; its names as `Restricted.repositories` has them, at least one, and ids of its roots."""
        self._repositories.append(_Repository((*names, *(ROOT + commit for commit in roots))))

    def add(self, path: str, text: str) -> bool:
        """Take a file of the repository, by its path there, with `/`. False for one whose content is there already.

        Raises TightlipError for more lines than an index can count, four billions.
        """
        repository = self._repositories[-1]
        blob = keyed_blob(blob_id(text), self.key)
        if blob in self._blobs:
            return False
        lines = long_lines(text)
        if self._lines + lines.total > _MOST_LINES:
            raise TightlipError("these are more lines than one index can hold; build several")
        skipped = licence_lines(text)
        places: dict[bytes, int] = {}
        for number, line in zip(lines.numbers, lines.lines, strict=True):
            if number >= skipped and line not in places and tells(line):
                places[line] = self._lines + number
        for line, place in zip(hashes_of(places, self.key), places.values(), strict=True):
            self._entries.append(int.from_bytes(line, "big") << _PLACE | place)
        self._blobs[blob] = len(self._paths)
        self._starts.append(self._lines)
        self._paths.append(path.encode("utf-8", "surrogateescape"))
        repository.files += 1
        repository.lines += lines.total
        self._lines += lines.total
        return True

    def stop(self, text: str) -> None:
        """Take out the lines of a text that is no secret: public code, the organisation's unrestricted repositories."""
        if not self._known:
            self._known = {entry >> _PLACE for entry in self._entries}
        for line in hashes_of(set(long_lines(text).lines), self.key):
            number = int.from_bytes(line, "big")
            if number in self._known:
                self._stopped.add(number)

    def write(self, path: str, *, with_key: bool = True) -> Built:
        """Write the index, in one step. Without its key, it can be asked only by those who have the key.

        Raises TightlipError where nothing was added or the file cannot be written.
        """
        if not self._paths:
            raise TightlipError("there is no file to index; name a repository with source code")
        rare = self._rare()
        prefix = prefix_of(len(rare))
        place = 3 if self._lines < 1 << 24 else 4
        telling = self._telling(rare)
        blobs = sorted(blob + number.to_bytes(4, "little") for blob, number in self._blobs.items() if telling[number])
        packed = b"".join(entry.to_bytes(_ENTRY, "big") for entry in rare)
        sections = {
            "buckets": _buckets(rare, prefix),
            "rests": _columns(packed, range(prefix, DIGEST)),
            "places": _columns(packed, range(_ENTRY - 1, _ENTRY - 1 - place, -1)),
            "starts": _bytes(self._starts),
            "path_ends": _bytes(_ends(self._paths)),
            "paths": b"".join(self._paths),
            "blobs": b"".join(blobs),
        }
        header: dict[str, object] = {
            "key": self.key.hex() if with_key else None,
            "key_name": name_of_key(self.key),
            "prefix": prefix,
            "place": place,
            "hashes": len(rare),
            "blobs": len(blobs),
            "repositories": [[list(one.names), one.files, one.lines] for one in self._repositories],
        }
        content = _file(header, sections)
        _replace(path, content)
        return Built(len(self._paths), self._lines, len(rare), len(self._entries) - len(rare), len(content))

    def _rare(self) -> list[int]:
        """Entries of lines that tell where they are from, in order."""
        entries = sorted(self._entries)
        rare: list[int] = []
        start = 0
        for end in range(1, len(entries) + 1):
            number = entries[start] >> _PLACE
            if end == len(entries) or entries[end] >> _PLACE != number:
                if end - start <= MOST_FILES and number not in self._stopped:
                    rare += entries[start:end]
                start = end
        return rare

    def _telling(self, rare: Sequence[int]) -> bytearray:
        """For each file, whether any of its lines is rare: only such a file is known as a whole."""
        has = bytearray(len(self._paths))
        for entry in rare:
            has[bisect_right(self._starts, entry & _MOST_LINES) - 1] = 1
        return has


def _buckets(rare: Sequence[int], prefix: int) -> bytes:
    """Where, in the bytes of the rests, the hashes begin that start with each prefix; behind the last, their size."""
    width = DIGEST - prefix
    shift = 8 * width + _PLACE
    return _bytes(array("I", (bisect_left(rare, bucket << shift) * width for bucket in range(256**prefix + 1))))


def _columns(packed: bytes, columns: Sequence[int]) -> bytes:
    """Some bytes of every entry, in the order of `columns`."""
    chosen = bytearray(len(packed) // _ENTRY * len(columns))
    for at, column in enumerate(columns):
        chosen[at :: len(columns)] = packed[column::_ENTRY]
    return bytes(chosen)


def _ends(paths: Sequence[bytes]) -> array[int]:
    ends = array("I")
    end = 0
    for path in paths:
        end += len(path)
        ends.append(end)
    return ends


def _bytes(numbers: array[int]) -> bytes:
    if sys.byteorder == "big":
        numbers = array("I", numbers)
        numbers.byteswap()
    return numbers.tobytes()


def _file(header: dict[str, object], sections: dict[str, bytes]) -> bytes:
    """The whole file. Sections begin behind the header, whose length depends on where they begin."""
    head, length = b"", -1
    while len(head) != length:
        length = len(head)
        at = len(MAGIC) + 4 + length
        table: dict[str, list[int]] = {}
        for name in SECTIONS:
            at += -at % 4
            table[name] = [at, len(sections[name])]
            at += len(sections[name])
        head = json.dumps({**header, "sections": table}, separators=(",", ":")).encode()
    parts = bytearray(MAGIC + len(head).to_bytes(4, "little") + head)
    for name in SECTIONS:
        parts += bytes(-len(parts) % 4)
        parts += sections[name]
    parts += bytes(-len(parts) % 4)
    return bytes(parts) + blake2b(parts, digest_size=CHECKSUM).digest()


def _replace(path: str, content: bytes) -> None:
    """Put the file there in one step: who has an old one open keeps that."""
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(os.path.abspath(path)), prefix=".tightlip-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644 & ~_umask())
        os.replace(temporary, path)
    except OSError as problem:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        raise TightlipError(f"cannot write {path}: {problem.strerror}; choose another --output") from None


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
