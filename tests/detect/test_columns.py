"""Packed values are the same findings, made later."""

from __future__ import annotations

import random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detect.people import FILES, NAMED, people
from tightlip.detect import detector
from tightlip.detect.columns import Verdict, Verdicts
from tightlip.detect.detector import Detection, Document, detect
from tightlip.detect.found import Found, counted
from tightlip.detect.realistic import realistic
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.detect.sample import fill
from tightlip.finding import Finding, Span

TABLES = [path for path in FILES if path.endswith((".csv", ".tsv", ".sql"))]
STRANGE = (
    "", " ", "N/A", "${EMAIL}", "jane@example.com", "202-555-0123", "1990-01-01", "get_name()", " padded@acme-prod.com ",
    "John Smith", "password: hunter2hunter2x", "O''Brien",
)  # fmt: skip


def one_by_one(document: Document, monkeypatch: pytest.MonkeyPatch) -> Detection:
    with monkeypatch.context() as patched:
        patched.setattr(detector, "_WORTH_PACKING", 1_000_000)
        return detect(document, builtin_ruleset())


def known(findings: object) -> list[Finding]:
    assert isinstance(findings, (tuple, Found))
    return list(findings)


@pytest.mark.parametrize("path", TABLES)
def test_packed_or_not_the_findings_are_the_same(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(path)
    rows = people(80)
    for row in rows:
        if rng.random() < 0.5:
            row[rng.choice(NAMED)] = rng.choice(STRANGE)
        # bare in a program, it may be its author's where it is looked at by itself
        if path != "copy.sql" and rng.random() < 0.2:
            row["phone"] = fill("{phone:+DE}")
        if rng.random() < 0.1:
            row["street"] = fill("ghp_{crc32-base62:30}")
    text = FILES[path](rows)
    document = Document(text, path)
    packed, plain = detect(document, builtin_ruleset()), one_by_one(document, monkeypatch)
    assert isinstance(packed.findings, Found)
    assert known(packed.findings) == list(plain.findings)
    assert sorted((one.finding.span, one.kind) for one in packed.suppressed) == sorted(
        (one.finding.span, one.kind) for one in plain.suppressed
    )
    assert len(packed.findings) == len(plain.findings)
    assert realistic(packed.findings, text, path) == realistic(tuple(plain.findings), text, path)


@given(st.data())
@settings(max_examples=30)
def test_a_packed_value_is_found_where_it_stands(data: st.DataObject) -> None:
    text = FILES["users.csv"](people(30))
    findings = detect(Document(text, "users.csv"), builtin_ruleset()).findings
    assert isinstance(findings, Found)
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, min(len(text), start + 300))))
    touched = tuple(one for one in findings if one.span.start <= span.end and span.start <= one.span.end)
    assert findings.touching(span) == touched


def test_an_allow_comment_still_counts() -> None:
    lines = FILES["insert.sql"](people(30)).replace("),\n", "),  -- tightlip: allow made up\n", 5)
    detection = detect(Document(lines, "a.sql"), builtin_ruleset())
    assert sum(one.kind == "inline" for one in detection.suppressed) >= 5 * len(NAMED)


def test_sorts_are_counted_without_making_the_findings() -> None:
    findings = detect(Document(FILES["users.csv"](people(30)), "users.csv"), builtin_ruleset()).findings
    told = [(finding.rule, count) for finding, count in counted(findings)]
    by_hand: dict[str, int] = {}
    for finding in findings:
        by_hand[finding.rule] = by_hand.get(finding.rule, 0) + 1
    assert told == list(by_hand.items())


def test_the_memory_of_verdicts_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tightlip.detect.columns._MEMORY", 10)
    asked: list[str] = []

    def judge(value: str) -> Verdict | None:
        asked.append(value)

    verdicts = Verdicts(judge, lambda values: list(map(judge, values)))
    assert [verdicts[str(number % 5)] for number in range(20)] == [None] * 20
    assert len(asked) == 5
    for number in range(100):
        assert verdicts[f"x{number}"] is None
        assert len(verdicts) <= 10


def test_what_a_keystroke_costs_grows_with_the_table_and_no_faster() -> None:
    def cost(count: int) -> float:
        document = Document(FILES["users.csv"](people(count)), "users.csv")
        detect(document, builtin_ruleset())
        times: list[float] = []
        for _ in range(5):
            begin = process_time()
            detect(document, builtin_ruleset())
            times.append(process_time() - begin)
        return min(times)

    assert cost(2000) < 16 * cost(500)
