"""workspace/diagnostic."""

from __future__ import annotations

import asyncio

from lsprotocol import types as lsp

from tightlip.editor.progress import Progress
from tightlip.editor.scan import ScannedFile, scan_workspace
from tightlip.editor.session import Session
from tightlip.editor.uris import path_of

Item = lsp.WorkspaceFullDocumentDiagnosticReport | lsp.WorkspaceUnchangedDocumentDiagnosticReport

_HOLD = 300.0
"""Seconds a streaming client's next request is kept open when nothing has changed; then the disk is looked at again."""
_BATCH = 100


async def workspace_diagnostics(
    session: Session, params: lsp.WorkspaceDiagnosticParams
) -> lsp.WorkspaceDiagnosticReport:
    """The findings in all files of the workspace that are not open.

    An open document is reported by `textDocument/diagnostic`. A client that takes the report in parts asks again as soon
    as it has it; it is answered when there is something new.
    """
    token = params.partial_result_token
    if token is not None and session.reported_changes == session.changes:
        await _wait(session)
    session.reported_changes = session.changes
    known = {path_of(previous.uri) or previous.uri: previous for previous in params.previous_result_ids}
    items: list[Item] = []
    async with Progress(session, "Looking through the workspace", params.work_done_token) as progress:
        async for scanned in scan_workspace(session, progress):
            before = known.pop(scanned.path, None)
            if session.is_open(scanned.path) or (before is None and not scanned.diagnostics):
                continue
            items.append(_item(scanned, session.run, before.value if before else None))
            if token is not None and len(items) >= _BATCH:
                session.peer.notify(
                    lsp.PROGRESS, lsp.ProgressParams(token, lsp.WorkspaceDiagnosticReportPartialResult(items))
                )
                items = []
        cancelled = progress.cancelled
    if not cancelled:
        gone = [previous.uri for path, previous in known.items() if not session.is_open(path)]
        items.extend(lsp.WorkspaceFullDocumentDiagnosticReport(uri, []) for uri in gone)
    return lsp.WorkspaceDiagnosticReport(items)


def _item(scanned: ScannedFile, run: str, before: str | None) -> Item:
    result_id = scanned.result_id(run)
    if result_id == before:
        return lsp.WorkspaceUnchangedDocumentDiagnosticReport(scanned.uri, result_id)
    return lsp.WorkspaceFullDocumentDiagnosticReport(scanned.uri, scanned.diagnostics, result_id=result_id)


async def _wait(session: Session) -> None:
    try:
        await asyncio.wait_for(session.changed.wait(), _HOLD)
    except asyncio.TimeoutError:
        return
