"""How redaction has failed elsewhere, one test for each: what other tools' users reported must not happen here."""

from __future__ import annotations

import ast
import base64
import inspect
import json
import pkgutil
import re
import unicodedata
from pathlib import Path

import pytest

import tightlip.redact
from tests.redact.made import KEY, OTHER_KEY, every, finding, redacted, runs, secret
from tightlip.errors import TightlipError
from tightlip.finding import Category, Finding, Severity, Span
from tightlip.redact.key import SIZE, ephemeral_key
from tightlip.redact.placeholder import TOKEN, number_for, token_for
from tightlip.redact.redact import redact
from tightlip.redact.restore import restore, restore_json
from tightlip.redact.synthetic import KINDS, synthetic
from tightlip.syntax.language import LANGUAGES

MAIL = "anna.k@corp.example"
PHONE = "2025550143"


@pytest.mark.parametrize("before", ["🔑", "👩‍👩‍👧‍👦🇨🇭", "é漢\u2028", "\U00010000" * 50])
def test_utf16_offsets_leak_the_last_letter(before: str):
    text = f"{before} {MAIL} {before} {MAIL} end"
    result = redacted(text, *every(text, [MAIL]), language="plaintext")
    token = token_for(KEY, "EMAIL", MAIL)
    assert result.text == f"{before} {token} {before} {token} end"


def test_nfc_normalisation_shifts_offsets():
    name = "Zoe\u0308 Sample"
    text = f"Ame\u0301lie, {name}, {unicodedata.normalize('NFC', name)}!"
    result = redacted(text, finding(text, name, "PERSON"), language="plaintext")
    assert result.text.startswith("Ame\u0301lie, TL_PERSON_")
    assert result.text.endswith("!")
    later = unicodedata.normalize("NFC", name)
    assert token_for(KEY, "PERSON", name) == token_for(KEY, "PERSON", later)
    both = redacted(text, finding(text, name, "PERSON"), finding(text, later, "PERSON"), language="plaintext")
    assert "Sample" not in both.text
    assert restore(both.text, both.mapping).text == text


def test_the_length_of_a_placeholder_shifts_later_offsets():
    values = ["ab@c.example", "someone-with-a-long-name@corp.example", "x@y.example"]
    text = " | ".join(values * 3)
    result = redacted(text, *every(text, values), language="plaintext")
    assert re.fullmatch(r"TL_EMAIL_\w{6}(?: \| TL_EMAIL_\w{6}){8}", result.text)


def test_search_by_text_replaces_the_wrong_occurrence():
    text = "pin1234 = f(xpin1234x)  # pin1234\nkey = 'pin1234'\n"
    result = redacted(text, secret(text, "pin1234", at=text.index("'pin1234'") + 1))
    assert "f(xpin1234x)" in result.text
    ast.parse(result.text)


@pytest.mark.parametrize("value", ["$&$1$`$'pass", r"\1\g<0>\npass", "%s{0}pass{}"])
def test_a_value_with_dollars_and_backslashes_is_expanded(value: str):
    text = f"secret is {value} here"
    result = redacted(text, secret(text, value), language="markdown")
    assert restore(result.text, result.mapping).text == text


def test_the_first_placeholder_is_a_prefix_of_the_tenth():
    values = [f"user{number}@corp.example" for number in range(300)]
    text = " ".join(values)
    result = redacted(text, *every(text, values), language="plaintext")
    assert restore(result.text, result.mapping).text == text
    assert len(set(result.text.split())) == 300


def test_values_that_look_like_placeholders_are_restored_again():
    first = redacted(f"x = '{MAIL}'", finding(f"x = '{MAIL}'", MAIL))
    token = first.text[5:-1]
    # a value that holds another value's token: what is put in is not looked at again
    text = f"note: pass-{token}-word"
    second = redact(text, [secret(text, "pass-"), secret(text, "-word")], KEY, LANGUAGES["markdown"], first.mapping)
    assert token in second.text
    assert restore(second.text, second.mapping).text == f"note: pass-{MAIL}-word"


def test_a_contained_span_first_leaves_the_rest_visible():
    text = f"mail = 'mailto:{MAIL}?subject=x'"
    whole = f"mailto:{MAIL}?subject=x"
    spans = [
        finding(text, MAIL),
        finding(text, whole, "URL", severity=Severity.HINT),
        finding(text, "k@corp", "USERNAME"),
    ]
    for order in (spans, spans[::-1]):
        result = redacted(text, *order)
        assert re.fullmatch(r"mail = 'TL_\w+'", result.text)
        assert not any(run in result.text for run in runs(whole))


def test_overlapping_and_touching_spans_leave_a_piece_between_them():
    text = "token = 'abcdefghij0123456789'"
    parts = [("abcdefgh", 9), ("efghij01", 13), ("23456789", 21)]
    result = redacted(text, *(finding(text, part, at=at) for part, at in parts))
    assert re.fullmatch(r"token = 'TL_EMAIL_\w{6}'", result.text)


@pytest.mark.parametrize(
    "token",
    [
        "2025550143ab4c4d8e9f001122334455",
        "e3b2025550143c44",
        "12345678-2025-5501-4300-2025550143aa",
        "20255501-2025-5501-9143-202555014300",
        "QUJD2025550143REVG",
        "build_2025550143_x",
        "v2025550143",
    ],
)
def test_a_value_inside_a_uuid_a_hash_or_base64_breaks_it(token: str):
    text = f"phone: '{PHONE}'\nid: {token}\n"
    result = redacted(text, finding(text, PHONE, "PHONE"), language="yaml")
    assert result.text.endswith(f"id: {token}\n")


def test_a_uuid_that_holds_a_known_group_is_kept():
    text = "id: 123456789012\nuuid: 0f8fad5b-d9cb-469f-a165-123456789012\n"
    result = redacted(text, finding(text, "123456789012", "ACCOUNT"), language="yaml")
    assert "0f8fad5b-d9cb-469f-a165-123456789012" in result.text


def test_own_output_is_redacted_again():
    text = f"a = '{MAIL}'\nb = {PHONE}\n"
    once = redacted(text, finding(text, MAIL), finding(text, PHONE, "PHONE"))
    tokens = [*TOKEN.findall(once.text), re.search(r"b = (\d+)", once.text)[1]]
    again = [finding(once.text, token, "PASSWORD", Category.SECRET) for token in tokens]
    assert redact(once.text, again, KEY, LANGUAGES["python"], once.mapping).text == once.text
    # tokens of somebody else's session, or of an unknown key, are tokens too
    foreign = redacted(text, finding(text, MAIL), key=OTHER_KEY)
    found = [finding(foreign.text, token, "PASSWORD", Category.SECRET) for token in TOKEN.findall(foreign.text)]
    assert redacted(foreign.text, *found).text == foreign.text


def test_a_value_beside_a_token_is_taken_for_the_token():
    text = "auth: 'Bearer TL_JWT_7F3K2Q and rest12345'\n"
    result = redacted(text, secret(text, "Bearer TL_JWT_7F3K2Q and rest12345"), language="yaml")
    assert "TL_JWT_7F3K2Q" in result.text
    assert "rest" not in result.text
    assert restore(result.text, result.mapping).text == text


def test_the_model_reorders_and_rewrites_tokens():
    text = f"{MAIL}, bob@corp.example"
    result = redacted(text, *every(text, [MAIL, "bob@corp.example"]), language="plaintext")
    anna, bob = result.text.split(", ")
    answer = (
        f"First `{bob.lower()}`, then **{anna.replace('_', chr(92) + '_')}**, then {anna[:-3]}\n{anna[-3:]}; {bob}."
    )
    expected = f"First `bob@corp.example`, then **{MAIL}**, then {MAIL}; bob@corp.example."
    assert restore(answer, result.mapping).text == expected


def test_arguments_of_tool_calls_are_never_restored():
    value = 'p"a\\ss1234'
    text = f"x = {json.dumps(value)}"
    result = redacted(text, secret(text, json.dumps(value)[1:-1]))
    call = {"name": "Edit", "input": {"new_string": result.text, "all": [result.text]}}
    restored = restore_json(call, result.mapping)
    assert restored == {"name": "Edit", "input": {"new_string": text, "all": [text]}}
    # and in the JSON text of the call, at the level of the text
    assert json.loads(restore(json.dumps({"q": TOKEN.search(result.text)[0]}), result.mapping).text) == {"q": value}


@pytest.mark.parametrize(
    "span",
    [Span(0, 5), Span(-1, 4), Span(5, 500), Span(20, 10)],
)
def test_redaction_fails_open_on_an_error(span: Span):
    text = f"x = '{MAIL}'"
    stale = Finding("r", "t", Category.PII, span, Severity.ERROR, finding(text, MAIL).confidence, MAIL, "EMAIL")
    with pytest.raises(TightlipError) as caught:
        redacted(text, finding(text, MAIL), stale)
    assert not any(run in str(caught.value) for run in runs(MAIL))


def test_tokens_leak_from_one_session_into_another():
    text = f"x = '{MAIL}'"
    mine = redacted(text, finding(text, MAIL))
    other = redacted("y = 'bob@corp.example'", finding("y = 'bob@corp.example'", "bob@corp.example"), key=OTHER_KEY)
    assert restore(mine.text, other.mapping).text == mine.text
    assert restore(mine.text, other.mapping).unknown == (TOKEN.search(mine.text)[0],)
    # redaction changes no mapping it was given, and keeps none
    before = len(mine.mapping)
    redact(
        "z = 'c@corp.example'",
        [finding("z = 'c@corp.example'", "c@corp.example")],
        KEY,
        LANGUAGES["python"],
        mine.mapping,
    )
    assert len(mine.mapping) == before
    assert redact(f"w = '{MAIL}'", [], KEY, LANGUAGES["python"]).text == f"w = '{MAIL}'"


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(
    "value", ["", " ", "0", "a", MAIL, "+1 202 555 0143", "1985-03-12", "192.0.2.1", "987-65-4320"]
)
def test_an_empty_fake_or_one_that_equals_its_input(kind: str, value: str):
    new = synthetic(kind, value, KEY, None, ())
    assert new is None or (new.strip() and new.casefold() != value.casefold())
    assert number_for(KEY, "X", "5") != "5"


def test_a_weak_generator_or_a_short_salt_makes_fakes_invertible():
    assert SIZE == len(ephemeral_key().secret) == 32
    package = Path(tightlip.redact.__file__).parent
    for module in pkgutil.iter_modules([str(package)]):
        source = (package / f"{module.name}.py").read_text("utf-8")
        assert not re.search(
            r"^\s*(?:import random|from random|import uuid)|\bmd5\b|\bsha1\b|\bhash\(", source, re.MULTILINE
        )
    # every token, number and stand-in goes through HMAC-SHA256 with the whole key
    assert "sha256" in inspect.getsource(token_for.__globals__["_mac"])
    nearly = bytes([*KEY[:-1], KEY[-1] ^ 1])
    assert token_for(nearly, "EMAIL", MAIL) != token_for(KEY, "EMAIL", MAIL)
    assert number_for(nearly, "PHONE", PHONE) != number_for(KEY, "PHONE", PHONE)
    assert synthetic("email", MAIL, nearly, None, ()) != synthetic("email", MAIL, KEY, None, ())


def test_the_tool_s_own_documentation_and_fixtures_are_changed():
    text = "Tokens look like `TL_EMAIL_7F3K2Q`, `TL_<TYPE>_<body>` or `TL_AWS_KEY_9M4R6T`; rules say {base62:36}.\n"
    found = [finding(text, token, "SECRET", Category.SECRET) for token in ("TL_EMAIL_7F3K2Q", "TL_AWS_KEY_9M4R6T")]
    assert redacted(text, *found, language="markdown").text == text
    known = redacted(f"x = '{MAIL}'", finding(f"x = '{MAIL}'", MAIL)).mapping
    assert restore(text, known).text == text


@pytest.mark.parametrize("digits", ["２０２５５５０１４３", "202\u200b555\u200b0143", "٢٠٢٥٥٥٠١٤٣", "202\u00ad5550143"])
def test_look_alike_and_zero_width_digits_pass_as_other_values(digits: str):
    assert token_for(KEY, "PHONE", digits) == token_for(KEY, "PHONE", PHONE)
    text = f"a {PHONE} b {digits} c"
    result = redacted(text, finding(text, PHONE, "PHONE"), finding(text, digits, "PHONE"), language="plaintext")
    assert digits not in result.text
    assert restore(result.text, result.mapping).text == text


def test_a_zero_width_character_hides_a_known_value():
    text = f"a {PHONE} b 202\u200b5550143 c"
    assert "5550143" not in redacted(text, finding(text, PHONE, "PHONE"), language="plaintext").text


def test_an_encoded_copy_survives():
    text = f"password: Sekrit-0123456\ndata: {base64.b64encode(b'Sekrit-0123456').decode()}\nurl: ?p=Sekrit%2D0123456\n"
    result = redacted(text, secret(text, "Sekrit-0123456"), language="yaml")
    assert base64.b64encode(b"Sekrit-01").decode() not in result.text


def test_emoji_make_the_redacted_json_invalid():
    text = json.dumps({"a": "🔑🔑", "mail": MAIL, "b": "🔑"}, ensure_ascii=False)
    parsed = json.loads(redacted(text, finding(text, MAIL), language="json").text)
    assert parsed == {"a": "🔑🔑", "mail": token_for(KEY, "EMAIL", MAIL), "b": "🔑"}
