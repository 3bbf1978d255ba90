"""Asking the organisation for an exception: a filled entry at the end of the repository's tightlip.toml.

It has no effect: only a policy of the organisation approves one (`tightlip.policy.layers`).
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, timedelta
from typing import NamedTuple

from lsprotocol import types as lsp

from tightlip.editor.append_entry import append_entry, policy_path
from tightlip.editor.checked import Checked
from tightlip.editor.session import Session
from tightlip.finding import Category, Finding
from tightlip.provenance.glob import relative

SHOW = "tightlip.showRequest"
"""Command [uri, range] of an edit: the client shows what is to be filled in."""
REASON = "say here why this has to leave"

_LASTS = timedelta(days=30)
_SPECIAL = re.compile(r"([\\*?\[\]!#])")


class Request(NamedTuple):
    """The edit that adds an entry, and where in the file its reason is."""

    edit: lsp.WorkspaceEdit
    uri: str
    reason: lsp.Range


def is_governed(session: Session, checked: Checked) -> bool:
    """Whether there is an organisation that can be asked, and a file to ask in."""
    path = checked.document.path
    if checked.guard is None or path is None or policy_path(session, checked) is None:
        return False
    return checked.guard.policy_for(path).governed


def request_for_finding(session: Session, checked: Checked, finding: Finding) -> lsp.WorkspaceEdit | None:
    """Ask for what one rule finds in this file."""
    return _edit(request(session, checked, f"rule = {_quoted(finding.rule)}"))


def request_for_file(session: Session, checked: Checked) -> lsp.WorkspaceEdit | None:
    """Ask for this file as a whole, whose class does not let it leave."""
    return _edit(request(session, checked, f"category = {_quoted(Category.RESTRICTED.value)}"))


def request_for_rows(session: Session, checked: Checked) -> lsp.WorkspaceEdit | None:
    """Ask for the personal data of this file."""
    return _edit(request(session, checked, f"category = {_quoted(Category.PII.value)}"))


def request(session: Session, checked: Checked, what: str, today: date | None = None) -> Request | None:
    """An entry that speaks of `what` (the first words of its scope) in this document's file; the file is made if need be.

    None outside of a workspace. Raises PolicyError as `append_entry` does.
    """
    day = today or date.today()
    scope = ", ".join([what, *_where(checked)])

    def keys(text: str) -> str:
        return (
            f'id = "{_id(scope, day, text)}"\n'
            f"scope = {{ {scope} }}\n"
            f'reason = "{REASON}"\n'
            f"expires = {day + _LASTS}\n"
            'status = "requested"\n'
        )

    done = append_entry(session, checked, "exception", keys)
    if done is None:
        return None
    place = _reason_in(done.added.new_text.replace("\r\n", "\n"), done.added.range.start)
    return Request(done.workspace, done.uri, place)


def _edit(asked: Request | None) -> lsp.WorkspaceEdit | None:
    return asked.edit if asked is not None else None


def shown_after(session: Session, edit: lsp.WorkspaceEdit) -> lsp.Command | None:
    """The command that shows the reason an edit asks for, for clients that can show a place."""
    if not session.client.shows_documents:
        return None
    changed = {uri: list(edits) for uri, edits in (edit.changes or {}).items()}
    for change in edit.document_changes or ():
        if isinstance(change, lsp.TextDocumentEdit):
            changed[change.text_document.uri] = [one for one in change.edits if isinstance(one, lsp.TextEdit)]
    for uri, edits in changed.items():
        for one in edits:
            new = one.new_text.replace("\r\n", "\n")
            if REASON in new:
                return lsp.Command("Show the request", SHOW, arguments=[uri, _reason_in(new, one.range.start)])
    return None


def _reason_in(new: str, start: lsp.Position) -> lsp.Range:
    """Where the reason is after `new` was put in at the start of a line or at the end of the last."""
    place = new.index(REASON)
    line, column = start.line + new.count("\n", 0, place), place - (new.rfind("\n", 0, place) + 1)
    return lsp.Range(lsp.Position(line, column), lsp.Position(line, column + len(REASON)))


def _where(checked: Checked) -> list[str]:
    """The repository and the file, as a scope names them."""
    guard, path = checked.guard, checked.document.path
    if guard is None or path is None:
        return []
    resolved = guard.repositories.resolve(path)
    repository = guard.repositories.at(resolved)
    found = [f"remote = {_quoted(_escaped(repository.remotes[0]))}"] if repository and repository.remotes else []
    inside = relative(resolved, repository.root if repository else str(guard.top))
    return [*found, f"path = {_quoted('/' + _escaped(inside))}"] if inside is not None else found


def _escaped(name: str) -> str:
    """A name as a glob that matches it and nothing else."""
    return _SPECIAL.sub(r"\\\1", name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _id(scope: str, day: date, text: str) -> str:
    """A name that no other request in the file has."""
    digest = hashlib.blake2b(scope.encode("utf-8", "replace")).hexdigest()
    name = f"REQ-{day}-{digest[:4]}"
    count = 2
    while f'"{name}"' in text:
        name, count = f"REQ-{day}-{digest[:4]}-{count}", count + 1
    return name
