"""A column is judged at once, and every value of it as if it stood alone."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.people import FILES, NAMED, people
from tightlip.detect.detector import Document, detect
from tightlip.detect.judge import verdicts_by
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.detect.sample import fill
from tightlip.finding import Category

RULES = builtin_ruleset()
COLUMNS = (
    "email phone first_name last_name full_name street city postal_code date_of_birth ssn iban card_number ip_address mac_address"
    " passport_number tax_id national_id npi vin medicare_number nhs_number account_number"
).split()
STRANGE = (
    "", " ", "N/A", "${EMAIL}", "jane@example.com", "data.smith@acme-prod.com", "202-555-0123", "1990-01-01", "get_name()", "a\nb",
    " padded@acme-prod.com ", "\tAnna ", "John Smith", "phone", "E-Mail", "settings[KEY]", "args.name", "TL_EMAIL_ABC123", "xxx",
    "11.11.1111", "111111111", "\u00a0Anna", "Stra\u00dfe 5", "4242 4242 4242 4242", "+44 (0)1632 960123", "{{ x }}", "(030) 123456",
)  # fmt: skip
TEMPLATES = ("{email}", "{phone:+DE}", "{phone:US}", "{ssn}", "{iban:DE}", "{card:4,16}", "{ip}", "{vin}", "{npi}")


@pytest.mark.parametrize("name", COLUMNS)
def test_many_values_get_the_verdicts_each_gets(name: str) -> None:
    rules = tuple(rule for rule in RULES.lexicon.lookup(name) if rule.category is Category.PII and not rule.keywords)
    assert rules
    rng = random.Random(name)
    values = [*STRANGE, *(fill(template) for template in TEMPLATES for _ in range(5))]
    values += [f"{rng.choice(('Anna', 'Berlin', '1', '19'))}{rng.randrange(10**6)}" for _ in range(20)]
    rng.shuffle(values)
    RULES.judged.by_rules.clear()
    together = verdicts_by(RULES, rules).of(values)
    RULES.judged.by_rules.clear()
    alone = verdicts_by(RULES, rules)
    assert together == [alone[value] for value in values]


@given(st.lists(st.one_of(st.sampled_from(STRANGE), st.text(max_size=12)), min_size=9, max_size=30))
def test_so_do_values_of_any_characters(values: list[str]) -> None:
    rules = RULES.lexicon.lookup("phone")
    RULES.judged.by_rules.clear()
    together = verdicts_by(RULES, rules).of(values)
    RULES.judged.by_rules.clear()
    alone = verdicts_by(RULES, rules)
    assert together == [alone[value] for value in values]


def test_a_second_look_finds_what_the_first_found() -> None:
    rows = people(120)
    rng = random.Random(3)
    for row in rows:
        row["phone"] = (
            fill(rng.choice(("{phone:+DE}", "{phone:+US}", "{phone:US}")))
            if rng.random() < 0.8
            else rng.choice(STRANGE[2:9])
        )
        if rng.random() < 0.2:
            row[rng.choice(NAMED)] = fill(rng.choice(TEMPLATES))
    document = Document(FILES["users.csv"](rows), "users.csv")
    RULES.judged.by_rules.clear()
    RULES.judged.contests.clear()
    RULES.judged.winners.clear()
    first = detect(document, RULES)
    again = detect(document, RULES)
    assert tuple(first.findings) == tuple(again.findings)
    assert {one.rule for one in first.findings if one.entity == "PHONE_NUMBER"} == {
        "phone-number",
        "phone-number-international",
    }
