"""Outlines of shapes: few expressions that are cheap to look for and match wherever one of many shapes does.

A code of digits costs the pass as much in a text without one as in any other, and there are forty such shapes. Most of them
have an outline in common (six digits in a row, say), so they are looked for around its places only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import product
from typing import Any

OUTLINES = (
    r"(?:^|[^0-9])[0-9](?:[ ./-]?[0-9]){5}",
    r"[A-Z][0-9]{4}[A-Z]",
    r"[A-Z][0-9][0-9L-V][ABCDEHLMPRST][0-9L-V]{2}[A-Z]",
    r"(?i)-[0-9a-f]{2}-[0-9a-f]{2}-|:[0-9a-f]{2}:[0-9a-f]{2}:",
)
"""Hyperscan expressions: six digits, with or without joints; four of them between capitals; the middle of an Italian fiscal
code; that of a MAC address. What they cost together with the shapes that have none was measured, one by one."""

LONGEST = 32
"""Bytes of the longest shape that is looked for around an outline."""

_MOST = 5000
"""Ways to match a shape beyond which it is not compared with outlines."""
_BYTES = (1 << 256) - 1
_BOUNDARY = -1
_LINE = -2

_Way = tuple[int, ...]
"""One way to match: for each byte which it may be, a bit for each; `_BOUNDARY` where a word begins or ends, `_LINE` where a
line begins."""


def has_outline(expression: str) -> bool:
    """Whether some outline matches within every match of an expression, as far as can be told."""
    ways = _ways(expression)
    if ways is None:
        return False
    apart: Iterable[_Way] | None = None
    for way in ways:
        if len(way) > LONGEST:
            return False
        if _is_outlined(way):
            continue
        apart = _told_apart(way)
        if apart is None or not all(map(_is_outlined, apart)):
            return False
    return True


def _bits(characters: Iterable[int]) -> int:
    bits = 0
    for character in characters:
        bits |= 1 << character
    return bits


_DIGITS = _bits(range(48, 58))
_WORD = _bits(byte for byte in range(128) if chr(byte).isalnum() or byte == 95)

_CATEGORIES = {"CATEGORY_WORD": _WORD, "CATEGORY_DIGIT": _DIGITS}


def _is_outlined(way: _Way) -> bool:
    bytes_of = _without_boundaries(way)
    return any(
        all(map(_is_within, bytes_of[start:], outline))
        for outline in _outline_ways()
        for start in range(len(bytes_of) - len(outline) + 1)
    )


def _is_within(here: int, there: int) -> bool:
    return here == there if _LINE in (here, there) else not here & ~there


@cache
def _outline_ways() -> list[_Way]:
    return [way for outline in OUTLINES for way in _ways(outline) or ()]


def _without_boundaries(way: _Way) -> _Way:
    """A way as bytes alone: before the word that it begins with stands a byte of none, or the text's beginning."""
    first = ~_WORD & _BYTES if way[:1] == (_BOUNDARY,) and way[1:] and not way[1] & ~_WORD else 0
    return (*((first,) if first else ()), *(byte for byte in way if byte != _BOUNDARY))


def _told_apart(way: _Way) -> Iterable[_Way] | None:
    """The same way as several, with a digit or with none where it may have both; None where these are too many."""
    parts = [
        (byte & _DIGITS, byte & ~_DIGITS) if byte >= 0 and byte & _DIGITS and byte & ~_DIGITS else (byte,)
        for byte in way
    ]
    mixed = sum(len(part) == 2 for part in parts)
    return product(*parts) if 1 << mixed <= _MOST else None


def _ways(expression: str) -> list[_Way] | None:
    """All ways to match an expression; None where it says what is not understood here, or these are too many."""
    parser: Any = getattr(re, "_parser", None) or getattr(re, "sre_parse", None)
    try:
        parsed = parser.parse(expression)
        return list(_sequence(parsed, bool(parsed.state.flags & re.IGNORECASE)))
    except (re.error, OverflowError, AttributeError, _UnknownError):
        return None


class _UnknownError(Exception):
    """An expression says what is not understood here."""


def _sequence(items: Iterable[Any], ignore_case: bool) -> list[_Way]:
    ways: list[_Way] = [()]
    for name, value in items:
        more = list(_item(str(name), value, ignore_case))
        if len(ways) * len(more) > _MOST:
            raise _UnknownError
        ways = [before + after for before in ways for after in more]
    return ways


def _item(name: str, value: Any, ignore_case: bool) -> Iterator[_Way]:
    if name == "LITERAL":
        yield (_cased(_bits([_byte(value)]), ignore_case),)
    elif name == "IN":
        yield (_class(value, ignore_case),)
    elif name == "BRANCH":
        for branch in value[1]:
            yield from _sequence(branch, ignore_case)
    elif name == "SUBPATTERN" and not value[1] and not value[2]:
        yield from _sequence(value[3], ignore_case)
    elif name == "MAX_REPEAT" and int(value[1]) <= LONGEST:
        once = _sequence(value[2], ignore_case)
        for times in range(value[0], int(value[1]) + 1):
            if len(once) ** times > _MOST:
                raise _UnknownError
            for parts in product(once, repeat=times):
                yield tuple(byte for part in parts for byte in part)
    elif name == "AT" and str(value) == "AT_BOUNDARY":
        yield (_BOUNDARY,)
    elif name == "AT" and str(value) == "AT_BEGINNING":
        yield (_LINE,)
    else:
        raise _UnknownError


def _class(items: Sequence[Any], ignore_case: bool) -> int:
    bits = 0
    negated = False
    for name, value in items:
        if str(name) == "NEGATE":
            negated = True
        elif str(name) == "LITERAL":
            bits |= _bits([_byte(value)])
        elif str(name) == "CATEGORY" and str(value) in _CATEGORIES:
            bits |= _CATEGORIES[str(value)]
        elif str(name) == "RANGE":
            bits |= _bits(range(_byte(value[0]), _byte(value[1]) + 1))
        else:
            raise _UnknownError
    bits = _cased(bits, ignore_case)
    return ~bits & _BYTES if negated else bits


def _byte(character: int) -> int:
    if character > 127:
        raise _UnknownError
    return character


def _cased(bits: int, ignore_case: bool) -> int:
    if not ignore_case:
        return bits
    letters = [byte for byte in range(128) if bits >> byte & 1 and chr(byte).isalpha()]
    return bits | _bits(ord(chr(byte).swapcase()) for byte in letters)
