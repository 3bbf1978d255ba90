"""The backstop: a known value that the detector missed elsewhere."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from tests.redact.made import KEY, finding, redacted, secret
from tightlip.redact.redact import redact
from tightlip.redact.restore import restore
from tightlip.syntax.language import LANGUAGES

MAIL = "anna.k+x@corp.example"
KEY_TEXT = "Sekrit" + "-0123/4567+89"


def also(text: str, value: str, *, hidden: bool = False, language: str = "plaintext") -> str:
    """The text redacted when only the first occurrence of a value was found."""
    result = redacted(text, secret(text, value) if hidden else finding(text, value), language=language)
    assert restore(result.text, result.mapping).text == text
    return result.text


@pytest.mark.parametrize(
    "form",
    [
        MAIL,
        quote(MAIL, safe=""),
        quote(MAIL, safe="").lower(),
        quote(MAIL, safe="@"),
        MAIL.upper(),
        MAIL.title(),
        base64.b64encode(MAIL.encode()).decode(),
        base64.b64encode(f"{MAIL}\n".encode()).decode(),
        base64.urlsafe_b64encode(f"{MAIL}:more".encode()).decode(),
    ],
)
def test_a_value_goes_in_every_way_it_is_written(form: str):
    text = also(f"To: {MAIL}\nsee https://x.example/?q={form} or ({form}).\n", MAIL)
    assert form not in text
    assert text.count("TL_EMAIL_") == 3
    assert text.startswith("To: TL_EMAIL_")


def test_a_secret_with_quotes_goes_json_escaped_too():
    value = 'pa"ss\\word\té'
    text = also(f"It is {value}\n{json.dumps(value)}\n{json.dumps(value, ensure_ascii=False)}\n", value, hidden=True)
    assert "ss" not in text
    assert text.count("TL_API_KEY_") == 3


def test_a_secret_found_json_escaped_goes_raw_too():
    value = 'pa"ss\\word'
    text = f'{{"password": {json.dumps(value)}, "b": 1}}'
    result = redacted(text, secret(text, json.dumps(value)[1:-1]), language="json")
    known = redact(f"PASSWORD={value}\n", [], KEY, LANGUAGES["dotenv"], result.mapping)
    assert value not in known.text
    assert restore(known.text, known.mapping).text == f"PASSWORD={value}\n"


@pytest.mark.parametrize("word", ["xanna12", "anna12x", "anna12_2", "_anna12", "0anna120", "éanna12"])
def test_a_part_of_a_longer_word_is_another_value(word: str):
    text = also(f"anna12 {word} anna12.\n", "anna12")
    assert word in text
    assert text.count("TL_") == 2


def test_a_whole_secret_goes_even_inside_a_word():
    text = also(f"{KEY_TEXT} old_{KEY_TEXT}_copy", KEY_TEXT, hidden=True)
    assert KEY_TEXT not in text
    assert "_copy" in text


def test_of_two_values_the_longer_is_taken():
    text = "anna12 and anna12.smith and anna12.smith and anna12"
    result = redacted(text, finding(text, "anna12"), finding(text, "anna12.smith"), language="plaintext")
    assert "smith" not in result.text
    assert result.text.split(" and ")[0] == result.text.split(" and ")[3]
    assert result.text.split(" and ")[1] == result.text.split(" and ")[2]


def test_five_characters_are_too_few_to_look_for():
    assert also("ab-12 ab-12", "ab-12").endswith(" ab-12")


@pytest.mark.parametrize(
    ("language", "text", "left"),
    [
        ("python", "password = 'password'\ncheck(password)  # password\n", "password = '{}'\ncheck(password)  # {}\n"),
        ("json", '{"surname": "surname", "x": "surname"}', '{"surname": "{}", "x": "{}"}'),
        ("yaml", "surname: surname\nx: surname\n", "surname: {}\nx: {}\n"),
        ("csv", "id,surname\n1,surname\n", "id,surname\n1,{}\n"),
        ("xml", "<surname>surname</surname>", "<surname>{}</surname>"),
        ("sql", "INSERT INTO t (surname) VALUES ('surname')", "INSERT INTO t (surname) VALUES ('{}')"),
        ("javascript", "const surname = 'surname'; return surname;", "const surname = '{}'; return surname;"),
    ],
)
def test_a_word_that_is_also_a_name_stays_where_it_is_a_name(language: str, text: str, left: str):
    word = "password" if "password" in text else "surname"
    at = {"python": "'", "sql": "'", "javascript": "'", "json": ' "', "yaml": ": ", "csv": "1,", "xml": ">"}[language]
    result = redacted(text, finding(text, word, "WORD", at=text.index(f"{at}{word}") + len(at)), language=language)
    token = next(result.mapping.entries()).token
    assert result.text == left.replace("{}", token)


def test_a_value_with_invisible_characters_inside_is_seen():
    text = also(f"{MAIL} anna.k+x\u200b@corp.ex\u00adample", MAIL)
    assert "corp" not in text


def test_letters_of_scripts_without_spaces_are_no_part_of_a_word():
    assert "corp" not in also(f"{MAIL} 写给{MAIL}的信", MAIL)
