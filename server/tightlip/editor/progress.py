"""Work-done progress: told where the client wants it, cancelled when the client says so."""

from __future__ import annotations

import asyncio
import secrets
from concurrent.futures import Future
from types import TracebackType

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from tightlip.editor.session import Session

_CREATE_LIMIT = 2.0


class Progress:
    """One piece of work in the client's progress display.

    Reports to the token of the request where there is one, else to one that the client is asked to make, else nowhere.
    """

    def __init__(self, session: Session, title: str, token: lsp.ProgressToken | None = None):
        self._session = session
        self._title = title
        self._token = token
        self._last = -1

    async def __aenter__(self) -> Progress:
        if self._token is None and self._session.client.progress:
            await self._create()
        if self._token is not None:
            begin = lsp.WorkDoneProgressBegin(title=self._title, cancellable=True, percentage=0)
            self._session.protocol.progress.begin(self._token, begin)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._token is not None:
            end = lsp.WorkDoneProgressEnd(message="cancelled" if self.cancelled else None)
            self._session.protocol.progress.end(self._token, end)
            self._session.protocol.progress_tokens.pop(self._token, None)

    @property
    def cancelled(self) -> bool:
        """Whether the client asked to stop."""
        future = None if self._token is None else self._session.protocol.progress_tokens.get(self._token)
        return future is not None and future.cancelled()

    def report(self, done: int, total: int) -> None:
        """Tell how far the work is, once per percent."""
        percentage = 100 * done // max(total, 1)
        if self._token is None or percentage == self._last:
            return
        self._last = percentage
        report = lsp.WorkDoneProgressReport(message=f"{done:,} of {total:,} files", percentage=percentage)
        self._session.protocol.progress.report(self._token, report)

    async def _create(self) -> None:
        token = f"tightlip-{secrets.token_hex(4)}"
        params = lsp.WorkDoneProgressCreateParams(token)
        tokens = self._session.protocol.progress_tokens
        tokens[token] = Future()  # before the client knows it: it may cancel at once
        try:
            await asyncio.wait_for(
                self._session.peer.request(lsp.WINDOW_WORK_DONE_PROGRESS_CREATE, params), _CREATE_LIMIT
            )
        except (JsonRpcException, asyncio.TimeoutError):
            del tokens[token]
            return
        self._token = token
