"""Two policies are compared key by key and entry by entry: what is looser is never told as anything else."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policy.stacks import RULES, random_files, random_value
from tightlip.finding import Action
from tightlip.policy.change import Change, Turn
from tightlip.policy.compare import compare
from tightlip.policy.compare_words import compare_entries
from tightlip.policy.keys import KEYS
from tightlip.policy.model import BUILTIN, Layer, Setting
from tightlip.policy.read import FilePolicy, read_policy
from tightlip.syntax.toml import parse_toml

L, T, C = Turn.LOOSENED, Turn.TIGHTENED, Turn.CHANGED


def read(text: str) -> FilePolicy:
    found = read_policy(parse_toml(text, "p.toml"), file="/x/p.toml", base="/x", layer=Layer.ORG)
    assert found is not None
    assert not found.problems
    return found


def changes(before: str, after: str) -> list[Change]:
    return compare(read(before), read(after), categories=RULES)


EXCEPTION = '[[exception]]\nid = "E"\nscope = {{ rule = {rule}{more} }}\naction = "{action}"\nreason = "r"\napprover = "a"\nexpires = {day}\n'


def exception(rule: str = '"us-ssn"', more: str = "", action: str = "info", day: str = "2027-01-01") -> str:
    return EXCEPTION.format(rule=rule, more=more, action=action, day=day)


REPO = '[[repo]]\nmatch = { remote = "github.com/a/b" }\n'
ALLOW = '[[allow]]\nrule = "us-ssn"\npath = "a/**"\nreason = "r"\n'


@pytest.mark.parametrize(
    ("before", "after", "turn", "name"),
    [
        ("", '[detect.secret]\naction = "warn"\n', L, "detect.secret.action"),
        ('[detect.secret]\naction = "warn"\n', "", T, "detect.secret.action"),
        ("", '[detect.pii]\nmin_confidence = "high"\n', L, "detect.pii.min_confidence"),
        ("", "[inline]\nallow = false\n", T, "inline.allow"),
        ("", '[detect.pii]\nfixtures = "off"\n', L, "detect.pii.fixtures"),
        ("", '[detect.secret]\nphases = "prompt"\n', L, "detect.secret.phases"),
        ('[detect.secret]\nphases = ["prompt"]\n', '[detect.secret]\nphases = ["editor"]\n', L, "detect.secret.phases"),
        ("", '[detect.rule.us-ssn]\naction = "off"\n', L, "detect.rule.us-ssn.action"),
        ("", '[detect.rule.us-ssn]\nseverity = "hint"\n', C, "detect.rule.us-ssn.severity"),
        ("", '[detect.set.pci]\naction = "block"\n', T, "detect.set.pci.action"),
        ("", REPO + 'class = "restricted"\n', T, "repo remote github.com/a/b"),
        ("", REPO + 'class = "public"\n', L, "repo remote github.com/a/b"),
        ("", REPO + 'class = "internal"\n', C, "repo remote github.com/a/b"),
        (REPO + 'class = "restricted"\n', "", L, "repo remote github.com/a/b"),
        (REPO + 'class = "restricted"\n', REPO + 'class = "internal"\n', L, "repo remote github.com/a/b class"),
        (REPO + 'class = "restricted"\n', REPO + 'class = "restricted"\npaths = { "d/**" = "public" }\n', L,
         "repo remote github.com/a/b path d/**"),
        (REPO + 'class = "restricted"\n', REPO + 'class = "restricted"\ncontact = "c"\n', C, "repo remote github.com/a/b contact"),
        ("", ALLOW, L, "allow us-ssn in a/**"),
        (ALLOW, ALLOW + "expires = 2027-01-01\n", T, "allow us-ssn in a/** expires"),
        ("", exception(), L, "exception E"),
        (exception(), "", T, "exception E"),
        (exception(), exception(day="2027-02-01"), L, "exception E expires"),
        (exception(action="warn"), exception(), L, "exception E action"),
        (exception(), exception(rule='["us-ssn", "aws-access-key-id"]'), L, "exception E rule"),
        (exception(), exception(rule='"aws-access-key-id"'), L, "exception E rule"),
        (exception(), exception(more=', path = "d/**"'), T, "exception E path"),
        (exception(more=', remote = "github.com/a/b"'), exception(), L, "exception E remote"),
        (exception() + 'status = "requested"\n', exception(), L, "exception E status"),
        ("", exception() + 'status = "requested"\n', C, "exception E"),
        ("", '[scan]\nexclude = "a/**"\n', L, "scan.exclude"),
        ('[editor]\nrequired = "paste"\n', "", L, "editor.required"),
        ("", '[detect.detect_secrets]\nbaseline = "b"\n', L, "detect.detect_secrets.baseline"),
        ("", '[detect.presidio]\nrecognizers = "r"\n', C, "detect.presidio.recognizers"),
        ('[detect.presidio]\nrecognizers = "r"\n', "", L, "detect.presidio.recognizers"),
        ('[detect.detect_secrets]\nplugins = "p.py"\n', "", L, "detect.detect_secrets.plugins"),
        (REPO + 'class = "internal"\nindex = "i"\n', REPO + 'class = "internal"\n', L, "repo remote github.com/a/b index"),
        (REPO + 'class = "internal"\n', REPO + 'class = "internal"\nindex = "i"\n', T, "repo remote github.com/a/b index"),
        (REPO + 'class = "internal"\nindex = "i"\n', REPO + 'class = "internal"\nindex = "j"\n', C,
         "repo remote github.com/a/b index"),
        (REPO + 'class = "internal"\nindex = "i"\nindex_key = "k"\n', REPO + 'class = "internal"\nindex = "i"\n', L,
         "repo remote github.com/a/b index_key"),
        (REPO + 'class = "internal"\nindex = "i"\nindex_key = "k"\n', REPO + 'class = "internal"\nindex = "i"\nindex_key = "l"\n', C,
         "repo remote github.com/a/b index_key"),
        ('[detect.set.pci]\nseverity = "error"\n', '[detect.set.pci]\nseverity = "hint"\n', L, "detect.set.pci.severity"),
        ('[detect.rule.us-ssn]\nseverity = "error"\n', '[detect.rule.us-ssn]\nseverity = "hint"\n', L,
         "detect.rule.us-ssn.severity"),
        ('[detect.set.hipaa]\naction = "block"\n[detect.set.gdpr]\naction = "warn"\n', '[detect.set.gdpr]\naction = "warn"\n', L,
         "detect.set.hipaa.action"),
        ('[detect.pii]\nfixtures = "off"\n[detect.rule.us-ssn]\naction = "ask"\n', '[detect.pii]\nfixtures = "off"\n', L,
         "detect.rule.us-ssn.action in tests"),
        ('[[allow]]\nfingerprint = "f"\nrule = "us-ssn"\nreason = "r"\n', '[[allow]]\nfingerprint = "f"\nreason = "r"\n', L,
         "allow f rule"),
        (exception() + 'status = "requested"\n', exception(day="2027-02-01") + 'status = "requested"\n', C, "exception E expires"),
    ],
)  # fmt: skip
def test_a_change_is_told_with_its_direction(before: str, after: str, turn: Turn, name: str):
    (change,) = changes(before, after)
    assert (change.turn, change.name) == (turn, name)
    assert change.before != change.after
    assert change.source.startswith("p.toml:")


INNER = REPO + 'class = "internal"\npaths = { "src/**" = "restricted" }\n'


def test_what_an_entry_says_of_its_parts_comes_and_goes_with_it():
    assert [(one.turn, one.name) for one in changes(INNER, "")] == [
        (L, "repo remote github.com/a/b path src/**"), (C, "repo remote github.com/a/b"),
    ]  # fmt: skip
    assert [(one.turn, one.name) for one in changes("", INNER)] == [
        (T, "repo remote github.com/a/b path src/**"), (C, "repo remote github.com/a/b"),
    ]  # fmt: skip


def test_an_index_goes_with_its_entry():
    found = changes(REPO + 'class = "internal"\nindex = "i"\n', "")
    assert [(one.turn, one.name, one.before, one.after) for one in found] == [
        (L, "repo remote github.com/a/b index", "i", "-"), (C, "repo remote github.com/a/b", "internal", "-"),
    ]  # fmt: skip


def test_an_entry_that_goes_uncovers_a_looser_one():
    oss = '[[repo]]\nmatch = { remote = "github.com/a/*" }\nclass = "public"\n'
    (change,) = changes(oss + REPO + 'class = "internal"\n', oss)
    assert (change.turn, change.name) == (L, "repo remote github.com/a/b")


def test_a_rule_that_is_named_keeps_of_its_set_what_it_does_not_say():
    strict = '[detect.set.hipaa]\naction = "block"\n'
    (change,) = changes(strict, strict + '[detect.rule.us-ssn]\nseverity = "error"\n')
    assert change.name == "detect.rule.us-ssn.severity"
    (change,) = changes(strict, strict + '[detect.rule.us-ssn]\naction = "ask"\n')
    assert (change.turn, change.name, change.before, change.after) == (L, "detect.rule.us-ssn.action", "block", "ask")


def test_a_term_that_is_new_loosens_nothing_whatever_it_asks_for():
    assert changes("", '[[term]]\nid = "t"\ntext = "falcon"\naction = "info"\n') == []


def test_a_rule_of_another_category_is_held_against_what_was_done_before():
    rule = '[[rule]]\nid = "badge"\ncategory = "{}"\npattern = "B-[0-9]{{6}}"\n'
    (change,) = changes(rule.format("secret"), rule.format("term"))
    assert (change.turn, change.name, change.before, change.after) == (L, "detect.rule.badge.action", "block", "warn")


def test_what_is_looser_stands_first():
    after = '[detect.pii]\naction = "block"\n[detect.secret]\naction = "off"\n'
    assert [change.turn for change in changes("", after)] == [L, T]


def test_an_action_that_fixtures_follow_is_told_once():
    assert [change.name for change in changes("", '[detect.pii]\naction = "off"\n')] == ["detect.pii.action"]


def test_a_level_that_is_told_is_the_one_that_holds():
    (change,) = changes("", '[detect.rule.us-ssn]\naction = "warn"\n')
    assert (change.before, change.after) == ("ask", "warn")


def test_terms_rules_and_the_bundle_are_compared_word_by_word_without_telling_the_words():
    before = {"term": [{"id": "t", "text": "falcon"}, {"text": "x"}], "bundle": {"revision": 1}}
    after = {"term": [{"id": "t", "text": "eagle"}], "rule": [{"id": "r"}], "bundle": {"revision": 2}}
    found = compare_entries(before, after, "p.toml")
    assert [(change.turn, change.name) for change in found] == [
        (L, "term t text"), (L, "term 2"), (T, "rule r"), (C, "bundle.revision"),
    ]  # fmt: skip
    assert not any(word in repr(found) for word in ("falcon", "eagle"))


@pytest.mark.parametrize(
    ("before", "after", "turn", "key"),
    [
        ({"text": ["x", "y"]}, {"text": "x"}, L, "text"),
        ({"text": "x"}, {"text": ["y", "x"]}, T, "text"),
        ({"text": "x"}, {"pattern": "x"}, L, "text"),
        ({"case": True}, {}, T, "case"),
        ({}, {"case": True}, L, "case"),
        ({}, {"word": False}, T, "word"),
        ({"word": False}, {"word": True}, L, "word"),
        ({"fields": ["a", "b"]}, {"fields": ["a"]}, L, "fields"),
        ({}, {"validators": "luhn"}, L, "validators"),
        ({"validators": "luhn"}, {}, T, "validators"),
        ({}, {"keywords": "k"}, L, "keywords"),
        ({"keywords": "k"}, {"keywords": ["k", "l"]}, T, "keywords"),
        ({}, {"value": "[0-9]"}, L, "value"),
        ({"confidence": "high"}, {}, L, "confidence"),
        ({"severity": "hint"}, {}, T, "severity"),
    ],
)  # fmt: skip
def test_what_a_detector_finds_less_of_is_looser(before, after, turn: Turn, key: str):
    found = compare_entries({"rule": [{"id": "r", **before}]}, {"rule": [{"id": "r", **after}]}, "p.toml")
    assert (turn, f"rule r {key}") in [(one.turn, one.name) for one in found]


def test_of_texts_and_patterns_only_their_number_is_told():
    before = {"term": [{"text": ["falcon", "eagle"]}, {"id": "p", "pattern": "kest.el"}]}
    after = {"term": [{"text": ["eagle", "heron", "crane"]}, {"id": "p", "text": "kestrel"}]}
    found = compare_entries(before, after, "p.toml")
    assert [(one.name, one.before, one.after) for one in found] == [
        ("term 1 text", 2, "3, 1 gone, 2 new"), ("term p pattern", "there", "-"), ("term p text", 0, "1, 1 new"),
    ]  # fmt: skip


def test_entries_without_an_id_are_known_again_wherever_they_stand():
    terms = [{"text": "falcon"}, {"text": "eagle"}]
    found = compare_entries({"term": terms}, {"term": [{"text": "heron"}, *reversed(terms)]}, "p.toml")
    assert [(one.turn, one.name) for one in found] == [(T, "term 1")]


def test_the_second_entry_of_one_id_is_another_entry():
    found = compare_entries(
        {"term": [{"id": "t", "text": "x"}, {"id": "t", "text": "y"}]}, {"term": [{"id": "t", "text": "y"}]}, "p"
    )
    assert L in [one.turn for one in found]


def term(more: str) -> str:
    return f'[[term]]\nid = "t"\ntext = "Acme"\n{more}'


@pytest.mark.parametrize(("action", "turn"), [("ask", L), ("block", L), ("info", T)])
def test_an_action_of_a_term_is_held_against_what_is_done_about_terms(action: str, turn: Turn):
    (change,) = changes(term(f'action = "{action}"\n'), term(""))
    assert (change.turn, change.before, change.after) == (turn, action, "warn")


def test_an_id_that_says_the_term_is_not_told():
    found = compare_entries({"term": [{"id": "project-falcon", "text": ["Project Falcon", "!!!"]}]}, {}, "p.toml")
    assert [change.name for change in found] == ["term 1"]


def test_entries_that_are_no_tables_are_no_crash():
    assert compare_entries({"term": 3, "bundle": [1]}, {"rule": ["x"]}, "p.toml") == []


@given(st.integers(0, 2**32), st.sampled_from([Layer.ORG, Layer.REPO]))
def test_a_policy_differs_in_nothing_from_itself(seed: int, layer: Layer):
    (found,) = random_files(Random(seed), layer, 1)
    assert compare(found, found, categories=RULES) == []


@given(st.integers(0, 2**32))
def test_a_stricter_value_is_told_as_tightened_and_a_looser_one_as_loosened(seed: int):
    random = Random(seed)
    key = random.choice([key for key in KEYS.values() if key.path[-1] != "fixtures"])
    one, other = random_value(random, key), random_value(random, key)
    stricter = key.stricter(one, other)
    files = [
        FilePolicy("/x/p.toml", Layer.ORG, settings={key.name: Setting(value, "org", "p.toml:1")})
        for value in (one, stricter)
    ]
    there, back = compare(files[0], files[1]), compare(files[1], files[0])
    if one == stricter:
        assert there == back == []
    else:
        assert [(change.turn, change.name) for change in there] == [(T, key.name)]
        assert [(change.turn, change.name) for change in back] == [(L, key.name)]


@given(st.sampled_from(Action), st.sampled_from(Action))
def test_an_action_for_tests_is_held_against_the_one_that_held_before(usual: Action, fixtures: Action):
    settings = {"detect.pii.action": Setting(usual, "org", "p.toml:1")}
    before = FilePolicy("/x/p.toml", Layer.ORG, settings=dict(settings))
    after = FilePolicy(
        "/x/p.toml", Layer.ORG, settings={**settings, "detect.pii.fixtures": Setting(fixtures, "org", "p.toml:2")}
    )
    expected = [] if usual is fixtures else [T if fixtures > usual else L]
    assert [change.turn for change in compare(before, after)] == expected


def test_every_key_of_the_defaults_is_compared():
    for key in KEYS.values():
        if key.words and not key.is_list:
            for value in key.words.values():
                after = FilePolicy("/x/p.toml", Layer.ORG, settings={key.name: Setting(value, "org", "p.toml:1")})
                before = BUILTIN.settings[key.name].value
                expected = 0 if value == before or (before is None and value is _usual(key.path[1])) else 1
                assert len(compare(FilePolicy("/x/p.toml", Layer.ORG), after)) == expected, (key.name, value)


def _usual(category: str) -> object:
    return BUILTIN.settings[f"detect.{category}.action"].value
