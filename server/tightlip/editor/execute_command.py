"""workspace/executeCommand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from lsprotocol import types as lsp

from tightlip.editor.checked import Checked
from tightlip.editor.edits import workspace_edit
from tightlip.editor.progress import Progress
from tightlip.editor.protocol import invalid_params
from tightlip.editor.recall import restored
from tightlip.editor.redaction import cut, difference
from tightlip.editor.report import report_of
from tightlip.editor.request_exception import SHOW
from tightlip.editor.scan import scan_workspace
from tightlip.editor.session import Session
from tightlip.editor.uris import name_of
from tightlip.errors import TightlipError
from tightlip.finding import Span
from tightlip.redact.edit import Edit

Json = dict[str, Any]
_MOST_RESULTS = 10_000
"""Groups of findings, and restricted files, that a scan lists to the client; all are counted."""
Arguments = Sequence[object]

COPY_TEXT = "tightlip/copyText"
"""Notification {uri, text}: the client puts the text on the clipboard."""
OPEN_TEXT = "tightlip/openText"
"""Notification {uri, title, languageId, text}: the client shows the text in a new buffer."""


async def execute_command(session: Session, params: lsp.ExecuteCommandParams) -> object:
    """Run one of `COMMANDS`. Raises JsonRpcInvalidParams for an unknown one and for arguments of another shape."""
    command = COMMANDS.get(params.command)
    if command is None:
        raise invalid_params("this command is not one of the server's")
    return await command(session, params.arguments or (), params.work_done_token)


async def _redact_document(session: Session, arguments: Arguments, token: lsp.ProgressToken | None) -> Json:
    """[uri]: put a placeholder in place of every value."""
    checked = await _document(session, arguments)
    redaction = await session.worker.run(session.redactor.document, checked)
    return await _apply(session, checked, redaction.edits, "Redact all in file")


async def _redact_selection(session: Session, arguments: Arguments, token: lsp.ProgressToken | None) -> Json:
    """[uri, range]: make a selection safe; all of it becomes a placeholder where nothing is found in it."""
    checked = await _document(session, arguments)
    selected = _range(session, checked, arguments)
    if selected is None:
        raise invalid_params("a range is needed")
    edits = await session.worker.run(session.redactor.selection, checked, selected)
    return await _apply(session, checked, edits, "Redact selection")


async def _restore(session: Session, arguments: Arguments, token: lsp.ProgressToken | None) -> Json:
    """[uri, range?]: put the values back in a document or a part of it."""
    checked = await _document(session, arguments)
    text = checked.document.text
    part = _range(session, checked, arguments) or Span(0, len(text))
    restoration = await restored(session, text[part.start : part.end], checked.language)
    edit = difference(text[part.start : part.end], restoration.text)
    moved = Edit(Span(edit.span.start + part.start, edit.span.end + part.start), edit.new_text) if edit else None
    result = await _apply(session, checked, (moved,) if moved else (), "Restore values")
    return {**result, "restored": restoration.restored, "unknown": list(restoration.unknown)}


async def _copy_redacted(session: Session, arguments: Arguments, token: lsp.ProgressToken | None) -> Json:
    """[uri, range?]: the redacted text, as result and as a notification for the client's clipboard."""
    checked = await _document(session, arguments)
    text = await _redacted_text(session, checked, arguments)
    session.tell(COPY_TEXT, {"uri": checked.document.uri, "text": text})
    return {"uri": checked.document.uri, "text": text}


async def _open_redacted_copy(session: Session, arguments: Arguments, token: lsp.ProgressToken | None) -> Json:
    """[uri, range?]: the redacted text, as result and as a notification to show it."""
    checked = await _document(session, arguments)
    result = {
        "uri": checked.document.uri,
        "title": f"{name_of(checked.document.uri)} (redacted)",
        "languageId": checked.document.language_id,
        "text": await _redacted_text(session, checked, arguments),
    }
    session.tell(OPEN_TEXT, result)
    return result


async def _scan_workspace(session: Session, arguments: Arguments, token: lsp.ProgressToken | None) -> Json:
    """[]: look through all files, show what is found, and say what was looked at.

    `results` lists the findings by file and rule, `restricted` the files that may not simply be shared.
    """
    counts: Counter[str] = Counter()
    results: list[Json] = []
    restricted: list[str] = []
    async with Progress(session, "Looking through the workspace", token) as progress:
        async for scanned in scan_workspace(session, progress):
            counts["files"] += 1
            counts["findings"] += scanned.rules.total()
            counts["filesWithFindings"] += bool(scanned.rules)
            counts["restrictedFiles"] += scanned.restricted
            counts["passedOver"] += bool(scanned.passed_over)
            if len(results) < _MOST_RESULTS:
                results.extend(group.as_json(scanned.uri) for group in scanned.groups)
            if scanned.restricted and len(restricted) < _MOST_RESULTS:
                restricted.append(scanned.uri)
            if not session.client.pulls and not session.is_open(scanned.path):
                _push(session, scanned.uri, scanned.diagnostics)
        cancelled = progress.cancelled
    session.refresh_diagnostics()
    names = ("files", "findings", "filesWithFindings", "restrictedFiles", "passedOver")
    return {
        **{name: counts[name] for name in names},
        "results": results,
        "restricted": restricted,
        "cancelled": cancelled,
    }


async def _show_report(session: Session, arguments: Arguments, token: lsp.ProgressToken | None) -> Json:
    """[uri?]: what is found in the open documents and the files scanned so far, as Markdown."""
    results = [checked for uri in tuple(session.documents) if (checked := await session.checked(uri)) is not None]
    text = report_of(results, session.scanned.values())
    result = {"uri": "", "title": "tightlip report", "languageId": "markdown", "text": text}
    session.tell(OPEN_TEXT, result)
    return result


async def _show_request(session: Session, arguments: Arguments, token: lsp.ProgressToken | None) -> Json:
    """[uri, range]: show the place of a policy file where a person is to say why an exception is asked for."""
    uri, range_ = arguments[0] if arguments else None, _structured(session, arguments)
    if not isinstance(uri, str) or range_ is None:
        raise invalid_params("a URI and a range are needed")
    if not session.client.shows_documents:
        return {"shown": False}
    params = lsp.ShowDocumentParams(uri, take_focus=True, selection=range_)
    answer = await session.peer.request(lsp.WINDOW_SHOW_DOCUMENT, params)
    return {"shown": bool(getattr(answer, "success", False))}


COMMANDS: Mapping[str, Callable[[Session, Arguments, lsp.ProgressToken | None], Awaitable[Json]]] = {
    "tightlip.redactDocument": _redact_document,
    "tightlip.redactSelection": _redact_selection,
    "tightlip.restore": _restore,
    "tightlip.copyRedacted": _copy_redacted,
    "tightlip.openRedactedCopy": _open_redacted_copy,
    "tightlip.scanWorkspace": _scan_workspace,
    "tightlip.showReport": _show_report,
    SHOW: _show_request,
}
"""Every command, with its arguments in the function's docstring."""


async def _document(session: Session, arguments: Arguments) -> Checked:
    uri = arguments[0] if arguments else None
    if not isinstance(uri, str):
        raise invalid_params("the first argument is the URI of an open document")
    checked = await session.checked(uri)
    if checked is None:
        raise TightlipError("This document is not open; open it and try again.")
    return checked


def _range(session: Session, checked: Checked, arguments: Arguments) -> Span | None:
    """The span of a range given as the second argument, or None where there is none."""
    range_ = _structured(session, arguments)
    return checked.document.lined.span(range_) if range_ is not None else None


def _structured(session: Session, arguments: Arguments) -> lsp.Range | None:
    """The range that is the second argument, or None where there is none."""
    if len(arguments) < 2 or arguments[1] is None:
        return None
    range_ = arguments[1]
    if isinstance(range_, lsp.Range):
        return range_
    try:
        return session.protocol.structured(range_, lsp.Range)
    except Exception:
        raise invalid_params("the second argument is a range") from None


async def _redacted_text(session: Session, checked: Checked, arguments: Arguments) -> str:
    if checked.may_not_leave is not None:
        raise TightlipError(checked.may_not_leave)
    part = _range(session, checked, arguments)
    redaction = await session.worker.run(session.redactor.document, checked)
    return redaction.text if part is None else cut(checked.document.text, redaction.edits, part)


async def _apply(session: Session, checked: Checked, edits: Sequence[Edit], label: str) -> Json:
    if not edits:
        return {"applied": False, "count": 0}
    edit = workspace_edit(session.client, checked.document, edits)
    if not session.client.applies_edits:
        raise TightlipError("This editor does not let a server change a document; use the code action instead.")
    answer = await session.peer.request(lsp.WORKSPACE_APPLY_EDIT, lsp.ApplyWorkspaceEditParams(edit, label))
    return {"applied": bool(getattr(answer, "applied", False)), "count": len(edits)}


def _push(session: Session, uri: str, diagnostics: Sequence[lsp.Diagnostic]) -> None:
    """Show a file that is not open, or take back what an earlier scan showed."""
    if diagnostics:
        session.published_files.add(uri)
        session.publish(uri, None, diagnostics)
    elif uri in session.published_files:
        session.published_files.discard(uri)
        session.publish(uri, None, ())
