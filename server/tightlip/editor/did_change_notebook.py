"""notebookDocument/didChange."""

from __future__ import annotations

from lsprotocol import types as lsp

from tightlip.editor.session import Session


def did_change_notebook(session: Session, params: lsp.DidChangeNotebookDocumentParams) -> None:
    """Apply what changed in the cells: cells come and gone, and edits of their texts."""
    cells = params.change.cells
    if cells is None:
        return
    notebook = params.notebook_document.uri
    if cells.structure is not None:
        for opened in cells.structure.did_open or ():
            session.open(opened, notebook=notebook)
        for closed in cells.structure.did_close or ():
            session.close_document(closed.uri)
    for text in cells.text_content or ():
        session.change(text.document.uri, text.document.version, text.changes)
