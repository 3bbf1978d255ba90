"""Many linear expressions at once: one pass says which of them occur at all, and only those are looked for."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from contextlib import suppress

import hyperscan
from attrs import frozen

from tightlip.detect.kept_databases import kept
from tightlip.detect.linear import Linear
from tightlip.syntax.lazy import lazy

MOST = 50_000
"""Matches in one document that are told."""
SECONDS = 0.5
SECONDS_PER_CHARACTER = 2e-6
"""Processor time that all expressions of one policy layer may take for a document, a hundred times what they usually need.
What is looked for when it is over is said not to be checked: one layer's expressions can neither hang an editor nor use up
what those of another may need."""

_FLAGS = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_SINGLEMATCH
_CONTINUATION = bytes(range(0x80, 0xC0))
_UNSURE = "\u017f\u212a\v"
"""Characters about which the two engines differ: for RE2 the long s and the sign of Kelvin are other cases of `s` and `k` in
`\\w` too, and a vertical tab is no space. In a text that has one, every expression is looked for."""
_VERTICAL = lazy(r"(?<!\\)(?:\\\\)*\\v")
"""An escape that means one character to RE2 and five to the pass."""
_NEWER = "\u13f8-\u13fd\u1c80-\u1cbf\u1fd3\u1fe3\u2c2f\u2c5f\ua7ae\ua7b2-\ua7ff\uab70-\uabbf\ufb05\ufb06\U00010450-\U0001efff"
"""Letters whose other case the pass does not know: its tables are Unicode's of 2012. With one in a text every expression
with letters beyond ASCII is looked for; one that has such a letter itself, or that asks for a property of characters or
names one by its number, in every text beyond ASCII."""
_HAS_NEWER = lazy(f"[{_NEWER}]")
_BY_TABLES = lazy(rf"(?<!\\)(?:\\\\)*\\[pPx]|[{_NEWER}]")
_RETURN = lazy(r"\r|(?<!\\)(?:\\\\)*\\(?:r|15|015|x0[dD]|x\{0*[dD]\})")
"""What says a carriage return in an expression."""
_RETURN_AND_FEED = lazy(r"\r\n")
_Hit = tuple[int, int, int]


def time_limit(text: str) -> float:
    """Until when, from now, a policy's own words may be looked for in a text; `is_over` says that it is later."""
    return time.thread_time() + SECONDS + len(text) * SECONDS_PER_CHARACTER


def is_over(until: float) -> bool:
    """Whether the processor time of `time_limit` is used up; what other programs take does not count."""
    return time.thread_time() > until


@frozen
class Hits:
    """`(start, end, index)` of what is to be redacted, in code points, with the expression's place; sorted."""

    hits: list[_Hit]
    complete: bool


class Patterns:
    """Expressions and the database that tells which of them occur. One object may be used by several threads at once."""

    def __init__(self, expressions: Sequence[Linear], database: hyperscan.Database | None, always: Iterable[int]):
        """`always` are the places of those that `database` does not tell of; `build` makes both."""
        self._expressions = tuple(expressions)
        self._database = database
        self._always = frozenset(always)
        self._by_tables = [place for place, one in enumerate(expressions) if _BY_TABLES.search(one.source) is not None]
        self._beyond_ascii = [place for place, one in enumerate(expressions) if not one.source.isascii()]
        self._with_return = [place for place, one in enumerate(expressions) if _RETURN.search(one.source) is not None]
        self._scratch = threading.local()

    @classmethod
    def build(cls, expressions: Sequence[Linear], *, lines: bool = False) -> Patterns:
        """Compile expressions, or take them from the cache. `lines` as they were compiled with."""
        flags = _FLAGS | (hyperscan.HS_FLAG_MULTILINE if lines else 0)
        sources = [one.source if one.case else f"(?i){one.source}" for one in expressions]
        if not sources:
            return cls((), None, ())

        def load(parts: list[bytes]) -> Patterns:
            always, database = parts
            loaded = hyperscan.loadb(database, hyperscan.HS_MODE_BLOCK) if database else None
            return cls(expressions, loaded, map(int, always.split()))

        return kept("patterns", [str(flags), *sources], lambda: _compile(sources, flags), load)

    @classmethod
    def one_by_one(cls, expressions: Sequence[Linear]) -> Patterns:
        """Expressions without a pass that tells which occur: quicker to have, slower to look with."""
        return cls(expressions, None, range(len(expressions)))

    def __len__(self) -> int:
        return len(self._expressions)

    def find(self, text: str) -> Hits:
        """Where the expressions match in a text, as if each were alone, however long a match is.

        To an expression every line ends with a line feed alone, also where the text has a carriage return before it or
        instead of it; one that says a carriage return itself is looked for in the text as it is, too.
        """
        if not self._expressions:
            return Hits([], True)
        until = time_limit(text)
        if "\r" not in text:
            return self._found(text, None, until)
        levelled = self._found(text.replace("\r\n", "\n").replace("\r", "\n"), None, until)
        as_it_is = self._found(text, self._with_return, until)
        hits = {*as_it_is.hits, *_with_returns(text, levelled.hits)}
        return Hits(sorted(hits), levelled.complete and as_it_is.complete)

    def _found(self, text: str, wanted: Sequence[int] | None, until: float) -> Hits:
        """Where those of the `wanted` places match in a text, or those that occur in it."""
        data = text.encode("utf-8", "replace")
        if wanted is None:
            wanted = sorted(self._present(text, data))
        hits: list[_Hit] = []
        complete = True
        for index in wanted:
            complete &= _search(self._expressions[index], index, data, hits, until)
        hits.sort()
        return Hits(hits if len(data) == len(text) else _in_code_points(data, hits), complete)

    def _present(self, text: str, data: bytes) -> Iterable[int]:
        """Which expressions may match in a text: those that the pass sees, and those of which it cannot know."""
        if any(c in text for c in _UNSURE):
            return range(len(self._expressions))
        present = set(self._always)
        if len(data) != len(text):
            present.update(self._by_tables)
            if self._beyond_ascii and _HAS_NEWER.search(text) is not None:
                present.update(self._beyond_ascii)
        if self._database is not None:
            scratch = getattr(self._scratch, "value", None)
            if scratch is None:
                scratch = self._scratch.value = hyperscan.Scratch(self._database)

            def collect(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
                present.add(number)

            self._database.scan(data, collect, scratch=scratch)
        return present


def _search(expression: Linear, index: int, data: bytes, hits: list[_Hit], until: float) -> bool:
    """Add the matches of one expression, and say whether these are all.

    A search goes on to the end of the text: where it may end earlier is not known, as what an expression prefers may stand
    anywhere behind what else it takes. One search of the largest expression takes about a second for a megabyte.
    """
    place, size = 0, len(data)
    while place < size:
        if len(hits) >= MOST or is_over(until):
            return False
        found = expression.marked_in(data, place, size)
        if found is None:
            return True
        whole, (start, end) = found
        if end > start:
            hits.append((start, end, index))
        place = max(whole[1], place + 1)
    return True


def _compile(sources: Sequence[str], flags: int) -> list[bytes]:
    """The places of what is always to be looked for, and the database of all others."""
    able = [(index, source) for index, source in enumerate(sources) if _VERTICAL.search(source) is None]
    database = _database(able, flags) if able else b""
    if database is None:
        able = [one for one in able if _database([one], flags) is not None]
        database = _database(able, flags) if able else b""
    always = sorted(set(range(len(sources))) - {index for index, _ in able})
    return [" ".join(map(str, always)).encode(), database or b""]


def _database(expressions: Sequence[tuple[int, str]], flags: int) -> bytes | None:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    with suppress(hyperscan.HyperscanError):
        database.compile(
            expressions=[source.encode() for _, source in expressions],
            ids=[index for index, _ in expressions],
            flags=[flags] * len(expressions),
        )
        return hyperscan.dumpb(database)
    return None


def _in_code_points(data: bytes, hits: Iterable[_Hit]) -> list[_Hit]:
    points: dict[int, int] = {}
    byte = point = 0
    found = list(hits)
    for offset in sorted({offset for start, end, _ in found for offset in (start, end)}):
        point += len(data[byte:offset].translate(None, _CONTINUATION))
        byte = offset
        points[offset] = point
    return [(points[start], points[end], index) for start, end, index in found]


def _with_returns(text: str, hits: Sequence[_Hit]) -> list[_Hit]:
    """Hits in a text without the carriage returns before line feeds, as those in the text."""
    if not hits:
        return []
    before = [match.start() - number for number, match in enumerate(_RETURN_AND_FEED.finditer(text))]
    return [(start + bisect_left(before, start), end + bisect_left(before, end), index) for start, end, index in hits]
