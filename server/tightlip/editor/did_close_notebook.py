"""notebookDocument/didClose."""

from __future__ import annotations

from lsprotocol import types as lsp

from tightlip.editor.session import Session


def did_close_notebook(session: Session, params: lsp.DidCloseNotebookDocumentParams) -> None:
    """Forget the notebook's cells, those the client does not name too."""
    named = {cell.uri for cell in params.cell_text_documents}
    for uri in named | session.cells_of(params.notebook_document.uri):
        session.close_document(uri)
