"""What is written near a value: the words that say what it is. Costs the same in any document."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from tightlip.detect.deep.protocol import Region
from tightlip.detect.fieldname import assignment_before, field_tokens

BEFORE = 60
AFTER = 20
"""Code points before and behind a value, on its line, in which a word counts as near."""

_BREAK = re.compile(r"[;{}|\t\r\n]|[\"'],")
_EDGE = "\n\0\n"
"""Stands between regions, so that no pattern reaches from one into the next."""
_JOINING = frozenset("-_./\\+@%")
_DIGITS = "0123456789 .-_"


class Joined:
    """Many regions as one text, so that every recognizer reads once."""

    def __init__(self, regions: Sequence[Region]):
        self.regions = regions
        self.text = _EDGE.join(region.text for region in regions)
        self._starts: list[int] = []
        position = 0
        for region in regions:
            self._starts.append(position)
            position += len(region.text) + len(_EDGE)

    def place(self, start: int, end: int) -> tuple[Region, int] | None:
        """The region that holds a range of `text`, and where in it the range begins; None where it holds no whole range."""
        index = bisect_right(self._starts, start) - 1
        if index < 0:
            return None
        region, at = self.regions[index], start - self._starts[index]
        return (region, at) if at + (end - start) <= len(region.text) else None


def phrases(words: Iterable[str]) -> tuple[str, ...]:
    """Words and phrases in the form in which `word_near` compares them."""
    forms = (" ".join(field_tokens(word)) for word in words)
    return tuple(dict.fromkeys(f" {form} " for form in forms if form))


def word_near(region: Region, start: int, end: int, wanted: Sequence[str]) -> str | None:
    """The first of `wanted` (see `phrases`) that names the value at [start, end) of a region's text, or None.

    The name of the value's field or column decides; only where it has none do the words on its line count.
    """
    names = _names(region, start, end)
    text = f" {' '.join(field_tokens(names))} "
    return next((word.strip() for word in wanted if word in text), None)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a value is a word of its own, and not a part of a longer identifier, version, path or number."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before and (before.isalnum() or before in _JOINING):
        return False
    if after in (".", "-"):
        return not text[end + 1 : end + 2].isalnum()
    return not (after.isalnum() or after in _JOINING)


def _names(region: Region, start: int, end: int) -> str:
    if region.columns and (column := _column(region, start)) is not None:
        return column
    text = region.text
    assignment = assignment_before(text, start)
    if assignment is not None and (names := " ".join(text[name.start : name.end] for name in assignment.names)).strip(
        _DIGITS
    ):
        return names
    before = text[max(0, start - BEFORE) : start]
    breaks = [match.end() for match in _BREAK.finditer(before)]
    after = text[end : end + AFTER]
    stop = _BREAK.search(after)
    return f"{before[breaks[-1] if breaks else 0 :]} {after[: stop.start()] if stop else after}"


def _column(region: Region, start: int) -> str | None:
    line = max(region.text.rfind("\n", 0, start), region.text.rfind("\r", 0, start)) + 1
    cells, quoted = 0, False
    for character in region.text[line:start]:
        if character == '"':
            quoted = not quoted
        elif character == region.separator and not quoted:
            cells += 1
    return region.columns[cells] if cells < len(region.columns) else None
