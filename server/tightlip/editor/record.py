"""tightlip/record: keeps what a person decided when text was about to leave.

{event, surface, uri?, decision, rules} -> {file}
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from tightlip.editor.plain import as_object
from tightlip.editor.protocol import invalid_params
from tightlip.editor.session import Session
from tightlip.editor.uris import path_of
from tightlip.evidence.record import EVENTS, Entry, Event, append
from tightlip.finding import Action

_DECISIONS = tuple(action.name.lower() for action in Action)
_LONGEST = 200
_MOST_RULES = 200


async def record(session: Session, params: object) -> dict[str, str]:
    """Append one line. Raises JsonRpcInvalidParams for params of another shape, TightlipError where it cannot be kept."""
    values = as_object(params) or {}
    event, decision, surface = values.get("event"), values.get("decision"), values.get("surface")
    if event not in EVENTS or decision not in _DECISIONS:
        raise invalid_params(f'"event" is one of {", ".join(EVENTS)}, "decision" one of {", ".join(_DECISIONS)}')
    if not isinstance(surface, str) or not surface or len(surface) > _LONGEST:
        raise invalid_params('"surface" names the way the text was about to go')
    uri, rules = values.get("uri"), values.get("rules", ())
    if not isinstance(rules, Sequence) or isinstance(rules, str):
        raise invalid_params('"rules" is a list of rule ids')
    named = [rule for rule in cast("Sequence[object]", rules) if isinstance(rule, str) and len(rule) <= _LONGEST]
    entry = Entry(
        cast("Event", event),
        surface,
        str(decision),
        tuple(dict.fromkeys(named))[:_MOST_RULES],
        (path_of(uri) or "") if isinstance(uri, str) else "",
    )
    return {"file": str(await session.errands.run(append, entry))}
