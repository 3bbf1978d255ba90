"""Whether what was found is a value at all, and somebody's: references, placeholders, reserved and usual stand-ins."""

from __future__ import annotations

from attrs import evolve

from tightlip.detect.safe import builtin_safe_values
from tightlip.detect.suppress import Suppressed, is_call, is_placeholder, is_reference
from tightlip.finding import Category, Finding, Severity


def not_a_value(finding: Finding) -> Suppressed | None:
    """Why a finding is none: it names where the value lies, stands for one, or is reserved; None where it is one."""
    value = finding.value
    by_field = finding.evidence.startswith(("field", "column"))
    if is_reference(value) or (by_field and is_call(value)):
        return Suppressed(finding, "reference", "names where the value lies")
    if finding.category is Category.SECRET:
        if is_placeholder(value, structural=not by_field):
            return Suppressed(finding, "placeholder", "stands for a value")
    elif finding.entity is not None and builtin_safe_values().is_safe(finding.entity, value):
        return Suppressed(finding, "reserved", "reserved for documentation and tests")
    return None


def quieter_if_usual(finding: Finding) -> Finding:
    """The finding; one step quieter where its value is a usual placeholder that yet is somebody's (`test.com`, John Smith)."""
    if finding.entity is None or finding.severity >= Severity.INFORMATION:
        return finding
    if not builtin_safe_values().is_placeholder(finding.entity, finding.value):
        return finding
    return evolve(finding, severity=Severity(finding.severity + 1), evidence="usual placeholder")
