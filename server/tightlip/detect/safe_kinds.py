"""How a value is compared with safe ones: one value, or the thousands of a table's column at once."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from attrs import frozen

from tightlip.detect.pii_checks import luhn
from tightlip.detect.safe_phone import phone_check
from tightlip.detect.validators import mod97
from tightlip.syntax.lazy import lazy


class Forms(NamedTuple):
    """A value in the forms it is compared in."""

    raw: str
    folded: str
    """Case-folded, runs of spaces made one."""
    compact: str
    """Letters and digits, upper case."""
    digits: str

    @classmethod
    def of(cls, value: str) -> Forms:
        """All forms of a value."""
        return _forms(value)


@lru_cache(maxsize=8)
def _forms(value: str) -> Forms:
    """Forms of the values of the moment: each is asked about more than once."""
    raw = value.strip()
    compact = _JOINTS.sub("", raw).upper()
    return Forms(raw, " ".join(raw.casefold().split()), compact, _NO_DIGITS.sub("", compact))


_JOINTS = lazy(r"[\W_]+")
_NO_DIGITS = lazy(r"[^0-9]+")


class Many(NamedTuple):
    """Many values in the forms they are compared in, each form a list."""

    raw: Sequence[str]
    folded: Sequence[str]
    compact: Sequence[str]
    digits: Sequence[str]

    @classmethod
    def of(cls, values: Sequence[str]) -> Many:
        """All forms of values that are stripped and of one line each: a few steps over one text of them all."""
        text = "\n".join(values)
        folded = text.casefold().split("\n")
        if _BLANKS.search(text) is not None:
            folded = [" ".join(value.split()) for value in folded]
        if text.isascii():
            compact = text.translate(_ASCII_JOINTS).upper()
            digits = compact.translate(_ASCII_NO_DIGITS)
        else:
            compact = _LINE_JOINTS.sub("", text).replace("_", "").upper()
            digits = _LINE_NO_DIGITS.sub("", compact)
        return cls(values, folded, compact.split("\n"), digits.split("\n"))

    def each(self) -> Iterable[Forms]:
        """The forms of one value after the other."""
        return map(Forms, *self)


_BLANKS = lazy(r"[^\S\n ]|  ")
_LINE_JOINTS = lazy(r"[^\w\n]+")
_LINE_NO_DIGITS = lazy(r"[^0-9\n]+")
_ASCII_JOINTS = {code: None for code in range(128) if not chr(code).isalnum() and chr(code) != "\n"}
_ASCII_NO_DIGITS = {code: None for code in range(128) if chr(code) not in "0123456789\n"}


@frozen
class Check:
    """A comparison with some safe values."""

    one: Callable[[Forms], bool]
    many: Callable[[Many], Iterable[int]]
    """Places of the values that pass."""


def _one_by_one(one: Callable[[Forms], bool]) -> Check:
    return Check(one, lambda many: [place for place, forms in enumerate(many.each()) if one(forms)])


_RUNS = ("01234567890123456789", "98765432109876543210")


def is_degenerate(digits: str, compact: str) -> bool:
    """Whether a number of six or more digits is one digit repeated or a run up or down the digits."""
    if len(digits) < 6 or len(compact) - len(digits) > 2:
        return False
    return len(set(digits)) == 1 or any(digits in run for run in _RUNS)


def degenerate_among(many: Many) -> set[int]:
    """Places of the values that are such a number."""
    likely = [place for place, digits in enumerate(many.digits) if digits[:6] in _HEADS]
    return {place for place in likely if is_degenerate(many.digits[place], many.compact[place])}


_HEADS = frozenset(digit * 6 for digit in "0123456789") | {run[at : at + 6] for run in _RUNS for at in range(15)}


def _exact(values: Sequence[str]) -> Check:
    known = frozenset(Forms.of(value).compact for value in values)
    return Check(lambda forms: forms.compact in known, lambda many: _places(many.compact, known))


def _exact_ci(values: Sequence[str]) -> Check:
    known = frozenset(" ".join(value.casefold().split()) for value in values)
    return Check(lambda forms: forms.folded in known, lambda many: _places(many.folded, known))


def _places(values: Sequence[str], known: frozenset[str]) -> Iterable[int]:
    if known.isdisjoint(values):
        return ()
    return [place for place, value in enumerate(values) if value in known]


def _word(values: Sequence[str]) -> Check:
    known = frozenset(value.casefold() for value in values)
    joints = str.maketrans(",._", "   ")
    check = _one_by_one(lambda forms: not known.isdisjoint(forms.folded.translate(joints).split()))
    return Check(
        check.one,
        lambda many: () if known.isdisjoint(" ".join(many.folded).translate(joints).split()) else check.many(many),
    )


def _word_sequence(values: Sequence[str]) -> Check:
    known = tuple(value.casefold() for value in values)
    check = _one_by_one(lambda forms: any(value in forms.folded for value in known))

    def among(many: Many) -> Iterable[int]:
        text = "\n".join(many.folded)
        return check.many(many) if any(value in text for value in known) else ()

    return Check(check.one, among)


def _regex(values: Sequence[str]) -> Check:
    find = _finder(values, re.IGNORECASE)
    return Check(
        lambda forms: find(forms.raw) is not None,
        lambda many: [place for place, value in enumerate(many.raw) if find(value) is not None],
    )


def _compact_regex(values: Sequence[str]) -> Check:
    find = _finder(values)
    return Check(
        lambda forms: find(forms.compact) is not None,
        lambda many: [place for place, value in enumerate(many.compact) if find(value) is not None],
    )


def _finder(values: Sequence[str], flags: int = 0) -> Callable[[str], re.Match[str] | None]:
    """What looks for any of some expressions in a value; from its beginning only, where they all ask for that."""
    pattern = lazy("|".join(f"(?:{value})" for value in values), flags)
    return pattern.match if all(map(_is_anchored, values)) else pattern.search


def _is_anchored(expression: str) -> bool:
    """Whether an expression surely matches at the beginning only: `^` and no choice beside it."""
    outside = _GROUP.sub("", expression)
    while outside != (inner := _GROUP.sub("", outside)):
        outside = inner
    return outside.startswith("^") and "|" not in outside and "(" not in outside


_GROUP = lazy(r"\\.|\[(?:[^\]\\]|\\.)*\]|\([^()\[\\]*\)")


def _digits(values: Sequence[str]) -> Check:
    known = frozenset(values)
    return Check(lambda forms: forms.digits in known, lambda many: _places(many.digits, known))


def _digits_regex(values: Sequence[str]) -> Check:
    # a back-reference in a value counts the groups of that value: such values stand alone
    together = [value for value in values if not _REFERS.search(value)]
    groups = ([together] if together else []) + [[value] for value in values if _REFERS.search(value)]
    finders = [_finder(group) for group in groups]
    return Check(
        lambda forms: any(find(forms.digits) for find in finders),
        lambda many: [place for find in finders for place, digits in enumerate(many.digits) if find(digits)],
    )


_REFERS = lazy(r"\\[1-9]")


def _digits_prefix(values: Sequence[str]) -> Check:
    known = tuple(values)
    return Check(
        lambda forms: forms.digits.startswith(known),
        lambda many: [place for place, digits in enumerate(many.digits) if digits.startswith(known)],
    )


def _luhn_body(values: Sequence[str]) -> Check:
    known = frozenset(values)
    return Check(
        lambda forms: forms.digits[:-1] in known and luhn(forms.digits),
        lambda many: [place for place, digits in enumerate(many.digits) if digits[:-1] in known and luhn(digits)],
    )


def _iban_body(values: Sequence[str]) -> Check:
    known = frozenset(values)
    return Check(
        lambda forms: forms.compact[:2] + forms.compact[4:] in known and mod97(forms.compact),
        lambda many: [
            place for place, value in enumerate(many.compact) if value[:2] + value[4:] in known and mod97(value)
        ],
    )


def _domain_suffix(values: Sequence[str]) -> Check:
    known = frozenset(values)

    def is_known(domain: str) -> bool:
        labels = domain.strip("<>. ").split(".")
        return any(".".join(labels[start:]) in known for start in range(len(labels)))

    return _of_domain(is_known)


def _domain(values: Sequence[str]) -> Check:
    known = frozenset(values)
    return _of_domain(lambda domain: domain.strip("<>. ") in known)


def _of_domain(is_known: Callable[[str], bool]) -> Check:
    """A check of what stands behind the last @; thousands of addresses share a few domains."""

    def among(many: Many) -> Iterable[int]:
        domains = [value.rpartition("@")[2] for value in many.folded]
        return _places(domains, frozenset(filter(is_known, set(domains))))

    return Check(lambda forms: is_known(forms.folded.rpartition("@")[2]), among)


def _localpart(values: Sequence[str]) -> Check:
    known = frozenset(values)

    def is_known(folded: str) -> bool:
        return "@" in folded and folded.partition("@")[0].strip("< ").partition("+")[0] in known

    return Check(
        lambda forms: is_known(forms.folded),
        lambda many: [place for place, value in enumerate(many.folded) if is_known(value)],
    )


def _network(values: Sequence[str]) -> Check:
    networks = [ipaddress.ip_network(value) for value in values]

    def check(forms: Forms) -> bool:
        try:
            address = ipaddress.ip_address(forms.raw.partition("/")[0].partition("%")[0].strip("[]"))
        except ValueError:
            return False
        return any(address.version == network.version and address in network for network in networks)

    return _one_by_one(check)


def _address(values: Sequence[str]) -> Check:
    known = frozenset(ipaddress.ip_address(value) for value in values)

    def check(forms: Forms) -> bool:
        try:
            return ipaddress.ip_address(forms.raw.strip("[]")) in known
        except ValueError:
            return False

    return _one_by_one(check)


def _mac_prefix(values: Sequence[str]) -> Check:
    known = tuple(value.upper() for value in values)
    return _one_by_one(lambda forms: len(forms.compact) == 12 and forms.compact.startswith(known))


def _phone(values: Sequence[str]) -> Check:
    check = phone_check(values)
    return Check(
        lambda forms: check(forms.raw, forms.digits),
        lambda many: [place for place, known in enumerate(map(check, many.raw, many.digits)) if known],
    )


KINDS: dict[str, Callable[[Sequence[str]], Check | None]] = {
    "exact": _exact,
    "exact_ci": _exact_ci,
    "word": _word,
    "word_sequence": _word_sequence,
    "regex": _regex,
    "compact_regex": _compact_regex,
    "digits": _digits,
    "digits_regex": _digits_regex,
    "digits_prefix": _digits_prefix,
    "luhn_body": _luhn_body,
    "iban_body": _iban_body,
    "domain_suffix": _domain_suffix,
    "domain": _domain,
    "placeholder_domain": lambda values: None,  # asked through is_placeholder_domain
    "localpart": _localpart,
    "network": _network,
    "address": _address,
    "mac_prefix": _mac_prefix,
    "phone": _phone,
}
