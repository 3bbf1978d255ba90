"""Whose rule it is that a finding is told, and told as loud: the lines of policy files that say so."""

from __future__ import annotations

from typing import NamedTuple

from tightlip.finding import Category, RuleId
from tightlip.policy.decide import lowering
from tightlip.policy.model import RulePolicy
from tightlip.policy.place import Place, line_of
from tightlip.policy.words import LAYERS, word


class Line(NamedTuple):
    """One line of a policy file, and what it does to a finding."""

    what: str
    """`Action: block, set by the organisation`."""
    source: str
    """`file:line` as a person reads it."""
    file: str | None
    """Absolute path; None where the file is not to be found."""
    line: int

    def __str__(self) -> str:
        return f"{self.what} ({self.source})."


def lines_of(rule: RuleId, category: Category, place: Place) -> tuple[Line, ...]:
    """The lines behind what is told of a rule's findings: what looks for it, what is done about it, how loud it is shown.

    Empty where all of it is built in.
    """
    policy = place.policy
    said: list[tuple[str, str]] = []
    if (own := policy.own_entry(rule)) is not None:
        said.append((f"Looked for by {_whose(own.layer)}", own.source))
    action = policy.rule_action(rule, category, fixture=place.fixture)
    if action.source:
        said.append((f"Action: {word(action.value)}, set by {_whose(action.layer)}", action.source))
    if (exception := lowering(action.value, rule, category, place.exceptions)) is not None:
        until = f"{exception.id} of {exception.approver} until {exception.expires}"
        said.append((f"Action: {word(exception.action)}, by exception {until}", exception.source))
    severity = policy.rules.get(rule, RulePolicy()).severity
    if severity is not None and severity.source:
        said.append((f"Severity: {word(severity.value)}, set by {_whose(severity.layer)}", severity.source))
    return tuple(Line(what, source, *line_of(source, policy)) for what, source in said)


def _whose(layer: str) -> str:
    return f"the {LAYERS.get(layer, layer)}"
