"""Telephone numbers against the ranges that regulators set aside for fiction, however the number is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from tightlip.syntax.lazy import lazy

_EXTENSION = lazy(r"[\s,;]*(?:x|ext\.?|extension|#|app\.?|durchwahl)\s*\d{1,6}\s*$", re.IGNORECASE)
_TOLL_FREE = frozenset(("800", "822", "833", "844", "855", "866", "877", "888"))
_TRUNK_ZERO = ("44", "49", "33", "61", "46", "353")
"""Countries with set-aside ranges whose national form begins with 0."""


def phone_check(ranges: Sequence[str]) -> Callable[[str], bool]:
    """A check whether a number, international or national, lies in one of the ranges.

    A range is E.164 with `x` for any digit; `NXX` is a geographic area code of the North American Numbering Plan.
    """
    sizes: dict[int, dict[int, set[str]]] = {}
    for one in ranges:
        if "NXX" in one:
            continue  # the one range that is not a prefix
        plain = re.sub(r"[^0-9x]", "", one)
        prefix = plain.rstrip("x")
        sizes.setdefault(len(plain), {}).setdefault(len(prefix), set()).add(prefix)
    north_american = any("NXX" in one for one in ranges)

    def check(value: str) -> bool:
        for number in _international(value):
            if north_american and len(number) == 11 and _is_north_american_fiction(number):
                return True
            if any(number[:size] in known for size, known in sizes.get(len(number), {}).items()):
                return True
        return False

    return check


def _is_north_american_fiction(number: str) -> bool:
    """Whether `1` and ten digits are 555-0100 to 555-0199 in a geographic area code."""
    return number[0] == "1" and number[1] in "23456789" and number[4:9] == "55501" and number[1:4] not in _TOLL_FREE


def _international(value: str) -> Iterator[str]:
    """The E.164 digits a number may mean, without the plus."""
    text = _EXTENSION.sub("", value.strip()).replace("(0)", "")
    digits = "".join(c for c in text if "0" <= c <= "9")
    if text.lstrip("( ").startswith("+"):
        yield digits
    elif digits.startswith("00"):
        yield digits[2:]
    elif digits.startswith("011"):
        yield digits[3:]
    elif digits.startswith("0"):
        yield from (country + digits[1:] for country in _TRUNK_ZERO)
    else:
        yield digits
        if len(digits) == 10:
            yield "1" + digits
            yield "61" + digits
