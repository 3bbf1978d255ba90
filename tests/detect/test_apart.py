"""Names that stand apart from their values."""

from __future__ import annotations

import hyperscan
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.detect.apart import gate_expressions_apart, name_apart, name_behind


@pytest.mark.parametrize(
    ("text", "names", "sure"),
    [
        ('#define TOKEN "§"', ["TOKEN"], True),
        ("set -gx TOKEN §", ["TOKEN"], True),
        ("token '§'", ["token"], True),
        ("a token '§'", ["token"], False),
        ('char token[64] = "§"', ["token"], True),
        ("$ENV{TOKEN} = '§'", ["TOKEN"], True),
        ('token !== "§"', ["token"], True),
        ('mapOf("token" to "§")', ["token"], True),
        ("the token is §", ["token"], False),
        ("**token**: §", ["token"], True),
        ("${TOKEN:-§}", ["TOKEN"], True),
        ('{"token", "§"}', ["token"], True),
        ('f(x, "token", "§")', ["token"], False),
        ('["token", "other", "§"]', None, None),
        ('ENV["TOKEN"] || "§"', ["TOKEN"], True),
        ('var("TOKEN").unwrap_or("§")', ["TOKEN"], True),
        ('option("--token", "-t", default="§")', ["token", "-t"], True),
        ('token: str = Field(default="§")', ["token"], True),
        ('variable "token" {\n  default = "§"', ["token"], True),
        ('{"name": "token", "type": "s", "value": "§"', ["token"], True),
        ('<data name="token"><value>§', ["data", "token"], True),
        ("<token><![CDATA[§", ["token"], True),
    ],
)
def test_the_name_is_found_in_its_syntax(text: str, names: list[str] | None, sure: bool | None):
    value = text.index("§")
    while text[value - 1] in "\"'":
        value -= 1
    apart = name_apart(text, value)
    assert (apart and [text[slice(*name)].lstrip("-") or "" for name in apart.names]) == (
        names and [name.lstrip("-") for name in names]
    )
    assert (apart and apart.sure) == sure


def test_a_name_may_stand_behind_its_value():
    text = '{"value": "abc", "name": "token"}'
    behind = name_behind(text, text.index('"abc'), text.index('", "n'))
    assert behind is not None
    assert text[slice(*behind)] == "token"


def test_every_gate_compiles_and_reports_the_first_character():
    gates = gate_expressions_apart(["api_token"])
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=[one.encode() for one in gates], ids=list(range(len(gates))), flags=[0] * len(gates))
    ends: list[int] = []
    text = '#define API_TOKEN "x9"'
    database.scan(text.encode(), lambda _id, _start, end, _flags, _context: ends.append(end))
    assert set(ends) == {text.index("x") + 1}


def test_without_secrets_there_are_no_gates():
    assert gate_expressions_apart(["email"]) == []


@given(st.text("ab\"'`([{:=>,|?-$ \n*#token<", max_size=80), st.integers(0, 80))
def test_no_text_breaks_the_look_back(text: str, value: int):
    apart = name_apart(text, min(value, len(text)))
    assert apart is None or all(0 <= start < end <= len(text) for start, end in apart.names)
