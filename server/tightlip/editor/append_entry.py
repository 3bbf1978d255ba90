"""An entry at the end of the workspace's tightlip.toml, which is made where there is none and never made unreadable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types as lsp

from tightlip.editor.checked import Checked
from tightlip.editor.documents import LinedText
from tightlip.editor.edits import edit_of
from tightlip.editor.session import Session
from tightlip.editor.uris import is_under, path_of, uri_of
from tightlip.errors import PolicyError
from tightlip.finding import Span
from tightlip.policy.load import NAME, parse_draft


class Appended(NamedTuple):
    """The edit that adds an entry."""

    workspace: lsp.WorkspaceEdit
    uri: str
    added: lsp.TextEdit
    """The one edit of the file, its lines as the file's end."""


def policy_path(session: Session, checked: Checked) -> Path | None:
    """Where the policy file of a document's workspace is, or would be; None where the document is in no workspace."""
    top = checked.guard.top if checked.guard else None
    if top is None:
        return None
    path = checked.document.path
    inside = path is not None and any(is_under(path, folder) for folder in session.folders.values())
    return top / NAME if inside or (top / NAME).is_file() else None


def append_entry(session: Session, checked: Checked, kind: str, keys: Callable[[str], str]) -> Appended | None:
    """Add a `[[kind]]`; None outside of a workspace.

    `keys` gives its lines, each with its line end, from the file's text. Raises PolicyError with file and line where the
    file cannot take an entry: it is no TOML, says `kind` in another form, or is not there and the client makes none.
    """
    path = policy_path(session, checked)
    if path is None:
        return None
    uri, version, text = _as_it_is(session, path)
    if text is None and not session.client.creates_files:
        why = "this file is not there, and this editor does not let a server make one; make an empty one and try again"
        raise PolicyError(why, file=NAME)
    lined = LinedText(text or "", session.client.encoding)
    gap = "" if not lined.text else "\n" if lined.text.endswith("\n") else "\n\n"
    entry = f"{gap}[[{kind}]]\n{keys(lined.text)}"
    _must_fit(lined.text, entry, kind)
    end = lined.range(Span(len(lined.text), len(lined.text)))
    added = lsp.TextEdit(end, entry.replace("\n", "\r\n" if "\r\n" in lined.text else "\n"))
    return Appended(edit_of(session.client, uri, version, [added], create=text is None), uri, added)


def _as_it_is(session: Session, path: Path) -> tuple[str, int | None, str | None]:
    """URI, version and text of the policy file: as it is open, else as it is on disk; no text where there is none."""
    for document in session.documents.values():
        if document.notebook is None and path_of(document.uri) == str(path):
            return document.uri, document.version, document.text
    try:
        return uri_of(path), None, path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return uri_of(path), None, None
    except UnicodeDecodeError:
        raise PolicyError("this file is not UTF-8; save it as UTF-8", file=NAME) from None
    except OSError as problem:
        raise PolicyError(f"cannot read this file: {problem.strerror}", file=NAME) from None


def _must_fit(text: str, entry: str, kind: str) -> None:
    before = parse_draft(text, NAME)
    try:
        parse_draft(text + entry, NAME)
    except PolicyError:
        why = f'no entry can be added below this: write every "{kind}" as a table of its own, [[{kind}]]'
        lines = [place.line for keys, place in before.places.items() if keys[:1] == (kind,)]
        raise PolicyError(why, file=NAME, line=min(lines, default=None)) from None
