"""textDocument/didSave."""

from __future__ import annotations

from lsprotocol import types as lsp

from tightlip.editor.session import Session


def did_save(session: Session, params: lsp.DidSaveTextDocumentParams) -> None:
    """A saved policy file is in force at once, also where the client watches no files."""
    session.saved(params.text_document.uri)
