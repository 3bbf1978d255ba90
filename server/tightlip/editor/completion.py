"""textDocument/completion: a policy file's tables, keys and words, and rule ids in an allow comment."""

from __future__ import annotations

import re

from lsprotocol import types as lsp

from tightlip.editor.checked import Checked
from tightlip.editor.policy_completion import policy_completions, titles
from tightlip.editor.policy_place import is_policy
from tightlip.editor.session import Session
from tightlip.editor.uris import name_of
from tightlip.policy.load import NAME

_ALLOW = re.compile(r"tightlip:\s*allow\[(?:[\w-]+\s*,\s*)*([\w-]*)$")


async def completions(session: Session, params: lsp.CompletionParams) -> list[lsp.CompletionItem]:
    """What can stand here; nothing in other texts but in an allow comment."""
    uri = params.text_document.uri
    document = session.documents.get(uri)
    if document is None:
        return []
    lined = document.lined
    place = lined.offset(params.position.line, params.position.character)
    before = lined.text[lined.offset(params.position.line, 0) : place]
    if _ALLOW.search(before) is not None:
        return await session.worker.run(_rules, await session.checked(uri))
    known = session.schedule.known(uri)
    guard = known.guard if known is not None else None
    if name_of(uri) != NAME and not is_policy(document, guard):
        return []
    return await session.worker.run(policy_completions, document, guard, place)


def _rules(checked: Checked | None) -> list[lsp.CompletionItem]:
    """Rule ids; those with findings in the document come first."""
    here = {finding.rule for finding in checked.findings} if checked is not None else set[str]()
    guard = checked.guard if checked is not None else None
    policy = guard.policy_for(checked.document.path) if checked is not None and guard is not None else None
    return [
        lsp.CompletionItem(
            rule, kind=lsp.CompletionItemKind.Value, detail=title, sort_text=f"{'0' if rule in here else '1'}{rule}"
        )
        for rule, title in titles(policy).items()
    ]
