"""Every rule proves itself: its examples match exactly once, its near misses do not, its gate reports once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import frozen

from tightlip.detect.detector import Document, detect
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import Ruleset
from tightlip.detect.sample import fill
from tightlip.errors import RuleError

_FILE = re.compile(r"\Afile: (?P<path>[^\n]+)\n")


@frozen
class Failure:
    """One example that does not hold."""

    rule: Rule
    message: str

    def __str__(self) -> str:
        return f'{self.rule.source}: rule "{self.rule.id}": {self.message}'


def check_rules(rules: Sequence[Rule], all_rules: Ruleset | None = None) -> Iterator[Failure]:
    """Check the examples of `rules`; `all_rules` (default: the rules themselves) run beside them, as they will in use.

    An example whose first line is `file: NAME` is taken as a document of that name. Raises RuleError where a gate does
    not compile.
    """
    ruleset = all_rules or Ruleset.build(rules)
    for rule in rules:
        alone = ruleset.only(rule.id)
        for number, template in enumerate(rule.matches, 1):
            yield from _match(rule, alone, ruleset, number, template)
        for number, template in enumerate(rule.misses, 1):
            document = example(rule, template)
            if any(finding.rule == rule.id for finding in detect(document, alone).findings):
                yield Failure(rule, f"misses[{number}] is found, and should not be")


def _match(rule: Rule, alone: Ruleset, ruleset: Ruleset, number: int, template: str) -> Iterator[Failure]:
    document = example(rule, template)
    detection = detect(document, alone)
    if not detection.findings:
        why = f" ({detection.suppressed[0].kind})" if detection.suppressed else ""
        yield Failure(rule, f"matches[{number}] is not found{why}")
        return
    finding, *others = detection.findings
    if others:
        yield Failure(rule, f"matches[{number}] is found {1 + len(others)} times")
    if document.text[finding.span.start : finding.span.end] != finding.value:
        yield Failure(rule, f"matches[{number}]: the span does not cover the value")
    if not any(other.span.overlaps(finding.span) for other in detect(document, ruleset).findings):
        yield Failure(rule, f"matches[{number}] is lost when all rules run together")
    hits = sum(1 for _, gate in alone.gate.candidates(document.text).hits if gate in alone.indexes)
    if hits > 4:
        yield Failure(
            rule, f"matches[{number}]: the gate reports {hits} times; end it with a fixed number of characters"
        )


def example(rule: Rule, template: str) -> Document:
    """The document that an example stands for. Raises RuleError for a sample in it that is not known."""
    try:
        text = fill(template)
    except ValueError as problem:
        file, _, line = rule.source.rpartition(":")
        raise RuleError(f'rule "{rule.id}": {problem}', file=file, line=int(line)) from None
    named = _FILE.match(text)
    return Document(text[named.end() :], named["path"]) if named else Document(text)
