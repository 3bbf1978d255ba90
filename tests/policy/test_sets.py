"""One word for the rules that a law or standard speaks of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tightlip.detect.ruleset import builtin_ruleset
from tightlip.finding import Action, Category, Severity
from tightlip.policy.load import load_policy
from tightlip.policy.model import Policy
from tightlip.policy.sets import SETS, rules_of

CATEGORIES = {rule.id: rule.category for rule in builtin_ruleset().rules}


def policy(folder: Path, text: str, inner: str = "", *, trusted: bool = True) -> Policy:
    (folder / "tightlip.toml").write_text(text)
    (folder / "in").mkdir()
    (folder / "in" / "tightlip.toml").write_text(inner)
    return load_policy(folder / "in", folder, CATEGORIES, trusted=trusted)


def action(policy: Policy, rule: str) -> Action:
    return policy.rule_action(rule, CATEGORIES.get(rule, Category.PII)).value


@pytest.mark.parametrize("name", SETS)
def test_every_rule_of_a_set_exists_and_is_of_personal_data(name: str) -> None:
    rules = {rule for rule in rules_of(name, CATEGORIES) if not rule.startswith("presidio-")}
    assert rules
    assert {CATEGORIES[rule] for rule in rules} == {Category.PII}


def test_a_set_speaks_of_its_rules_and_no_others(tmp_path: Path) -> None:
    made = policy(tmp_path, '[detect.set.pci]\naction = "block"\n[detect.set.hipaa]\nseverity = "error"\n')
    assert made.problems == ()
    assert action(made, "card-verification-value") is Action.BLOCK
    assert action(made, "email-address") is Action.ASK
    assert made.rules["medical-record-number"].severity is not None
    assert made.rules["medical-record-number"].severity.value is Severity.ERROR
    assert "religion" not in made.rules


def test_of_two_sets_the_stricter_counts_and_a_named_rule_before_both(tmp_path: Path) -> None:
    text = '[detect.set.gdpr]\naction = "warn"\n[detect.set.pci]\naction = "block"\n[detect.rule.person-name]\naction = "info"\n'
    made = policy(tmp_path, text)
    assert action(made, "payment-card") is Action.BLOCK
    assert action(made, "religion") is Action.WARN
    assert action(made, "presidio-person") is Action.WARN
    assert action(made, "person-name") is Action.INFO


def test_an_inner_file_cannot_loosen_a_set(tmp_path: Path) -> None:
    made = policy(tmp_path, '[detect.set.gdpr]\naction = "block"\n', '[detect.set.gdpr]\naction = "off"\n')
    assert action(made, "religion") is Action.BLOCK
    assert len(made.problems) == 1


def test_nobody_untrusted_loosens_by_a_set(tmp_path: Path) -> None:
    made = policy(tmp_path, '[detect.set.soc2]\naction = "off"\nseverity = "hint"\n', trusted=False)
    assert action(made, "email-address") is Action.ASK


def test_a_set_that_is_none_is_told(tmp_path: Path) -> None:
    (problem,) = policy(tmp_path, '[detect.set.gdrp]\naction = "block"\n').problems
    assert 'unknown key "gdrp"' in problem.message


def test_a_set_of_an_inner_file_is_not_refused_for_the_deep_lanes_rules_in_it(tmp_path: Path) -> None:
    made = policy(tmp_path, '[detect.pii]\naction = "warn"\n', '[detect.set.pci]\naction = "ask"\n')
    assert made.problems == ()
    assert action(made, "presidio-credit-card") is Action.ASK
