"""Restoring what a model made of the tokens."""

from __future__ import annotations

import ast
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.redact.made import every, redacted, secret
from tightlip.finding import Span
from tightlip.redact.mapping import EMPTY, Entry, Mapping
from tightlip.redact.restore import Leftover, restore, restore_json
from tightlip.syntax.language import LANGUAGES

MAIL = "anna.k@corp.example"
TOKEN = "TL_EMAIL_7F3K2Q"
MAPPING = Mapping(
    [
        Entry(TOKEN, MAIL, MAIL, "EMAIL", MAIL),
        Entry("TL_AWS_KEY_9M4R6T", "sekrit-value", "sekrit-value", "AWS_KEY", "sekrit-value"),
    ]
)


@pytest.mark.parametrize(
    "written",
    [
        "TL_EMAIL_7F3K2Q",
        "tl_email_7f3k2q",
        "Tl_Email_7f3k2q",
        "TL\\_EMAIL\\_7F3K2Q",
        "TL-EMAIL-7F3K2Q",
        "TL\u2011EMAIL\u20117F3K2Q",
        "TL_\u200bEMAIL_7F3\u200dK2Q\ufeff"[:-1],
        "T\u00adL_EMAIL_7F3K2Q",
        "TL_EMAIL_\n7F3K2Q",
        "TL_EMA\nIL_7F3K2Q",
        "TL_EMAIL_7F3\r\n    K2Q",
        "TL_EMAIL_7F3 \\\n  K2Q",
        "TL_EMAIL_\n    # 7F3K2Q",
        "TL_\n> EMAIL_7F3K2Q",
        "TL&#95;EMAIL&#95;7F3K2Q",
    ],
)
def test_a_token_is_known_however_it_is_written(written: str):
    restored = restore(f"ask {written}, please", MAPPING)
    assert restored.text == f"ask {MAIL}, please"
    assert (restored.restored, restored.unknown, restored.leftover) == (1, (), ())


@pytest.mark.parametrize("written", ["TL%5FEMAIL%5F7F3K2Q", "TL%5fEMAIL%5f7F3K2Q", "TL%255FEMAIL%255F7F3K2Q"])
def test_a_percent_encoded_token_gives_a_percent_encoded_value(written: str):
    assert restore(f"?q={written}&x=1", MAPPING).text == "?q=anna.k%40corp.example&x=1"


@pytest.mark.parametrize("body", ["7F3K2Q", "7f3k2q"])
def test_a_letter_no_token_has_is_read_as_the_digit_it_looks_like(body: str):
    mapping = Mapping([Entry("TL_X_10V00A", "value-1", "value-1", "X", "value-1")])
    assert restore("TL_X_IOUOOA TL_X_loVo0a", mapping).text == "value-1 value-1"


@pytest.mark.parametrize(
    ("text", "restored"),
    [
        (f"{TOKEN}.", f"{MAIL}."),
        (f"{TOKEN}s", f"{MAIL}s"),
        (f"<{TOKEN}>", f"<{MAIL}>"),
        (f"x{TOKEN}", f"x{MAIL}"),
        (f"{TOKEN}{TOKEN}", f"{MAIL}{MAIL}"),
        (f"{TOKEN}\nNext line", f"{MAIL}\nNext line"),
        (f"{TOKEN}_suffix", f"{MAIL}_suffix"),
        (f"`{TOKEN}`/**{TOKEN}**", f"`{MAIL}`/**{MAIL}**"),
        (f"tl_config = {TOKEN}", f"tl_config = {MAIL}"),
    ],
)
def test_what_stands_around_a_token_stays(text: str, restored: str):
    assert restore(text, MAPPING).text == restored


def test_tokens_may_come_in_another_order_and_more_than_once():
    result = restore(f"TL_AWS_KEY_9M4R6T {TOKEN} TL_AWS_KEY_9M4R6T", MAPPING)
    assert result.text == f"sekrit-value {MAIL} sekrit-value"
    assert result.restored == 3


def test_unknown_tokens_are_reported_once_and_stay():
    text = "TL_EMAIL_ZZ9ZZ9, TL_PHONE_AB12CD and TL_PHONE_AB12CD"
    result = restore(text, MAPPING)
    assert result.text == text
    assert result.unknown == ("TL_EMAIL_ZZ9ZZ9", "TL_PHONE_AB12CD")


def test_a_longer_token_of_another_session_is_not_taken_for_a_shorter_one_of_this():
    result = restore(f"{TOKEN}4M", MAPPING)
    assert result.text == f"{TOKEN}4M"
    assert result.unknown == (f"{TOKEN}4M",)


@pytest.mark.parametrize(
    ("damaged", "nearest"),
    [
        ("TL_EMAIL_7F3K2", TOKEN),
        ("TL_EMAIL_7F3K2P", TOKEN),
        ("TL_EMAIL_F3K2Q", TOKEN),
        ("TlEmail7f3k2q", TOKEN),
        ("TL EMAIL 7F3K2Q", TOKEN),
        ("TLAWSKEY9M4R6T", "TL_AWS_KEY_9M4R6T"),
        ("TL_AWS_KEY", None),
    ],
)
def test_damaged_tokens_are_left_and_reported_with_what_they_resemble(damaged: str, nearest: str | None):
    result = restore(f"{TOKEN}: {damaged} !", MAPPING)
    assert result.text == f"{MAIL}: {damaged} !"
    start = len(MAIL) + 2
    expected = Leftover(Span(start, start + len(damaged)), damaged, nearest)
    assert result.leftover == (expected,)


def test_ordinary_text_is_never_reported():
    text = "tl_config TL_MAX title TL;DR html_email TL_EMAILS tl-dr TL_ TLS_KEY_A1B2C3"
    result = restore(text, MAPPING)
    assert (result.text, result.unknown, result.leftover) == (text, (), ())


def test_an_empty_mapping_restores_nothing():
    assert restore(f"{TOKEN} 123456", EMPTY).text == f"{TOKEN} 123456"


# --------------------------------------------------------------------------------------------------- landing places

TRICKY = "pa\"s\\s'w`ord\n$&\\1"


@pytest.fixture(scope="module")
def tricky() -> tuple[str, Mapping]:
    """The token of a value that every literal writes in its own way, taken from a Python source."""
    text = f"x = {json.dumps(TRICKY)}"
    result = redacted(text, secret(text, json.dumps(TRICKY)[1:-1]))
    return result.text.split('"')[1], result.mapping


def test_a_value_lands_legally_in_json(tricky: tuple[str, Mapping]):
    token, mapping = tricky
    answer = json.dumps({"a": f"it is {token}!"})
    assert json.loads(restore(answer, mapping).text) == {"a": f"it is {TRICKY}!"}


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_value_lands_legally_in_python(tricky: tuple[str, Mapping], quote: str):
    token, mapping = tricky
    restored = restore(f"x = {quote}{token}{quote}", mapping).text
    assert ast.literal_eval(restored.removeprefix("x = ")) == TRICKY


def test_a_value_lands_in_prose_as_it_is(tricky: tuple[str, Mapping]):
    token, mapping = tricky
    assert restore(f"It doesn't like {token}.", mapping).text == f"It doesn't like {TRICKY}."


def test_a_value_lands_legally_in_sql_and_csv(tricky: tuple[str, Mapping]):
    token, mapping = tricky
    assert restore(f"('{token}')", mapping, LANGUAGES["sql"]).text == "('" + TRICKY.replace("'", "''") + "')"
    assert restore(f'1,"{token}"', mapping, LANGUAGES["csv"]).text == '1,"' + TRICKY.replace('"', '""') + '"'


def test_a_value_lands_legally_in_a_template_literal(tricky: tuple[str, Mapping]):
    token, mapping = tricky
    assert "\\`" in restore(f"`{token}`", mapping).text


@settings(max_examples=200, deadline=None)
@given(st.text("ab\"'\\\n\t\x00é🔑`$", min_size=1, max_size=12).filter(lambda value: value.strip() == value))
def test_any_value_of_json_lands_in_python_and_back(value: str):
    text = json.dumps([value], ensure_ascii=False)
    result = redacted(text, secret(text, json.dumps(value, ensure_ascii=False)[1:-1]), language="json")
    token = json.loads(result.text)[0]
    assert json.loads(restore(result.text, result.mapping).text) == [value]
    assert ast.literal_eval(restore(f"'{token}'", result.mapping).text) == value
    assert ast.literal_eval(restore(f'"{token}"', result.mapping).text) == value


def test_decoded_arguments_of_a_tool_call_are_restored_value_by_value(tricky: tuple[str, Mapping]):
    token, mapping = tricky
    call = {"path": "a.py", "edits": [{"old": f'x = "{token}"', token: 1}], "n": 3, "ok": True, "none": None}
    restored = restore_json(call, mapping)
    assert isinstance(restored, dict)
    assert restored["edits"] == [{"old": f"x = {json.dumps(TRICKY)}", TRICKY: 1}]
    assert {key: restored[key] for key in ("path", "n", "ok", "none")} == {
        "path": "a.py",
        "n": 3,
        "ok": True,
        "none": None,
    }


def test_numbers_come_back_only_where_they_stand_alone():
    text = '{"phone": 2025550143}'
    result = redacted(text, *every(text, ["2025550143"], "PHONE"), language="json")
    number = result.text.split(": ")[1].rstrip("}")
    answer = f"call({number}L); x{number} {number}1 1.{number} {number}.5 {number}. ({number})"
    expected = f"call(2025550143L); x{number} {number}1 1.{number} {number}.5 2025550143. (2025550143)"
    assert restore(answer, result.mapping).text == expected
