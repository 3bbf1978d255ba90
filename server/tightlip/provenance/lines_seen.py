"""Lines of restricted texts that were open in this session, as keyed hashes: what is pasted elsewhere is known again."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import TYPE_CHECKING

from attrs import define, field

from tightlip.finding import Classification
from tightlip.provenance.copied import Lookup, Restricted
from tightlip.provenance.normal_lines import LongLines, hashes_of, licence_lines, long_lines, tells

if TYPE_CHECKING:
    from tightlip.provenance.classify import RepoEntry

MOST_LINES = 200_000
"""Lines remembered at most, about 60 MB; beyond that the text that was looked at longest ago is forgotten."""
MOST_FILES = 3
"""Texts a line may stand in to tell anything."""

_FEW = 20


@define
class _Seen:
    """One text. `lines` outlive the text they stood in; nothing of them is kept but hashes."""

    number: int
    file: Restricted
    lines: dict[bytes, int] = field(factory=dict)
    """Where each telling line stands, or stood last."""
    hashed: dict[int, bytes | None] = field(factory=dict)
    """What became of the text's lines, by Python's own hash, which costs a tenth: None for one that tells nothing."""
    numbers: list[int] = field(factory=list)
    """Where the text's long lines stand."""
    total: int = 0
    """Lines of the text."""


class Memory:
    """What a session remembers. Its key never leaves the process; every method may be called from any thread."""

    def __init__(self, most_lines: int = MOST_LINES):
        self._key = os.urandom(32)
        self._most = most_lines
        self._lock = Lock()
        self._seen: dict[str, _Seen] = {}
        self._by_number: dict[int, _Seen] = {}
        self._where: dict[bytes, tuple[int, ...]] = {}
        self._size = 0
        self._next = 0

    @property
    def key(self) -> bytes:
        """Key of this session."""
        return self._key

    def remember(
        self,
        source: str,
        text: str,
        path: str,
        repositories: Iterable[str] = (),
        classification: Classification = Classification.RESTRICTED,
        entry: RepoEntry | None = None,
        common_dir: str = "",
    ) -> None:
        """Remember the lines of a restricted text, which is called `path` and known by `source` (a document's URI).

        `entry` is the policy's, if one gave it its class; `common_dir` as `Restricted` has it.

        Of a text that was remembered before, only new lines cost anything. A line that is gone stays remembered when the
        text has become shorter, for it may have been cut to be pasted; one that was only changed does not.
        """
        file = Restricted(tuple(repositories), path, classification, source, entry, common_dir)
        skipped = licence_lines(text)
        lines = long_lines(text)
        with self._lock:
            seen = self._seen.pop(source, None)
            if seen is None:
                seen = _Seen(self._next, file)
                self._by_number[seen.number] = seen
                self._next += 1
            self._seen[source] = seen
            seen.file = file
            self._update(seen, lines, skipped)
            while self._size > self._most and len(self._seen) > 1:
                self._forget(next(iter(self._seen)))

    def forget(self, source: str) -> None:
        """Forget a text and all its lines, for one that is not restricted any more."""
        with self._lock:
            self._forget(source)

    def __len__(self) -> int:
        """Lines remembered."""
        return self._size

    def look_up(self, hashes: Sequence[bytes]) -> list[Lookup]:
        """As `LineSource` wants it."""
        where = self._where
        found: list[Lookup] = []
        for asked, line in enumerate(hashes):
            numbers = where.get(line, ())
            for number in numbers if len(numbers) <= MOST_FILES else ():
                seen = self._by_number.get(number)
                there = None if seen is None else seen.lines.get(line)
                if there is not None:
                    found.append(Lookup(asked, number, there))
        return found

    def file(self, number: int) -> Restricted:
        """As `LineSource` wants it."""
        seen = self._by_number.get(number)
        return seen.file if seen else Restricted((), "", Classification.RESTRICTED, "")

    def whole(self, blob: str) -> Sequence[int]:
        """As `LineSource` wants it: texts that are being edited have no id worth keeping."""
        return ()

    def _update(self, seen: _Seen, text: LongLines, skipped: int) -> None:
        start = bisect_left(text.numbers, skipped)
        numbers, lines = text.numbers[start:], text.lines[start:]
        quick, hashed = list(map(hash, lines)), seen.hashed
        fresh = {one: line for one, line in zip(quick, lines, strict=True) if one not in hashed}
        gone = hashed.keys() - quick
        hashed.update(dict.fromkeys(fresh))
        telling = {one: line for one, line in fresh.items() if tells(line)}
        for one, kept in zip(telling, hashes_of(telling.values(), self._key), strict=True):
            hashed[one] = kept
            self._add(seen, kept)
        was_cut = text.total < seen.total
        for one in gone:
            kept = hashed.pop(one)
            if kept is not None and not was_cut:
                self._drop(seen, kept)
        if numbers != seen.numbers or len(fresh) > _FEW:
            self._place(seen, zip(reversed(quick), reversed(numbers), strict=True))
        else:
            self._place(seen, ((one, numbers[quick.index(one)]) for one in fresh))
        seen.numbers, seen.total = numbers, text.total

    def _place(self, seen: _Seen, places: Iterable[tuple[int, int]]) -> None:
        for one, number in places:
            kept = seen.hashed[one]
            if kept is not None and kept in seen.lines:
                seen.lines[kept] = number

    def _add(self, seen: _Seen, line: bytes) -> None:
        if line not in seen.lines and (self._size < self._most or len(self._seen) > 1):
            seen.lines[line] = 0
            self._where[line] = (*self._where.get(line, ()), seen.number)
            self._size += 1

    def _drop(self, seen: _Seen, line: bytes) -> None:
        if seen.lines.pop(line, None) is None:
            return
        self._size -= 1
        left = tuple(number for number in self._where[line] if number != seen.number)
        if left:
            self._where[line] = left
        else:
            del self._where[line]

    def _forget(self, source: str) -> None:
        seen = self._seen.pop(source, None)
        if seen is not None:
            for line in tuple(seen.lines):
                self._drop(seen, line)
            del self._by_number[seen.number]
