"""workspace/didChangeWorkspaceFolders."""

from __future__ import annotations

from lsprotocol import types as lsp

from tightlip.editor.session import Session


def did_change_workspace_folders(session: Session, params: lsp.DidChangeWorkspaceFoldersParams) -> None:
    """Folders come and go; each has its own policy."""
    session.change_folders(params.event.added, params.event.removed)
    session.policy_changed()
