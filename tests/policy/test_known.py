"""A rule that exists may be named wherever it is defined; one that does not is asked after, and voids nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.editor.policies import document, organised
from tests.editor.policies import guard_of as editor_guard
from tightlip.detect.deep.catalog import deep_rules
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.editor.policy_completion import policy_completions
from tightlip.editor.policy_notes import notes_on
from tightlip.finding import Category
from tightlip.policy.check import check_file
from tightlip.policy.explain import Explained, explain
from tightlip.policy.known import known_rules
from tightlip.policy.load import NOTHING_ABOVE, load_policy
from tightlip.policy.model import BUILTIN, Layer, Policy
from tightlip.policy.sets import SETS, rules_of

DAY = date(2026, 11, 22)
OWN = '[[rule]]\nid = "acme-api-key"\ncategory = "secret"\npattern = "acme_[a-z]{20}"\n'
TERM = '[[term]]\nid = "acme-customer-email"\ntext = "Wile E"\n'
ALLOW = '[[allow]]\nrule = "{}"\npath = "docs/**"\nreason = "invented"\n'
EXCEPTION = (
    '[[exception]]\nid = "EX-1"\nscope = {{ rule = "{}" }}\nreason = "r"\napprover = "ciso"\nexpires = 2099-01-01\n'
)
CATEGORIES = builtin_ruleset().categories


def load(folder: Path, text: str) -> Policy:
    (folder / "tightlip.toml").write_text(text)
    return load_policy(folder, folder, CATEGORIES)


@pytest.mark.parametrize(("entry", "rule"), [(OWN, "acme-api-key"), (TERM, "acme-customer-email")])
def test_a_rule_of_the_files_own_can_be_set_and_allowed(tmp_path: Path, entry: str, rule: str):
    policy = load(tmp_path, f'{entry}[detect.rule.{rule}]\naction = "warn"\n{ALLOW.format(rule)}')
    assert policy.problems == ()
    assert [one.rule for one in policy.allows] == [rule]


def test_every_rule_of_the_deep_lane_can_be_set_and_allowed(tmp_path: Path):
    rules = [rule.id for rule in deep_rules()]
    policy = load(tmp_path, "".join(f'[detect.rule.{rule}]\naction = "warn"\n{ALLOW.format(rule)}' for rule in rules))
    assert policy.problems == ()
    assert [one.rule for one in policy.allows] == rules
    action, _ = explain(policy, f"detect.rule.{rules[0]}", DAY, CATEGORIES)
    assert isinstance(action, Explained)
    assert (action.value, action.source) == ("warn", "tightlip.toml:2")


@pytest.mark.parametrize("name", SETS)
def test_every_rule_of_a_set_is_known(name: str):
    assert set(rules_of(name, CATEGORIES)) <= known_rules(CATEGORIES, ()).keys()


def test_the_organisation_approves_an_exception_for_a_rule_of_the_repository(tmp_path: Path):
    above = organised(tmp_path, '[bundle]\nid = "acme"\n' + EXCEPTION.format("acme-api-key"))
    (tmp_path / "tightlip.toml").write_text(OWN)
    policy = load_policy(tmp_path, tmp_path, CATEGORIES, above=above)
    assert policy.problems == ()
    assert [one.rules for one in policy.exceptions] == [("acme-api-key",)]


def test_in_another_repository_that_exception_is_no_mistake_and_its_writer_is_asked(tmp_path: Path):
    text = '[bundle]\nid = "acme"\n' + EXCEPTION.format("acme-api-key")
    above = organised(tmp_path, text)
    assert load_policy(tmp_path, tmp_path, CATEGORIES, above=above).problems == ()
    file = tmp_path / "etc" / "tightlip.toml"
    (remark,) = check_file(file, "tightlip.toml", Layer.ORG, CATEGORIES, above, DAY) or ()
    assert (remark.line, remark.is_error) == (5, False)
    assert remark.message.startswith('unknown rule "acme-api-key". Did you mean')
    (note,) = notes_on(document(file, text), editor_guard(tmp_path, above), DAY)
    assert note.message == remark.message
    assert note.severity == 2


def test_the_files_of_an_organisation_know_each_others_rules(tmp_path: Path):
    above = organised(tmp_path, OWN)
    more = tmp_path / "etc" / "more.toml"
    more.write_text('[detect.rule.acme-api-key]\naction = "block"\n' + EXCEPTION.format("acme-api-key"))
    assert check_file(more, "more.toml", Layer.ORG, CATEGORIES, above, DAY) == []


def test_a_slip_is_asked_after_and_its_entry_counts(tmp_path: Path):
    policy = load(tmp_path, ALLOW.format("aws-acces-key-id"))
    assert [str(problem) for problem in policy.problems] == [
        'tightlip.toml:2:1: unknown rule "aws-acces-key-id". Did you mean "aws-access-key-id"?'
    ]
    assert len(policy.allows) == 1


def test_what_only_the_users_own_recognizers_find_is_not_asked_after(tmp_path: Path):
    text = '[detect.rule.presidio-persona]\naction = "warn"\n'
    assert len(load(tmp_path, text).problems) == 1
    assert load(tmp_path, text + '[detect.presidio]\nrecognizers = "recognizers.yaml"\n').problems == ()


def test_ten_thousand_rules_that_nobody_knows_are_not_all_compared(tmp_path: Path):
    text = "".join(f'[detect.rule.aws-access-key-id-{number}]\naction = "warn"\n' for number in range(10_000))
    assert len(load(tmp_path, text).problems) == 100


def test_without_a_policy_every_built_in_rule_keeps_its_category():
    known = known_rules(CATEGORIES, ())
    assert {rule: known[rule] for rule in CATEGORIES} == CATEGORIES
    assert known["presidio-person"] is Category.PII
    assert explain(BUILTIN, "detect.rule.presidio-person", DAY, CATEGORIES) != []


@pytest.mark.parametrize("before", ["[detect.rule.", '[[allow]]\nrule = "', '[[exception]]\nscope = { rule = "'])
def test_completion_offers_every_rule_that_may_be_named(tmp_path: Path, before: str):
    (tmp_path / "tightlip.toml").write_text(OWN)
    guard = editor_guard(tmp_path, NOTHING_ABOVE)
    here = document(tmp_path / "a" / "tightlip.toml", TERM + before)
    labels = {item.label for item in policy_completions(here, guard, len(here.text))}
    assert {"acme-api-key", "acme-customer-email", "presidio-person", "aws-access-key-id"} <= labels
    assert known_rules(CATEGORIES, guard.policy.own).keys() <= labels
