"""textDocument/codeAction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from lsprotocol import types as lsp

from tightlip.detect.realistic import RULE as REALISTIC
from tightlip.editor.checked import Checked
from tightlip.editor.diagnostics import SOURCE, note_diagnostic
from tightlip.editor.edits import workspace_edit
from tightlip.editor.kinds import QUICK_FIX
from tightlip.editor.logs import log
from tightlip.editor.offers import (
    COMMAND_OFFERS,
    OFFERS,
    REQUEST_FILE_OFFER,
    REQUEST_ROWS_OFFER,
    RESTRICTED_OFFER,
    SYNTHETIC_OFFER,
    WHOLE_OFFERS,
    WholeOffer,
)
from tightlip.editor.plain import as_object
from tightlip.editor.request_exception import is_governed, shown_after
from tightlip.editor.session import Session
from tightlip.errors import TightlipError
from tightlip.finding import Category, Finding
from tightlip.redact.edit import Edit

_MOST_FINDINGS = 8
"""Findings that each get actions of their own; who selects more wants the whole file."""

Actions = list[lsp.CodeAction | lsp.Command]


async def code_actions(session: Session, params: lsp.CodeActionParams) -> Actions:
    """What can be done about the findings that a range touches, and about all of the document.

    Findings are looked up again by range, for clients drop `Diagnostic.data` and ranges grow stale. Edits are left to
    `codeAction/resolve` where the client resolves them.
    """
    checked = await session.checked(params.text_document.uri)
    if checked is None or not (checked.findings or checked.inspection.restricted or checked.notes):
        return []
    touched = checked.touching(checked.document.lined.span(params.range))[:_MOST_FINDINGS]
    if not session.client.literal_actions:
        return _commands(checked, params.range, touched)
    actions = [
        *_for_notes(session, checked, params),
        *_for_findings(session, checked, touched, params.context, last=False),
        *_for_document(checked, touched, params, session.client.handles),
        *_for_findings(session, checked, touched, params.context, last=True),
        *_requests(session, checked, params),
    ]
    if not session.client.resolves_edits:
        await session.worker.run(_fill, session, checked, actions)
        actions = [action for action in actions if action.edit is not None or action.command is not None]
    return list(actions)


def edit_for(session: Session, checked: Checked, offer_name: str, finding: Finding | None) -> lsp.WorkspaceEdit | None:
    """The edit of an offer, on the worker's thread; None where there is none."""
    for offer in OFFERS:
        if offer.name == offer_name and finding is not None:
            return offer.make(session, checked, finding)
    for whole in (RESTRICTED_OFFER, SYNTHETIC_OFFER, REQUEST_FILE_OFFER, REQUEST_ROWS_OFFER, *WHOLE_OFFERS):
        if whole.name == offer_name:
            return whole.make(session, checked)
    return None


def command_after(session: Session, offer_name: str, edit: lsp.WorkspaceEdit | None) -> lsp.Command | None:
    """What the client is to do when it has applied an offer's edit."""
    asks = offer_name in ("request-exception", REQUEST_FILE_OFFER.name, REQUEST_ROWS_OFFER.name)
    return shown_after(session, edit) if asks and edit is not None else None


def finding_at(checked: Checked, rule: object, start: object, end: object) -> Finding | None:
    """The finding with this rule and span, as it stands in an action's `data`."""
    return next((f for f in checked.findings if (f.rule, f.span.start, f.span.end) == (rule, start, end)), None)


def _for_findings(
    session: Session, checked: Checked, touched: Sequence[Finding], context: lsp.CodeActionContext, *, last: bool
) -> Iterator[lsp.CodeAction]:
    if not _wanted(QUICK_FIX, context):
        return
    for finding in touched:
        for offer in OFFERS:
            if offer.last is not last or not offer.fits(session, checked, finding):
                continue
            title = offer.title
            if finding.category is Category.RESTRICTED:
                title = title.replace("value", "passage")
            title = title if len(touched) == 1 else f"{title}: {finding.title}"
            yield lsp.CodeAction(
                title,
                kind=QUICK_FIX,
                # VS Code puts what answers a diagnostic above everything else, and these are to stand below
                diagnostics=None if last else _answered(checked, finding, context),
                is_preferred=(offer.preferred or None) if session.client.preferred_actions else None,
                data={
                    "uri": checked.document.uri,
                    "revision": checked.document.revision,
                    "offer": offer.name,
                    "rule": finding.rule,
                    "start": finding.span.start,
                    "end": finding.span.end,
                },
            )


def _for_document(
    checked: Checked, touched: Sequence[Finding], params: lsp.CodeActionParams, handles: Collection[str]
) -> Iterator[lsp.CodeAction]:
    context = params.context
    uri = checked.document.uri
    about_table = [one for one in context.diagnostics if one.source == SOURCE and one.code == REALISTIC] or None
    for whole in _whole_offers(checked, touched, params):
        data = {"uri": uri, "revision": checked.document.revision, "offer": whole.name}
        yield lsp.CodeAction(whole.title, kind=whole.kind, diagnostics=about_table, data=data)
    at_hand = touched or _is_at_table(checked, params)
    if at_hand and checked.may_not_leave is None and _wanted(QUICK_FIX, context):
        for offer in COMMAND_OFFERS:
            if offer.needs not in handles:
                continue
            command = lsp.Command(offer.title, offer.command, arguments=[uri])
            yield lsp.CodeAction(offer.title, kind=QUICK_FIX, command=command)


def _for_notes(session: Session, checked: Checked, params: lsp.CodeActionParams) -> Iterator[lsp.CodeAction]:
    """What is probably meant, for the mistakes of a policy file that a range touches."""
    if not _wanted(QUICK_FIX, params.context):
        return
    document = checked.document
    start, end = document.lined.span(params.range)
    for note in checked.notes:
        if note.fix is None or note.span.start > end or note.span.end < start:
            continue
        edits = [Edit(note.fix.span, note.fix.new_text)]
        shown = note_diagnostic(document, note, session.client)
        answered = [one for one in params.context.diagnostics if (one.code, one.range) == (shown.code, shown.range)]
        yield lsp.CodeAction(
            f'Change to "{note.fix.new_text}"',
            kind=QUICK_FIX,
            diagnostics=answered or None,
            is_preferred=True if session.client.preferred_actions else None,
            edit=workspace_edit(session.client, document, edits),
        )


def _requests(session: Session, checked: Checked, params: lsp.CodeActionParams) -> Iterator[lsp.CodeAction]:
    """Asking for an exception for the whole of a file, where there is an organisation to ask."""
    if not _wanted(QUICK_FIX, params.context) or not is_governed(session, checked):
        return
    offers = [REQUEST_FILE_OFFER] if checked.inspection.restricted and not _by_itself(params) else []
    offers += [REQUEST_ROWS_OFFER] if _is_at_table(checked, params) else []
    for whole in offers:
        data = {"uri": checked.document.uri, "revision": checked.document.revision, "offer": whole.name}
        yield lsp.CodeAction(whole.title, kind=whole.kind, data=data)


def _by_itself(params: lsp.CodeActionParams) -> bool:
    """Whether an editor asks below the first line to show a light bulb, and not because a person wants to know."""
    return params.context.trigger_kind == lsp.CodeActionTriggerKind.Automatic and params.range.start.line > 0


def _whole_offers(checked: Checked, touched: Sequence[Finding], params: lsp.CodeActionParams) -> Iterator[WholeOffer]:
    """The offers for the whole document; a menu of everything has one of them only, for most editors hide no kind.

    What an editor asks by itself, to show a light bulb, is answered for a restricted file on its first line only.
    """
    context = params.context
    if not _by_itself(params) and checked.may_not_leave is not None and _wanted(QUICK_FIX, context):
        yield RESTRICTED_OFFER
    table = checked.inspection.realistic
    in_table = _is_at_table(checked, params) or (table is not None and any(map(table.covers, touched)))
    at_hand = touched or in_table
    offers = [whole for whole in WHOLE_OFFERS if _wanted(whole.kind, context) and (at_hand or whole.kind != QUICK_FIX)]
    if checked.findings:
        yield from offers if context.only is not None else offers[:1]
    if in_table and _wanted(QUICK_FIX, context):
        yield SYNTHETIC_OFFER


def _is_at_table(checked: Checked, params: lsp.CodeActionParams) -> bool:
    """Whether the range is where rows of personal data are told as one: on the first line."""
    return checked.inspection.realistic is not None and params.range.start.line == 0


def _wanted(kind: str, context: lsp.CodeActionContext) -> bool:
    """Whether the client wants a kind: all without a list, else those it names and the kinds below them."""
    if context.only is None:
        return True
    wanted = [only.value if isinstance(only, lsp.CodeActionKind) else only for only in context.only]
    return any(only in ("", kind) or kind.startswith(f"{only}.") for only in wanted)


def _answered(checked: Checked, finding: Finding, context: lsp.CodeActionContext) -> list[lsp.Diagnostic] | None:
    """Those of the client's diagnostics that speak of a finding."""
    lined = checked.document.lined
    found = [
        diagnostic
        for diagnostic in context.diagnostics
        if diagnostic.source == SOURCE
        and diagnostic.code == finding.rule
        and lined.span(diagnostic.range) == finding.span
    ]
    return found or None


def _fill(session: Session, checked: Checked, actions: Sequence[lsp.CodeAction]) -> None:
    """Put the edits into actions whose client does not resolve them; none where one cannot be made."""
    for action in actions:
        data = as_object(action.data)
        if data is not None:
            finding = finding_at(checked, data.get("rule"), data.get("start"), data.get("end"))
            try:
                action.edit = edit_for(session, checked, str(data["offer"]), finding)
            except TightlipError as error:  # what cannot be done leaves the others
                log.info("%s: %s", data["offer"], error)
            action.command = command_after(session, str(data["offer"]), action.edit)
            action.data = None


def _commands(checked: Checked, range_: lsp.Range, touched: Sequence[Finding]) -> Actions:
    """For clients that know commands only."""
    uri = checked.document.uri
    own = [lsp.Command("Redact this value", "tightlip.redactSelection", arguments=[uri, range_])] if touched else []
    return [*own, lsp.Command("Redact all in file", "tightlip.redactDocument", arguments=[uri])]
