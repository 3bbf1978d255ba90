"""initialize."""

from __future__ import annotations

from lsprotocol import types as lsp

from tightlip.editor.client import resolve_client
from tightlip.editor.plain import as_object
from tightlip.editor.session import Session
from tightlip.editor.uris import uri_of


def initialize(session: Session, params: lsp.InitializeParams) -> None:
    """Learn what the client can do, its settings and its folders. Nothing is loaded yet: the reply must be quick."""
    session.client = resolve_client(params)
    session.protocol.pulls = session.client.pulls
    session.peer.trace_value = params.trace or lsp.TraceValue.Off
    if (as_object(params.initialization_options) or {}).get("trusted") is False:
        session.trusted = False
    session.configure(_settings(params.initialization_options))
    folders = params.workspace_folders
    root = params.root_uri or (uri_of(params.root_path) if params.root_path else None)
    if not folders and root:
        folders = [lsp.WorkspaceFolder(root, "")]
    session.change_folders(folders or (), ())


def _settings(options: object) -> object:
    """The settings in `initializationOptions`: under `settings`, under `tightlip`, or as they stand."""
    values = as_object(options) or {}
    inner = as_object(values.get("settings")) or values
    return as_object(inner.get("tightlip")) or inner
