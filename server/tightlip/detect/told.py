"""Findings as a person is told of them: what it is, why it matters, what to do; never the value."""

from __future__ import annotations

from collections.abc import Collection

from tightlip.detect.found import counted
from tightlip.finding import Category, Finding


def summarise(findings: Collection[Finding]) -> str:
    """How many values there are and of which kinds, in one sentence for a person; empty for none."""
    if not findings:
        return ""
    sorts = sorted((finding for finding, _ in counted(findings)), key=lambda one: one.severity)
    kinds = list(dict.fromkeys(finding.title for finding in sorts))
    shown = ", ".join(kinds[:3]) + (f" and {len(kinds) - 3} more kinds" if len(kinds) > 4 else "")
    if len(kinds) == 4:
        shown = ", ".join(kinds)
    values = "1 value" if len(findings) == 1 else f"{len(findings):,} values"
    return f"{values} an assistant should not receive: {shown}."


def warning(finding: Finding) -> str:
    """What it is and what happens, in one short sentence without the value."""
    if finding.category is Category.RESTRICTED:
        return f"{finding.title}: an assistant would receive code that is restricted."
    what = "personal data" if finding.category is Category.PII else "it"
    return f"{finding.title}: an assistant would receive {what}."


def describe(finding: Finding) -> str:
    """What it is, why it matters, what to do: one message without the value."""
    return f"{warning(finding)} {remedy(finding)}"


def remedy(finding: Finding) -> str:
    """What to do about it, one sentence."""
    if finding.category is Category.SECRET:
        return "Redact it before prompting, and rotate it if it was ever sent."
    if finding.category is Category.PII:
        return "Redact it, or replace it with a synthetic value."
    return "Redact it before prompting."
