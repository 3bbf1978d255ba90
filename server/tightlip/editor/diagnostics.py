"""Findings -> the client's diagnostics. Nothing in them is, or holds a part of, a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lsprotocol import types as lsp

from tightlip.detect.realistic import RULE as REALISTIC
from tightlip.detect.realistic import Realistic
from tightlip.detect.ruleset import Ruleset
from tightlip.detect.told import warning
from tightlip.editor.client import Client
from tightlip.editor.documents import OpenDocument
from tightlip.editor.policy_notes import Note
from tightlip.editor.uris import uri_of
from tightlip.finding import Action, Category, Classification, Finding, Notice, RuleId
from tightlip.guard import Inspection
from tightlip.policy.passages import Passage
from tightlip.policy.place import Place, RestrictedBy
from tightlip.policy.whose import lines_of

SOURCE = "tightlip"
RESTRICTED = "restricted"
"""Code of the one diagnostic of a file that may not be shared as a whole."""
APPROVED_ONLY = "approved-assistants-only"
"""Code of the one diagnostic of a file that may be shared with some assistants."""

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
    notes: Sequence[Note] = (),
    *,
    summarise: bool = True,
) -> tuple[lsp.Diagnostic, ...]:
    """What is shown about a document: at most `limit` findings, the file's own class, what was not checked.

    Rows of personal data are one diagnostic, on the first line, unless `summarise` is false. `notes` are on the document
    itself, where it is a policy file.
    """
    first = _first_line(document)
    shown: list[lsp.Diagnostic] = [note_diagnostic(document, note, client) for note in notes]
    if (by := inspection.restricted or inspection.approved_only) is not None:
        shown.append(_restricted(document, by, first, client))
    told = inspection.findings
    links, behind = _Links(ruleset, client), _Behind(inspection.place, client)
    if inspection.realistic is not None and summarise:
        shown.append(_realistic(document, inspection.realistic, first, behind, client))
        told = inspection.realistic.rest(told)
    findings = told[:limit]
    ranges = document.lined.ranges([finding.span for finding in findings])
    shown.extend(
        _finding(document, finding, range_, links, behind, client)
        for finding, range_ in zip(findings, ranges, strict=True)
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
    document: OpenDocument, finding: Finding, range_: lsp.Range, links: _Links, behind: _Behind, client: Client
) -> lsp.Diagnostic:
    policy = behind.of(finding.rule, finding.category)
    return lsp.Diagnostic(
        range_,
        f"{warning(finding)} {policy.says}" if policy.says else warning(finding),
        severity=lsp.DiagnosticSeverity(int(finding.severity)),
        code=finding.rule,
        code_description=links.of(finding.rule),
        source=SOURCE,
        related_information=policy.lines,
        data={"rule": finding.rule, "version": document.version} if client.diagnostic_data else None,
    )


def _realistic(
    document: OpenDocument, table: Realistic, first: lsp.Range, behind: _Behind, client: Client
) -> lsp.Diagnostic:
    related = [one for column in table.columns for one in behind.of(column.rule, Category.PII).lines or ()]
    return lsp.Diagnostic(
        first,
        table.sentence,
        severity=lsp.DiagnosticSeverity(int(table.severity)),
        code=REALISTIC,
        source=SOURCE,
        related_information=[one for index, one in enumerate(related) if one not in related[:index]] or None,
        data={"rule": REALISTIC, "version": document.version} if client.diagnostic_data else None,
    )


def _passage(document: OpenDocument, passage: Passage, range_: lsp.Range, client: Client) -> lsp.Diagnostic:
    entry = passage.entry
    file, line = (entry.file or None, entry.line) if entry is not None else (None, 1)
    finding = passage.finding
    return lsp.Diagnostic(
        range_,
        passage.reason.text,
        severity=lsp.DiagnosticSeverity(int(finding.severity)),
        code=finding.rule,
        source=SOURCE,
        related_information=_related(file, line, "This entry of the policy says so.", client),
        data={"rule": finding.rule, "version": document.version} if client.diagnostic_data else None,
    )


def _restricted(document: OpenDocument, by: RestrictedBy, first: lsp.Range, client: Client) -> lsp.Diagnostic:
    code = RESTRICTED if by.action >= Action.WARN else APPROVED_ONLY
    said_by_code = code == RESTRICTED and by.classification is Classification.RESTRICTED
    return lsp.Diagnostic(
        first,
        by.sentence.removeprefix("Restricted: ") if said_by_code else by.sentence,
        severity=_LOUDNESS.get(by.action, lsp.DiagnosticSeverity.Information),
        code=code,
        source=SOURCE,
        related_information=_restricting(by, client),
        data={"rule": code, "version": document.version} if client.diagnostic_data else None,
    )


def _restricting(by: RestrictedBy, client: Client) -> list[lsp.DiagnosticRelatedInformation] | None:
    """The lines that restrict a file: what gives it its class, and what says how such a class is shared."""
    lines = _related(by.file, by.line, "This entry of the policy says so.", client) or []
    if by.share is not None:
        lines += _related(*by.share, f"This says how {by.classification.name.lower()} code is shared.", client) or []
    return lines or None


def _related(
    file: str | None, line: int, message: str, client: Client
) -> list[lsp.DiagnosticRelatedInformation] | None:
    """A line (from 1) of another file that a person can go to."""
    if file is None or not client.related_information:
        return None
    place = lsp.Position(max(line - 1, 0), 0)
    return [lsp.DiagnosticRelatedInformation(lsp.Location(uri_of(file), lsp.Range(place, place)), message)]


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


def note_diagnostic(document: OpenDocument, note: Note, client: Client) -> lsp.Diagnostic:
    """The diagnostic of a note on a policy file."""
    file, line = note.against or (None, 1)
    return lsp.Diagnostic(
        document.lined.range(note.span),
        note.message,
        severity=note.severity,
        code=note.code,
        source=SOURCE,
        related_information=_related(file, line, "This holds instead.", client),
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


class _Policy(NamedTuple):
    """What policy files have to say of a rule's findings."""

    says: str = ""
    """Why they must not leave and whom to ask."""
    lines: list[lsp.DiagnosticRelatedInformation] | None = None
    """Those behind what is told; None where all of it is built in or the client shows none."""


class _Behind:
    """What policy files have to say of the findings of every rule, found once per rule."""

    def __init__(self, place: Place | None, client: Client):
        self._place = place
        self._client = client
        self._found: dict[RuleId, _Policy] = {}

    def of(self, rule: RuleId, category: Category) -> _Policy:
        """What they say of a rule's findings."""
        found = self._found.get(rule)
        if found is None:
            found = self._found[rule] = self._look(rule, category)
        return found

    def _look(self, rule: RuleId, category: Category) -> _Policy:
        if self._place is None:
            return _Policy()
        own = self._place.policy.own_entry(rule)
        lines = lines_of(rule, category, self._place) if self._client.related_information else ()
        related = [_related(one.file, one.line, f"{one.what}.", self._client) for one in lines]
        return _Policy(own.says if own is not None else "", [one for each in related for one in each or ()] or None)
