"""$/setTrace."""

from __future__ import annotations

from lsprotocol import types as lsp

from tightlip.editor.session import Session


def set_trace(session: Session, params: lsp.SetTraceParams) -> None:
    """Tell the client what the server does (`$/logTrace`: URIs, counts, times), or stop telling."""
    session.peer.trace_value = params.value
