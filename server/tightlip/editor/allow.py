"""Allowing a value: a comment beside it, or its fingerprint in tightlip.toml. Both ask the person for a reason."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types as lsp

from tightlip.editor.checked import Checked
from tightlip.editor.documents import LinedText
from tightlip.editor.edits import edit_of, workspace_edit
from tightlip.editor.files import decode
from tightlip.editor.session import Session
from tightlip.editor.uris import is_under, path_of, uri_of
from tightlip.finding import Finding, Span
from tightlip.policy.load import NAME
from tightlip.redact.edit import Edit
from tightlip.syntax.language import Language

REASON = "say here why this may stay"

_BESIDE = frozenset({"shell", "yaml", "toml", "terraform"})
"""Languages that are not code and take a comment behind a value; in others it would become a part of the value."""


def allow_in_comment(session: Session, checked: Checked, finding: Finding) -> lsp.WorkspaceEdit | None:
    """A comment on the finding's line, or above it; None where no comment may stand."""
    document = checked.document
    comment = _comment(checked.language, f"tightlip: allow[{finding.rule}] {REASON}")
    if comment is None:
        return None
    lined = document.lined
    (line, _), (last, _) = lined.positions(finding.span)
    start = lined.starts[line]
    before = lined.text[start : finding.span.start]
    if line == last and (checked.language.family in ("code", "markup", "prose") or checked.language.name in _BESIDE):
        end = lined.line_end(line)
        return workspace_edit(session.client, document, [Edit(Span(end, end), f"  {comment}")])
    indent = before[: len(before) - len(before.lstrip(" \t"))]
    ending = "\r\n" if "\r\n" in lined.text else "\n"
    return workspace_edit(session.client, document, [Edit(Span(start, start), f"{indent}{comment}{ending}")])


def allow_by_fingerprint(session: Session, checked: Checked, finding: Finding) -> lsp.WorkspaceEdit | None:
    """An `[[allow]]` entry at the end of the workspace's tightlip.toml, which is made where there is none.

    None outside of a workspace, and where the file must be made and the client cannot. Raises TightlipError where the
    workspace's key cannot be used.
    """
    guard, path = checked.guard, policy_path(session, checked)
    if guard is None or path is None:
        return None
    entry = f'[[allow]]\nfingerprint = "{guard.fingerprint(finding)}"\nrule = "{finding.rule}"\nreason = "{REASON}"\n'
    uri, version, text = policy_text(session, path)
    if text is None:
        if not session.client.creates_files:
            return None
        top = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
        return edit_of(session.client, uri, version, [lsp.TextEdit(top, entry)], create=True)
    lined = LinedText(text, session.client.encoding)
    gap = "\n" if not text or text.endswith("\n") else "\n\n"
    end = lined.range(Span(len(text), len(text)))
    return edit_of(session.client, uri, version, [lsp.TextEdit(end, gap + entry)])


def policy_path(session: Session, checked: Checked) -> Path | None:
    """Where the policy file of a document's workspace is, or would be; None where the document is in no workspace."""
    top = checked.guard.top if checked.guard else None
    if top is None:
        return None
    path = checked.document.path
    inside = path is not None and any(is_under(path, folder) for folder in session.folders.values())
    return top / NAME if inside or (top / NAME).is_file() else None


def policy_text(session: Session, path: Path) -> tuple[str, int | None, str | None]:
    """URI, version and text of the policy file: as it is open, else as it is on disk; no text where there is none."""
    for document in session.documents.values():
        if document.notebook is None and path_of(document.uri) == str(path):
            return document.uri, document.version, document.text
    try:
        return uri_of(path), None, decode(path.read_bytes())
    except OSError:
        return uri_of(path), None, None


def _comment(language: Language, text: str) -> str | None:
    if language.line_comments:
        return f"{language.line_comments[0].strip()} {text}"
    if language.block_comments:
        opening, closing = language.block_comments[0]
        return f"{opening} {text} {closing}"
    return None
