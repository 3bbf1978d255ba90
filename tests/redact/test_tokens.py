"""No token stands for two values, and the order in which values are met does not matter."""

from __future__ import annotations

import random

import pytest

from tests.redact.made import KEY, every, redacted
from tightlip.redact.mapping import EMPTY, Entry, Form, Mapping
from tightlip.redact.placeholder import token_of_normal
from tightlip.redact.restore import restore
from tightlip.redact.tokens import Meaning, Wanted, allocate


@pytest.fixture(scope="module")
def twins() -> tuple[str, str]:
    """Two values whose tokens begin with the same six characters."""
    seen: dict[str, str] = {}
    for number in range(10**6):
        value = f"value-{number}"
        other = seen.setdefault(token_of_normal(KEY, "X", value), value)
        if other != value:
            return other, value
    raise AssertionError("no two of a million values collide")


def want(*values: str, form: Form = Form.TOKEN) -> dict[Wanted, Meaning]:
    return {Wanted(value, form): Meaning("X", value, form is Form.TOKEN) for value in values}


def test_two_values_that_begin_alike_both_get_more(twins: tuple[str, str]):
    one, other = allocate(want(*twins), KEY, EMPTY, "").values()
    assert one != other
    assert one[:-2] == other[:-2] == token_of_normal(KEY, "X", twins[0])
    assert allocate(want(*reversed(twins)), KEY, EMPTY, "") == allocate(want(*twins), KEY, EMPTY, "")


def test_a_value_met_later_makes_room_for_the_one_known(twins: tuple[str, str]):
    first, second = twins
    known = token_of_normal(KEY, "X", first)
    mapping = Mapping([Entry(known, first, first, "X", first)])
    tokens = allocate(want(first, second), KEY, mapping, "")
    assert tokens[Wanted(first, Form.TOKEN)] == known
    assert tokens[Wanted(second, Form.TOKEN)] == token_of_normal(KEY, "X", second, 8)


def test_values_that_begin_alike_come_back_right(twins: tuple[str, str]):
    text = f"a = '{twins[0]}'; b = '{twins[1]}'; c = '{twins[0]}'"
    result = redacted(text, *every(text, twins, "X"))
    assert restore(result.text, result.mapping).text == text


def test_a_token_that_is_ambiguous_is_not_given_again():
    mapping = Mapping([], frozenset({token_of_normal(KEY, "X", "value")}))
    assert list(allocate(want("value"), KEY, mapping, "").values()) == [token_of_normal(KEY, "X", "value", 8)]


def test_ten_thousand_values_have_as_many_tokens_in_any_order():
    values = [f"value-{number}" for number in range(10_000)]
    tokens = allocate(want(*values), KEY, EMPTY, "")
    assert len(set(tokens.values())) == 10_000
    random.Random(7).shuffle(values)
    assert allocate(want(*values), KEY, EMPTY, "") == tokens


def test_every_one_digit_number_finds_another_number():
    tokens = allocate(want(*"123456789", form=Form.NUMBER), KEY, EMPTY, "1 2 3 4 5 6 7 8 9")
    assert len(set(tokens.values())) == 9
    assert not set(tokens.values()) & set("123456789")


def test_a_number_of_the_text_is_never_taken():
    text = " ".join(str(number) for number in range(10_000, 99_999) if number % 10)
    tokens = allocate(want("12345", form=Form.NUMBER), KEY, EMPTY, text)
    assert tokens[Wanted("12345", Form.NUMBER)] not in set(text.split())


def test_what_is_wanted_shows_no_value():
    assert "anna" not in repr(want("anna@corp.example"))
