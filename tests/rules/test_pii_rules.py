"""What the rules of `rules/pii` promise, beyond their own examples."""

from __future__ import annotations

import csv
import io
import json
from functools import lru_cache

import pytest

from tightlip.detect.detector import Document, detect
from tightlip.detect.load import load_rules
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import Ruleset
from tightlip.detect.sample import fill
from tightlip.detect.selftest import check_rules
from tightlip.detect.shipped import rules_directory
from tightlip.finding import Category, Finding, Severity
from tightlip.redact.synthetic import KINDS

RULES = load_rules(sorted((rules_directory() / "pii").glob("*.toml")), rules_directory().parent)


@lru_cache(maxsize=1)
def all_personal() -> Ruleset:
    return Ruleset.build(RULES)


def find(text: str, path: str | None = None) -> list[Finding]:
    return list(detect(Document(text, path), all_personal()).findings)


@pytest.mark.parametrize("file", sorted({rule.source.rpartition(":")[0] for rule in RULES}))
def test_every_example_holds(file):
    rules = [rule for rule in RULES if rule.source.rpartition(":")[0] == file]
    assert [str(failure) for failure in check_rules(rules, all_personal())] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_what_it_finds_and_what_to_do(rule: Rule):
    assert rule.category is Category.PII
    assert rule.entity
    assert rule.entity == rule.entity.upper()
    assert rule.advice.endswith(".")
    assert rule.criteria
    assert all(page.startswith("https://") for page in rule.references)
    assert len(rule.misses) >= 2
    assert rule.synthetic in ("", *KINDS)


def test_only_card_data_is_an_error():
    assert {rule.id for rule in RULES if rule.severity is Severity.ERROR} == {
        "payment-card",
        "payment-card-field",
        "payment-card-track",
        "card-verification-value",
        "payment-security-code",
    }


def test_no_two_rules_take_the_same_field_without_asking_for_a_shape():
    taken: dict[str, str] = {}
    for rule in RULES:
        for field in rule.fields if not rule.value else ():
            assert taken.setdefault(field, rule.id) == rule.id


PERSON = {
    "firstName": "{given}",
    "lastName": "{family}",
    "email": "{email}",
    "mobile_number": "{phone:US}",
    "dateOfBirth": "1984-03-17",
    "SSN": "{ssn}",
    "street_address": "1187 Linden Boulevard",
    "city": "Braunschweig",
    "postal code": "94121",
    "iban": "{iban:DE}",
    "card_number": "{card:51,16}",
    "client-ip": "{ip}",
}


@pytest.fixture(scope="module")
def person() -> dict[str, str]:
    return {name: fill(f"{value}") for name, value in PERSON.items()}


def as_csv(person: dict[str, str]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["id", *person])
    writer.writerow(["7", *person.values()])
    return buffer.getvalue()


def as_sql(person: dict[str, str]) -> str:
    columns = ", ".join(f"`{name}`" for name in person)
    return f"INSERT INTO people ({columns}) VALUES ({', '.join(repr(value) for value in person.values())});\n"


WRITINGS = {
    "people.csv": as_csv,
    "people.sql": as_sql,
    "people.json": lambda person: json.dumps(person, indent=1),
    "min.json": lambda person: json.dumps([person], separators=(",", ":")),
    "people.yaml": lambda person: "".join(f'{name}: "{value}"\n' for name, value in person.items()),
    "bare.yml": lambda person: "".join(f"{name}: {value}\n" for name, value in person.items()),
    "people.py": lambda person: f"PERSON = {person!r}\n",
    "people.md": lambda person: (
        f"| {' | '.join(person)} |\n|{'---|' * len(person)}\n| {' | '.join(person.values())} |\n"
    ),
    "people.xml": lambda person: "".join(
        f"<{(tag := name.replace(' ', '_'))}>{value}</{tag}>\n" for name, value in person.items()
    ),
    "people.rb": lambda person: "".join(f"{name!r} => {value!r},\n" for name, value in person.items()),
}


@pytest.mark.parametrize("path", sorted(WRITINGS))
def test_a_persons_data_is_found_to_the_character_in_every_writing(path, person):
    text = WRITINGS[path](person)
    found = {text[finding.span.start : finding.span.end] for finding in find(text, path)}
    assert {value for value in person.values() if value not in found} == set()


@pytest.mark.parametrize("path", sorted(WRITINGS))
def test_reserved_data_is_not_reported_in_any_writing(path):
    person = {
        "firstName": "Jane",
        "lastName": "Doe",
        "email": "jane.doe@example.com",
        "phone": "(202) 555-0123",
        "dob": "1990-01-01",
        "ssn": "000-12-3456",
        "street_address": "123 Main Street",
        "city": "Anytown",
        "zip": "12345",
        "iban": fill("{reserved:iban}"),
        "card_number": fill("{reserved:payment-card}"),
        "ip": "192.0.2.17",
    }
    loud = [finding.rule for finding in find(WRITINGS[path](person), path) if finding.severity <= Severity.WARNING]
    assert loud == []


@pytest.mark.parametrize(
    "text",
    [
        "class Person:\n    first_name: str\n    last_name: str = ''\n    email: EmailStr\n",
        "email = request.form['email']\nphone = form.phone.data\n",
        "def send(email, phone=None, address='localhost'): ...\n",
        "labels = {'first_name': 'First name', 'last_name': 'Last Name', 'email': 'E-mail', 'city': 'City'}\n",
        "COLUMNS = ['first_name', 'last_name', 'email', 'date_of_birth']\n",
        "id = '550e8400-e29b-41d4-a716-446655440000'; n = 4503599627370496; t = 1732233600000\n",
        "sha = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'\n",
        "version = '10.200.30.4'; requires = ['x==1.120.3.4']; v1.120.3.4\n",
        "x = 0.4111111111111111; y = 3.14159265358979; z = 299792458\n",
        "@app.route('/users/<email>')\n",
        "ALTER TABLE users ADD COLUMN email VARCHAR(255), ADD COLUMN ssn CHAR(11);\n",
        "INSERT INTO users (email, ssn) VALUES (%s, %s)\n",
        "fake.first_name(), fake.email(), fake.ssn()\n",
        '{"name": "left-pad", "version": "1.3.0", "author": "nobody"}\n',
    ],
)
def test_code_without_personal_data_is_silent(text):
    assert [finding.rule for finding in find(text, "x.py")] == []


@pytest.mark.parametrize(
    "text", ["to = 'anna.brandt@test.com'", "full_name = 'John Smith'", "phone = '(212) 555-4477'"]
)
def test_a_usual_placeholder_that_may_be_somebodys_is_an_information(text):
    assert [finding.severity for finding in find(text, "x.yaml")] == [Severity.INFORMATION]
