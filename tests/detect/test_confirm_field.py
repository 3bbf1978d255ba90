"""Values behind labels, in queries and between other fields."""

from __future__ import annotations

import pytest

from tightlip.detect.detector import Document, detect
from tightlip.detect.ruleset import builtin_ruleset


def found(text: str, path: str = "prompt.txt") -> list[tuple[str | None, str]]:
    findings = detect(Document(text, path), builtin_ruleset()).findings
    return [(one.entity, text[one.span.start : one.span.end]) for one in findings]


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("why?\nFull name: Jonna Kowalski\nstatus: closed", "PERSON", "Jonna Kowalski"),
        ("the full name: Jonna Kowalski is refused", "PERSON", "Jonna Kowalski"),
        ("- full name: Kowalski, Jonna\n", "PERSON", "Kowalski, Jonna"),
        ("full name: Jonna Kowalski, age: 41", "PERSON", "Jonna Kowalski"),
        ("surname: O'Halloran", "PERSON", "O'Halloran"),
        ("diagnosis: Type 2 diabetes; since 2019", "HEALTH", "Type 2 diabetes"),
        ("street: Lange Reihe 12, 20099 Hamburg. Thanks", "STREET_ADDRESS", "Lange Reihe 12, 20099 Hamburg"),
        ("- political party: Les Jonquilles", "POLITICAL_OPINION", "Les Jonquilles"),
        ("- phone: (201) 892-5538", "PHONE_NUMBER", "(201) 892-5538"),
        ("**Full name:** Jonna Kowalski\n", "PERSON", "Jonna Kowalski"),
        ("- **Full name**: Jonna Kowalski\n", "PERSON", "Jonna Kowalski"),
        ("__Full name:__ Jonna Kowalski\n", "PERSON", "Jonna Kowalski"),
    ],
)
def test_a_value_of_several_words_behind_a_label_is_whole(text: str, entity: str, value: str):
    assert (entity, value) in found(text, "notes.md")
    assert (entity, value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "**Diagnosis:** the pool is exhausted",
        "- Diagnose: die pools sind leer",
        "Diagnosis: Connections of the pool are never given back by it",
        "- **City:** required",
        "Address: to be defined",
        "full name: the name of the file",
    ],
)
def test_an_explanation_behind_a_label_is_nobodys(text: str):
    assert found(text, "notes.md") == []


def test_a_value_of_a_query_is_read_as_the_server_reads_it():
    assert found("https://api.acme.io/p?full_name=Jonna+Kowalski&page=2") == [("PERSON", "Jonna+Kowalski")]
    assert found("https://api.acme.io/p?full_name=Jonna%20Kowalski&page=2") == [("PERSON", "Jonna%20Kowalski")]
    assert found("https://api.acme.io/p?phone=%2B1%20212-555-0123&mail=ops%40example.org") == []


def test_a_national_insurance_number_is_no_health_insurers():
    assert found("national_insurance_number = QQ123456C\nhealth_insurance_number = QQ123456C", "a.ini") == [
        ("HEALTH_INSURANCE", "QQ123456C")
    ]
