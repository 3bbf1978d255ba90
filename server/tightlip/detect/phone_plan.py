"""Which international numbers can exist, as one expression for each numbering plan.

libphonenumber parses a number before it looks it up, forty expressions for each number; a file of customers holds thousands. Here
its metadata is put together once for each country code. Where that is not possible - a number that may begin with a national
prefix, a plan whose metadata has another shape than today's - the answer is None, and the library is asked.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from tightlip.syntax.lazy import lazy

_PLAIN = lazy(r"\+[1-9][0-9 ./()-]{5,44}")
_JOINTS = str.maketrans("", "", "./()-")
_LONGEST = 15
"""Digits of the longest international number (ITU-T E.164)."""
_TYPES = (
    "fixed_line", "premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail",
)  # fmt: skip
"""Kinds of numbers whose expressions libphonenumber tries; `mobile` besides, where it is not that of the fixed lines."""


_Match = Callable[[str], "re.Match[str] | None"]


class _Region(NamedTuple):
    leading: _Match | None
    """First digits that say that a number is this region's, whether it exists or not."""
    assignable: _Match


class _Plan(NamedTuple):
    code: int
    """Digits of the country code."""
    prefix: _Match | None
    """What may be a national prefix, which is not dialled from abroad but often written."""
    regions: tuple[_Region, ...]


def is_assignable(value: str) -> bool | None:
    """Whether a number in international form (`+`, digits and the usual joints) can exist, or None where that is not known here.

    Says what `phonenumbers.is_valid_number(phonenumbers.parse(value, None))` says. Never raises.
    """
    if _PLAIN.fullmatch(value) is None:
        return None
    digits = value[1:].replace(" ", "")
    if not digits.isdigit():
        digits = digits.translate(_JOINTS)
    plan = _plan_of(digits[:3]) if len(digits) <= _LONGEST else None
    if plan is None:
        return None
    national = digits[plan.code :]
    if len(national) < 2 or (plan.prefix is not None and plan.prefix(national) is not None):
        return None
    for leading, assignable in plan.regions:
        if leading is not None and leading(national) is None:
            continue
        if assignable(national) is not None:
            return True
        if leading is not None:
            return False
    return False


@lru_cache(maxsize=1000)
def _plan_of(digits: str) -> _Plan | None:
    """The plan of a number's first three digits: no country code is the beginning of another (ITU-T E.164)."""
    codes = importlib.import_module(
        "phonenumbers"
    ).COUNTRY_CODE_TO_REGION_CODE  # 30 ms, and most documents hold no number
    return next((_plan(int(digits[:size])) for size in (1, 2, 3) if int(digits[:size]) in codes), None)


@lru_cache(maxsize=256)
def _plan(code: int) -> _Plan | None:
    phonenumbers: Any = importlib.import_module("phonenumbers")
    try:
        names = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]
        metadata_of = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code
        found: list[Any] = [metadata_of(code, name) for name in names]
        if None in found:
            return None
        prefix: str | None = found[0].national_prefix_for_parsing
        regions = tuple(_region(one, len(found) > 1) for one in found)
        return _Plan(len(str(code)), re.compile(prefix).match if prefix else None, regions)
    except (AttributeError, KeyError, TypeError, re.error):
        return None


def _region(metadata: Any, shared: bool) -> _Region:
    kinds = _TYPES if metadata.same_mobile_and_fixed_line_pattern else ("mobile", *_TYPES)
    general = _expression(metadata.general_desc)
    which = [_expression(getattr(metadata, kind)) for kind in kinds]
    leading: str | None = metadata.leading_digits if shared else None
    wanted = f"(?={general}\\Z)(?:{'|'.join(filter(None, which))})" if general and any(which) else "(?!)"
    return _Region(re.compile(leading).match if leading is not None else None, re.compile(wanted).fullmatch)


def _expression(kind: Any) -> str:
    """An expression for all numbers of a kind; empty where there are none."""
    if kind is None or not kind.national_number_pattern:
        return ""
    pattern, sizes = f"(?:{kind.national_number_pattern})", [int(size) for size in kind.possible_length]
    if not sizes:
        return pattern
    least, most = min(sizes), max(sizes)
    if most < 1:
        return ""
    gaps = "".join(f"(?![0-9]{{{size}}}\\Z)" for size in range(least, most) if size not in sizes)
    return f"(?=[0-9]{{{least},{most}}}\\Z){gaps}{pattern}"
