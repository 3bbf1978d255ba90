"""workspace/didChangeConfiguration."""

from __future__ import annotations

from lsprotocol import types as lsp

from tightlip.editor.plain import as_object
from tightlip.editor.session import Session


def did_change_configuration(session: Session, params: lsp.DidChangeConfigurationParams) -> None:
    """Take the settings the client sends, or ask for them where it only says that they changed."""
    settings = as_object(params.settings) or {}
    own = as_object(settings.get("tightlip"))
    if own is not None:
        session.configure(own)
    elif session.client.configuration:
        session.pull_configuration()
    else:
        session.configure(settings)
