"""Findings made by hand: the redact room is tested without the detector, which stands on the same floor."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tightlip.finding import Category, Confidence, Finding, Severity, Span
from tightlip.redact.redact import Redaction, redact
from tightlip.syntax.language import LANGUAGES

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))


def finding(
    text: str,
    value: str,
    placeholder: str = "EMAIL",
    category: Category = Category.PII,
    *,
    at: int | None = None,
    severity: Severity = Severity.ERROR,
    confidence: Confidence = Confidence.HIGH,
    rule: str = "a-rule",
) -> Finding:
    """A finding of the first occurrence of `value`, or of the one at `at`."""
    start = text.index(value) if at is None else at
    span = Span(start, start + len(value))
    return Finding(rule, "something", category, span, severity, confidence, value, placeholder)


def secret(text: str, value: str, placeholder: str = "API_KEY", **more: int) -> Finding:
    return finding(text, value, placeholder, Category.SECRET, at=more.get("at"))


def every(
    text: str, values: Iterable[str], placeholder: str = "EMAIL", category: Category = Category.PII
) -> list[Finding]:
    """A finding for every occurrence of every value."""
    return [
        finding(text, value, placeholder, category, at=match.start())
        for value in values
        for match in re.finditer(re.escape(value), text)
    ]


def redacted(text: str, *findings: Finding, language: str = "python", key: bytes = KEY) -> Redaction:
    return redact(text, findings, key, LANGUAGES[language])


def runs(value: str, size: int = 6) -> Iterable[str]:
    """All runs of `size` characters of a value."""
    return (value[start : start + size] for start in range(max(len(value) - size + 1, 0)))
