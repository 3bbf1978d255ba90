"""How far the expressions of a rule reach: what lies further off cannot decide whether they match."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

_OPEN = 512
"""Reach of a gate that has no limit."""
_LONGEST = 65_536
_parser: Any = getattr(re, "_parser", None) or getattr(re, "sre_parse", None)


def reach_of(gate: str) -> int:
    """Longest text that a gate can match; 512 where it has no limit or another syntax than Python's, 0 without a gate."""
    if not gate:
        return 0
    try:
        longest = int(_parser.parse(gate).getwidth()[1])
    except (re.error, OverflowError, AttributeError):
        return _OPEN
    return longest if longest <= _LONGEST else _OPEN


def ahead_of(pattern: str, window: int) -> int:
    """Code points behind the first of a match that can decide about it, those it only looks at included; at most `window`."""
    try:
        widest = _widest(_parser.parse(pattern), {})
    except (re.error, OverflowError, AttributeError):
        return window
    return window if widest > window else int(widest)


def _widest(items: Iterable[Any], groups: dict[int, float]) -> float:
    return sum(_width(str(name), value, groups) for name, value in items)


def _width(name: str, value: Any, groups: dict[int, float]) -> float:
    """Most code points that one part of a pattern takes or looks at; infinite where that is not known."""
    if name in ("LITERAL", "NOT_LITERAL", "IN", "ANY", "AT"):
        return 1
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        once = _widest(value[2], groups)
        return math.inf if value[1] > _LONGEST else once * int(value[1])
    if name == "SUBPATTERN":
        width = _widest(value[3], groups)
        if value[0] is not None:
            groups[value[0]] = width
        return width
    if name == "BRANCH":
        return max(_widest(branch, groups) for branch in value[1])
    if name == "GROUPREF":
        return groups.get(value, math.inf)
    if name in ("ASSERT", "ASSERT_NOT"):
        return _widest(value[1], groups) if value[0] > 0 else 0
    return math.inf
