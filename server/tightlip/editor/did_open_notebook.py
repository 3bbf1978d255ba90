"""notebookDocument/didOpen."""

from __future__ import annotations

from lsprotocol import types as lsp

from tightlip.editor.session import Session

NOTEBOOK_SYNC = lsp.NotebookDocumentSyncOptions(
    notebook_selector=[
        lsp.NotebookDocumentFilterWithNotebook(notebook="*", cells=[lsp.NotebookCellLanguage(language="*")])
    ],
    save=True,
)
"""Cells of every kind of notebook and in every language are synchronised."""


def did_open_notebook(session: Session, params: lsp.DidOpenNotebookDocumentParams) -> None:
    """Take in the cells as documents of their own."""
    for cell in params.cell_text_documents:
        session.open(cell, notebook=params.notebook_document.uri)
