"""The one pass: every rule's gate, in Hyperscan databases over the bytes of a document -> candidates.

More than one database, because one of all expressions is slower than its parts: words that are looked up (names of fields,
prefixes of tokens) and shapes of digits without a word in them keep each other from being fast. Of the shapes most are
looked for only around the places of an outline that they have in common (`outline`).
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import hyperscan
from attrs import frozen

from tightlip.detect.outline import LONGEST, OUTLINES, has_outline
from tightlip.errors import RuleError

LIMIT = 400_000
"""Candidates that one database may report of a document; what lies behind the last of them is not checked, and said."""

_CONTINUATION = bytes(range(0x80, 0xC0))
_OUTLINE = 2**32 - 1
"""Id of the outlines."""
_FEW = 8
_APART = 1024
"""Outlines that a text may have before all shapes are looked for in the whole of it: `_FEW`, and one for so many bytes."""
_PARTS = 4
"""What is serialized of a gate besides its groups: all shapes, outlines and the shapes without one, the ids of those with
one, `beyond`."""


@frozen
class Candidates:
    """What the pass found: `(end, id)` pairs, sorted by end, ends in code points. `complete` is false past `LIMIT`."""

    hits: list[tuple[int, int]]
    complete: bool


Expressions = Sequence[tuple[int, str]]
"""`(id, expression)` pairs."""


class Gate:
    """Compiled databases of gate expressions. One gate may be used by several threads at once."""

    def __init__(
        self,
        databases: Sequence[hyperscan.Database],
        shapes: Shapes | None = None,
        beyond: hyperscan.Database | None = None,
    ):
        """All `databases` scan every text, `beyond` only those with a character beyond ASCII."""
        self._databases = tuple(databases)
        self._shapes = shapes
        self._beyond = beyond
        self._scratch = threading.local()
        self._scratch.value = self._new_scratch()

    @classmethod
    def compile(cls, *groups: Expressions, shapes: Expressions = (), beyond: Expressions = ()) -> Gate:
        """Compile each group to a database of its own. Raises RuleError when Hyperscan refuses an expression (it says which id).

        `shapes` are one group too, of expressions that may have an outline; `beyond` are those that can only match in a text
        with characters beyond ASCII.
        """
        outlined = [one for one in shapes if has_outline(one[1])]
        if not outlined:
            groups, shapes = (*groups, shapes), ()
        return cls(
            [_compile(group) for group in groups if group],
            Shapes.compile(shapes, outlined) if outlined else None,
            _compile(beyond) if beyond else None,
        )

    @classmethod
    def from_bytes(cls, serialized: Sequence[bytes | memoryview]) -> Gate:
        """A gate from `to_bytes`.

        Raises hyperscan.HyperscanError or ValueError for bytes of another version or platform, and for damaged ones.
        """
        if len(serialized) < _PARTS:
            raise ValueError("parts are missing")
        *parts, ids, beyond_part = serialized
        *databases, whole, sketch = [
            hyperscan.loadb(bytes(one), hyperscan.HS_MODE_BLOCK) if one else None for one in parts
        ]
        shapes = Shapes(whole, sketch, frozenset(map(int, bytes(ids).split()))) if whole and sketch else None
        if shapes is None and not any(databases):
            raise ValueError("no database")
        beyond = hyperscan.loadb(bytes(beyond_part), hyperscan.HS_MODE_BLOCK) if beyond_part else None
        return cls([database for database in databases if database is not None], shapes, beyond)

    def to_bytes(self) -> list[bytes]:
        """The compiled databases, for a cache on this machine; the last `_PARTS` parts are empty where there is none.

        Hyperscan holds each against its own checksum when it is loaded.
        """
        shapes = self._shapes
        return [
            *map(hyperscan.dumpb, self._databases),
            *((hyperscan.dumpb(shapes.whole), hyperscan.dumpb(shapes.sketch)) if shapes is not None else (b"", b"")),
            " ".join(map(str, sorted(shapes.outlined))).encode() if shapes is not None else b"",
            hyperscan.dumpb(self._beyond) if self._beyond is not None else b"",
        ]

    def candidates(self, text: str) -> Candidates:
        """All places of `text` where some rule may have a value."""
        return self.candidates_of_all([text])[0]

    def candidates_of_all(self, texts: Sequence[str]) -> list[Candidates]:
        """The same of many texts, in their order: database by database, as each puts the other out of the processor's caches."""
        scratch: _Scratch | None = getattr(self._scratch, "value", None)
        if scratch is None:
            scratch = self._scratch.value = self._new_scratch()
        runs = [_Run(text.encode("utf-8", "surrogatepass")) for text in texts]
        for database, own in zip(self._databases, scratch.databases, strict=True):
            for run in runs:
                run.add(database, own)
        if self._shapes is not None:
            around = [(run, run.add_shapes(self._shapes, scratch)) for run in runs]
            _add_near(self._shapes, scratch, [(run, ends) for run, ends in around if ends])
        if self._beyond is not None:
            for run, text in zip(runs, texts, strict=True):
                if len(run.data) != len(text):
                    run.add(self._beyond, scratch.beyond)
        return [run.candidates(is_ascii=len(run.data) == len(text)) for run, text in zip(runs, texts, strict=True)]

    def _new_scratch(self) -> _Scratch:
        return _Scratch(self._databases, self._shapes, self._beyond)


@frozen
class Shapes:
    """Expressions without a word in them, and what makes most of them cheap to look for."""

    whole: hyperscan.Database
    """All of them."""
    sketch: hyperscan.Database
    """The outlines, and those that have none."""
    outlined: frozenset[int]
    """The ids of those that have one."""

    @classmethod
    def compile(cls, expressions: Expressions, outlined: Expressions) -> Shapes:
        """Compile `expressions`, of which those that are `outlined` have an outline."""
        others = [one for one in expressions if one not in outlined]
        outlines = [(_OUTLINE, outline) for outline in OUTLINES]
        return cls(_compile(expressions), _compile([*outlines, *others]), frozenset(number for number, _ in outlined))


class _Scratch:
    """What each database needs to scan, for one thread."""

    def __init__(
        self, databases: Sequence[hyperscan.Database], shapes: Shapes | None, beyond: hyperscan.Database | None
    ):
        self.databases = [hyperscan.Scratch(database) for database in databases]
        self.beyond = hyperscan.Scratch(beyond) if beyond is not None else None
        self.sketch = hyperscan.Scratch(shapes.sketch) if shapes is not None else None
        self.whole = hyperscan.Scratch(shapes.whole) if shapes is not None else None


class _Run:
    """A pass over one text."""

    __slots__ = ("data", "hits", "last")

    def __init__(self, data: bytes):
        self.data = data
        self.hits: list[tuple[int, int]] = []
        self.last = len(data)

    def add(self, database: hyperscan.Database, scratch: hyperscan.Scratch | None) -> None:
        hits = self.hits
        limit = len(hits) + LIMIT

        def collect(number: int, _start: int, end: int, _flags: int, _context: object) -> bool | None:
            hits.append((end, number))
            return True if len(hits) >= limit else None

        try:
            database.scan(self.data, collect, scratch=scratch)
        except hyperscan.ScanTerminated:
            self.last = min(self.last, hits[-1][0])

    def add_shapes(self, shapes: Shapes, scratch: _Scratch) -> list[int]:
        """Add the hits of all shapes, but for those with an outline, whose places are returned, sorted, if they are few."""
        hits, ends = self.hits, list[int]()
        before = len(hits)
        limit, most = before + LIMIT, _FEW + len(self.data) // _APART

        def collect(number: int, _start: int, end: int, _flags: int, _context: object) -> bool | None:
            if number == _OUTLINE:
                ends.append(end)
                return True if len(ends) > most else None
            hits.append((end, number))
            return True if len(hits) >= limit else None

        try:
            shapes.sketch.scan(self.data, collect, scratch=scratch.sketch)
        except hyperscan.ScanTerminated:
            del hits[before:]
            self.add(shapes.whole, scratch.whole)
            return []
        return ends

    def candidates(self, *, is_ascii: bool) -> Candidates:
        hits, last, size = self.hits, self.last, len(self.data)
        hits.sort()
        if last < size:
            hits = [hit for hit in hits if hit[0] <= last]
        return Candidates(hits if is_ascii else _in_code_points(self.data, hits), last == size)


def _add_near(shapes: Shapes, scratch: _Scratch, around: Sequence[tuple[_Run, Sequence[int]]]) -> None:
    """Add to each run the hits around outlines in it: a shape that has one is not longer than `LONGEST`."""
    if not around:
        return
    owners: list[tuple[_Run, int]] = []
    pieces: list[bytes] = []
    for run, ends in around:
        start = stop = -1
        for end in (*ends, len(run.data) + 2 * LONGEST + 2):
            if stop < 0 or end - LONGEST - 1 > stop:
                if stop >= 0:
                    owners.append((run, start))
                    pieces.append(run.data[start:stop])
                start = max(0, end - LONGEST - 1)
            stop = end + LONGEST
    # the byte between two pieces is part of no word, and of no shape
    places = list(accumulate((len(piece) + 1 for piece in pieces), initial=0))

    outlined = shapes.outlined

    def collect(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
        if number in outlined:
            piece = bisect_right(places, end) - 1
            run, start = owners[piece]
            run.hits.append((start + end - places[piece], number))

    shapes.whole.scan(b"\0".join(pieces), collect, scratch=scratch.whole)


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
