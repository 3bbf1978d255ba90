"""How far an expression reaches: what lies further off changes nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tightlip.detect.extent import ahead_of, reach_of
from tightlip.detect.ruleset import builtin_ruleset

_PATTERNS = [
    r"a[ab]{1,3}(?!b)",
    r"(?<!a)b(?P<joint>[-.]?)a(?P=joint)b\b",
    r"a(?=b{2}(?!a))b|-a?",
    r"(?:ab|b){1,2}$",
    r"(a)(?:b\1){2}",
    r"a??b(?:-|\.a){0,3}(?=a)",
]


@settings(max_examples=300)
@given(st.sampled_from(_PATTERNS), st.text(st.sampled_from("ab-.\n"), max_size=24))
def test_what_lies_further_ahead_does_not_decide_about_a_match(pattern: str, text: str) -> None:
    ahead = ahead_of(pattern, 1000)
    assert ahead < 20
    compiled = re.compile(pattern)
    for start in range(len(text)):
        near, whole = compiled.match(text, start, start + ahead), compiled.match(text, start)
        assert (near and near.span()) == (whole and whole.span())


@pytest.mark.parametrize("pattern", ["a+", r"a(?!b*c)", r"(?P<x>a*)(?P=x)", "("])
def test_where_there_is_no_limit_the_window_is_one(pattern: str) -> None:
    assert ahead_of(pattern, 77) == 77


def test_a_window_that_is_narrower_stays() -> None:
    assert ahead_of("a{100}", 50) == 50
    assert ahead_of("a{40}", 50) == 40


@pytest.mark.parametrize(("gate", "reach"), [("", 0), ("ab{2,4}", 5), (r"\bab|abc", 3), ("a*", 512), ("(", 512)])
def test_the_reach_of_a_gate(gate: str, reach: int) -> None:
    assert reach_of(gate) == reach


def test_the_rules_of_shapes_look_no_further_than_they_must() -> None:
    ruleset = builtin_ruleset()
    ahead = {rule.id: ahead for rule, ahead in zip(ruleset.rules, ruleset.ahead, strict=True)}
    assert ahead["us-ssn"] < 20
    assert all(far <= rule.window for rule, far in zip(ruleset.rules, ruleset.ahead, strict=True))
