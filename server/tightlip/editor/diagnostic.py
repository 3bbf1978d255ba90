"""textDocument/diagnostic."""

from __future__ import annotations

from lsprotocol import types as lsp

from tightlip.editor.session import Session


async def pull_diagnostics(
    session: Session, params: lsp.DocumentDiagnosticParams
) -> lsp.RelatedFullDocumentDiagnosticReport | lsp.RelatedUnchangedDocumentDiagnosticReport:
    """The diagnostics of the newest text, once its check is done; `unchanged` where the client has them already.

    A document that is not open has none: an empty report, not an error, for clients ask once more after closing.
    """
    uri = params.text_document.uri
    document = session.documents.get(uri)
    if document is not None and document.notebook is not None and session.client.pulls and not session.cells_are_pulled:
        session.cells_are_pulled = True
        session.take_back_cells()
    checked = await session.checked(uri)
    if checked is None:
        return lsp.RelatedFullDocumentDiagnosticReport(items=[])
    if checked.result_id == params.previous_result_id:
        return lsp.RelatedUnchangedDocumentDiagnosticReport(result_id=checked.result_id)
    return lsp.RelatedFullDocumentDiagnosticReport(items=checked.diagnostics, result_id=checked.result_id)
