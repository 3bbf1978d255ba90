"""Findings -> the client's diagnostics. Nothing in them is, or holds a part of, a value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lsprotocol import types as lsp

from tightlip.detect.realistic import RULE as REALISTIC
from tightlip.detect.realistic import Realistic
from tightlip.detect.ruleset import Ruleset
from tightlip.editor.client import Client
from tightlip.editor.documents import OpenDocument
from tightlip.editor.uris import uri_of
from tightlip.errors import TightlipError
from tightlip.finding import Action, Finding, Notice
from tightlip.guard import Inspection, RestrictedBy, warning
from tightlip.policy.passages import Passage

SOURCE = "tightlip"
RESTRICTED = "restricted"
"""Code of the one diagnostic of a file that may not be shared as a whole."""

_LOUDNESS = {
    Action.BLOCK: lsp.DiagnosticSeverity.Error,
    Action.ASK: lsp.DiagnosticSeverity.Warning,
    Action.WARN: lsp.DiagnosticSeverity.Warning,
}


def diagnostics_of(
    document: OpenDocument,
    inspection: Inspection,
    ruleset: Ruleset | None,
    client: Client,
    limit: int,
    problems: Iterable[TightlipError] = (),
    *,
    summarise: bool = True,
) -> tuple[lsp.Diagnostic, ...]:
    """What is shown about a document: at most `limit` findings, the file's own class, what was not checked.

    Rows of personal data are one diagnostic, on the first line, unless `summarise` is false. `problems` are mistakes in the
    document itself, where it is a policy file.
    """
    first = _first_line(document)
    shown: list[lsp.Diagnostic] = [_problem(problem) for problem in problems]
    if inspection.restricted is not None:
        shown.append(_restricted(document, inspection.restricted, first, client))
    told = inspection.findings
    if inspection.realistic is not None and summarise:
        shown.append(_realistic(document, inspection.realistic, first, client))
        told = inspection.realistic.rest(told)
    findings = told[:limit]
    ranges = document.lined.ranges([finding.span for finding in findings])
    links = _Links(ruleset, client)
    shown.extend(
        _finding(document, finding, range_, links, client) for finding, range_ in zip(findings, ranges, strict=True)
    )
    passages = inspection.passages[:limit]
    ranges = document.lined.ranges([passage.finding.span for passage in passages])
    shown.extend(_passage(document, one, range_, client) for one, range_ in zip(passages, ranges, strict=True))
    notices = list(inspection.notices)
    if len(told) > limit:
        message = f"Only the first {limit:,} of {len(told):,} findings are shown."
        notices.append(Notice("too-many", message))
    if notices:
        shown.append(_notice(notices, first))
    return tuple(shown)


def _finding(
    document: OpenDocument, finding: Finding, range_: lsp.Range, links: _Links, client: Client
) -> lsp.Diagnostic:
    return lsp.Diagnostic(
        range_,
        warning(finding),
        severity=lsp.DiagnosticSeverity(int(finding.severity)),
        code=finding.rule,
        code_description=links.of(finding.rule),
        source=SOURCE,
        data={"rule": finding.rule, "version": document.version} if client.diagnostic_data else None,
    )


def _realistic(document: OpenDocument, table: Realistic, first: lsp.Range, client: Client) -> lsp.Diagnostic:
    return lsp.Diagnostic(
        first,
        table.sentence,
        severity=lsp.DiagnosticSeverity(int(table.severity)),
        code=REALISTIC,
        source=SOURCE,
        data={"rule": REALISTIC, "version": document.version} if client.diagnostic_data else None,
    )


def _passage(document: OpenDocument, passage: Passage, range_: lsp.Range, client: Client) -> lsp.Diagnostic:
    entry = passage.entry
    related: list[lsp.DiagnosticRelatedInformation] | None = None
    if client.related_information and entry is not None and entry.file:
        related = [_policy_entry(entry.file, entry.line)]
    finding = passage.finding
    return lsp.Diagnostic(
        range_,
        passage.reason.text,
        severity=lsp.DiagnosticSeverity(int(finding.severity)),
        code=finding.rule,
        source=SOURCE,
        related_information=related,
        data={"rule": finding.rule, "version": document.version} if client.diagnostic_data else None,
    )


def _policy_entry(file: str, line: int) -> lsp.DiagnosticRelatedInformation:
    place = lsp.Position(max(line - 1, 0), 0)
    location = lsp.Location(uri_of(file), lsp.Range(place, place))
    return lsp.DiagnosticRelatedInformation(location, "This entry of the policy says so.")


def _restricted(document: OpenDocument, by: RestrictedBy, first: lsp.Range, client: Client) -> lsp.Diagnostic:
    related: list[lsp.DiagnosticRelatedInformation] | None = None
    if client.related_information and by.file is not None:
        related = [_policy_entry(by.file, by.line)]
    return lsp.Diagnostic(
        first,
        # its code says "restricted" already, wherever it is shown
        by.sentence.removeprefix(f"{by.classification.name.capitalize()}: "),
        severity=_LOUDNESS.get(by.action, lsp.DiagnosticSeverity.Information),
        code=RESTRICTED,
        source=SOURCE,
        related_information=related,
        data={"rule": RESTRICTED, "version": document.version} if client.diagnostic_data else None,
    )


def _notice(notices: Sequence[Notice], first: lsp.Range) -> lsp.Diagnostic:
    codes = list(dict.fromkeys(notice.code for notice in notices))
    messages = dict.fromkeys(notice.message for notice in notices)
    return lsp.Diagnostic(
        first,
        " ".join(messages),
        severity=lsp.DiagnosticSeverity.Information,
        code=codes[0] if len(codes) == 1 else "not-fully-checked",
        source=SOURCE,
    )


def _problem(problem: TightlipError) -> lsp.Diagnostic:
    start = lsp.Position(max((problem.line or 1) - 1, 0), max((problem.column or 1) - 1, 0))
    return lsp.Diagnostic(
        lsp.Range(start, lsp.Position(start.line + 1, 0)),
        problem.message,
        severity=lsp.DiagnosticSeverity.Error,
        code="policy",
        source=SOURCE,
    )


def _first_line(document: OpenDocument) -> lsp.Range:
    start, end = document.lined.positions((0, document.lined.line_end(0)))
    return lsp.Range(lsp.Position(*start), lsp.Position(*end))


class _Links:
    """The page each rule's format is taken from, made once per rule."""

    def __init__(self, ruleset: Ruleset | None, client: Client):
        self._ruleset = ruleset
        self._wanted = client.code_description
        self._made: dict[str, lsp.CodeDescription | None] = {}

    def of(self, rule_id: str) -> lsp.CodeDescription | None:
        """The link, or None where the client shows none or the rule is another detector's."""
        if not self._wanted:
            return None
        if rule_id not in self._made:
            rule = self._ruleset.by_id.get(rule_id) if self._ruleset else None
            reference = rule.references[0] if rule is not None and rule.references else None
            self._made[rule_id] = lsp.CodeDescription(reference) if reference else None
        return self._made[rule_id]
