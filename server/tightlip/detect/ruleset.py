"""Rules made ready to run: gate database, compiled patterns, field lexicon; kept on disk so that a start costs milliseconds."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from typing import Any, overload

import hyperscan
from attrs import asdict

import tightlip.detect
import tightlip.syntax
from tightlip.detect.apart import gate_expressions_apart
from tightlip.detect.columns import Judged
from tightlip.detect.extent import ahead_of, reach_of
from tightlip.detect.fieldname import FieldLexicon, gate_expressions, names_of
from tightlip.detect.gate import Gate
from tightlip.detect.kept import cache_directory, keep, what_was_kept
from tightlip.detect.outline import OUTLINES
from tightlip.detect.rule import LIST_KEYS, Rule
from tightlip.detect.shipped import rule_files, rules_directory
from tightlip.detect.suppress import MARKER_GATE
from tightlip.detect.table import SQL_GATE, TABLE_GATE
from tightlip.finding import Category, Confidence, RuleId, Severity
from tightlip.syntax.lazy import PYTHON, compile_expression, pack, unpack

MARKER, SQL, TABLE, FENCE, FIELD, FIRST = range(6)
"""Gate ids: inline allow comments, SQL rows, other tables, fences of private sections, a named field's value, then the rules
(rule `i`: `FIRST + i`)."""

_FENCE_GATE = r"(?i)private-(?:begin|end)"

_MAGIC = b"tightlip ruleset 7\n"
_FLAGS = int(re.ASCII | re.MULTILINE)
_HYPERSCAN = str(getattr(hyperscan, "__version__", ""))


class Ruleset:
    """Rules that can be run. Immutable but for the patterns, which are compiled when first wanted."""

    def __init__(
        self,
        rules: Sequence[Rule],
        gate: Gate,
        reach: Sequence[int],
        *,
        ahead: Sequence[int] | None = None,
        categories: Mapping[RuleId, Category] | None = None,
        names: Mapping[str, Sequence[int]] | None = None,
        compiler: Callable[[str], re.Pattern[str]] = lambda expression: compile_expression(expression, _FLAGS),
    ):
        """`categories` and `names` are what `rules` say, where it is known without asking each."""
        self.rules = rules
        self.categories = {rule.id: rule.category for rule in rules} if categories is None else categories
        """Category of each rule, by its id and in the order of `rules`."""
        self.by_id: Mapping[RuleId, Rule] = _ById(rules, self.categories)
        self.gate = gate
        self.reach = tuple(reach)
        """Per rule: code points before the gate's end in which `pattern` may begin."""
        self.ahead = tuple(rule.window for rule in rules) if ahead is None else tuple(ahead)
        """Per rule: code points behind the gate's end that can decide whether `pattern` matches."""
        self.lexicon = FieldLexicon(rules, names)
        self.indexes: dict[int, int] = {FIRST + index: index for index in range(len(rules))}
        """Which rule each gate id is of; ids of the gate that stand for no rule here are passed over."""
        self._compiler = compiler
        self._patterns: dict[str, re.Pattern[str]] = {}
        self.judged = Judged()

    @classmethod
    def build(cls, rules: Sequence[Rule]) -> Ruleset:
        """Compile rules. Raises RuleError, with file and line, when a gate does not compile."""
        names = gate_expressions(_field_names(rules))
        words = [(FIELD, expression) for expression in names if expression.isascii()]
        words.extend((FIELD, expression) for expression in gate_expressions_apart(_secret_names(rules)))
        # beside them the database of shapes is a seventh of its size, and no slower
        shapes = [(MARKER, MARKER_GATE), (SQL, SQL_GATE), (TABLE, TABLE_GATE), (FENCE, _FENCE_GATE)]
        for index, rule in enumerate(rules):
            if rule.gate:
                (shapes if rule.category is Category.PII else words).append((FIRST + index, rule.gate))
        beyond = [(FIELD, expression) for expression in names if not expression.isascii()]
        gate = Gate.compile(words, shapes=shapes, beyond=beyond)
        ahead = [ahead_of(rule.pattern, rule.window) for rule in rules]
        return cls(tuple(rules), gate, [reach_of(rule.gate) for rule in rules], ahead=ahead)

    def only(self, rule_id: RuleId) -> Ruleset:
        """One rule of this ruleset on its own, behind the same gate. Raises KeyError for an id that is not here."""
        index = list(self.categories).index(self.by_id[rule_id].id)
        alone = Ruleset([self.rules[index]], self.gate, [self.reach[index]], ahead=[self.ahead[index]])
        alone.indexes = {FIRST + index: 0}
        return alone

    def compiled(self, expression: str) -> re.Pattern[str]:
        """A rule's `pattern` or `value`, compiled."""
        pattern = self._patterns.get(expression)
        if pattern is None:
            pattern = self._patterns[expression] = self._compiler(expression)
        return pattern


class _ById(Mapping[RuleId, Rule]):
    """Rules by id, none made before it is asked for."""

    def __init__(self, rules: Sequence[Rule], ids: Iterable[RuleId]):
        self._rules = rules
        self._places = {rule: place for place, rule in enumerate(ids)}

    def __getitem__(self, key: RuleId) -> Rule:
        return self._rules[self._places[key]]

    def __iter__(self) -> Iterator[RuleId]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class _Cached(Sequence[Rule]):
    """The rules of a cache, each made when it is first asked for: a scan of a file wants a few of a thousand."""

    def __init__(self, written: bytes, ends: Sequence[int]):
        self._written = written
        self._ends = ends
        self._made: dict[int, Rule] = {}

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, index: int) -> Rule: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Rule]: ...
    def __getitem__(self, index: int | slice) -> Rule | Sequence[Rule]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = index + len(self) if index < 0 else index
        rule = self._made.get(place)
        if rule is None:
            start = self._ends[place - 1] if place else 0
            rule = self._made[place] = _rule(json.loads(self._written[start : self._ends[place]]))
        return rule


@lru_cache(maxsize=1)
def builtin_ruleset() -> Ruleset:
    """The rules of this installation, from the cache on disk where it holds them. Raises RuleError for a broken rule file."""
    directory = rules_directory()
    files = rule_files(directory)
    key = _key(files)
    path = cache_directory() / f"rules-{key[:32]}.bin"
    cached = _read(path, key)
    if cached is not None:
        return cached
    # reading TOML is only for the first start after an update: the cache makes every other one fast
    from tightlip.detect.load import load_rules

    ruleset = Ruleset.build(load_rules(files, directory.parent))
    _write(path, key, ruleset)
    return ruleset


def _key(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for part in (tightlip.__version__, _HYPERSCAN, sys.platform, _machine(), PYTHON):
        digest.update(part.encode() + b"\0")
    for path in files:
        content = path.read_bytes()
        digest.update(b"%s\0%d\0" % (path.name.encode(), len(content)) + content)
    # the engine's own expressions are in the database too
    digest.update(
        "".join((MARKER_GATE, SQL_GATE, TABLE_GATE, *OUTLINES)).encode() + "".join(gate_expressions(("a_b",))).encode()
    )
    digest.update("".join(gate_expressions_apart(("api_key",))).encode())
    return digest.hexdigest()


def _machine() -> str:
    """The processor's architecture; the module platform would say the same and costs 3 ms to import."""
    return os.uname().machine if sys.platform != "win32" else os.environ.get("PROCESSOR_ARCHITECTURE", "")


def _read(path: Path, key: str) -> Ruleset | None:
    """The cached ruleset, or None for a file that is absent, damaged, of another key or of another processor."""
    try:
        content = what_was_kept(path)
        if content is None or not content.startswith(_MAGIC):
            return None
        body = memoryview(content)[len(_MAGIC) :]
        head_bytes, written, expressions, *databases = _parts(body[32:])
        size = len(body) - sum(8 + len(database) for database in databases)
        if hashlib.sha256(body[32:size]).digest() != bytes(body[:32]):
            return None
        head: dict[str, Any] = json.loads(bytes(head_bytes))
        if head["key"] != key:
            return None
        unpack(bytes(expressions))
        categories = {RuleId(rule): Category(category) for rule, category in head["categories"].items()}
        rules = _Cached(bytes(written), head["ends"])
        gate, reach, ahead = Gate.from_bytes(databases), head["reach"], head["ahead"]
        return Ruleset(rules, gate, reach, ahead=ahead, categories=categories, names=head["names"])
    except (OSError, ValueError, KeyError, TypeError, hyperscan.HyperscanError):
        return None


def _parts(body: memoryview) -> list[memoryview]:
    """The parts of a cache, each behind its length."""
    parts: list[memoryview] = []
    while body:
        size = 8 + int.from_bytes(body[:8], "little")
        parts.append(body[8:size])
        body = body[size:]
    return parts


def _framed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(8, "little") + part for part in parts)


def _write(path: Path, key: str, ruleset: Ruleset) -> None:
    """Keep a ruleset, with whatever makes the next start fast."""
    written = [json.dumps(_data(rule)).encode() for rule in ruleset.rules]
    head = {
        "key": key,
        "categories": {rule: category.value for rule, category in ruleset.categories.items()},
        "ends": list(accumulate(map(len, written))),
        "names": names_of(ruleset.rules),
        "reach": ruleset.reach,
        "ahead": ruleset.ahead,
    }
    parts = _framed(json.dumps(head).encode(), b"".join(written), _packed(ruleset))
    keep(path, _MAGIC + hashlib.sha256(parts).digest() + parts + _framed(*ruleset.gate.to_bytes()))


def _packed(ruleset: Ruleset) -> bytes:
    """The compiled expressions of the rules, and those of the modules that look at texts."""
    from pkgutil import iter_modules  # only where rules are compiled

    for package in (tightlip.detect, tightlip.syntax):
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            if not module.ispkg:
                import_module(module.name)
    from tightlip.detect.safe import builtin_safe_values  # they do not need the rules

    builtin_safe_values().make_ready()
    return pack((source, _FLAGS) for rule in ruleset.rules for source in (rule.pattern, rule.value) if source)


def _data(rule: Rule) -> dict[str, Any]:
    return {
        **asdict(rule),
        "category": rule.category.value,
        "severity": int(rule.severity),
        "confidence": int(rule.confidence),
    }


def _rule(data: dict[str, Any]) -> Rule:
    values: dict[str, Any] = {key: tuple(data[key]) if key in LIST_KEYS else data[key] for key in data}
    values["category"] = Category(values["category"])
    values["severity"] = Severity(values["severity"])
    values["confidence"] = Confidence(values["confidence"])
    return Rule(**values)


def _field_names(rules: Sequence[Rule]) -> list[str]:
    return [field for rule in rules for field in rule.fields]


def _secret_names(rules: Sequence[Rule]) -> list[str]:
    return [field for rule in rules if rule.category is Category.SECRET for field in rule.fields]
