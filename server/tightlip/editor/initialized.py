"""initialized."""

from __future__ import annotations

from lsprotocol import types as lsp

from tightlip.editor.session import Session
from tightlip.editor.watched import WATCHED


def initialized(session: Session, params: lsp.InitializedParams) -> None:
    """Load rules and policy behind the client's back, ask for settings, and have the policy files watched."""
    del params
    session.warm_up()
    session.pull_configuration()
    registrations: list[lsp.Registration] = []
    if session.client.watches_files:
        options = lsp.DidChangeWatchedFilesRegistrationOptions(
            [lsp.FileSystemWatcher(glob_pattern=f"**/{name}") for name in WATCHED]
        )
        registrations.append(
            lsp.Registration("tightlip-watched-files", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        )
    if session.client.watches_configuration:
        section = lsp.DidChangeConfigurationRegistrationOptions("tightlip")
        registrations.append(
            lsp.Registration("tightlip-configuration", lsp.WORKSPACE_DID_CHANGE_CONFIGURATION, section)
        )
    if registrations:
        session.peer.ask(lsp.CLIENT_REGISTER_CAPABILITY, lsp.RegistrationParams(registrations))
