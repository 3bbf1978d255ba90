"""Telephone numbers against the ranges that regulators set aside for fiction, however the number is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from tightlip.syntax.lazy import lazy

_EXTENSION = lazy(r"[\s,;]*(?:x|ext\.?|extension|#|app\.?|durchwahl)\s*\d{1,6}\s*$", re.IGNORECASE)
_TOLL_FREE = frozenset(("800", "822", "833", "844", "855", "866", "877", "888"))
_MORE = lazy(r"[^0-9 +./()-]|\(0\)")
_TRUNK_ZERO = ("44", "49", "33", "61", "46", "353")
"""Countries with set-aside ranges whose national form begins with 0."""


def phone_check(ranges: Sequence[str]) -> Callable[[str, str], bool]:
    """A check whether a number, international or national, lies in one of the ranges: it takes the number and its digits.

    A range is E.164 with `x` for any digit; `NXX` is a geographic area code of the North American Numbering Plan.
    """
    sizes: dict[int, dict[int, set[str]]] = {}
    for one in ranges:
        if "NXX" in one:
            continue  # the one range that is not a prefix
        plain = re.sub(r"[^0-9x]", "", one)
        prefix = plain.rstrip("x")
        sizes.setdefault(len(plain), {}).setdefault(len(prefix), set()).add(prefix)
    prefixes = {size: tuple(known.items()) for size, known in sizes.items()}
    north_american = any("NXX" in one for one in ranges)

    shortest = min((len(prefix) for known in sizes.values() for found in known.values() for prefix in found), default=0)
    heads = frozenset(prefix[:shortest] for known in sizes.values() for found in known.values() for prefix in found)

    def check(value: str, digits: str) -> bool:
        for number in _international(value, digits):
            size = len(number)
            if north_american and size == 11 and _is_north_american_fiction(number):
                return True
            if number[:shortest] not in heads:
                continue
            for prefix, known in prefixes.get(size, ()):
                if number[:prefix] in known:
                    return True
        return False

    return check


def _is_north_american_fiction(number: str) -> bool:
    """Whether `1` and ten digits are 555-0100 to 555-0199 in a geographic area code."""
    return number[0] == "1" and number[1] in "23456789" and number[4:9] == "55501" and number[1:4] not in _TOLL_FREE


def _international(value: str, digits: str) -> Iterable[str]:
    """The E.164 digits a number may mean, without the plus; `digits` are all that stand in it."""
    if _MORE.search(value) is not None:
        value = _EXTENSION.sub("", value.strip()).replace("(0)", "")
        digits = "".join(c for c in value if "0" <= c <= "9")
    if value[:1] == "+" or value.lstrip("( ").startswith("+"):
        return (digits,)
    if digits.startswith("00"):
        return (digits[2:],)
    if digits.startswith("011"):
        return (digits[3:],)
    if digits.startswith("0"):
        return [country + digits[1:] for country in _TRUNK_ZERO]
    return (digits, "1" + digits, "61" + digits) if len(digits) == 10 else (digits,)
