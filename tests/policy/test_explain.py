"""Every value names who gave it, and everybody who asked for another is told why he did not get it."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policy.stacks import RULES, random_files
from tightlip.errors import TightlipError
from tightlip.finding import Category, Classification
from tightlip.policy.explain import Explained, ExplainedList, Part, explain, explain_all
from tightlip.policy.keys import KEYS, LISTS
from tightlip.policy.layers import fold
from tightlip.policy.model import BUILTIN, Layer, Policy
from tightlip.policy.read import read_policy
from tightlip.policy.words import plain
from tightlip.syntax.toml import parse_toml

DAY = date(2026, 11, 22)


def policy(*files: tuple[Layer, str]) -> Policy:
    read = [
        read_policy(parse_toml(text, f"{layer.label}.toml"), file=f"/x/{layer.label}.toml", base="/x", layer=layer)
        for layer, text in files
    ]
    return fold([found for found in read if found is not None], RULES)


def one(made: Policy, name: str) -> Explained:
    (found,) = explain(made, name, DAY, RULES)
    assert isinstance(found, Explained)
    return found


def entries(made: Policy, name: str) -> list[tuple[str, bool, str]]:
    (found,) = explain(made, name, DAY, RULES)
    assert isinstance(found, ExplainedList)
    return [(entry.source, entry.counts, entry.outcome) for entry in found.entries]


ORG = (Layer.ORG, '[detect.pii]\naction = "warn"\n[detect.secret]\nphases = ["prompt"]\n')


def test_the_winner_stands_first_and_every_loser_has_a_reason():
    made = policy(
        ORG, (Layer.USER, '[detect.pii]\naction = "info"\n'), (Layer.REPO, '[detect.pii]\naction = "block"\n')
    )
    found = one(made, "detect.pii.action")
    assert (found.value, found.layer, found.source) == ("block", "repo", "repo.toml:2")
    told = [(voice.layer, voice.value, voice.part, voice.why) for voice in found.voices]
    assert told == [
        ("repo", "block", Part.IN_FORCE, ""),
        ("org", "warn", Part.LOST, "repo.toml:2 is stricter"),
        ("user", "info", Part.LOST, "ignored: the organisation (org.toml:2) sets warn, this asks info"),
        ("builtin", "ask", Part.DEFAULT, "where no file says it"),
    ]


def test_a_key_nobody_speaks_of_is_at_its_default():
    found = one(BUILTIN, "detect.pii.action")
    assert (found.value, found.default, found.layer, found.is_default) == ("ask", "ask", "builtin", True)
    assert found.words == ("off", "info", "warn", "ask", "block")


def test_a_refused_loosening_of_a_default_is_told_although_the_default_holds():
    made = fold([], RULES, governed=True)
    made = fold(
        [
            f
            for f in [
                read_policy(parse_toml('[detect.secret]\naction = "off"\n', "r.toml"), file="/x/r.toml", base="/x")
            ]
            if f
        ],
        RULES,
        governed=True,
    )
    found = one(made, "detect.secret.action")
    assert (found.value, found.layer, found.is_default) == ("block", "builtin", False)
    assert found.voices[1].why == "ignored: the default is block, this asks off"


def test_of_a_list_that_grows_everybody_counts():
    made = policy(ORG, (Layer.REPO, '[detect.secret]\nphases = ["editor"]\n'))
    found = one(made, "detect.secret.phases")
    assert found.value == ["editor", "prompt"]
    assert [voice.part for voice in found.voices] == [Part.IN_FORCE, Part.COUNTS, Part.COUNTS, Part.DEFAULT]


def test_fixtures_that_nobody_has_set_are_as_elsewhere():
    made = policy((Layer.ORG, '[detect.pii]\naction = "warn"\n'))
    found = one(made, "detect.pii.fixtures")
    assert (found.value, found.notes) == ("not set", ("warn holds, as detect.pii.action says",))


def test_fixtures_that_a_lower_layer_tightens_are_told_as_its_own():
    made = policy((Layer.ORG, '[detect.pii]\nfixtures = "off"\n'), (Layer.REPO, '[detect.pii]\nfixtures = "ask"\n'))
    found = one(made, "detect.pii.fixtures")
    assert (found.value, found.source) == ("ask", "repo.toml:2")


def test_what_a_lower_class_asks_for_holds_for_a_higher_one_and_is_told():
    made = policy((Layer.ORG, '[class.internal]\nshare = "block"\n'))
    (note,) = one(made, "class.confidential.share").notes
    assert note.startswith("block counts all the same: class.internal.share says so")


def test_a_rule_is_explained_beside_its_category():
    made = policy(
        (Layer.ORG, '[detect.rule.us-ssn]\naction = "block"\n'), (Layer.REPO, '[detect.rule.us-ssn]\naction = "off"\n')
    )
    action, severity = explain(made, "detect.rule.us-ssn", DAY, RULES)
    assert isinstance(action, Explained)
    assert isinstance(severity, Explained)
    assert (action.value, action.source) == ("block", "org.toml:2")
    assert [voice.part for voice in action.voices] == [Part.IN_FORCE, Part.LOST, Part.DEFAULT]
    assert (severity.value, severity.is_default) == ("as the rule says", True)
    assert explain(made, "detect.rule.us-ssn.action", DAY, RULES) == [action]


def test_a_table_is_all_its_keys():
    assert [one.name for one in explain(BUILTIN, "inline", DAY)] == ["inline.allow"]
    assert {one.name for one in explain(BUILTIN, "detect.pii", DAY)} == {
        name for name in KEYS if name.startswith("detect.pii.")
    }


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("detect.pii.acton", "detect.pii.action"),
        ("exceptions", "exception"),
        ("detect.rule.us-sn", "us-ssn"),
        ("detct", "detect"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(name: str, near: str):
    with pytest.raises(TightlipError, match=f'Did you mean "{near}"'):
        explain(BUILTIN, name, DAY, RULES)


def test_a_part_that_a_rule_does_not_have_is_refused():
    with pytest.raises(TightlipError, match="it has action and severity"):
        explain(BUILTIN, "detect.rule.us-ssn.acton", DAY, RULES)


EXCEPTION = """
[[exception]]
id = "EX-{0}"
scope = {{ category = "restricted" }}
reason = "r"
approver = "ciso"
expires = {1}
"""


def test_entries_say_whether_they_count():
    org = EXCEPTION.format(1, "2026-11-22") + EXCEPTION.format(2, "2026-11-21")
    repo = EXCEPTION.format(3, "2030-01-01") + EXCEPTION.format(4, "2030-01-01") + 'status = "requested"\n'
    found = entries(policy((Layer.ORG, org), (Layer.REPO, repo)), "exception")
    assert found == [
        ("org.toml:2", True, ""),
        ("org.toml:9", False, "expired"),
        ("repo.toml:9", False, "only asked for: it has no effect"),
        (
            "repo.toml:2",
            False,
            'ignored: only the organisation approves exceptions; write status = "requested" to ask for one',
        ),
    ]


def test_refused_entries_of_lists_are_listed():
    repo = '[scan]\nexclude = ["a/**"]\n[[allow]]\nrule = "us-ssn"\npath = "**"\nreason = "r"\n'
    made = policy(ORG, (Layer.REPO, repo))
    assert entries(made, "scan.exclude") == [("repo.toml:2", False, "ignored: only the organisation may exclude files")]
    assert entries(made, "allow") == [("repo.toml:3", False, "ignored: only the organisation may allow a value")]


def test_lists_tell_their_entries_with_layer_and_place():
    text = """
        [editor]
        required = ["paste"]
        [detect.set.pci]
        action = "block"
        [detect.detect_secrets]
        baseline = "b.json"
        [[repo]]
        match = { remote = "github.com/acme/pay*", root = "0123456789abcdef" }
        class = "restricted"
        paths = { "docs/**" = "internal" }
    """
    made = policy((Layer.ORG, text))
    found = {one.name: one for one in explain_all(made, DAY, RULES)}
    told = {}
    for name in LISTS:
        answer = found.get(name)
        if isinstance(answer, ExplainedList):
            told[name] = [(entry.text, entry.source) for entry in answer.entries]
    assert told["repo"] == [
        ("restricted: remote github.com/acme/pay*, root 0123456789ab (within: docs/**: internal)", "org.toml:8")
    ]
    assert told["editor.required"] == [("paste", "org.toml:3")]
    assert told["detect.set"] == [("pci.action = block", "org.toml:5")]
    assert told["detect.detect_secrets.baseline"] == [("/x/b.json", "org.toml:7")]
    assert not any(name.startswith("detect.rule.") for name in found), "what a set says is told once, by the set"


@given(st.integers(0, 2**32), st.integers(0, 2), st.integers(0, 2), st.integers(0, 2))
def test_explained_is_what_holds_and_every_claim_has_a_voice(seed: int, orgs: int, users: int, repos: int):
    random = Random(seed)
    files = [
        *random_files(random, Layer.ORG, orgs), *random_files(random, Layer.USER, min(users, 1)),
        *random_files(random, Layer.REPO, repos),
    ]  # fmt: skip
    made = fold(files, RULES)
    for found in explain_all(made, DAY, RULES):
        if not isinstance(found, Explained):
            continue
        voices = [voice for voice in found.voices if voice.part is Part.IN_FORCE]
        assert [voice.value for voice in voices] == [found.value]
        assert all(voice.why for voice in found.voices if voice.part is not Part.IN_FORCE)
        asked = {claim.source for claim in made.claims if claim.key == found.name}
        assert asked <= {voice.source for voice in found.voices}, found
        if found.name in KEYS and not found.name.endswith(".fixtures"):
            assert found.value == plain(made.settings[found.name].value)
    for category in (Category.SECRET, Category.PII, Category.TERM):
        (found,) = explain(made, f"detect.{category.value}.fixtures", DAY, RULES)
        assert isinstance(found, Explained)
        holds = made.rule_action("", category, fixture=True)
        assert found.value in (plain(holds.value), "not set")


def test_classes_keep_their_own_value_in_the_table():
    made = policy((Layer.ORG, '[class.public]\ncopied_code = "ask"\n'))
    for level in Classification:
        found = one(made, f"class.{level.name.lower()}.copied_code")
        assert bool(found.notes) is (level in (Classification.INTERNAL, Classification.CONFIDENTIAL)), level


def test_own_terms_and_rules_are_told_by_their_ids_and_never_by_their_words():
    text = """
        [[term]]
        id = "code-name"
        text = ["falcon", "kestrel"]
        action = "block"
        [[rule]]
        id = "acme-badge"
        category = "pii"
        pattern = 'AB-[0-9]{6}'
    """
    made = policy((Layer.ORG, text))
    terms, rules = explain(made, "term", DAY, RULES), explain(made, "rule", DAY, RULES)
    assert "code-name" in repr(terms)
    assert "2 texts" in repr(terms)
    assert "acme-badge" in repr(rules)
    action = explain(made, "detect.rule.code-name.action", DAY, RULES)[0]
    assert isinstance(action, Explained)
    assert (action.value, action.source) == ("block", "org.toml:2")
    assert not any(word in repr(explain_all(made, DAY, RULES)) for word in ("falcon", "kestrel", "AB-"))
