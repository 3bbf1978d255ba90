"""textDocument/didOpen."""

from __future__ import annotations

from lsprotocol import types as lsp

from tightlip.editor.session import Session


def did_open(session: Session, params: lsp.DidOpenTextDocumentParams) -> None:
    """Take a document in and look at it at once."""
    session.open(params.text_document)
