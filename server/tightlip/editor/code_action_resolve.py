"""codeAction/resolve."""

from __future__ import annotations

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcContentModified

from tightlip.editor.code_action import command_after, edit_for, finding_at
from tightlip.editor.plain import as_object
from tightlip.editor.session import Session
from tightlip.errors import TightlipError


async def resolve_code_action(session: Session, action: lsp.CodeAction) -> lsp.CodeAction:
    """Make the edit of an action that was chosen.

    Raises JsonRpcContentModified when the document is not as it was when the action was offered: an edit for another text
    could destroy it; and TightlipError where the edit cannot be made.
    """
    data = as_object(action.data)
    if data is None:
        return action
    uri = data.get("uri")
    checked = await session.checked(uri) if isinstance(uri, str) else None
    if checked is None or checked.document.revision != data.get("revision"):
        raise JsonRpcContentModified("The document changed; ask for the actions again.")
    finding = finding_at(checked, data.get("rule"), data.get("start"), data.get("end"))
    if finding is None and "rule" in data:
        raise JsonRpcContentModified("The finding is gone; ask for the actions again.")
    action.edit = await session.worker.run(edit_for, session, checked, str(data.get("offer")), finding)
    action.command = action.command or command_after(session, str(data.get("offer")), action.edit)
    if action.edit is None and action.command is None:
        raise TightlipError(f'"{action.title}" is not possible here.')
    return action
