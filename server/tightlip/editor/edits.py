"""Edits of a text as the client takes them: versioned where it can, right to left, never without a place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lsprotocol import types as lsp

from tightlip.editor.client import Client
from tightlip.editor.documents import LinedText, OpenDocument
from tightlip.redact.edit import Edit


def text_edits(lined: LinedText, edits: Iterable[Edit]) -> list[lsp.TextEdit]:
    """Edits with the client's ranges, from the end of the text to its beginning."""
    ordered = sorted(edits, key=lambda edit: edit.span)
    ranges = lined.ranges([edit.span for edit in ordered])
    changes = [lsp.TextEdit(range_, edit.new_text) for range_, edit in zip(ranges, ordered, strict=True)]
    return changes[::-1]


def workspace_edit(client: Client, document: OpenDocument, edits: Iterable[Edit]) -> lsp.WorkspaceEdit:
    """An edit of one open document, refused by clients that can when the document has changed meanwhile."""
    return edit_of(client, document.uri, document.version, text_edits(document.lined, edits))


def edit_of(
    client: Client, uri: str, version: int | None, edits: Sequence[lsp.TextEdit], *, create: bool = False
) -> lsp.WorkspaceEdit:
    """An edit of the document at `uri`; `version` is None for one that is not open, `create` makes the file first."""
    if not client.document_changes:
        return lsp.WorkspaceEdit(changes={uri: list(edits)})
    changes: list[lsp.TextDocumentEdit | lsp.CreateFile | lsp.RenameFile | lsp.DeleteFile] = []
    if create:
        changes.append(lsp.CreateFile(uri, options=lsp.CreateFileOptions(overwrite=False, ignore_if_exists=True)))
    identifier = lsp.OptionalVersionedTextDocumentIdentifier(uri, version)
    changes.append(lsp.TextDocumentEdit(identifier, list(edits)))
    return lsp.WorkspaceEdit(document_changes=changes)
