"""What is known of a document by where it lies, without looking into it; and which findings the policy wants there."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, frozen

from tightlip.detect.columns import Packed, Verdict
from tightlip.detect.found import Found
from tightlip.detect.suppress import Suppressed
from tightlip.finding import Action, Category, Classification, Finding, Severity, Surface
from tightlip.policy.decide import effective_severity, excepted, is_below_confidence, share_reason
from tightlip.policy.model import ExceptionEntry, Policy
from tightlip.provenance.classify import Classified, RepoEntry
from tightlip.provenance.repository import Repository


@frozen
class Place:
    """Where a document lies, and what holds there."""

    path: str | None
    policy: Policy
    classified: Classified
    repository: Repository | None = None
    fixture: bool = False
    """Whether it is a file of tests, examples or documentation."""
    exceptions: tuple[ExceptionEntry, ...] = ()
    """Those that count today and here."""


@frozen
class RestrictedBy:
    """Why a file may not simply be shared, whatever stands in it."""

    sentence: str
    action: Action
    """What the policy does when the file is about to leave, before the surface is looked at."""
    classification: Classification
    entry: RepoEntry | None = None
    """The `[[repo]]` that says so, or None where it is the default class."""
    source: str = ""
    """`file:line` as a person reads it."""
    file: str | None = None
    """Absolute path of the policy file, or None for a built-in default."""
    line: int = 1
    share: tuple[str, int] | None = None
    """Absolute path and line that says how such a class is shared; None where that is built in, or is `file` and `line`."""


def restricted_by(place: Place) -> RestrictedBy | None:
    """What is to be told of the class of a file, after the exceptions for it."""
    policy, classified = place.policy, place.classified
    entry = classified.entry
    reason = share_reason(classified.origin, policy, entry)
    if reason is None:
        return None
    reason = excepted(reason, Category.RESTRICTED, place.exceptions)
    if reason.action is Action.OFF:
        return None
    share = policy.share_action(classified.origin.classification).source
    file, line = line_of(reason.source, policy)
    said, at = line_of(share, policy)
    return RestrictedBy(
        sentence=reason.text,
        action=reason.action,
        classification=classified.origin.classification,
        entry=entry,
        source=reason.source,
        file=entry.file if entry and entry.file and entry.source == reason.source else file,
        line=line,
        share=(said, at) if said is not None and share != reason.source else None,
    )


def line_of(source: str, policy: Policy) -> tuple[str | None, int]:
    """Absolute path and line of a `file:line` as the policy's messages name it; no path for a built-in default."""
    name, _, line = source.rpartition(":")
    return policy.names.get(name), int(line) if line else 1


def packed_findings(
    findings: Sequence[Finding], place: Place, surface: Surface
) -> tuple[Packed | None, Sequence[Finding]]:
    """The values in columns with the severities the policy gives them, and the other findings.

    Nothing is packed any more where the policy does not want some of them: each is then told as suppressed.
    """
    if not isinstance(findings, Found):
        return None, findings
    severities: dict[Verdict, Severity] = {}
    for verdict, finding in findings.sorts():
        severity = effective_severity(finding, place.policy, fixture=place.fixture, exceptions=place.exceptions)
        if severity is None or unwanted(finding, place, surface) is not None:
            return None, findings
        severities[verdict] = severity

    def judged(verdict: Verdict) -> Verdict:
        severity = severities[verdict]
        return verdict if severity is verdict.severity else evolve(verdict, severity=severity)

    return findings.packed.changed(judged), findings.loose


def unwanted(finding: Finding, place: Place, surface: Surface) -> Suppressed | None:
    """Why the policy does not want to hear of a finding, or None where it does."""
    policy, category = place.policy, finding.category
    action = policy.rule_action(finding.rule, category, fixture=place.fixture)
    if action.value is Action.OFF:
        return Suppressed(finding, "action", f"switched off ({action.source or 'built-in default'})")
    if is_below_confidence(finding, policy):
        least = policy.min_confidence(category)
        return Suppressed(finding, "confidence", f"less sure than wanted ({least.source or 'built-in default'})")
    if not policy.looks_for(category, surface):
        return Suppressed(finding, "phase", f"not looked for here ({policy.phases(category).source})")
    entities = policy.entities
    if (
        category is Category.PII
        and entities.value is not None
        and finding.entity not in entities.value
        and not any(rule.id == finding.rule for own in policy.own for rule in own.rules)
    ):
        return Suppressed(finding, "entity", f"not one of the entities that are looked for ({entities.source})")
    return None
