"""Values that are nobody's: reserved by their registries, published as examples, or plain placeholders.

They stand in `rules/safe/*.toml`, each with where it is known from. What is reserved is not reported; what is only a usual
placeholder is reported more quietly. Some are also the material synthetic values are made of.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from attrs import asdict, fields, frozen

import tightlip
from tightlip.detect.kept import cache_directory, keep, what_was_kept
from tightlip.detect.pii_checks import luhn
from tightlip.detect.safe_kinds import KINDS, Check, Forms, Many, degenerate_among, is_degenerate
from tightlip.detect.shipped import rules_directory
from tightlip.errors import RuleError, TightlipError
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

    def known_among(self, entity: str, values: Sequence[str]) -> set[int]:
        """Which of many values of an entity are safe or usual placeholders: their places.

        The values are stripped and of one line each. It is the same as to ask for one after the other, in a tenth of the time.
        """
        if not values:
            return set()
        many = Many.of(values)
        found: set[int] = set() if entity in _COUNTED else degenerate_among(many)
        for effect in (SILENT, LOWER):
            ready = self._checks.get((entity, effect))
            for check in self._make_ready(entity, effect) if ready is None else ready:
                found.update(check.many(many))
        domains = [value.rpartition("@")[2] if "@" in value else "" for value in values]
        usual = {domain for domain in set(domains) if domain and self.is_placeholder_domain(domain)}
        if usual:
            found.update(place for place, domain in enumerate(domains) if domain in usual)
        return found

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

    def make_ready(self) -> None:
        """Make ready what any entity needs, so that the expressions of it can be kept compiled."""
        for entity in {entry.entity for entry in self.entries}:
            for effect in (SILENT, LOWER):
                self._make_ready(entity, effect)

    def _passes(self, entity: str, effect: str, forms: Forms) -> bool:
        ready = self._checks.get((entity, effect))
        if ready is None:
            ready = self._make_ready(entity, effect)
        for check in ready:  # noqa: SIM110 - a generator would cost more than most checks, and values come in thousands
            if check.one(forms):
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


_COUNTED = frozenset({"DATE_OF_BIRTH", "IP_ADDRESS", "LOCATION", "GPS"})
"""Entities whose digits are numbers that mean something, so that 11.11.1111 is not a row of equal digits."""


@lru_cache(maxsize=1)
def builtin_safe_values() -> SafeValues:
    """The safe values of this installation, from the cache on disk where it holds them. Raises RuleError for a broken file."""
    directory = rules_directory() / "safe"
    digest = hashlib.sha256(tightlip.__version__.encode())
    for path in sorted(directory.glob("*.toml")):
        content = path.read_bytes()
        digest.update(b"\0%s\0%d\0" % (path.name.encode(), len(content)) + content)
    path = cache_directory() / f"safe-{digest.hexdigest()[:32]}.json"
    entries = _kept(path)
    if entries is None:
        entries = load_safe_values(directory).entries
        text = json.dumps([asdict(entry) for entry in entries])
        keep(path, json.dumps([hashlib.sha256(text.encode()).hexdigest(), text]).encode())
    return SafeValues(entries)


def _kept(path: Path) -> tuple[SafeValue, ...] | None:
    """The entries that were kept, or None for a file that is absent or damaged."""
    try:
        digest, text = json.loads(what_was_kept(path) or b"")
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            return None
        rows: list[dict[str, Any]] = json.loads(text)
        return tuple(map(_made, rows))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


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
    return _made(item)


def _made(item: dict[str, Any]) -> SafeValue:
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
