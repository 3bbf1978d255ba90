"""An open index: mapped into memory, and looked up there."""

from __future__ import annotations

import struct
import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import TYPE_CHECKING, cast

from tightlip.errors import TightlipError
from tightlip.finding import Classification
from tightlip.provenance.copied import Lookup, Restricted
from tightlip.provenance.index_header import (
    BLOB,
    CHECKSUM,
    MOST_FILES,
    Header,
    damaged,
    keyed_blob,
    mapped_file,
    name_of_key,
    read_header,
)
from tightlip.provenance.normal_lines import DIGEST

if TYPE_CHECKING:
    import mmap


class Index:
    """An open index. Ask it from any thread; a process that has it open sees a replaced file only when it opens it again."""

    def __init__(self, path: str, key: bytes | None = None):
        """Open the index at `path`. `key` is needed for one that does not hold its own.

        Raises TightlipError for a file that cannot be read, is none of ours, is damaged so far as a look at its header and
        sizes tells, or was built with another key.
        """
        self.path = path
        self.problem: TightlipError | None = None
        """What was found wrong while it was asked: it knows less than it should, and whoever relies on it must be told."""
        self._map, self._size = mapped_file(path)
        try:
            self.header = read_header(path, self._map, self._size)
            self._key = self._own_key(key)
            self._width = DIGEST - self.header.prefix
            self._starts = _numbers(self._map, *self.header.sections["starts"])
            self._path_ends = _numbers(self._map, *self.header.sections["path_ends"])
            self._buckets = _numbers(self._map, *self.header.sections["buckets"])
            self._file_ends = list(accumulate(one.files for one in self.header.repositories))
            # hashes are spread evenly: a bucket this full was made to be slow, and no damage of chance
            self._widest = self._width * (4 * self.header.hashes // (len(self._buckets) - 1) + 64)
            self._check_numbers()
        except BaseException:
            self.close()
            raise

    @property
    def key(self) -> bytes:
        """Key of its hashes."""
        return self._key

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()

    def look_up(self, hashes: Sequence[bytes]) -> list[Lookup]:
        """As `LineSource` wants it. However the index was made, a line costs no more than a few steps and `MOST_FILES` answers."""
        if self._is_cut_short():
            return []
        find, buckets, widest = self._map.find, self._buckets, self._widest
        base = self.header.sections["rests"][0]
        form = struct.Struct(f">{'HB'[self.header.prefix == 1]}{self._width}s")
        found: list[Lookup] = []
        pairs = cast("Iterator[tuple[int, bytes]]", form.iter_unpack(b"".join(hashes)))
        for asked, (bucket, rest) in enumerate(pairs):
            start, end = buckets[bucket], buckets[bucket + 1]
            if not 0 <= end - start <= widest:
                self.problem = damaged(self.path)
            elif find(rest, base + start, base + end) >= 0:
                found += self._lookups(asked, rest, start, end)
        return found

    def file(self, number: int) -> Restricted:
        """As `LineSource` wants it. Its class is the strictest: what it really is, the policy says that names the index."""
        start = self._path_ends[number - 1] if number else 0
        base = self.header.sections["paths"][0]
        path = self._map[base + start : base + self._path_ends[number]].decode("utf-8", "surrogateescape")
        repository = self.header.repositories[bisect_right(self._file_ends, number)]
        return Restricted(repository.names, path, Classification.RESTRICTED, self.path, roots=repository.roots)

    def whole(self, blob: str) -> Sequence[int]:
        """As `LineSource` wants it."""
        if self._is_cut_short():
            return []
        wanted = keyed_blob(blob, self._key)
        base, width = self.header.sections["blobs"][0], BLOB + 4
        low, high = 0, self.header.blobs
        while low < high:
            middle = (low + high) // 2
            if self._map[base + middle * width : base + middle * width + BLOB] < wanted:
                low = middle + 1
            else:
                high = middle
        found: list[int] = []
        for at in range(low, min(low + MOST_FILES, self.header.blobs)):
            entry = self._map[base + at * width : base + (at + 1) * width]
            number = int.from_bytes(entry[BLOB:], "little")
            if entry[:BLOB] != wanted:
                break
            if number < self.header.files:
                found.append(number)
            else:
                self.problem = damaged(self.path)
        return found

    def _lookups(self, asked: int, rest: bytes, start: int, end: int) -> list[Lookup]:
        """Where the line stands whose hash is in a bucket, whose bytes also match across two hashes."""
        base, width = self.header.sections["rests"][0], self._width
        low, last = start // width, end // width
        high = last
        while low < high:
            middle = (low + high) // 2
            if self._map[base + middle * width : base + (middle + 1) * width] < rest:
                low = middle + 1
            else:
                high = middle
        numbers: list[int] = []
        while low < last and self._map[base + low * width : base + (low + 1) * width] == rest:
            if len(numbers) == MOST_FILES:
                self.problem = damaged(self.path)
                return []
            numbers.append(low)
            low += 1
        return [lookup for number in numbers for lookup in self._lookup(asked, number)]

    def _lookup(self, asked: int, number: int) -> list[Lookup]:
        width = self.header.place
        at = self.header.sections["places"][0] + number * width
        place = int.from_bytes(self._map[at : at + width], "little")
        file = bisect_right(self._starts, place) - 1
        if file < 0 or place >= self.header.lines:
            self.problem = damaged(self.path)
            return []
        return [Lookup(asked, file, place - self._starts[file])]

    def _own_key(self, key: bytes | None) -> bytes:
        held = self.header.key
        wanted = key if held is None else held
        if wanted is None:
            raise TightlipError("this index does not hold its key; name the key file it was built with", file=self.path)
        if name_of_key(wanted) != self.header.key_name:
            raise TightlipError(
                "this index was built with another key; name the key file it was built with", file=self.path
            )
        return wanted

    def _is_cut_short(self) -> bool:
        """Whether the file has lost what was mapped: to read that would end the process."""
        if self._map.size() >= self._size:
            return False
        self.problem = TightlipError("this index was cut short while it was open; build it again", file=self.path)
        return True

    def _check_numbers(self) -> None:
        files = self.header.files
        paths = self.header.sections["paths"][1]
        if self._buckets[0] or self._buckets[-1] != self.header.sections["rests"][1] or (files and self._starts[0]):
            raise damaged(self.path)
        if files and (self._path_ends[-1] != paths or self._starts[-1] > self.header.lines):
            raise damaged(self.path)
        for numbers in (
            self._starts.tolist(),
            self._path_ends.tolist(),
        ):  # the buckets are looked at when they are asked
            if numbers != sorted(numbers):
                raise damaged(self.path)


def verify(path: str) -> Header:
    """Read the whole index and compare its checksum. Raises TightlipError where something is wrong with it."""
    mapped, size = mapped_file(path)
    try:
        header = read_header(path, mapped, size)
        checksum = blake2b(digest_size=CHECKSUM)
        end = size - CHECKSUM
        for start in range(0, end, 1 << 20):
            checksum.update(mapped[start : min(start + (1 << 20), end)])
        if checksum.digest() != mapped[end:]:
            raise damaged(path)
    finally:
        mapped.close()
    return header


def _numbers(mapped: mmap.mmap, start: int, length: int) -> array[int]:
    """A section of four-byte numbers, as an array of its own: it is small beside the hashes."""
    numbers = array("I")
    numbers.frombytes(mapped[start : start + length])
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
