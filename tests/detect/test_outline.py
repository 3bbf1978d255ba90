"""Outlines: whatever a shape matches has one within, and what is found around them is what is found everywhere."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tightlip.detect import gate as gate_module
from tightlip.detect.gate import Gate
from tightlip.detect.load import load_rules
from tightlip.detect.outline import LONGEST, OUTLINES, has_outline
from tightlip.detect.ruleset import rule_files
from tightlip.detect.shipped import rules_directory
from tightlip.finding import Category

_FILES = rule_files(rules_directory())
GATES = [
    rule.gate for rule in load_rules(_FILES, rules_directory().parent) if rule.gate and rule.category is Category.PII
]
OUTLINED = list(filter(has_outline, GATES))
_GATE = Gate.compile(shapes=list(enumerate(GATES)))
_PLAIN = Gate.compile(list(enumerate(GATES)))
_ASCII = st.characters(codec="ascii")


def test_most_shapes_have_an_outline() -> None:
    assert len(OUTLINED) > len(GATES) // 2


@pytest.mark.parametrize("expression", OUTLINED)
@settings(max_examples=60)
@given(data=st.data())
def test_an_outline_matches_within_every_match_of_a_shape_that_has_one(expression: str, data: st.DataObject) -> None:
    text = data.draw(st.text("1aA -:.\n/é", max_size=3)) + data.draw(st.from_regex(expression, alphabet=_ASCII))
    for match in re.finditer(expression, text, re.MULTILINE):
        within = [one for outline in OUTLINES for one in re.finditer(outline, text, re.MULTILINE)]
        assert any(match.start() <= one.end() <= match.end() for one in within)
        assert match.end() - match.start() <= LONGEST


@pytest.mark.parametrize(
    "expression",
    [
        "[0-9]{5}",
        r"\b[0-9]{5}[a-f]",
        "[0-9]{6}",
        "[0-9]{3}[^0-9][0-9]{3}",
        r"^[0-9]{4}[A-Z]",
        r"\b[0-9]{6}.*",
        r"\b\d{5}\s",
        r"\b(?=[0-9]{6})x",
        r"\b[0-9]{6}|x",
        r"\b[0-9]{40}",
        "(",
        "é[0-9]{6}",
        "",
    ],
)
def test_where_it_cannot_be_told_a_shape_has_none(expression: str) -> None:
    assert not has_outline(expression)


@pytest.mark.parametrize(
    "expression",
    [
        r"\b\d{6}",
        r"(?:^|[^\w.-])[0-9]{6}",
        "x[0-9 ]?[0-9]{6}",
        r"\b[0-9]{2}(?:-[0-9]{2}|\.[0-9]{2}){2}",
        "(?i):a[0-9a-f]:[bB]c:",
        "[A-Z]{2}[0-9]{4}[M-P]",
    ],
)
def test_shapes_with_an_outline(expression: str) -> None:
    assert has_outline(expression)


_PIECES = st.one_of(
    st.text(st.sampled_from("0123456789 -./:ABZabcf\né😀"), max_size=24),
    st.sampled_from(OUTLINED).flatmap(lambda expression: st.from_regex(expression, fullmatch=True, alphabet=_ASCII)),
    st.sampled_from("x \n").flatmap(lambda c: st.integers(0, 1200).map(lambda n: c * n)),
)


@settings(max_examples=300)
@given(st.lists(st.lists(_PIECES, max_size=8).map("".join), max_size=4))
def test_all_that_is_found_everywhere_is_found_around_outlines(texts: list[str]) -> None:
    # where a text was cut, a word may seem to begin: a candidate more, which the pattern refuses
    for text, found in zip(texts, _GATE.candidates_of_all(texts), strict=True):
        expected = _PLAIN.candidates(text)
        assert set(expected.hits) <= set(found.hits)
        assert found.complete


def test_a_text_full_of_digits_is_looked_at_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "123-45-6789, " * 50
    expected = _PLAIN.candidates(text)
    assert _GATE.candidates(text) == expected
    monkeypatch.setattr(gate_module, "LIMIT", 20)
    cut = _GATE.candidates(text)
    assert not cut.complete
    assert cut.hits == expected.hits[: len(cut.hits)] != []


def test_a_serialized_gate_has_its_outlines() -> None:
    again = Gate.from_bytes(_GATE.to_bytes())
    text = "x" * 3000 + " 123-45-6789 é"
    assert again.candidates(text).hits == _PLAIN.candidates(text).hits != []


def test_shapes_without_an_outline_are_a_group_as_any_other() -> None:
    gate = Gate.compile(shapes=[(1, "ab"), (2, "[0-9]")])
    assert gate.candidates("ab 1").hits == [(2, 1), (4, 2)]
    assert Gate.from_bytes(gate.to_bytes()).candidates("ab 1").hits == [(2, 1), (4, 2)]
