"""Values that are nobody's: reserved by their registries, published as examples, or plain placeholders.

They stand in `rules/safe/*.toml`, each with where it is known from. What is reserved is not reported; what is only a usual
placeholder is reported more quietly. Some are also the material synthetic values are made of.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, cast

from attrs import fields, frozen

from tightlip.detect.pii_checks import luhn
from tightlip.detect.safe_phone import phone_check
from tightlip.detect.shipped import rules_directory
from tightlip.detect.validators import mod97
from tightlip.errors import RuleError, TightlipError
from tightlip.syntax.lazy import lazy
from tightlip.syntax.toml import read_toml

SILENT, LOWER = "silent", "lower"
ANY = "*"


@frozen
class SafeValue:
    """One entry of a safe-value file."""

    id: str
    entity: str
    """Presidio's name of what the values are, or `*`."""
    kind: str
    """How a value is compared with `values`: a name of `KINDS`."""
    values: tuple[str, ...]
    source: str
    confidence: str = "medium"
    evidence: str = "known"
    """`seen` at the source, `known` of it, or `reasoned`."""
    effect: str = SILENT
    """`silent`: not reported. `lower`: reported more quietly."""
    pool: str = ""
    """Kind of synthetic value these may serve as; empty for none."""
    url: str = ""
    note: str = ""


class SafeValues:
    """Safe values, ready to be asked. What an entity needs is made ready when it is first asked for."""

    def __init__(self, entries: Iterable[SafeValue]):
        self.entries: tuple[SafeValue, ...] = tuple(entries)
        self._checks: dict[tuple[str, str], tuple[Check, ...]] = {}
        self._domains: frozenset[str] | None = None

    def is_safe(self, entity: str, value: str) -> bool:
        """Whether a value of this entity is reserved, a known example, or plainly no real one."""
        forms = Forms.of(value)
        if entity not in _COUNTED and is_degenerate(forms.digits, forms.compact):
            return True
        return self._passes(entity, SILENT, forms)

    def is_placeholder(self, entity: str, value: str) -> bool:
        """Whether a value is a usual placeholder which yet may be somebody's: a role's mailbox, `test.com`, John Smith."""
        if self._passes(entity, LOWER, Forms.of(value)):
            return True
        return "@" in value and self.is_placeholder_domain(value.rpartition("@")[2])

    def is_placeholder_domain(self, domain: str) -> bool:
        """Whether a domain is used as a placeholder though it is registered and delivers mail (`test.com`, `example.de`)."""
        if self._domains is None:
            chosen = (entry.values for entry in self.entries if entry.kind == "placeholder_domain")
            self._domains = frozenset(domain for values in chosen for domain in values)
        labels = domain.strip(" .>").lower().split(".")
        known = (".".join(labels[start:]) in self._domains for start in range(len(labels) - 1))
        return "example" in labels or any(known)

    def pool(self, kind: str) -> tuple[str, ...]:
        """Values a synthetic one may be made of: see `pools`. Empty for a kind that has none."""
        return self.pools().get(kind, ())

    def pools(self) -> Mapping[str, tuple[str, ...]]:
        """All material for synthetic values by kind, as plain data.

        `payment-card` and `iban` are whole numbers, `phone` is E.164 with `x` for any digit, `email-domain` domains, `ipv4`
        the first three octets of a network; names, streets and cities are as they are.
        """
        found: dict[str, list[str]] = {}
        for entry in self.entries:
            if entry.pool:
                kind, values = _material(entry)
                found.setdefault(kind, []).extend(values)
        return {kind: tuple(dict.fromkeys(values)) for kind, values in found.items()}

    def _passes(self, entity: str, effect: str, forms: Forms) -> bool:
        ready = self._checks.get((entity, effect))
        if ready is None:
            ready = self._make_ready(entity, effect)
        for check in ready:  # noqa: SIM110 - a generator would cost more than most checks, and values come in thousands
            if check(forms):
                return True
        return False

    def _make_ready(self, entity: str, effect: str) -> tuple[Check, ...]:
        by_kind: dict[str, list[str]] = {}
        for entry in self.entries:
            if entry.effect == effect and entry.entity in (entity, ANY):
                by_kind.setdefault(entry.kind, []).extend(entry.values)
        ready = tuple(check for kind, values in by_kind.items() if (check := KINDS[kind](values)) is not None)
        self._checks[entity, effect] = ready
        return ready


@lru_cache(maxsize=1)
def builtin_safe_values() -> SafeValues:
    """The safe values of this installation. Raises RuleError for a broken file."""
    return load_safe_values(rules_directory() / "safe")


def load_safe_values(directory: Path) -> SafeValues:
    """Read every `*.toml` of `directory`. Raises RuleError, with file and line, for a mistake in one."""
    import tomli  # a command that finds nothing starts without it

    entries: list[SafeValue] = []
    for path in sorted(directory.glob("*.toml")):
        try:
            items: list[dict[str, Any]] = tomli.loads(path.read_text("utf-8"))["value"]
            found = [_entry(item) for item in items]
        except (OSError, ValueError, TypeError, KeyError, TightlipError):
            raise _explained(path) from None
        entries.extend(found)
    return SafeValues(entries)


_KEYS = frozenset(attribute.name for attribute in fields(SafeValue))


def _entry(item: dict[str, Any]) -> SafeValue:
    problem = _problem(item)
    if problem:
        raise RuleError(problem)
    values: dict[str, Any] = {**item, "values": tuple(item["values"])}
    return SafeValue(**values)


def _problem(item: dict[str, Any]) -> str:
    for key in ("id", "entity", "kind", "values", "source"):
        if not item.get(key):
            return f'a safe value needs "{key}"'
    for key, value in item.items():
        if key not in _KEYS:
            return f'unknown key "{key}"'
        words = cast("list[object]", value if isinstance(value, list) else [value])
        if isinstance(value, list) != (key == "values") or not all(isinstance(word, str) for word in words):
            return '"values" must be a list of strings' if key == "values" else f'"{key}" must be a string'
    if item["kind"] not in KINDS:
        return f'unknown kind "{item["kind"]}"; kinds are {", ".join(KINDS)}'
    if item.get("effect", SILENT) not in (SILENT, LOWER):
        return f'"effect" must be "{SILENT}" or "{LOWER}"'
    return ""


def _explained(path: Path) -> RuleError:
    """The error of a file that could not be read, with its line."""
    document = read_toml(path, RuleError)
    for index, item in enumerate(document.data.get("value", [])):
        if problem := _problem(item):
            return RuleError(problem, file=document.file, line=document.line("value", index))
    return RuleError("a safe-value file holds [[value]] entries", file=document.file, line=1)


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

Check = Callable[[Forms], bool]

_COUNTED = frozenset({"DATE_OF_BIRTH", "IP_ADDRESS", "LOCATION", "GPS"})
"""Entities whose digits are numbers that mean something, so that 11.11.1111 is not a row of equal digits."""
_RUNS = ("01234567890123456789", "98765432109876543210")


def is_degenerate(digits: str, compact: str) -> bool:
    """Whether a number of six or more digits is one digit repeated or a run up or down the digits."""
    if len(digits) < 6 or len(compact) - len(digits) > 2:
        return False
    return len(set(digits)) == 1 or any(digits in run for run in _RUNS)


def _exact(values: Sequence[str]) -> Check:
    known = frozenset(Forms.of(value).compact for value in values)
    return lambda forms: forms.compact in known


def _exact_ci(values: Sequence[str]) -> Check:
    known = frozenset(" ".join(value.casefold().split()) for value in values)
    return lambda forms: forms.folded in known


def _word(values: Sequence[str]) -> Check:
    known = frozenset(value.casefold() for value in values)
    joints = str.maketrans(",._", "   ")
    return lambda forms: not known.isdisjoint(forms.folded.translate(joints).split())


def _word_sequence(values: Sequence[str]) -> Check:
    known = tuple(value.casefold() for value in values)
    return lambda forms: any(value in forms.folded for value in known)


def _regex(values: Sequence[str]) -> Check:
    pattern = re.compile("|".join(f"(?:{value})" for value in values), re.IGNORECASE)
    return lambda forms: pattern.search(forms.raw) is not None


def _compact_regex(values: Sequence[str]) -> Check:
    pattern = re.compile("|".join(f"(?:{value})" for value in values))
    return lambda forms: pattern.search(forms.compact) is not None


def _digits(values: Sequence[str]) -> Check:
    known = frozenset(values)
    return lambda forms: forms.digits in known


def _digits_regex(values: Sequence[str]) -> Check:
    # one by one: a back-reference in a value counts the groups of that value
    patterns = [re.compile(value) for value in values]
    return lambda forms: any(pattern.search(forms.digits) for pattern in patterns)


def _digits_prefix(values: Sequence[str]) -> Check:
    known = tuple(values)
    return lambda forms: forms.digits.startswith(known)


def _luhn_body(values: Sequence[str]) -> Check:
    known = frozenset(values)
    return lambda forms: forms.digits[:-1] in known and luhn(forms.digits)


def _iban_body(values: Sequence[str]) -> Check:
    known = frozenset(values)
    return lambda forms: forms.compact[:2] + forms.compact[4:] in known and mod97(forms.compact)


def _domain_suffix(values: Sequence[str]) -> Check:
    known = frozenset(values)

    def check(forms: Forms) -> bool:
        labels = forms.folded.rpartition("@")[2].strip("<>. ").split(".")
        return any(".".join(labels[start:]) in known for start in range(len(labels)))

    return check


def _domain(values: Sequence[str]) -> Check:
    known = frozenset(values)
    return lambda forms: forms.folded.rpartition("@")[2].strip("<>. ") in known


def _localpart(values: Sequence[str]) -> Check:
    known = frozenset(values)
    return lambda forms: "@" in forms.folded and forms.folded.partition("@")[0].strip("< ").partition("+")[0] in known


def _network(values: Sequence[str]) -> Check:
    networks = [ipaddress.ip_network(value) for value in values]

    def check(forms: Forms) -> bool:
        try:
            address = ipaddress.ip_address(forms.raw.partition("/")[0].partition("%")[0].strip("[]"))
        except ValueError:
            return False
        return any(address.version == network.version and address in network for network in networks)

    return check


def _address(values: Sequence[str]) -> Check:
    known = frozenset(ipaddress.ip_address(value) for value in values)

    def check(forms: Forms) -> bool:
        try:
            return ipaddress.ip_address(forms.raw.strip("[]")) in known
        except ValueError:
            return False

    return check


def _mac_prefix(values: Sequence[str]) -> Check:
    known = tuple(value.upper() for value in values)
    return lambda forms: len(forms.compact) == 12 and forms.compact.startswith(known)


def _phone(values: Sequence[str]) -> Check:
    check = phone_check(values)
    return lambda forms: check(forms.raw)


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


def _material(entry: SafeValue) -> tuple[str, Iterable[str]]:
    """Kind and values an entry gives to the synthetic values, whole again where its file left digits out."""
    if entry.kind == "luhn_body":
        return entry.pool, [next(body + digit for digit in "0123456789" if luhn(body + digit)) for body in entry.values]
    if entry.kind == "iban_body":
        return entry.pool, [_iban(body[:2], body[2:]) for body in entry.values]
    if entry.pool == "ipv4-network":
        return "ipv4", [value.partition("/")[0].rpartition(".")[0] for value in entry.values]
    return entry.pool, entry.values


def _iban(country: str, account: str) -> str:
    rest = int("".join(str(int(c, 36)) for c in account + country + "00")) % 97
    return f"{country}{98 - rest:02d}{account}"
