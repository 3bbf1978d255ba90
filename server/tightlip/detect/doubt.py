"""Whether what was found is a value at all, and somebody's: references, placeholders, reserved and usual stand-ins."""

from __future__ import annotations

from functools import lru_cache

from attrs import evolve

from tightlip.detect.published import is_published
from tightlip.detect.safe import builtin_safe_values
from tightlip.detect.suppress import Suppressed, is_call, is_placeholder, is_reference
from tightlip.finding import Category, Finding, Severity


def not_a_value(finding: Finding) -> Suppressed | None:
    """Why a finding is none: it names where the value lies, stands for one, or is reserved; None where it is one.

    A term is what it is wherever it stands.
    """
    if finding.category is Category.TERM:
        return None
    by_field = finding.evidence.startswith(("field", "column"))
    why = _why(finding.value, finding.entity, finding.category is Category.SECRET, by_field)
    return Suppressed(finding, *why) if why is not None else None


@lru_cache(maxsize=32)
def _why(value: str, entity: str | None, is_secret: bool, by_field: bool) -> tuple[str, str] | None:
    """Kind and reason. Texts that repeat a value mostly do so at once."""
    if is_reference(value) or (by_field and is_call(value)):
        return "reference", "names where the value lies"
    if is_secret:
        if is_placeholder(value, structural=not by_field):
            return "placeholder", "stands for a value"
        if is_published(value):
            return "reserved", "published for everybody as an example"
    elif entity is not None and builtin_safe_values().is_safe(entity, _decoded(value)):
        return "reserved", "reserved for documentation and tests"
    return None


def _decoded(value: str) -> str:
    """The value without the percent signs in which it stands in a URL: what is reserved is so in any writing."""
    if "%" not in value:
        return value
    from urllib.parse import unquote_plus  # few texts need it

    return unquote_plus(value)


def quieter_if_usual(finding: Finding) -> Finding:
    """The finding; one step quieter where its value is a usual placeholder that yet is somebody's (`test.com`, John Smith)."""
    if finding.entity is None or finding.severity >= Severity.INFORMATION:
        return finding
    if not builtin_safe_values().is_placeholder(finding.entity, _decoded(finding.value)):
        return finding
    return evolve(finding, severity=Severity(finding.severity + 1), evidence="usual placeholder")
