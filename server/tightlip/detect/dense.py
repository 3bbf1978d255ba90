"""Texts full of candidates of one rule: where its pattern matches at all is found out in one run.

A candidate costs a search of the pattern through its window, and where the candidates are three characters apart, that is a
hundred searches of the same text. One run that asks at every place before a candidate whether the pattern begins there costs
no more than a few.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tightlip.detect.ruleset import Ruleset
from tightlip.syntax.lazy import compile_expression

_DENSE = 400
"""Candidates of a rule from which on it is dense."""
_WIDEST = 512
"""Code points of the widest window of such a rule."""
_PART = 2_048
"""Code points in which a run looks without an end to look up to."""
_FLAGS = re.ASCII | re.MULTILINE


class Dense:
    """The dense rules of a text."""

    def __init__(self, ruleset: Ruleset, text: str, hits: Sequence[tuple[int, int]]):
        """`hits` are the candidates, `(end, id)` pairs."""
        self._ruleset = ruleset
        self._text = text
        counts: Mapping[int, int] = Counter(number for _, number in hits) if len(hits) >= _DENSE else {}
        self.numbers = frozenset(number for number, count in counts.items() if count >= _DENSE)
        """The ids that have many candidates, of rules and others."""
        self._hits = hits
        self._starts: dict[int, list[int] | None] = {}

    def is_nothing(self, number: int, index: int, end: int) -> bool:
        """Whether the pattern of the dense rule at `index` surely does not match for the candidate `(end, number)`."""
        if index not in self._starts:
            self._starts[index] = self._found(number, index)
        starts = self._starts[index]
        if starts is None:
            return False
        low = max(0, end - self._ruleset.reach[index] - 2)
        place = bisect_left(starts, low)
        if place < len(starts) and starts[place] < end:
            return False
        # in a string that holds several lines, `\n` may stand before the value: that is looked at with care
        return self._text.find("\\", low, end + self._ruleset.ahead[index]) < 0

    def _found(self, number: int, index: int) -> list[int] | None:
        """Every place before a candidate at which the pattern matches, or None where that is not to be found out like this."""
        rule = self._ruleset.rules[index]
        if rule.window > _WIDEST:
            return None
        try:
            pattern = compile_expression(f"(?={rule.pattern})", int(_FLAGS))
        except re.error:  # it sets flags of its own
            return None
        before = self._ruleset.reach[index] + 2
        margin = before + self._ruleset.ahead[index]
        text, found = self._text, list[int]()
        for start, end in self._ranges(number, before):
            for part in range(start, end, _PART):
                stop = min(part + _PART, end)
                for match in pattern.finditer(text, part, stop + margin):
                    if match.start() >= stop:
                        break
                    found.append(match.start())
        return found

    def _ranges(self, number: int, before: int) -> Iterator[tuple[int, int]]:
        """The parts of the text that lie up to `before` code points before a candidate, apart from one another."""
        first = last = 0
        for end, hit in self._hits:
            if hit != number:
                continue
            if end - before > last:
                if last:
                    yield first, last
                first = end - before
            last = end
        yield first, last
