"""Texts that repeat themselves: what was answered about a candidate holds for all that have the same text around them.

A megabyte of `password = password = ...` has 180,000 candidates, and none of them differs from the one before. Where a long
stretch of a text has a period, one candidate of each place in the period is looked at, and the answer moved to all others.
Only candidates around which the stretch reaches further than anybody looks take part.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence

from attrs import frozen

from tightlip.finding import Finding, Span
from tightlip.syntax.joined import PIECES
from tightlip.syntax.literal import LIMIT

BEHIND = 1_100
"""Code points before a candidate's end that may decide about it."""
AHEAD = 2 * LIMIT + 300
"""Code points behind a field's first character that may: what a literal ends with is found within a period, or not at all."""

_MANY = 1_000
"""Candidates from which on a text is looked at for what repeats."""
_STEP = 100
"""Candidates from one look to the next."""
_PROBE = 48
_LONGEST_PERIOD = 4_000
_LONG = 4 * LIMIT
"""Code points from which on a stretch is long enough."""


Answer = Callable[[int, int], Sequence[Finding]]
"""The findings of the candidate with an end and an id."""


@frozen
class Stretch:
    """A part of a text, [start, end), in which each character is the same as the one a period further on."""

    start: int
    end: int
    period: int


def answers(
    text: str, hits: Sequence[tuple[int, int]], ask: Answer, ahead: Callable[[int], int]
) -> tuple[Sequence[tuple[int, int]], Answer]:
    """The candidates of a text (`end, id` pairs, in order) without most of those that are nothing, and what says of the others
    which findings they have: it asks `ask`, but not twice about the same.

    `ahead` says how many code points behind its end may decide about a candidate, by its id. A finding that may depend on more
    of its line than `BEHIND` is asked for each time: that of an address, which may stand in a comment.
    """
    found = list(stretches(text, hits))
    if not found:
        return hits, ask
    replay = _Replay(found, ask, ahead)
    left: list[tuple[int, int]] = []
    at = 0
    for stretch in found:
        first = bisect_left(hits, (stretch.start + BEHIND, 0))
        second = bisect_left(hits, (stretch.start + BEHIND + stretch.period, 0))
        until = stretch.end - max((_reach(stretch, ahead(number)) for _, number in hits[first:second]), default=0)
        if until > stretch.start and not any(replay.answer(end, number) for end, number in hits[first:second]):
            left += hits[at:second]
            at = max(second, bisect_left(hits, (until, 0)))
    left += hits[at:]
    return left, _Replay(found, ask, ahead).answer


def _reach(stretch: Stretch, ahead: int) -> int:
    """How many code points before the end of a stretch the candidates are that something behind it may decide about."""
    return max(ahead, (PIECES + 2) * stretch.period)


class _Replay:
    def __init__(self, found: Iterable[Stretch], ask: Answer, ahead: Callable[[int], int]):
        self._others = iter(found)
        self._ask = ask
        self._ahead = ahead
        self._begin(next(self._others, _NOWHERE))

    def _begin(self, stretch: Stretch) -> None:
        self._stretch = stretch
        self._start = stretch.start + BEHIND
        self._until: dict[int, int] = {}
        self._known: dict[tuple[int, int], tuple[int, Sequence[Finding]]] = {}

    def answer(self, end: int, number: int) -> Sequence[Finding]:
        if end < self._start:
            return self._ask(end, number)
        stretch = self._stretch
        if end >= stretch.end:
            self._begin(next(self._others, _NOWHERE))
            return self.answer(end, number)
        until = self._until.get(number)
        if until is None:
            until = self._until[number] = stretch.end - _reach(stretch, self._ahead(number))
        if end >= until:
            return self._ask(end, number)
        key = number, (end - stretch.start) % stretch.period
        known = self._known.get(key)
        if known is None:
            found = self._ask(end, number)
            if all(one.entity is None for one in found):
                self._known[key] = end, found
            return found
        there, found = known
        return [_moved(one, end - there) for one in found] if found else found


_NOWHERE = Stretch(sys.maxsize - BEHIND, sys.maxsize, 1)


def _moved(finding: Finding, by: int) -> Finding:
    start, end = finding.span
    return Finding(
        finding.rule,
        finding.title,
        finding.category,
        Span(start + by, end + by),
        finding.severity,
        finding.confidence,
        finding.value,
        finding.placeholder,
        finding.entity,
        finding.evidence,
        finding.detector,
        finding.field,
    )


def stretches(text: str, hits: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
    """The long stretches with a period in which candidates (`end, id` pairs) lie, in order."""
    at = 0
    while len(hits) >= _MANY and at < len(hits):
        start = hits[at][0]
        end, period = _repeated(text, start)
        if end - start > _LONG:
            yield Stretch(start, end, period)
            at = bisect_left(hits, (end, 0))
        else:
            at += _STEP


def _repeated(text: str, begin: int) -> tuple[int, int]:
    """Up to where a text repeats what begins at `begin`, and in which period; `(begin, 1)` where it does not."""
    probe = text[begin : begin + _PROBE]
    again = text.find(probe, begin + 1, begin + _LONGEST_PERIOD + _PROBE)
    if again < 0:
        return begin, 1
    period = again - begin
    same, size = begin, 1024
    while size >= _PROBE:
        if same + period + size <= len(text) and text[same : same + size] == text[same + period : same + period + size]:
            same += size
            size *= 2
        else:
            size //= 2
    return same + period, period
