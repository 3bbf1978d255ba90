"""Two policies are compared key by key and entry by entry: what is looser is never told as anything else."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policy.stacks import RULES, random_files, random_value
from tightlip.finding import Action
from tightlip.policy.compare import Change, Turn, compare, compare_entries
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
    ],
)  # fmt: skip
def test_a_change_is_told_with_its_direction(before: str, after: str, turn: Turn, name: str):
    (change,) = changes(before, after)
    assert (change.turn, change.name) == (turn, name)
    assert change.before != change.after
    assert change.source.startswith("p.toml:")


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
        (C, "term t"), (L, "term 2"), (T, "rule r"), (C, "bundle.revision"),
    ]  # fmt: skip
    assert not any(word in repr(found) for word in ("falcon", "eagle"))


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
