"""When a document is looked at: once typing rests, off the loop, the newest text only.

One task per document. Every change moves its due time to `delay` after the change was received, never beyond `max_delay`
after the first change that was not looked at: a backlog of messages cannot push it further, because the time counts from
receipt. A result is handed on only while its text is still the newest.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from attrs import define

R = TypeVar("R")


class Closed(Exception):
    """The document was closed while somebody waited for its result."""


@define
class _Entry(Generic[R]):
    due: float
    waiting_since: float | None
    result: R | None = None
    task: asyncio.Task[None] | None = None


class Schedule(Generic[R]):
    """Debounced checks, one at a time per document."""

    def __init__(
        self,
        check: Callable[[str], Awaitable[R]],
        current: Callable[[R], bool],
        ready: Callable[[R], None],
        delay: float,
        max_delay: float,
    ):
        """Make a schedule without documents.

        `check` looks at a document as it is now; `current` says whether a result still speaks of the
        document as it is; `ready` gets each result that does. Times in seconds.
        """
        self._check = check
        self._current = current
        self._ready = ready
        self.delay = delay
        self.max_delay = max_delay
        self._entries: dict[str, _Entry[R]] = {}

    def touch(self, uri: str, received: float, *, at_once: bool = False) -> None:
        """A document changed by a message received at that time of `time.monotonic`; `at_once` for one just opened."""
        entry = self._entries.get(uri)
        if entry is None:
            entry = self._entries[uri] = _Entry(received, None)
        if entry.waiting_since is None:
            entry.waiting_since = received
        entry.due = received if at_once else min(received + self.delay, entry.waiting_since + self.max_delay)
        if entry.task is None:
            entry.task = asyncio.ensure_future(self._run(uri, entry))

    def drop(self, uri: str) -> None:
        """A document was closed: whoever waits for it gets `Closed`."""
        entry = self._entries.pop(uri, None)
        if entry is not None and entry.task is not None:
            entry.task.cancel()

    def known(self, uri: str) -> R | None:
        """The newest result, current or not, without waiting."""
        entry = self._entries.get(uri)
        return entry.result if entry else None

    def improve(self, uri: str, result: R, *, show: bool = True) -> bool:
        """Put a better result (the deep lane's) for the same text in place of the one that stands, if that still holds."""
        entry = self._entries.get(uri)
        if entry is None or entry.task is not None or not self._current(result):
            return False
        entry.result = result
        if show:
            self._ready(result)
        return True

    async def latest(self, uri: str) -> R:
        """The result for the newest text; waits for the running check, which a cancelled caller leaves running.

        Raises Closed when the document is not open, or is closed meanwhile, and what the check raised.
        """
        while True:
            entry = self._entries.get(uri)
            if entry is None:
                raise Closed
            if entry.result is not None and entry.task is None and self._current(entry.result):
                return entry.result
            if entry.task is None:
                self.touch(uri, time.monotonic(), at_once=True)
                continue
            await asyncio.wait((task := entry.task,))
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error

    async def _run(self, uri: str, entry: _Entry[R]) -> None:
        try:
            while True:
                rest = entry.due - time.monotonic()
                if rest > 0:
                    await asyncio.sleep(rest)
                    continue
                entry.waiting_since = None
                result = await self._check(uri)
                if self._current(result):
                    break
                if entry.waiting_since is None:
                    entry.due = time.monotonic()
        finally:
            entry.task = None
        entry.result = result
        self._ready(result)
