"""workspace/didChangeWatchedFiles."""

from __future__ import annotations

from lsprotocol import types as lsp

from tightlip.editor.session import Session


def did_change_watched_files(session: Session, params: lsp.DidChangeWatchedFilesParams) -> None:
    """A policy or ignore file changed on disk: read it again and look at everything that is open."""
    if params.changes:
        session.policy_changed()
