"""tightlip/classify: which of some files and folders may not simply be shared; none of them need be open.

{uris} -> {restricted: {uri: {class, action, sentence}}}
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from tightlip.editor.plain import as_object
from tightlip.editor.protocol import invalid_params
from tightlip.editor.session import Session
from tightlip.editor.uris import path_of
from tightlip.errors import TightlipError

MOST = 5000
"""Files of one request that are looked at."""


async def classify(session: Session, params: object) -> dict[str, dict[str, dict[str, str]]]:
    """Look the files up in the policy. Raises JsonRpcInvalidParams for params of another shape."""
    uris = (as_object(params) or {}).get("uris")
    if not isinstance(uris, Sequence) or isinstance(uris, str):
        raise invalid_params('"uris" is a list of URIs')
    wanted = [uri for uri in cast("Sequence[object]", uris)[:MOST] if isinstance(uri, str)]
    return {"restricted": await session.worker.run_in_background(_restricted, session, wanted)}


def _restricted(session: Session, uris: Sequence[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for uri in uris:
        path = path_of(uri)
        if path is None:
            continue
        try:
            by = session.guards.of(path).restricted(path)
        except TightlipError:
            continue
        if by is not None:
            found[uri] = {
                "class": by.classification.name.lower(),
                "action": by.action.name.lower(),
                "sentence": by.sentence,
            }
    return found
