"""Requests to the server with plain JSON answers."""

import asyncio
from typing import Any

from lsprotocol import types as lsp

from tests.lsp.conftest import TIME_LIMIT, Editor


async def ask(editor: Editor, method: str, params: Any) -> Any:
    answer = await asyncio.wait_for(editor.client.protocol.send_request_async(method, params), TIME_LIMIT)
    return plain(answer)


def plain(value: Any) -> Any:
    """What pygls makes named tuples of, as plain JSON."""
    if hasattr(value, "_asdict"):
        return {name: plain(one) for name, one in value._asdict().items()}
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


async def command(editor: Editor, name: str, *arguments: Any) -> Any:
    params = lsp.ExecuteCommandParams(command=name, arguments=list(arguments))
    return plain(await asyncio.wait_for(editor.client.workspace_execute_command_async(params), TIME_LIMIT))


async def policy(editor: Editor, *, state: str | None = None, organisation: str | None = None) -> Any:
    """What is told of the policy, once it is in such a state.

    How often it was told says nothing: a policy outside of the workspace that changes meanwhile is told, too.
    """

    def told() -> Any:
        notes = (plain(note) for note in reversed(editor.notes("tightlip/policy")))
        return next(
            (
                note
                for note in notes
                if state in (None, note["state"]) and organisation in (None, note["organisation"]["state"])
            ),
            None,
        )

    return await editor.until(told)
