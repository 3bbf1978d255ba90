"""The one pass: every rule's gate in one Hyperscan database over the bytes of a document -> candidates."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import hyperscan
from attrs import frozen

from tightlip.errors import RuleError

LIMIT = 400_000
"""Candidates of one document; what lies behind the last of them is not checked, and said."""

_CONTINUATION = bytes(range(0x80, 0xC0))


@frozen
class Candidates:
    """What the pass found: `(end, id)` pairs, sorted by end, ends in code points. `complete` is false past `LIMIT`."""

    hits: list[tuple[int, int]]
    complete: bool


class Gate:
    """A compiled database of gate expressions. One may be used by several threads at once."""

    def __init__(self, database: hyperscan.Database):
        self._database = database
        self._scratch = threading.local()
        self._scratch.value = hyperscan.Scratch(database)

    @classmethod
    def compile(cls, expressions: Sequence[tuple[int, str]]) -> Gate:
        """Compile `(id, expression)` pairs. Raises RuleError when Hyperscan refuses one (it says which id)."""
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        try:
            database.compile(
                expressions=[expression.encode() for _, expression in expressions],
                ids=[number for number, _ in expressions],
                flags=[hyperscan.HS_FLAG_MULTILINE] * len(expressions),
            )
        except hyperscan.HyperscanError as problem:
            raise RuleError(f"a gate does not compile: {_refused(expressions) or problem}") from None
        return cls(database)

    @classmethod
    def from_bytes(cls, serialized: bytes) -> Gate:
        """A gate from `to_bytes`. Raises hyperscan.HyperscanError for bytes of another version, platform or a damaged file."""
        return cls(hyperscan.loadb(serialized, hyperscan.HS_MODE_BLOCK))

    def to_bytes(self) -> bytes:
        """The compiled database, for a cache on this machine."""
        return hyperscan.dumpb(self._database)

    def candidates(self, text: str) -> Candidates:
        """All places of `text` where some rule may have a value."""
        data = text.encode("utf-8", "surrogatepass")
        hits: list[tuple[int, int]] = []
        complete = True

        def collect(number: int, _start: int, end: int, _flags: int, _context: object) -> bool | None:
            hits.append((end, number))
            return True if len(hits) >= LIMIT else None

        try:
            self._database.scan(data, collect, scratch=self._own_scratch())
        except hyperscan.ScanTerminated:
            complete = False
        hits.sort()
        return Candidates(hits if len(data) == len(text) else _in_code_points(data, hits), complete)

    def _own_scratch(self) -> hyperscan.Scratch:
        scratch: hyperscan.Scratch | None = getattr(self._scratch, "value", None)
        if scratch is None:
            scratch = self._scratch.value = hyperscan.Scratch(self._database)
        return scratch


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
