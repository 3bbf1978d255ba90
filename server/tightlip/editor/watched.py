"""Files whose change may change what is found or what may leave."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types as lsp

from tightlip.editor.client import Client
from tightlip.editor.peer import Peer
from tightlip.editor.uris import uri_of

WATCHED = (
    "tightlip.toml",
    "pyproject.toml",
    ".tightlipignore",
    ".gitignore",
    ".gitleaksignore",
    ".secrets.baseline",
)
"""Names in the folders: a superset of `tightlip.guard.WATCHED`, for ignore files change what a scan looks at."""

_OUTSIDE = "tightlip-watched-policy"


def watch_outside(peer: Peer, client: Client, before: Sequence[str], paths: Sequence[str]) -> None:
    """Have the client watch policy files that are not its folders' own, in place of those it watched before.

    Nothing for a client that cannot; `tightlip.editor.looking` compares them too.
    """
    if set(before) == set(paths) or not (client.watches_files and client.watches_anywhere):
        return
    if before:
        gone = [lsp.Unregistration(_OUTSIDE, lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)]
        peer.ask(lsp.CLIENT_UNREGISTER_CAPABILITY, lsp.UnregistrationParams(gone))
    absolute = [Path(path) for path in paths if Path(path).is_absolute()]
    watchers = [
        lsp.FileSystemWatcher(glob_pattern=lsp.RelativePattern(uri_of(path.parent), path.name)) for path in absolute
    ]
    if watchers:
        options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers)
        registration = lsp.Registration(_OUTSIDE, lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        peer.ask(lsp.CLIENT_REGISTER_CAPABILITY, lsp.RegistrationParams([registration]))
