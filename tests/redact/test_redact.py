"""Redaction of particular texts."""

from __future__ import annotations

import ast
import json
import re

import pytest
import tomli
import yaml

from tests.redact.made import KEY, OTHER_KEY, every, finding, redacted, runs, secret
from tightlip.errors import TightlipError
from tightlip.finding import Category, Confidence, Severity
from tightlip.redact.placeholder import TOKEN, token_for
from tightlip.redact.redact import redact
from tightlip.redact.restore import restore
from tightlip.syntax.language import LANGUAGES

MAIL = "anna.k@corp.example"
PEM = "-----BEGIN " + "PRIVATE KEY-----\nMIIEvQIB\nADANBgkq\n-----END " + "PRIVATE KEY-----"


def test_the_same_value_has_the_same_token_in_every_file_and_language():
    token = token_for(KEY, "EMAIL", MAIL)
    for language, text in [
        ("python", f"m = '{MAIL}'"),
        ("csv", f"1,{MAIL}\n"),
        ("json", f'["{MAIL}"]'),
        ("sql", f"('{MAIL}')"),
    ]:
        assert redacted(text, finding(text, MAIL), language=language).text == text.replace(MAIL, token)
    assert token not in redacted(MAIL, finding(MAIL, MAIL), key=OTHER_KEY).text


def test_two_spellings_in_one_text_both_come_back():
    text = f"{MAIL} {MAIL.upper()} anna.k%40corp.example"
    result = redacted(text, finding(text, MAIL), language="plaintext")
    tokens = result.text.split()
    assert len(set(tokens)) == 3
    assert all(one.startswith(tokens[0]) for one in tokens)
    assert restore(result.text, result.mapping).text == text


# ------------------------------------------------------------------------------------------------------------ numbers


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("json", '{"phone": 2025550143, "x": [1]}', "2025550143"),
        ("json", '{"pin": 12, "lat": -52.5167}', "52.5167"),
        ("python", "phone = 2_025_550_143\n", "2_025_550_143"),
        ("java", "long phone = 2025550143L;", "2025550143"),
        ("sql", "VALUES (1, 2025550143)", "2025550143"),
        ("yaml", "phone: 2025550143\n", "2025550143"),
        ("toml", "phone = 2025550143\n", "2025550143"),
        ("csv", "1,2025550143,x\n", "2025550143"),
    ],
)
def test_an_unquoted_number_stays_a_number(language: str, text: str, number: str):
    result = redacted(text, finding(text, number, "PHONE"), language=language)
    shape = re.sub(r"\d", r"\\d", re.escape(number).replace(r"\_", "_"))
    assert re.fullmatch(re.escape(text).replace(re.escape(number), f"(?!0){shape}"), result.text)
    assert result.text != text
    assert restore(result.text, result.mapping).text == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("json", '{"phone": "2025550143"}'),
        ("python", "x = '2025550143'"),
        ("python", "x = 1  # call 2025550143"),
        ("markdown", "call 2025550143 now"),
        ("csv", '"call 2025550143 now",1\n'),
        ("yaml", "note: call 2025550143 now\n"),
        ("xml", "<a>2025550143</a>"),
        ("shell", "dial --number 2025550143 x\n"),
    ],
)
def test_a_number_inside_text_becomes_a_token(language: str, text: str):
    result = redacted(text, finding(text, "2025550143", "PHONE"), language=language)
    assert result.text == text.replace("2025550143", token_for(KEY, "PHONE", "2025550143"))


def test_a_short_number_of_a_table_becomes_a_token_since_nothing_tells_it_from_others():
    text = "id,cvv\n200,417\n"
    assert redacted(text, finding(text, "417", "CARD_CODE"), language="csv").text.startswith(
        "id,cvv\n200,TL_CARD_CODE_"
    )


def test_a_leading_zero_stays_one():
    text = "phone: 02025550143\n"
    assert re.fullmatch(
        r"phone: 0\d{10}\n", redacted(text, finding(text, "02025550143", "PHONE"), language="yaml").text
    )


def test_the_same_number_is_the_same_number_everywhere():
    text = '{"a": 2025550143, "b": 2025550143}'
    numbers = re.findall(r"\d+", redacted(text, finding(text, "2025550143", "PHONE"), language="json").text)
    assert len(set(numbers)) == 1


# ------------------------------------------------------------------------------------------- values of several lines


def test_a_private_key_in_triple_quotes_leaves_python_that_compiles():
    text = f'KEY = """{PEM}\n"""\nother = 1\n'
    result = redacted(text, secret(text, PEM, "PRIVATE_KEY"))
    assert result.text == f'KEY = """{token_for(KEY, "PRIVATE_KEY", PEM)}\n"""\nother = 1\n'
    ast.parse(result.text)
    assert restore(result.text, result.mapping).text == text


def test_a_private_key_in_a_block_scalar_leaves_yaml_that_parses():
    indented = PEM.replace("\n", "\n    ")
    text = f"a:\n  key: |\n    {indented}\n  other: 1\n"
    result = redacted(text, secret(text, indented, "PRIVATE_KEY"), language="yaml")
    parsed = yaml.safe_load(result.text)
    assert TOKEN.fullmatch(parsed["a"]["key"].strip())
    assert parsed["a"]["other"] == 1
    assert restore(result.text, result.mapping).text == text


def test_a_pem_file_keeps_what_is_no_key():
    text = f"# of the server\n{PEM}\n-----BEGIN " + "CERTIFICATE-----\nMIIB\n"
    result = redacted(text, secret(text, PEM, "PRIVATE_KEY"), language="plaintext")
    assert re.fullmatch(r"# of the server\nTL_PRIVATE_KEY_\w{6}\n-----BEGIN CERTIFICATE-----\nMIIB\n", result.text)


def test_a_private_key_joined_from_literals_leaves_one_literal():
    lines = PEM.split("\n")
    joined = '\\n"\n      + "'.join(lines)
    text = f'String k = "{joined}\\n";\nint x = 1;\n'
    result = redacted(text, secret(text, joined, "PRIVATE_KEY"), language="java")
    assert re.fullmatch(r'String k = "TL_PRIVATE_KEY_\w{6}\\n";\nint x = 1;\n', result.text)
    assert restore(result.text, result.mapping).text == text


def test_a_private_key_in_a_json_string_leaves_json_that_parses():
    text = json.dumps({"private_key": PEM, "x": 1})
    inside = json.dumps(PEM)[1:-1]
    result = redacted(text, secret(text, inside, "PRIVATE_KEY"), language="json")
    assert TOKEN.fullmatch(json.loads(result.text)["private_key"])
    assert restore(result.text, result.mapping).text == text


# ------------------------------------------------------------------------------------------- quotes, escapes, spans


@pytest.mark.parametrize(
    ("language", "text", "part"),
    [
        ("python", "x = 'ab\\'cd1234'", "'cd1234"),
        ("python", "x = '\\u00e9ab1234'", "e9ab1234"),
        ("python", "x = 'ab1234\\\\'", "ab1234\\"),
        ("json", '["ab1234\\"z"]', "ab1234\\"),
        ("json", '["\\ud83d\\udd11ab1234"]', "d11ab1234"),
        ("python", "x = 'ab\\\n1234'", "ab\\"),
    ],
)
def test_an_escape_is_never_cut_in_two(language: str, text: str, part: str):
    result = redacted(text, secret(text, part), language=language)
    (json.loads if language == "json" else ast.parse)(result.text)
    assert restore(result.text, result.mapping).text == text


def test_a_backslash_before_the_closing_quote_of_a_raw_literal_is_left_alone():
    text = "path = 'C:\\secret\\'\nx = 1\n"
    result = redacted(text, secret(text, "C:\\secret\\"), language="toml")
    assert set(tomli.loads(result.text)) == {"path", "x"}


def test_a_bare_toml_date_gets_quotes_and_loses_them_again():
    text = "born = 1990-02-03\nat = 1990-02-03T04:05:06Z\nsaid = '1990-02-03'\n"
    result = redacted(text, *every(text, ["1990-02-03"], "BIRTH_DATE"), language="toml")
    parsed = tomli.loads(result.text)
    assert all(TOKEN.fullmatch(value) for value in parsed.values())
    assert restore(result.text, result.mapping).text == text


def test_a_string_in_the_wrong_quotes_for_json_gets_no_second_pair():
    text = "{a: 'abc123456'}"
    assert re.fullmatch(r"\{a: 'TL_API_KEY_\w{6}'\}", redacted(text, secret(text, "abc123456"), language="jsonc").text)


def test_a_value_right_behind_a_token_is_not_taken_for_its_end():
    text = "TL_EMAIL_7F3K2Q666789 TL_EMAIL666789TL_EMAIL_7F3K2Q"
    result = redacted(text, *every(text, ["666789"], "PIN"), language="plaintext")
    assert "666789" not in result.text
    assert result.text.startswith("TL_EMAIL_7F3K2QTL_PIN_")
    assert restore(result.text, result.mapping).text == text


def test_quotes_in_the_span_are_put_back_around_the_token():
    text = '{"a": "pass" , "b": 2}'
    result = redacted(text, secret(text, '"pass"'), language="json")
    assert TOKEN.fullmatch(json.loads(result.text)["a"])
    assert restore(result.text, result.mapping).text == text


def test_an_entity_of_markup_is_never_cut_in_two():
    text = "<a>x&amp;y12345</a>"
    result = redacted(text, secret(text, "amp;y12345"), language="xml")
    assert re.fullmatch(r"<a>xTL_API_KEY_\w{6}</a>", result.text)


def test_white_space_at_the_ends_of_a_span_stays():
    text = "a:  abc123 \n"
    assert re.fullmatch(r"a:  TL_API_KEY_\w+ \n", redacted(text, secret(text, "  abc123 "), language="yaml").text)


def test_text_that_would_read_as_a_longer_token_goes_with_the_value():
    text = "(abc123ZZ)"
    result = redacted(text, secret(text, "abc123"), language="plaintext")
    assert re.fullmatch(r"\(TL_API_KEY_\w{6}\)", result.text)
    assert restore(result.text, result.mapping).text == text


# ---------------------------------------------------------------------------------------------------------- merging


def test_the_gravest_finding_names_a_merged_value():
    text = "x = 'user:pass12345@host'"
    whole = finding(text, "user:pass12345@host", "URL", severity=Severity.WARNING)
    part = finding(text, "pass12345", "PASSWORD", severity=Severity.ERROR)
    assert re.fullmatch(r"x = 'TL_PASSWORD_\w{6}'", redacted(text, whole, part).text)
    surer = finding(text, "pass12345", "PASSWORD", severity=Severity.WARNING, confidence=Confidence.HIGH)
    less = finding(text, "user:pass12345@host", "URL", severity=Severity.WARNING, confidence=Confidence.LOW)
    assert re.fullmatch(r"x = 'TL_PASSWORD_\w{6}'", redacted(text, less, surer).text)
    assert re.fullmatch(r"x = 'TL_URL_\w{6}'", redacted(text, whole, surer).text)


def test_edits_name_the_rule_they_answer():
    text = f"{MAIL} 1 {MAIL}"
    result = redacted(text, finding(text, MAIL, rule="email-address"), language="plaintext")
    assert [(edit.span.start, edit.rule) for edit in result.edits] == [(0, "email-address"), (22, "email-address")]


def test_nothing_of_a_value_shows_in_repr():
    text = f"x = '{MAIL}'"
    result = redacted(text, finding(text, MAIL))
    assert not any(run in repr(result) for run in runs(MAIL))


# ---------------------------------------------------------------------------------------------------------- session


def test_a_session_knows_what_an_earlier_text_held():
    first = redacted(f"mail = '{MAIL}'", finding(f"mail = '{MAIL}'", MAIL))
    prompt = redact(f"why does {MAIL} fail?", [], KEY, LANGUAGES["markdown"], first.mapping)
    assert prompt.text == f"why does {token_for(KEY, 'EMAIL', MAIL)} fail?"
    assert restore(prompt.text, prompt.mapping).text == f"why does {MAIL} fail?"


def test_a_value_known_under_one_type_keeps_it():
    first = redacted(f"mail = '{MAIL}'", finding(f"mail = '{MAIL}'", MAIL))
    text = f"login = '{MAIL}'"
    again = redact(text, [finding(text, MAIL, "USERNAME")], KEY, LANGUAGES["python"], first.mapping)
    assert again.text == f"login = '{token_for(KEY, 'EMAIL', MAIL)}'"


def test_an_empty_text_and_no_findings_change_nothing():
    for text in ("", "\x00\r\n\u2028", "plain"):
        result = redacted(text)
        assert (result.text, result.edits, len(result.mapping)) == (text, (), 0)


def test_ten_thousand_findings_in_one_line_come_back():
    text = " ".join(f"user{number}@corp.example" for number in range(10_000))
    result = redacted(text, *every(text, [])[:0], *_each(text), language="json")
    assert "corp" not in result.text
    assert restore(result.text, result.mapping).text == text


def _each(text: str) -> list:
    return [finding(text, match[0], at=match.start()) for match in re.finditer(r"\S+", text)]


@pytest.mark.parametrize("category", list(Category))
def test_every_category_is_redacted(category: Category):
    text = "x = 'abc123456'"
    assert "abc123" not in redacted(text, finding(text, "abc123456", "THING", category)).text


def test_a_finding_that_does_not_fit_the_text_is_an_error_without_the_value():
    text = f"x = '{MAIL}'"
    found = finding(text, MAIL)
    with pytest.raises(TightlipError, match="check it again") as caught:
        redact(f" {text}", [found], KEY, LANGUAGES["python"])
    assert "corp" not in str(caught.value)
