from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detect.people import FILES, NAMED, people
from tightlip.detect.detector import Document, detect
from tightlip.detect.realistic import Realistic, column_name, realistic
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.detect.sample import fill
from tightlip.finding import Category, Confidence, Finding, Severity, Span

TOKEN = fill("ghp_{crc32-base62:30}")


def look(text: str, path: str) -> tuple[tuple[Finding, ...], Realistic | None]:
    findings = detect(Document(text, path), builtin_ruleset()).findings
    return findings, realistic(findings, text, path)


@pytest.mark.parametrize("path", FILES)
def test_rows_of_people_are_one_table_in_every_syntax(path: str) -> None:
    findings, table = look(FILES[path](people(60)), path)
    assert table is not None
    assert table.rows == 60
    assert [column.name for column in table.columns] == list(NAMED)
    assert [column.values for column in table.columns] == [60] * len(NAMED)
    assert table.values == len(findings) == 60 * len(NAMED)
    assert table.rest(findings) == ()
    assert table.title == "Realistic personal data: 60 rows × 8 columns"


@pytest.mark.parametrize("folder", ["", "docs/", "examples/"])
@pytest.mark.parametrize("name", ["users.py", "users.md", "users.csv"])
def test_a_table_of_people_who_are_likely_real_is_a_warning_wherever_it_lies(folder: str, name: str) -> None:
    table = look(FILES[name](people(60)), folder + name)[1]
    assert table is not None
    assert table.confidence > Confidence.LOW
    assert table.severity is Severity.WARNING


@pytest.mark.parametrize("path", FILES)
def test_twenty_rows_are_told_value_by_value(path: str) -> None:
    assert look(FILES[path](people(20)), path)[1] is None
    assert look(FILES[path](people(21)), path)[1] is not None


def test_the_same_row_many_times_is_one_row() -> None:
    assert look(FILES["users.csv"](people(1) * 100), "users.csv")[1] is None


def test_two_kinds_of_personal_data_are_no_table() -> None:
    rows = [{key: row[key] for key in ("id", "email", "phone")} for row in people(60)]
    assert look(FILES["users.csv"](rows), "users.csv")[1] is None


def test_reserved_values_are_no_rows() -> None:
    rows = [
        {"first_name": "Test", "last_name": "User", "email": f"user{i}@example.com", "phone": f"202-555-01{i:02}"}
        for i in range(60)
    ]
    assert look(FILES["users.csv"](rows), "users.csv") == ((), None)


def test_what_stands_before_and_behind_the_rows_is_told_by_itself() -> None:
    mail = fill("{email}")
    text = f'ADMIN = "{mail}"\n' + "\n" * 1200 + FILES["users.py"](people(30)) + "\n" * 1200 + f'LAST = "{mail}"\n'
    findings, table = look(text, "users.py")
    assert table is not None
    assert [finding.value for finding in table.rest(findings)] == [mail, mail]


def test_rows_with_a_value_missing_are_rows_and_do_not_break_the_table() -> None:
    rows = people(60)
    for row in rows[::3]:
        row["phone"] = row["city"] = ""
    rows[30].update(dict.fromkeys(NAMED[1:], ""))
    findings, table = look(FILES["users.csv"](rows), "users.csv")
    assert table is not None
    assert table.rows == 59
    assert table.rest(findings) == ()


def test_several_tables_of_a_dump_are_told_together() -> None:
    text = (
        FILES["insert.sql"](people(15)) + "\n" * 2000 + FILES["insert.sql"](people(15, seed=2)).replace("users", "old")
    )
    findings, table = look(text, "dump.sql")
    assert table is not None
    assert table.rows == 30
    assert len(table.blocks) == 2
    assert table.rest(findings) == ()


SECRET = Finding("x", "Token", Category.SECRET, Span(0, 1), Severity.ERROR, Confidence.HIGH, "v", "TOKEN")


@given(st.integers(0, 59), st.sampled_from(sorted(FILES)))
@settings(max_examples=40)
def test_a_table_never_hides_a_secret(row: int, path: str) -> None:
    rows = people(60)
    rows[row]["amount"] = TOKEN
    findings, table = look(FILES[path](rows), path)
    assert table is not None
    assert [finding.value for finding in table.rest(findings)] == [TOKEN]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=300))
def test_every_finding_is_either_in_the_table_or_told_by_itself(drawn: list[tuple[int, int]]) -> None:
    position, findings = 0, list[Finding]()
    for number, (field, kind) in enumerate(drawn):
        category = Category.SECRET if kind == 3 else Category.PII
        span = Span(position, position + 3)
        name = f"f{field}" if field else ""
        findings.append(
            Finding(f"r{field}", "t", category, span, Severity.WARNING, Confidence.LOW, f"{number:03}", "X", field=name)
        )
        position += 5 if kind else 1500
    table = realistic(findings, " " * position)
    if table is not None:
        rest = table.rest(findings)
        assert {finding for finding in findings if finding.category is Category.SECRET} <= set(rest)
        assert len(rest) + table.values == len(findings)
        assert table.rows > 20


def test_how_sure_it_is_grows_with_the_evidence() -> None:
    def sure(text: str, path: str = "users.sql") -> tuple[Confidence, str]:
        table = look(text, path)[1]
        assert table is not None
        return table.confidence, "; ".join(table.evidence)

    rows = people(30)
    for row in rows:
        row["email"] = fill("{email}")
        row["date_of_birth"] = row["city"] = row["street"] = row["ssn"] = ""
    assert sure(FILES["insert.sql"](rows)) == (Confidence.LOW, "")
    assert sure(FILES["insert.sql"](people(30)))[0] is Confidence.HIGH
    dump = "--\n-- PostgreSQL database dump\n--\n\n"
    assert sure(dump + FILES["insert.sql"](rows)) == (Confidence.MEDIUM, "the text begins as a dump of a database does")
    invented = sure(FILES["users.csv"](rows), "tests/fake_users.csv")
    assert invented == (Confidence.LOW, "but its name or first lines speak of invented data")


def test_evidence_and_names_hold_no_value() -> None:
    rows = people(120)
    table = look(FILES["users.csv"](rows), "users.csv")[1]
    assert table is not None
    said = repr(table) + table.sentence
    assert not any(row[key] in said for row in rows for key in NAMED if key != "id")


def test_a_columns_name_is_made_harmless() -> None:
    assert column_name("a|b`\n<script> name") == "a b script name"
    assert len(column_name("x" * 300)) == 40
