"""Allowing a value: a comment beside it, or its fingerprint in tightlip.toml. Both ask the person for a reason."""

from __future__ import annotations

from lsprotocol import types as lsp

from tightlip.editor.append_entry import append_entry
from tightlip.editor.checked import Checked
from tightlip.editor.edits import workspace_edit
from tightlip.editor.session import Session
from tightlip.finding import Finding, Span
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

    None outside of a workspace. Raises TightlipError where the workspace's key cannot be used, and as `append_entry` does.
    """
    guard = checked.guard
    if guard is None:
        return None
    fingerprint = guard.fingerprint(finding)
    keys = f'fingerprint = "{fingerprint}"\nrule = "{finding.rule}"\nreason = "{REASON}"\n'
    done = append_entry(session, checked, "allow", lambda _: keys)
    return done.workspace if done is not None else None


def _comment(language: Language, text: str) -> str | None:
    if language.line_comments:
        return f"{language.line_comments[0].strip()} {text}"
    if language.block_comments:
        opening, closing = language.block_comments[0]
        return f"{opening} {text} {closing}"
    return None
