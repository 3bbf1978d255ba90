"""Names of fields, and the gate that finds them in a text."""

from __future__ import annotations

from collections.abc import Callable

import hyperscan
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.detect.fieldname import (
    FieldLexicon,
    assignment_before,
    field_tokens,
    gate_expressions,
    shortest,
)
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import FIELD, builtin_ruleset
from tightlip.finding import Category, Confidence, Severity


def rule(name: str, *fields: str) -> Rule:
    return Rule(name, name, Category.PII, Severity.WARNING, Confidence.MEDIUM, "X", fields=fields)


EMAIL = rule("email", "email", "email_address", "e_mail")
DOB = rule("dob", "date_of_birth", "dob", "geburtsdatum")
PASSWORD = rule("password", "password", "pwd")
LAST_FOUR = rule("ssn-last-four", "ssn_last4")
SSN = rule("ssn", "ssn")
STREET = rule("street", "straße", "address_line_1")
SHARED = rule("shared", "email")
TEL = rule("tel", "tel")
TOKEN = rule("token", "token")
RULES = [EMAIL, DOB, PASSWORD, LAST_FOUR, SSN, STREET, SHARED, TEL, TOKEN]


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("customerDateOfBirth", ("customer", "date", "of", "birth")),
        ("DATE-OF-BIRTH", ("date", "of", "birth")),
        ("user.email_address", ("user", "email", "address")),
        ("IPAddress", ("ip", "address")),
        ("HTTPServer2", ("http", "server", "2")),
        ("addressLine1", ("address", "line", "1")),
        ("First Name", ("first", "name")),
        ("kundenStraßeNr", ("kunden", "straße", "nr")),
        ("生年月日", ("生年月日",)),
        ("", ()),
        ("__", ()),
    ],
)
def test_a_name_is_split_at_joints_case_and_digits(name, tokens):
    assert field_tokens(name) == tokens


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("customer_email", (EMAIL, SHARED)),
        ("customerEmail", (EMAIL, SHARED)),
        ("EMAIL_ADDRESS_1", (EMAIL,)),
        ("emailaddress", (EMAIL,)),
        ("e-mail", (EMAIL, SHARED)),
        ("DB_PASSWORD_PROD", (PASSWORD,)),
        ("passwordStr", (PASSWORD,)),
        ("dateOfBirth", (DOB,)),
        ("DateofBirth", (DOB,)),
        ("patient.dob", (DOB,)),
        ("ssnLast4", (LAST_FOUR,)),
        ("ssn2", (SSN,)),
        ("STRASSE", ()),
        ("kunden_straße", (STREET,)),
        ("KundenStraße", (STREET,)),
        ("AddressLine1", (STREET,)),
        ("hotel", ()),
        ("password_hash", ()),
        ("accessToken", (TOKEN,)),
        ("public_api_token", (TOKEN,)),
        ("nextPageToken", ()),
        ("publicKeyToken", ()),
        ("X-CSRF-Token", ()),
        ("email_template", ()),
        ("prod", ()),
        ("1", ()),
        ("x" * 10_000, ()),
    ],
)
def test_the_longest_known_end_of_a_name_decides(name, rules):
    lexicon = FieldLexicon(RULES)
    assert lexicon.lookup(name) == rules
    assert lexicon.lookup(name) == rules  # from memory


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("full_name", ("person-name",)),
        ("patientFullName", ("person-name",)),
        ("serviceFullName", ()),
        ("package_full_name", ()),
        ("accountNumber", ("bank-account-number",)),
        ("bankAccountNumber", ("bank-account-number",)),
        ("awsAccountNumber", ()),
    ],
)
def test_a_word_before_a_field_says_that_it_is_a_things(name: str, rules: tuple[str, ...]) -> None:
    assert tuple(rule.id for rule in builtin_ruleset().lexicon.lookup(name)) == rules


@pytest.mark.parametrize("text", ["Email", "e-mail", "Date of birth", "ADDRESS_LINE_1"])
def test_a_text_that_is_a_field_name_is_known_as_one(text):
    assert FieldLexicon(RULES).is_name(text)


@pytest.mark.parametrize("text", ["Emailia", "my email", "", "anna", "x" * 10_000])
def test_any_other_text_is_no_field_name(text):
    assert not FieldLexicon(RULES).is_name(text)


def test_the_memory_of_names_stays_bounded():
    lexicon = FieldLexicon(RULES)
    for number in range(20_000):
        lexicon.lookup(f"name{number}_email")
    assert len(lexicon._memory) <= 4096


@given(st.text(max_size=200))
def test_any_text_is_a_name(name):
    assert all(tokens and tokens == tokens.lower() for tokens in field_tokens(name))
    FieldLexicon(RULES).lookup(name)


def scan(text: str, expressions: list[str]) -> list[int]:
    database = hyperscan.Database()
    database.compile(
        expressions=[expression.encode() for expression in expressions],
        ids=[0] * len(expressions),
        flags=[0] * len(expressions),
    )
    ends: list[int] = []
    data = text.encode()
    database.scan(data, match_event_handler=lambda _id, _start, end, _flags, _context: ends.append(end))
    return [len(data[:end].decode()) for end in ends]


FOUND = [
    'email = "§x@y"',
    "email: '§x'",
    "customerEmail => `§x`",
    '{"email": "§x"}',
    '{"Email" :\n  "§x"}',
    "EMAIL=§x@y",
    "export EMAIL_ADDRESS=§x",
    "  email: §x@y",
    "- email: §x@y",
    'user.email := "§x"',
    'setEmail("§x")',
    'put("email", "§x")',
    'User(email="§x")',
    'row["email"] = "§x"',
    'if email == "§x"',
    "<email>§x@y</email>",
    '<string name="email">§x@y</string>',
    "ssn = §078",
    "{ssn: §078}",
    "?a=1&email=§x",
    "email_2 = '§x'",
    "EMAIL_PROD = '§x'",
    "date of birth: '§x'",
    "userSsn = '§x'",
    "USER_SSN = '§x'",
    'x = ["ssn", "§x"]',
    'email = b"§x"',
]
GENERAL = [
    'email: str = "§x"',
    'const email: string = "§x"',
    'email: str | None = "§x"',
    'email?: string = "§x"',
    "env:\n  - name: EMAIL\n    value: §x@y",
    '{"name": "email", "value": "§x"}',
    '<add key="Email" value="§x"/>',
    "<key>email</key>\n\t<string>§x</string>",
]


@pytest.mark.parametrize("marked", [*FOUND, *GENERAL])
def test_the_gate_reports_the_first_character_of_a_value_and_the_name_is_read_back(marked):
    text, offset = marked.replace("§", ""), marked.index("§")
    reported = scan(text, gate_expressions([*EMAIL.fields, *DOB.fields, *SSN.fields]))
    assert offset + 1 in reported
    assert len({*reported}) <= 2
    assignment = assignment_before(text, offset)
    assert assignment is not None
    lexicon = FieldLexicon(RULES)
    assert any(lexicon.lookup(text[span.start : span.end]) for span in assignment.names)
    assert assignment.value <= offset
    assert text[assignment.value : offset].strip("bB") in ("", '"', "'", "`")


@pytest.mark.parametrize(
    "text",
    [
        "hotel = 'x'",
        "return email",
        "send(email, subject)",
        "email = ''",
        'email = ""',
        "if (email) {",
        "emails = [",
    ],
)
def test_the_gate_is_silent_where_no_value_stands(text):
    assert scan(text, gate_expressions(field for rule in RULES for field in rule.fields)) == []


def test_upper_case_beyond_ascii_is_found():
    expression = gate_expressions([*STREET.fields, "prénom"])
    assert scan("PRÉNOM = 'x'\nprénom: 'x'\nStraße='x'", expression)


@pytest.mark.parametrize(
    "text", ['["ssn",\n  "email",\n  "x"]', '"x"', "x", "a\n\n'x'", "(" * 500 + '"x"', '"' * 500 + "x"]
)
def test_a_value_without_a_name_has_no_assignment(text):
    found = assignment_before(text, text.rindex("x"))
    assert found is None or not any(FieldLexicon(RULES).lookup(text[slice(*name)]) for name in found.names)


@given(st.text(alphabet="ab \n\r\t\"'`:=>(,)]<.-_é值vk", max_size=300), st.integers(0, 300))
def test_reading_back_never_leaves_the_text(text, offset):
    offset = min(offset, len(text))
    found = assignment_before(text, offset)
    if found is not None:
        assert 0 <= found.value <= offset
        assert all(0 <= name.start <= name.end <= offset for name in found.names)


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        (["token", "github_token", "githubtoken"], {"token"}),
        (["api_key", "apikey", "acme_api_key"], {"api_key"}),
        (["pat", "github_pat"], {"pat", "github_pat"}),  # a short name must begin a word, so it is no end
        (["apikey", "acme_api_key"], {"apikey", "acme_api_key"}),  # `acme_api_key` has a joint where `apikey` has none
        (["contraseña", "ñtoken", "token"], {"contraseña", "token"}),
    ],
)
def test_a_field_that_ends_as_another_needs_no_expression(fields: list[str], kept: set[str]) -> None:
    assert set(shortest(fields)) == kept


WRITINGS: list[Callable[[list[str]], str]] = [
    "_".join,
    "-".join,
    ".".join,
    lambda parts: "".join(parts),
    lambda parts: parts[0] + "".join(part.capitalize() for part in parts[1:]),
    lambda parts: "_".join(parts).upper(),
]


def test_every_field_of_the_rules_is_reported_however_it_is_written() -> None:
    ruleset = builtin_ruleset()
    fields = {field for rule in ruleset.rules for field in rule.fields}
    written = {writing(field.split("_")) for field in fields for writing in WRITINGS}
    unseen = [
        name
        for name in written
        if FIELD not in {number for _, number in ruleset.gate.candidates(f'x = 1\n{name} = "value"\n').hits}
    ]
    assert unseen == []
