"""textDocument/codeLens."""

from __future__ import annotations

from lsprotocol import types as lsp

from tightlip.editor.session import Session

_TOP = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))


async def code_lenses(session: Session, params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
    """How many findings there are, and a way to copy the text without them; nothing above a text that is safe.

    Nothing either in a client that has no use for what the lenses do.
    """
    if not session.settings.code_lens or not {"copyText", "openText"} <= session.client.handles:
        return []
    uri = params.text_document.uri
    checked = await session.checked(uri)
    if checked is None or not checked.findings:
        return []
    count = len(checked.findings)
    told = (
        "1 value an assistant should not receive" if count == 1 else f"{count:,} values an assistant should not receive"
    )
    lenses = [lsp.CodeLens(_TOP, command=lsp.Command(told, "tightlip.showReport", arguments=[uri]))]
    if checked.may_not_leave is None:
        copy = lsp.Command("Copy redacted", "tightlip.copyRedacted", arguments=[uri])
        lenses.append(lsp.CodeLens(_TOP, command=copy))
    return lenses
