"""tightlip/restore: puts values back into an assistant's answer.

    {text, uri?, languageId?} -> {text, restored, unknown, leftover}

`restored` counts the tokens replaced; `unknown` names tokens nobody knows; `leftover` are places (code points of the new
text) that look like a damaged token.
"""

from __future__ import annotations

from typing import Any

from tightlip.editor.plain import as_object
from tightlip.editor.protocol import invalid_params
from tightlip.editor.recall import restored
from tightlip.editor.session import Session
from tightlip.editor.uris import path_of
from tightlip.syntax.language import language_of


async def restore_text(session: Session, params: object) -> dict[str, Any]:
    """Put values back. Raises JsonRpcInvalidParams for params of another shape."""
    values = as_object(params) or {}
    text, uri, language_id = values.get("text"), values.get("uri"), values.get("languageId")
    if not isinstance(text, str):
        raise invalid_params('"text" must be a string')
    path = path_of(uri) if isinstance(uri, str) else None
    language = language_of(path, language_id if isinstance(language_id, str) else None, text)
    restoration = await restored(session, text, language)
    return {
        "text": restoration.text,
        "restored": restoration.restored,
        "unknown": list(restoration.unknown),
        "leftover": [
            {"token": left.token, "start": left.span.start, "end": left.span.end, "nearest": left.nearest}
            for left in restoration.leftover
        ],
    }
