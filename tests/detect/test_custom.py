"""A policy's own detectors find what they say, with examples, validators, fields and keywords as the built-in rules have them."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from tightlip.detect.custom import CustomRules, check_examples
from tightlip.detect.detector import Document, detect
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import Ruleset
from tightlip.finding import POLICY, Category, Confidence, Finding, Severity


def rule(id: str, category: Category = Category.PII, **keys: object) -> Rule:
    return Rule(id, f"Title of {id}", category, Severity.WARNING, Confidence.MEDIUM, "BADGE", **keys)  # type: ignore[arg-type]


def found(text: str, *rules: Rule, path: str = "a.py") -> list[Finding]:
    detection = detect(Document(text, path), Ruleset.build([]), own=[CustomRules.build(rules)])
    assert all(
        text[one.span.start : one.span.end] == one.value and one.detector == POLICY for one in detection.findings
    )
    return list(detection.findings)


def test_a_pattern_is_found_wherever_it_stands_and_its_value_is_what_is_redacted() -> None:
    badge = rule("badge", pattern=r"\bE(?P<value>\d{6})\b")
    assert [one.value for one in found("E123456, E654321 é E111222 E1", badge)] == ["123456", "654321", "111222"]


def test_validators_checksum_and_keywords_count() -> None:
    card = rule("card", pattern=r"\b\d{16}\b", validators=("luhn",))
    assert [one.value for one in found("4111111111111111 4111111111111112", card)] == ["4111111111111111"]
    near = rule("near", pattern=r"\b\d{6}\b", keywords=("staff",))
    assert [one.value for one in found("Staff 123456" + " " * 300 + "654321", near)] == ["123456"]
    checked = rule("checked", pattern=r"\b\d{16}\b", checksum="luhn")
    assert [one.evidence for one in found("4111111111111111 4111111111111112", checked)] == [
        "checksum valid",
        "format only",
    ]


def test_fields_are_found_in_code_data_and_tables() -> None:
    badge = rule("badge", fields=("badge_number",), value=r"\d{6,8}")
    for text, path in (
        ("badgeNumber = '123456'", "a.py"),
        ("BADGE-NUMBER: 123456\n", "a.yaml"),
        ('{"badge_number": "123456"}', "a.json"),
        ("id,badge_number\n1,123456\n2,123456\n", "a.csv"),
        ("INSERT INTO a (id, badge_number) VALUES (1, 123456);", "a.sql"),
    ):
        values = found(text, badge, path=path)
        assert {(one.value, one.rule) for one in values} == {("123456", "badge")}, path
        assert values[0].field
    assert found("badge_number = 'abcdef'", badge) == []


def test_a_field_whose_value_would_hang_pythons_engine_does_not(ruleset: Ruleset) -> None:
    badge = rule("badge", fields=("badge_number",), value="(a+)+b", pattern="(c+)+d")
    assert found(f"badge_number = '{'a' * 400}!'\n{'c' * 5000}", badge) == []


def test_one_value_by_pattern_and_by_name_is_one_finding() -> None:
    badge = rule("badge", pattern=r"\bE\d{6}\b", fields=("badge_number",))
    (one,) = found("badge_number = 'E123456'", badge)
    assert (one.value, one.field) == ("E123456", "badge_number")


def test_own_rules_neither_displace_nor_are_displaced(ruleset: Ruleset) -> None:
    text = "x = 'BDG-123456'"
    louder = evolve(
        rule("louder", Category.TERM, pattern=r"(?s).{1,400}"), severity=Severity.ERROR, confidence=Confidence.HIGH
    )
    quieter = evolve(rule("quieter", pattern="BDG"), severity=Severity.HINT, confidence=Confidence.LOW)
    own = [CustomRules.build([louder]), CustomRules.build([quieter])]
    detection = detect(Document(text, "a.py"), ruleset, own=own)
    assert {one.rule for one in detection.findings} == {"badge", "louder", "quieter"}
    assert [one for one in detection.findings if one.detector != POLICY] == list(
        detect(Document(text, "a.py"), ruleset).findings
    )


def test_references_and_placeholders_are_no_values_of_own_rules_either() -> None:
    secret = rule("acme-key", Category.SECRET, fields=("acme_key",))
    text = "acme_key = '${ACME_KEY}'\nacme_key = os.environ['ACME_KEY']\nacme_key = 'changeme'\n"
    assert found(text, secret) == []


def test_many_rules_in_a_text_full_of_them_say_when_they_stop() -> None:
    rules = CustomRules.build([rule("letter", pattern="[a-z]")])
    detection = detect(Document("ab " * 60_000), Ruleset.build([]), own=[rules])
    assert [notice.code for notice in detection.notices] == ["too-many"]


def test_examples_are_run_and_what_does_not_hold_is_told_without_the_example() -> None:
    good = rule(
        "good", pattern=r"\bE\d{6}\b", matches=("id E{digits:6}", "file: a.py\nE{digits:6}"), misses=("E{digits:5}",)
    )
    bad = rule(
        "bad",
        pattern=r"\bE\d{6}\b",
        matches=("F{digits:6}", "E123456 E123457"),
        misses=("E123456",),
        source="tightlip.toml:3",
    )
    assert list(check_examples([good])) == []
    assert list(map(str, check_examples([bad]))) == [
        'tightlip.toml:3: rule "bad": matches[1] is not found',
        'tightlip.toml:3: rule "bad": matches[2] is found 2 times',
        'tightlip.toml:3: rule "bad": misses[1] is found, and should not be',
    ]


def test_examples_leave_nothing_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIGHTLIP_CACHE_DIR", str(tmp_path))
    by_name = rule("by-name", fields=("acme_id",), matches=("acme_id = 'x1234567'",), misses=("other = 'x1234567'",))
    by_shape = rule("by-shape", pattern=r"^ACME-\d+$", matches=("ACME-12",), misses=("ACME-x",))
    assert list(check_examples([by_name, by_shape])) == []
    assert list(tmp_path.iterdir()) == []


def test_a_rule_for_whole_lines_holds_in_a_file_of_windows() -> None:
    line, value = rule("line", pattern=r"^ACME-\d+$"), rule("value", pattern="key: (?P<value>.+)")
    assert [one.value for one in found("a\r\nACME-12\r\nkey: x y\r\n", line, value)] == ["ACME-12", "x y"]
