"""The client at the other end: what is told to it, what is asked of it, and the work that goes on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from tightlip.editor.logs import log, told_error
from tightlip.editor.protocol import TightlipProtocol

_MOMENT = 0.05
"""Seconds within which requests to the client to ask again are made one."""


class Peer:
    """Messages to the client."""

    def __init__(self, protocol: TightlipProtocol):
        self._protocol = protocol
        self.trace_value = lsp.TraceValue.Off
        self._refreshing: set[str] = set()
        self._told: set[str] = set()
        self._tasks: set[asyncio.Task[Any]] = set()

    def notify(self, method: str, params: object) -> None:
        """Send a notification; nothing after the client has asked for the end."""
        if not self._protocol.shut_down:
            self._protocol.notify(method, params)

    async def request(self, method: str, params: object) -> Any:
        """Send a request and wait for its answer. Raises JsonRpcException when the client refuses."""
        return await self._protocol.send_request_async(method, params)

    def ask(self, method: str, params: object) -> None:
        """Send a request whose answer changes nothing."""
        self.spawn(self._ask(method, params))

    def refresh(self, method: str) -> None:
        """Have the client ask again: once for what many documents want within a moment."""
        if method not in self._refreshing:
            self._refreshing.add(method)
            asyncio.get_running_loop().call_later(_MOMENT, self._refresh_now, method)

    def warn_once(self, sentence: str) -> None:
        """Show a message the user should act on, once."""
        if self.is_news(sentence):
            log.warning("%s", sentence)
            params = lsp.ShowMessageParams(lsp.MessageType.Warning, f"tightlip: {sentence}")
            self.notify(lsp.WINDOW_SHOW_MESSAGE, params)

    def is_news(self, sentence: str) -> bool:
        """Whether something has not been told before; from now on it has."""
        new = sentence not in self._told
        self._told.add(sentence)
        return new

    def trace(self, message: str) -> None:
        """Tell what was done (URIs, counts, times), to the log and to a client that traces."""
        log.debug("%s", message)
        if self.trace_value != lsp.TraceValue.Off:
            self.notify(lsp.LOG_TRACE, lsp.LogTraceParams(message))

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        """Run something beside the handlers; its failure is logged by type and place."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def close(self) -> None:
        """End everything that runs."""
        for task in self._tasks:
            task.cancel()

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background task: %s", told_error(error))

    def _refresh_now(self, method: str) -> None:
        self._refreshing.discard(method)
        if not self._protocol.shut_down:
            self.ask(method, None)

    async def _ask(self, method: str, params: object) -> None:
        try:
            await self.request(method, params)
        except JsonRpcException:
            log.info("the client refused %s", method)
