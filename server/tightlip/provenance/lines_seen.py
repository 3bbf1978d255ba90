"""Lines of restricted texts that were open in this session, as keyed hashes: what is pasted elsewhere is known again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from threading import Lock

from attrs import define, field

from tightlip.finding import Classification
from tightlip.provenance.copied import Lookup, Restricted
from tightlip.provenance.normal_lines import LongLines, hashes_of, licence_lines, long_lines, tells

MOST_LINES = 200_000
"""Lines remembered at most, about 60 MB; beyond that the text that was looked at longest ago is forgotten."""
MOST_FILES = 3
"""Texts a line may stand in to tell anything."""


@define
class _Seen:
    """One text. `lines` outlive the text they stood in; nothing of them is kept but hashes."""

    number: int
    file: Restricted
    lines: dict[bytes, int] = field(factory=dict)
    """Where each telling line stands, or stood last."""
    hashed: dict[int, bytes | None] = field(factory=dict)
    """What became of the text's lines, by Python's own hash, which costs a tenth: None for one that tells nothing."""
    count: int = 0
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
    ) -> None:
        """Remember the lines of a restricted text, which is called `path` and known by `source` (a document's URI).

        Of a text that was remembered before, only new lines cost anything. A line that is gone stays remembered when the
        text has become shorter, for it may have been cut to be pasted; one that was only changed does not.
        """
        file = Restricted(tuple(repositories), path, classification, source)
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

    def _update(self, seen: _Seen, lines: LongLines, skipped: int) -> None:
        before = seen.hashed
        hashed: dict[int, bytes | None] = {}
        new = seen.lines
        for number, line in zip(lines.numbers, lines.lines, strict=True):
            if number < skipped:
                continue
            quick = hash(line)
            if quick in hashed:
                continue
            if quick in before:
                hashed[quick] = before.pop(quick)
            else:
                hashed[quick] = hashes_of((line,), self._key)[0] if tells(line) else None
            kept = hashed[quick]
            if kept is not None:
                if kept not in new:
                    if self._size >= self._most and len(self._seen) == 1:
                        continue
                    self._where[kept] = (*self._where.get(kept, ()), seen.number)
                    self._size += 1
                new[kept] = number
        if lines.total >= seen.count:
            for gone in before.values():
                if gone is not None:
                    self._drop(seen, gone)
        seen.hashed, seen.count = hashed, lines.total

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
