"""`[[term]]` and `[[rule]]`: every mistake has its place, costs its own entry, and what it leaves unlooked for is told."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from tightlip.detect.custom import CustomRules
from tightlip.detect.terms import TITLE, Terms, TermSpec
from tightlip.errors import PolicyError
from tightlip.finding import Action, Category, Confidence, Severity
from tightlip.policy import read_custom
from tightlip.policy.model import Layer
from tightlip.policy.read_custom import RULE_KEYS, TERM_KEYS, RulesRead, TermsRead, read_rules, read_terms
from tightlip.policy.schema_custom import rule_schema, term_schema
from tightlip.policy.table import Table
from tightlip.syntax.toml import parse_toml

BUILTIN = ("github-personal-access-token",)


def read(text: str, layer: Layer = Layer.REPO, file: str = "tightlip.toml") -> tuple[TermsRead, RulesRead, list[str]]:
    document = parse_toml(text, file, PolicyError)
    problems: list[PolicyError] = []
    root = Table(document, (), document.data, problems)
    terms, rules = read_terms(root, layer, BUILTIN), read_rules(root, layer, BUILTIN)
    return terms, rules, [str(problem) for problem in problems]


def test_all_keys_of_a_term_are_read() -> None:
    terms, _, problems = read(
        """
[[term]]
id = "customers"
text = ["Acme Pay", "Globex"]
title = "Customer"
placeholder = "CUSTOMER"
action = "block"
case = true
word = false
owner = "Sales"
contact = "sales@corp.example"
reason = "Contracts forbid it"
""",
        Layer.ORG,
    )
    assert (problems, terms.unusable) == ([], [])
    assert terms.specs == [
        TermSpec(
            "customers", ("Acme Pay", "Globex"), "", True, False, "Customer", "CUSTOMER", Action.BLOCK, "Sales",
            "sales@corp.example", "Contracts forbid it", "org", "tightlip.toml:2",
        )
    ]  # fmt: skip


def test_a_term_needs_no_more_than_its_text() -> None:
    terms, _, problems = read('[[term]]\ntext = "Falcon"\n[[term]]\npattern = "cust-[0-9]+"')
    assert problems == []
    assert terms.specs == [
        TermSpec("repo-term-1", ("Falcon",), layer="repo", source="tightlip.toml:1"),
        TermSpec("repo-term-2", pattern="cust-[0-9]+", layer="repo", source="tightlip.toml:3"),
    ]


@pytest.mark.parametrize(
    ("layer", "file", "id"),
    [
        (Layer.ORG, "/etc/tightlip/tightlip.toml", "org-term-1"),
        (Layer.ORG, "/etc/tightlip/policy.d/20_HR.toml", "org-20-hr-term-1"),
        (Layer.ORG, r"C:\Program Files\tightlip\policy.d\hr.toml", "org-hr-term-1"),
        (Layer.REPO, "services/pay/tightlip.toml", "repo-services-pay-term-1"),
        (Layer.REPO, "pyproject.toml", "repo-pyproject-term-1"),
    ],
)
def test_an_id_is_made_of_layer_file_and_place(layer: Layer, file: str, id: str) -> None:
    assert [spec.id for spec in read('[[term]]\ntext = "Falcon"', layer, file)[0].specs] == [id]


TERM_MISTAKES = {
    'txt = "Falcon"': ('2:1: unknown key "txt". Did you mean "text"?', None),
    "": ('1:1: a [[term]] needs "text" or "pattern"', None),
    "text = 5": ('2:1: "text" must be a text or a list of texts', None),
    "text = []": ('2:1: "text" is an empty list', None),
    'text = ["Falcon", 5]': ('2:1: "text" must be a text or a list of texts', "Falcon"),
    'text = ["Falcon", "x"]': ('2:1: "text" number 2 is a single letter or digit, which stands everywhere', "Falcon"),
    'text = "--"': ('2:1: "text" has no letter and no digit', None),
    'text = "Falcon"\npattern = "x+"': ('3:1: a [[term]] has "text" or "pattern", not both; write two entries', "Falcon"),
    "pattern = '(?=a)b'": ("2:1: look-around", None),
    "pattern = 'a*'": ("2:1: the pattern matches where nothing stands", None),
    "pattern = 5": ('2:1: "pattern" must be a text', None),
}  # fmt: skip


@pytest.mark.parametrize("entry", TERM_MISTAKES)
def test_what_cannot_be_looked_for_is_a_problem_and_told_as_unusable(entry: str) -> None:
    message, left = TERM_MISTAKES[entry]
    terms, _, problems = read(f'[[term]]\n{entry}\n[[term]]\ntext = "Neighbour"')
    assert any(problem.startswith(f"tightlip.toml:{message}") for problem in problems)
    assert [spec.texts for spec in terms.specs] == ([(left,)] if left else []) + [("Neighbour",)]
    (unusable,) = terms.unusable
    assert (unusable.kind, unusable.id, unusable.layer) == ("term", "repo-term-1", "repo")
    assert unusable.source.startswith("tightlip.toml:")


KEPT = {
    'case = "yes"': '3:1: "case" must be true or false',
    'action = "blok"': '3:1: "action" must be one of off, info, warn, ask, block. Did you mean "block"?',
    'placeholder = "my term"': '3:1: "placeholder" must be upper-case words',
    'title = "Code name Falcon"': '3:1: "title" says the term itself',
    'placeholder = "FALCON"': '3:1: "placeholder" says the term itself',
    'id = "falcon-code"': '3:1: "id" says the term itself',
    'contact = "falcon-team@acme.example"': '3:1: "contact" says the term itself, and is shown to people; it is left out',
    'reason = "FALCON is not announced"': '3:1: "reason" says the term itself',
    'id = "Code Name"': '3:1: "id" must be lower-case words joined by hyphens; this entry is called repo-term-1',
    'id = "github-personal-access-token"': '3:1: "id" is that of a built-in rule, which no entry replaces',
    'id = "org-term-1"': '3:1: "id" is of the form that entries without an id get',
    'extra = 1': '3:1: unknown key "extra"',
}  # fmt: skip


@pytest.mark.parametrize("key", KEPT)
def test_a_mistake_beside_the_text_does_not_stop_the_looking(key: str) -> None:
    terms, _, problems = read(f'[[term]]\ntext = "Falcon"\n{key}')
    assert len(problems) == 1
    assert problems[0].startswith(f"tightlip.toml:{KEPT[key]}")
    (spec,) = terms.specs
    assert (spec.id, spec.texts, spec.title, spec.placeholder) == ("repo-term-1", ("Falcon",), TITLE, "TERM")
    assert spec.says == ""
    assert spec.action is (Action.BLOCK if key.startswith("action") else None)
    assert terms.unusable == []


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ('owner = "Sales"', "Ask Sales."),
        ('owner = "Sales"\ncontact = "legal@acme.example"', "Ask legal@acme.example."),
        ('reason = "A customer under NDA."\nowner = "Sales"', "A customer under NDA. Ask Sales."),
        ('reason = "Not announced"', "Not announced."),
    ],
)
def test_a_term_says_why_it_must_not_leave_and_whom_to_ask(keys: str, says: str) -> None:
    terms, _, problems = read(f'[[term]]\ntext = "Falcon"\n{keys}')
    assert (terms.specs[0].says, problems) == (says, [])


def test_an_id_that_stands_twice_is_the_first_entrys() -> None:
    terms, rules, problems = read(
        '[[term]]\nid="a"\ntext="Falcon"\n[[term]]\nid="a"\ntext="Eagle"\n[[rule]]\nid="a"\nfields="x_y"\ncategory="pii"'
    )
    assert [spec.id for spec in terms.specs] == ["a", "repo-term-2"]
    assert rules.rules[0].id == "a"
    assert problems == ['tightlip.toml:5:1: "id" stands twice in this file; this entry is called repo-term-2']


@pytest.mark.parametrize(
    "text", ['term = ["Falcon"]', 'term = "Falcon"', "term = [1]", "term = []\nrule = [[]]", "rule = 5"]
)
def test_what_is_no_entry_is_told_as_unusable(text: str) -> None:
    terms, rules, problems = read(text)
    assert not terms.specs
    assert not rules.rules
    assert problems
    assert {one.kind for one in (*terms.unusable, *rules.unusable)} == {line.split()[0] for line in text.splitlines()}


def test_a_rule_has_the_keys_of_a_rule_file() -> None:
    _, rules, problems = read(
        r"""
[[rule]]
id = "badge"
title = "Badge number"
category = "pii"
severity = "error"
confidence = "high"
placeholder = "BADGE"
entity = "BADGE"
pattern = '\bE(?P<value>\d{6})\b'
gate = 'E\d{6}'
window = 300
fields = ["badge_number"]
value = '\d{6}'
validators = ["luhn"]
checksum = "luhn"
keywords = ["Badge"]
advice = "Tell HR."
revoke = "https://hr.corp.example"
references = ["https://hr.corp.example"]
criteria = ["CC6.1"]
synthetic = "email"
matches = ["E{digits:6}"]
misses = ["E1"]
"""
    )
    assert (problems, rules.unusable) == ([], [])
    (rule,) = rules.rules
    assert (rule.id, rule.category, rule.severity, rule.confidence) == (
        "badge",
        Category.PII,
        Severity.ERROR,
        Confidence.HIGH,
    )
    assert (rule.keywords, rule.fields, rule.source) == (("badge",), ("badge_number",), "tightlip.toml:2")
    assert len(CustomRules.build(rules.rules)) == 1


def test_a_rule_needs_a_category_and_something_to_look_for() -> None:
    _, rules, problems = read("[[rule]]\npattern = 'x+'\n[[rule]]\ncategory = \"pii\"")
    assert [(rule.id, rule.category, rule.placeholder) for rule in rules.rules] == [
        ("repo-rule-1", Category.SECRET, "SECRET")
    ]
    assert problems == [
        'tightlip.toml:1:1: a [[rule]] needs "category"; it is secret until one is given',
        'tightlip.toml:3:1: a [[rule]] needs "pattern" or "fields"',
    ]
    assert [one.id for one in rules.unusable] == ["repo-rule-2"]


RULE_MISTAKES = {
    "pattern = '('": "a ( of the pattern has no )",
    "pattern = 'x'\nvalue = '[a'": "a [ of the pattern has no ]",
    'fields = ["BadName"]': '"fields" must be names in snake_case',
    "fields = []": '"fields" is an empty list',
    "pattern = 7": '"pattern" must be a text',
}


@pytest.mark.parametrize("entry", RULE_MISTAKES)
def test_a_rule_that_cannot_be_used_is_told_as_unusable(entry: str) -> None:
    _, rules, problems = read(f'[[rule]]\ncategory = "pii"\n{entry}')
    assert not rules.rules
    assert any(RULE_MISTAKES[entry] in problem for problem in problems)
    assert [RULE_MISTAKES[entry] in one.reason for one in rules.unusable] == [True]


@pytest.mark.parametrize(
    "entry",
    [
        'validators = ["lun"]',
        'checksum = "lun"',
        'synthetic = "emial"',
        'entity = "e mail"',
        "window = true",
        'severity = "loud"',
    ],
)
def test_a_mistake_beside_the_pattern_does_not_stop_the_looking(entry: str) -> None:
    _, rules, problems = read(f"[[rule]]\ncategory = \"pii\"\npattern = 'x+'\n{entry}")
    assert len(problems) == 1
    assert problems[0].startswith("tightlip.toml:4:1: ")
    assert len(rules.rules) == 1
    assert rules.unusable == []


def test_expressions_that_are_too_large_together_are_unusable_from_there_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_custom, "LARGEST_TOGETHER", 100)
    terms, _, problems = read("".join(f"[[term]]\npattern = 'abcdefgh{number}'\n" for number in range(20)))
    assert 0 < len(terms.specs) < 20 == len(terms.specs) + len(terms.unusable)
    assert "too large together" in problems[0]


def test_more_entries_or_texts_than_anybody_has_are_unusable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_custom, "MOST", 3)
    terms, _, _ = read('[[term]]\ntext = "Falcon"\n' * 5)
    assert (len(terms.specs), len(terms.unusable)) == (3, 1)
    terms, _, _ = read('[[term]]\ntext = ["Falcon", "Eagle", "Kite", "Owl"]')
    assert (len(terms.specs), len(terms.unusable)) == (0, 1)


def test_no_message_repeats_a_term_or_an_expression() -> None:
    text = '[[term]]\ntext = ["Falconry", "F"]\ntitle = "Falconry"\n[[term]]\npattern = "(falconry"\n[[term]]\npattern = "falconry"\ntext = "Falconry"'
    terms, _, problems = read(text)
    told = " ".join([*problems, *map(repr, terms.specs), *map(repr, terms.unusable)])
    assert "falconry" not in told.lower()


VALUES = st.recursive(
    st.one_of(
        st.text(max_size=8),
        st.integers(-5, 5),
        st.booleans(),
        st.floats(),
        st.sampled_from(["(?=", "a*", "Falcon", "block", "luhn", "pii"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text("ab", min_size=1), inner, max_size=2)),
    max_leaves=4,
)


@given(st.fixed_dictionaries({}, optional={
    "term": st.one_of(VALUES, st.lists(st.dictionaries(st.sampled_from([*TERM_KEYS, "txt"]), VALUES, max_size=5), max_size=3)),
    "rule": st.one_of(VALUES, st.lists(st.dictionaries(st.sampled_from([*RULE_KEYS, "pat"]), VALUES, max_size=5), max_size=3)),
}))  # fmt: skip
def test_whatever_stands_there_is_read_or_refused_and_what_is_read_can_be_run(data: dict[str, Any]) -> None:
    terms, rules, problems = read(tomli_w.dumps(data))
    Terms.build(terms.specs).find("Falcon a")
    assert len(CustomRules.build(rules.rules)) == len(rules.rules)
    written = sum(len(data[kind]) if isinstance(data.get(kind), list) else kind in data for kind in ("term", "rule"))
    if written > len(terms.specs) + len(rules.rules):
        assert problems
        assert terms.unusable or rules.unusable
    assert all(one.reason and "\n" not in one.reason for one in (*terms.unusable, *rules.unusable))


def test_the_schemas_name_the_keys_that_are_read_and_take_what_is_right() -> None:
    assert tuple(term_schema()["properties"]) == TERM_KEYS
    assert tuple(rule_schema()["properties"]) == RULE_KEYS
    for schema in (term_schema(), rule_schema()):
        jsonschema.Draft7Validator.check_schema(schema)
        assert all(key["description"] for key in schema["properties"].values())
    jsonschema.validate({"text": ["Acme", "Globex"], "action": "block", "case": True}, term_schema())
    jsonschema.validate({"pattern": "x+", "category": "secret", "severity": "error"}, rule_schema())
    for wrong, schema in (
        ({}, term_schema()),
        ({"text": "a", "pattern": "b"}, term_schema()),
        ({"pattern": "x"}, rule_schema()),
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)
