"""The fast lane: text -> findings, in one pass and a look around every candidate."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from attrs import evolve, frozen

from tightlip.detect.confirm import Context, confirm_field, confirm_pattern, confirm_value
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import FIELD, MARKER, SQL, Ruleset
from tightlip.detect.safe import builtin_safe_values
from tightlip.detect.suppress import Suppressed, allowed_by, inline_allows, is_call, is_placeholder, is_reference
from tightlip.detect.table import SQL_REACH, cells
from tightlip.finding import Category, Finding, Notice, Severity, Span
from tightlip.syntax.language import language_of
from tightlip.syntax.lines import LineIndex

MAX_TEXT = 100_000_000
"""Code points of a document that are looked at; what lies behind is not checked, and said."""


@frozen
class Document:
    """A text to look at, as it is now."""

    text: str
    path: str | None = None
    language_id: str | None = None
    """The editor's name for the language (LSP `languageId`), or None."""


@frozen
class Detection:
    """What was found. Findings are sorted by span and do not overlap."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    notices: tuple[Notice, ...] = ()


def detect(document: Document, ruleset: Ruleset, *, strict: bool = False) -> Detection:
    """Find all values in a document that its rules know.

    `strict` ignores inline allow comments. Never raises for a text, whatever is in it.
    """
    text = document.text
    notices: list[Notice] = []
    if len(text) > MAX_TEXT:
        notices.append(
            Notice("too-large", f"Only the first {MAX_TEXT:,} characters were checked.", Span(MAX_TEXT, len(text)))
        )
        text = text[:MAX_TEXT]
    language = language_of(document.path, document.language_id, text)
    context = Context(text, language, document.path)
    candidates = ruleset.gate.candidates(text)
    if not candidates.complete:
        last = candidates.hits[-1][0]
        notices.append(
            Notice("too-many", "Too many possible findings: the rest was not checked.", Span(last, len(text)))
        )
    found, markers, sql = _confirm(ruleset, candidates.hits, context)
    found.extend(_table_findings(ruleset, context, sql))
    if not found:
        return Detection((), (), tuple(notices))
    findings: list[Finding] = []
    suppressed: list[Suppressed] = []
    lines = LineIndex(text) if markers else None
    allows = inline_allows(text, markers, lines) if lines is not None and not strict else []
    for finding in merge_overlaps(found):
        if (why := _not_a_value(finding, ruleset.by_id[finding.rule])) is not None:
            suppressed.append(why)
        elif lines is not None and (allow := allowed_by(finding, allows, lines)) is not None:
            suppressed.append(Suppressed(finding, "inline", allow.reason))
        else:
            findings.append(_placeholder_is_quieter(finding))
    return Detection(tuple(findings), tuple(suppressed), tuple(notices))


def _confirm(
    ruleset: Ruleset, hits: list[tuple[int, int]], context: Context
) -> tuple[list[Finding], list[int], tuple[int, int] | None]:
    """Findings of all candidates, the ends of the allow comments, and where statements of SQL may begin."""
    found: list[Finding] = []
    markers: list[int] = []
    covered: dict[int, int] = {}
    field_end = -1
    sql: tuple[int, int] | None = None
    for end, number in hits:
        if number == MARKER:
            markers.append(end)
        elif number == SQL:
            sql = (max(0, end - SQL_REACH) if sql is None else sql[0], end)
        elif (index := ruleset.indexes.get(number)) is not None:
            if end <= covered.get(index, -1):
                continue
            for finding in confirm_pattern(ruleset, index, end, context):
                found.append(finding)
                covered[index] = finding.span.end
        elif number == FIELD and end != field_end:
            field_end = end
            finding = confirm_field(ruleset, end, context)
            if finding is not None:
                found.append(finding)
    return found, markers, sql


def _table_findings(ruleset: Ruleset, context: Context, sql: tuple[int, int] | None) -> Iterable[Finding]:
    def wanted(column: str) -> tuple[tuple[Rule, ...], str] | None:
        rules = ruleset.lexicon.lookup(column)
        return (rules, f'column "{column}"') if rules else None

    for (rules, evidence), span, _ in cells(context.text, context.language, wanted, sql):
        finding = confirm_value(ruleset, rules, span, context, evidence)
        if finding is not None:
            yield finding


def merge_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """Findings sorted by span, none overlapping another: of two on the same characters the more specific stays.

    More specific is: louder, then more certain, then longer, then the earlier rule id.
    """
    kept: list[Finding] = []
    cluster: list[Finding] = []
    end = 0
    for finding in sorted(findings, key=lambda one: one.span):
        if finding.span.start >= end and cluster:
            kept.extend(_most_specific(cluster))
            cluster = []
        cluster.append(finding)
        end = max(end, finding.span.end)
    kept.extend(_most_specific(cluster))
    return kept


def _most_specific(cluster: list[Finding]) -> list[Finding]:
    if len(cluster) < 2:
        return cluster
    kept: list[Finding] = []
    starts: list[int] = []
    for finding in sorted(cluster, key=_rank):
        place = bisect_right(starts, finding.span.start)
        clear_before = not place or kept[place - 1].span.end <= finding.span.start
        if clear_before and (place == len(kept) or finding.span.end <= starts[place]):
            kept.insert(place, finding)
            starts.insert(place, finding.span.start)
    return [finding if finding.field else _named(finding, cluster) for finding in kept]


def _named(finding: Finding, cluster: list[Finding]) -> Finding:
    """The finding with the field's name of another on the same characters: a format says what it is, a field where."""
    name = next((one.field for one in cluster if one.field and one.span == finding.span), "")
    return evolve(finding, field=name) if name else finding


def _rank(finding: Finding) -> tuple[int, int, int, str, bool]:
    size = finding.span.end - finding.span.start
    return finding.severity, -finding.confidence, -size, finding.rule, not finding.field


def _placeholder_is_quieter(finding: Finding) -> Finding:
    """The finding; one step quieter where its value is a usual placeholder that yet is somebody's (`test.com`, John Smith)."""
    if finding.entity is None or finding.severity >= Severity.INFORMATION:
        return finding
    if not builtin_safe_values().is_placeholder(finding.entity, finding.value):
        return finding
    return evolve(finding, severity=Severity(finding.severity + 1), evidence="usual placeholder")


def _not_a_value(finding: Finding, rule: Rule) -> Suppressed | None:
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
