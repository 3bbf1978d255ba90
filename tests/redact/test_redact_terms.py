"""What a policy's own terms and rules find is redacted like every other value, and comes back."""

from __future__ import annotations

import re

import pytest

from tightlip.detect.custom import CustomRules
from tightlip.detect.detector import Document, detect
from tightlip.detect.own import Own
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import Ruleset, builtin_ruleset
from tightlip.detect.terms import Terms, TermSpec
from tightlip.finding import Category, Confidence, Severity
from tightlip.redact.redact import Redaction, redact
from tightlip.redact.restore import restore
from tightlip.syntax.language import language_of

KEY = b"k" * 32


def redacted(text: str, own: list[Own], ruleset: Ruleset | None = None, path: str = "a.py") -> Redaction:
    findings = detect(Document(text, path), ruleset or Ruleset.build([]), own=own).findings
    return redact(text, findings, KEY, language_of(path, None, text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# for falcon", r"# for TL_TERM_\w{6}"),
        ("def falconClient(x): pass", r"def TL_TERM_\w{6}\(x\): pass"),
        ("FALCON_KEY = 1", r"TL_TERM_\w{6} = 1"),
        ("# falcons", r"# TL_TERM_\w{6}"),
        ("# Project\n#   Falcon here", r"# TL_PROJECT_\w{6} here"),
        ("# host db-01 and 日本鷹", r"# host TL_HOST_\w{6} and 日本TL_TERM_\w{6}"),
    ],
)
def test_a_term_becomes_a_placeholder_of_its_type_and_comes_back(text: str, expected: str) -> None:
    specs = [
        TermSpec("a", ("falcon", "鷹")),
        TermSpec("b", ("Project Falcon",), placeholder="PROJECT"),
        TermSpec("c", pattern=r"\bhost (?P<value>db-[0-9]+)", placeholder="HOST"),
    ]
    safe = redacted(text, [Terms.build(specs)])
    assert re.fullmatch(expected, safe.text)
    assert restore(safe.text, safe.mapping).text == text


def test_a_term_inside_another_value_leaves_nothing_of_either() -> None:
    text = "mail = 'anna.berg@falcon-nord.de'\n"
    safe = redacted(text, [Terms.build([TermSpec("a", ("Falcon Nord",))])], builtin_ruleset())
    assert "anna" not in safe.text
    assert "falcon" not in safe.text.lower()
    assert len(safe.edits) == 1
    assert restore(safe.text, safe.mapping).text == text


def test_what_an_own_rule_finds_becomes_a_placeholder_of_its_type() -> None:
    rule = Rule(
        "badge", "Badge", Category.PII, Severity.WARNING, Confidence.HIGH, "BADGE", pattern=r"\bE(?P<value>\d{6})\b"
    )
    safe = redacted("x = 'E123456'", [CustomRules.build([rule])])
    assert re.fullmatch(r"x = 'ETL_BADGE_\w{6}'", safe.text)
    assert restore(safe.text, safe.mapping).text == "x = 'E123456'"
