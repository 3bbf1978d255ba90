"""textDocument/didChange."""

from __future__ import annotations

from lsprotocol import types as lsp

from tightlip.editor.session import Session


def did_change(session: Session, params: lsp.DidChangeTextDocumentParams) -> None:
    """Apply the edits, in order and at once; look at the text when typing rests."""
    session.change(params.text_document.uri, params.text_document.version, params.content_changes)
