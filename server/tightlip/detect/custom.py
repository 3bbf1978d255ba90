"""A policy's own detectors: `[[rule]]` entries with the keys of a rule file, run so that they cost the same on any text.

They run beside the built-in rules, with a gate and names of fields of their own: nothing they find, and nothing they look
for, takes anything from what the built-in rules find.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import cast

from attrs import evolve

from tightlip.detect.apart import gate_expressions_apart
from tightlip.detect.confirm import Context, has_keyword, is_valid, make_finding
from tightlip.detect.detector import every_finding, merge_overlaps
from tightlip.detect.doubt import not_a_value
from tightlip.detect.fieldname import gate_expressions
from tightlip.detect.gate import Gate
from tightlip.detect.kept_databases import kept
from tightlip.detect.linear import Linear, compile_linear
from tightlip.detect.own import Looked
from tightlip.detect.patterns import Patterns
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import Ruleset
from tightlip.detect.selftest import Failure, example
from tightlip.detect.suppress import MARKER_GATE
from tightlip.detect.table import SQL_GATE, TABLE_GATE
from tightlip.finding import POLICY, Category, Finding, Span
from tightlip.syntax.language import language_of


class CustomRules:
    """The rules of one policy layer, compiled. One object may be used by several threads at once."""

    def __init__(self, rules: Sequence[Rule], patterns: Patterns, fields: Ruleset | None):
        """`patterns` are those of the rules that have one, in their order; `fields` the rules that ask for names of fields."""
        self.rules = tuple(rules)
        self._with_pattern = [rule for rule in rules if rule.pattern]
        self._patterns = patterns
        self._fields = fields

    @classmethod
    def build(cls, rules: Sequence[Rule]) -> CustomRules:
        """Compile rules, or take what is compiled from the cache. `gate` and `window` of a rule are not needed.

        Raises PatternError for an expression that cannot be used (`compile_pattern` says so beforehand).
        """
        named = _named(rules)
        return cls(rules, Patterns.build(_expressions(rules), lines=True), _fields(named, _gate) if named else None)

    @classmethod
    def for_examples(cls, rules: Sequence[Rule]) -> CustomRules:
        """The same for a few short texts: nothing is taken from the cache and nothing left in it."""
        named = _named(rules)
        return cls(rules, Patterns.one_by_one(_expressions(rules)), _fields(named, _gate_of) if named else None)

    def __len__(self) -> int:
        return len(self.rules)

    def look(self, context: Context) -> Looked:
        """What the rules find in a document, sorted by span; findings of two rules may overlap."""
        hits = self._patterns.find(context.text)
        found: list[Finding] = []
        for start, end, index in hits.hits:
            rule, value = self._with_pattern[index], context.text[start:end]
            if has_keyword(rule, context.text, start, end) and is_valid(rule, value):
                found.append(make_finding(rule, Span(start, end), value, context, ""))
        complete = hits.complete
        if self._fields is not None:
            by_name, all_of_them = every_finding(self._fields, context)
            complete &= all_of_them
            found.extend(by_name)
        return Looked(sorted(_each_alone(found), key=lambda one: (one.span, one.rule)), complete)


def _each_alone(found: Sequence[Finding]) -> Iterator[Finding]:
    """The findings, of each rule none on another."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in found:
        by_rule.setdefault(finding.rule, []).append(evolve(finding, detector=POLICY))
    for mine in by_rule.values():
        yield from merge_overlaps(mine)


def compile_pattern(expression: str) -> Linear:
    """A rule's `pattern` or `value`, compiled: `^` and `$` match at line ends. Raises PatternError."""
    return compile_linear(expression, lines=True)


def check_examples(rules: Sequence[Rule]) -> Iterator[Failure]:
    """Check the examples of rules, each rule on its own. Raises RuleError for a sample in an example that is not known."""
    for rule in rules:
        alone = CustomRules.for_examples([rule])
        for number, template in enumerate(rule.matches, 1):
            found = _found(alone, rule, template)
            if not found:
                yield Failure(rule, f"matches[{number}] is not found")
            elif len(found) > 1:
                yield Failure(rule, f"matches[{number}] is found {len(found)} times")
        for number, template in enumerate(rule.misses, 1):
            if _found(alone, rule, template):
                yield Failure(rule, f"misses[{number}] is found, and should not be")


def _found(alone: CustomRules, rule: Rule, template: str) -> list[Finding]:
    document = example(rule, template)
    language = language_of(document.path, document.language_id, document.text)
    looked = alone.look(Context(document.text, language, document.path))
    return [finding for finding in looked.findings if not_a_value(finding) is None]


def _expressions(rules: Sequence[Rule]) -> list[Linear]:
    return [compile_pattern(rule.pattern) for rule in rules if rule.pattern]


def _named(rules: Sequence[Rule]) -> list[Rule]:
    """The rules that ask for names of fields."""
    return [evolve(rule, gate="") for rule in rules if rule.fields]


def _fields(rules: Sequence[Rule], gate: Callable[[Sequence[Rule]], Gate]) -> Ruleset:
    """Rules that find by the names of fields, behind a gate of these names."""
    return Ruleset(rules, gate(rules), [0] * len(rules), compiler=_compiled)


def _gate_of(rules: Sequence[Rule]) -> Gate:
    return Ruleset.build(rules).gate


def _gate(rules: Sequence[Rule]) -> Gate:
    """The same gate from the cache."""
    names = [name for rule in rules for name in rule.fields]
    secret = [name for rule in rules if rule.category is Category.SECRET for name in rule.fields]
    sources = (*gate_expressions(names), *gate_expressions_apart(secret), MARKER_GATE, SQL_GATE, TABLE_GATE)
    return kept("fields", sources, lambda: _gate_of(rules).to_bytes(), Gate.from_bytes)


def _compiled(expression: str) -> re.Pattern[str]:
    return cast("re.Pattern[str]", compile_pattern(expression))
