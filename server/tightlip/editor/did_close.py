"""textDocument/didClose."""

from __future__ import annotations

from lsprotocol import types as lsp

from tightlip.editor.session import Session


def did_close(session: Session, params: lsp.DidCloseTextDocumentParams) -> None:
    """Forget a document; what was shown about it is taken back."""
    session.close_document(params.text_document.uri)
