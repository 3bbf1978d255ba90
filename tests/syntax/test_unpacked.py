"""Several names and values in one assignment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.detect.detector import Document, detect
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.syntax.language import LANGUAGES, PLAIN
from tightlip.syntax.unpacked import unpacked

VALUE = "k7Gq2vXz9" + "LmW4tRb"


def pairs(text: str, language: str = "python") -> dict[str, str]:
    value = next(at for at in range(len(text)) if text[at] == '"' or text.startswith("get", at))
    found = unpacked(text, value, LANGUAGES[language])
    return {text[slice(*name)]: text[slice(*literal.span)] for name, literal in found}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", 'user, password = "a", "b"'),
        ("python", '(self.user, self.password) = ("a", "b")  # of the test'),
        ("go", 'user, password := "a", "b"\n'),
        ("rust", 'let (user, mut_password) = ("a", "b");'),
        ("javascript", 'const [user, password] = ["a", "b"];'),
        ("lua", 'local user, password = "a", "b"'),
        ("php", '[$user, $password] = ["a", "b"];'),
    ],
)
def test_the_order_says_which_value_is_whose(language: str, text: str):
    assert list(pairs(text, language).values()) == ["a", "b"]


def test_a_line_that_begins_far_away_is_not_looked_through():
    assert not pairs("x, " * 100 + 'user, password = "a", "b"')
    assert pairs("x, " * 100 + '\nuser, password = "a", "b"')


def test_what_is_no_literal_is_passed_over():
    assert pairs('host, user, password = "h", getuser(), "b"') == {"host": "h", "password": "b"}


@pytest.mark.parametrize(
    "text",
    [
        'password = "a"',
        'a, password = "b"',
        'a, password = "b", "c", "d"',
        'f(user, password="a", x)',
        '    user, password="a", x)',
        '    user, password="a", x="y",',
        'a, b = "x", y: "z"',
        'a, b == "x", "y"',
        'a, b = "x", "y',
    ],
)
def test_anything_else_is_no_such_assignment(text: str):
    assert pairs(text) == {}


def test_in_prose_a_comma_is_a_comma():
    assert unpacked('a, b = "x", "y"', 7, PLAIN) == []


@given(st.text(alphabet="ab,=\"'()[] \n.", max_size=40), st.integers(0, 40))
def test_names_and_values_lie_in_the_text(text: str, value: int):
    for name, literal in unpacked(text, min(value, len(text)), LANGUAGES["python"]):
        assert 0 <= name.start < name.end <= literal.span.start <= literal.span.end <= len(text)


@pytest.mark.parametrize("text", [f'user, password = "ann", "{VALUE}"', f'password, user = "{VALUE}", "ann"'])
def test_the_secret_is_marked_and_not_its_neighbour(text: str):
    found = detect(Document(text, "a.py"), builtin_ruleset()).findings
    assert [(one.field, one.value) for one in found] == [("password", VALUE)]
