"""The one pass: every rule's gate, in Hyperscan databases over the bytes of a document -> candidates.

More than one database, because one of all expressions is slower than its parts: words that are looked up (names of fields,
prefixes of tokens) and shapes of digits without a word in them keep each other from being fast.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import hyperscan
from attrs import frozen

from tightlip.errors import RuleError

LIMIT = 400_000
"""Candidates that one database may report of a document; what lies behind the last of them is not checked, and said."""

_CONTINUATION = bytes(range(0x80, 0xC0))


@frozen
class Candidates:
    """What the pass found: `(end, id)` pairs, sorted by end, ends in code points. `complete` is false past `LIMIT`."""

    hits: list[tuple[int, int]]
    complete: bool


Expressions = Sequence[tuple[int, str]]
"""`(id, expression)` pairs."""


class Gate:
    """Compiled databases of gate expressions. One gate may be used by several threads at once."""

    def __init__(self, databases: Sequence[hyperscan.Database], beyond: hyperscan.Database | None = None):
        """All `databases` scan every text, `beyond` only those with a character beyond ASCII."""
        self._databases = tuple(databases)
        self._beyond = beyond
        self._scratch = threading.local()
        self._scratch.value = self._new_scratch()

    @classmethod
    def compile(cls, *groups: Expressions, beyond: Expressions = ()) -> Gate:
        """Compile each group to a database of its own. Raises RuleError when Hyperscan refuses an expression (it says which id).

        `beyond` are those that can only match in a text with characters beyond ASCII.
        """
        return cls([_compile(group) for group in groups if group], _compile(beyond) if beyond else None)

    @classmethod
    def from_bytes(cls, serialized: Sequence[bytes | memoryview]) -> Gate:
        """A gate from `to_bytes`.

        Raises hyperscan.HyperscanError or ValueError for bytes of another version or platform, and for damaged ones.
        """
        loaded = [hyperscan.loadb(bytes(one), hyperscan.HS_MODE_BLOCK) if one else None for one in serialized]
        databases = [database for database in loaded[:-1] if database is not None]
        if not databases:
            raise ValueError("no database")
        return cls(databases, loaded[-1])

    def to_bytes(self) -> list[bytes]:
        """The compiled databases, for a cache on this machine; the last is that for texts beyond ASCII, or empty.

        Hyperscan holds each against its own checksum when it is loaded.
        """
        beyond = hyperscan.dumpb(self._beyond) if self._beyond is not None else b""
        return [*map(hyperscan.dumpb, self._databases), beyond]

    def candidates(self, text: str) -> Candidates:
        """All places of `text` where some rule may have a value."""
        return self.candidates_of_all([text])[0]

    def candidates_of_all(self, texts: Sequence[str]) -> list[Candidates]:
        """The same of many texts, in their order: database by database, as each puts the other out of the processor's caches."""
        scratch: list[tuple[hyperscan.Database, hyperscan.Scratch]] | None = getattr(self._scratch, "value", None)
        if scratch is None:
            scratch = self._scratch.value = self._new_scratch()
        runs = [_Run(text.encode("utf-8", "surrogatepass")) for text in texts]
        beyond = [run for run, text in zip(runs, texts, strict=True) if len(run.data) != len(text)]
        for place, (database, own) in enumerate(scratch):
            for run in runs if place < len(self._databases) else beyond:
                run.add(database, own)
        return [run.candidates(is_ascii=len(run.data) == len(text)) for run, text in zip(runs, texts, strict=True)]

    def _new_scratch(self) -> list[tuple[hyperscan.Database, hyperscan.Scratch]]:
        databases = (*self._databases, *([self._beyond] if self._beyond is not None else []))
        return [(database, hyperscan.Scratch(database)) for database in databases]


class _Run:
    """A pass over one text."""

    __slots__ = ("data", "hits", "last")

    def __init__(self, data: bytes):
        self.data = data
        self.hits: list[tuple[int, int]] = []
        self.last = len(data)

    def add(self, database: hyperscan.Database, scratch: hyperscan.Scratch) -> None:
        hits = self.hits
        limit = len(hits) + LIMIT

        def collect(number: int, _start: int, end: int, _flags: int, _context: object) -> bool | None:
            hits.append((end, number))
            return True if len(hits) >= limit else None

        try:
            database.scan(self.data, collect, scratch=scratch)
        except hyperscan.ScanTerminated:
            self.last = min(self.last, hits[-1][0])

    def candidates(self, *, is_ascii: bool) -> Candidates:
        hits, last, size = self.hits, self.last, len(self.data)
        hits.sort()
        if last < size:
            hits = [hit for hit in hits if hit[0] <= last]
        return Candidates(hits if is_ascii else _in_code_points(self.data, hits), last == size)


def _compile(expressions: Expressions) -> hyperscan.Database:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    try:
        database.compile(
            expressions=[expression.encode() for _, expression in expressions],
            ids=[number for number, _ in expressions],
            flags=[hyperscan.HS_FLAG_MULTILINE] * len(expressions),
        )
    except hyperscan.HyperscanError as problem:
        raise RuleError(f"a gate does not compile: {_refused(expressions) or problem}") from None
    return database


def _in_code_points(data: bytes, hits: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same hits with ends counted in code points: bytes that continue a character do not count."""
    converted: list[tuple[int, int]] = []
    byte = point = 0
    for end, number in hits:
        if end != byte:
            point += len(data[byte:end].translate(None, _CONTINUATION))
            byte = end
        converted.append((point, number))
    return converted


def _refused(expressions: Sequence[tuple[int, str]]) -> str:
    for number, expression in expressions:
        try:
            hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK).compile(
                expressions=[expression.encode()], ids=[number], flags=[hyperscan.HS_FLAG_MULTILINE]
            )
        except hyperscan.HyperscanError as problem:
            return f"expression {number}: {problem}"
    return ""
