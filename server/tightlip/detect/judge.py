"""What the values of a table's column are, by the rules that know the column's name.

Those rules look at nothing but the value. A column of a thousand values has a few that are strange - references, placeholders,
examples - and those are judged with all the care a value in a program gets. That all others are plain values is found out for
all of them at once, and equal verdicts are one object.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tightlip.detect.columns import Judged, Verdict, Verdicts
from tightlip.detect.confirm import Context, confirm_value
from tightlip.detect.doubt import not_a_value, quieter_if_usual
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import Ruleset
from tightlip.detect.safe import builtin_safe_values
from tightlip.detect.suppress import is_call, is_plain, is_reference
from tightlip.detect.validators import parse_validator
from tightlip.finding import Finding, Span
from tightlip.syntax.language import PLAIN

_FEW = 8
"""Values up to which it is quicker to judge each by itself."""


def verdicts_by(ruleset: Ruleset, rules: tuple[Rule, ...]) -> Verdicts:
    """Verdicts on the values of columns whose name `rules` know. They are of personal data and have no keywords."""
    judged = ruleset.judged
    key = tuple(rule.id for rule in rules)
    if key not in judged.by_rules:
        judged.by_rules[key] = _Judge(ruleset, rules).verdicts()
    return judged.by_rules[key]


def verdict_on(judged: Judged, finding: Finding, before: int = 0, behind: int = 0) -> Verdict:
    """The verdict that a finding stands for, still to be doubted."""
    why = not_a_value(finding)
    return judged.verdict(quieter_if_usual(finding) if why is None else finding, why, before, behind)


class _Judge:
    """Gives verdicts by certain rules."""

    def __init__(self, ruleset: Ruleset, rules: tuple[Rule, ...]):
        self._ruleset = ruleset
        self._rules = rules

    def verdicts(self) -> Verdicts:
        """What has been judged so far: nothing yet."""
        return Verdicts(self.one, self.many)

    def one(self, value: str) -> Verdict | None:
        """The verdict on one value."""
        if not value or value.isspace():
            return None
        finding = confirm_value(
            self._ruleset, self._rules, Span(0, len(value)), Context(value, PLAIN, None), 'column ""'
        )
        if finding is None:
            return None
        before, behind = finding.span.start, len(value) - finding.span.end
        return verdict_on(self._ruleset.judged, finding, before, behind)

    def many(self, values: Sequence[str]) -> list[Verdict | None]:
        """The verdicts on many values: the same as on one after the other."""
        if len(values) <= _FEW:
            return list(map(self.one, values))
        found: list[Verdict | None] = [None] * len(values)
        strange: set[int] = set()
        stripped = [value.strip() for value in values]
        left = [place for place, value in enumerate(stripped) if value]
        if any("\n" in stripped[place] for place in left):
            strange.update(place for place in left if "\n" in stripped[place])
            left = [place for place in left if place not in strange]
        titles = self._ruleset.lexicon.names_among([stripped[place] for place in left])
        if titles:
            left = [place for index, place in enumerate(left) if index not in titles]
        for rule, places in self._by_rule(left, stripped):
            of_rule = [stripped[place] for place in places]
            known = builtin_safe_values().known_among(rule.entity, of_rule) if rule.entity is not None else ()
            checksum = parse_validator(rule.checksum) if rule.checksum else None
            # plain values of which the checksum says the same, with as many blanks around them, have the same verdict
            alike: dict[tuple[bool, int, int], Verdict | None] = {}
            for index, (place, value) in enumerate(zip(places, of_rule, strict=True)):
                if index in known or (not is_plain(value) and (is_reference(value) or is_call(value))):
                    strange.add(place)
                    continue
                written = values[place]
                blanks = len(written) - len(value)
                before = len(written) - len(written.lstrip()) if blanks else 0
                key = (checksum is None or checksum(value), before, blanks)
                if key not in alike:
                    alike[key] = self.one(written)
                found[place] = alike[key]
        for place in strange:
            found[place] = self.one(values[place])
        return found

    def _by_rule(self, places: list[int], values: Sequence[str]) -> Iterator[tuple[Rule, list[int]]]:
        """The values, by their places, that each rule is the first to accept."""
        for rule in self._rules:
            accepted = places
            if rule.value:
                shape = self._ruleset.compiled(rule.value).fullmatch
                accepted = [place for place in accepted if shape(values[place]) is not None]
            for check in map(parse_validator, rule.validators):
                accepted = [place for place in accepted if check(values[place])]
            if not accepted:
                continue
            yield rule, accepted
            if len(accepted) == len(places):
                return
            taken = set(accepted)
            places = [place for place in places if place not in taken]
