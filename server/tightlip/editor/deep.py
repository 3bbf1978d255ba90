"""The deep lane in the editor: a text is handed to it when typing rests. Its libraries are loaded when first wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tightlip.detect.deep.client import DeepLane
    from tightlip.detect.deep.job import DeepJob, DeepResult
    from tightlip.detect.deep.state import LaneState


class Deep:
    """The lane's client, and one idle timer per document."""

    def __init__(self, look: Callable[[str], None], on_state: Callable[[LaneState], None]):
        """`look` is called for a document whose typing has rested; `on_state`, on the loop, for each state of the worker."""
        self._look = look
        self._on_state = on_state
        self._lane: DeepLane | None = None
        self._timers: dict[str, asyncio.TimerHandle] = {}

    @property
    def worker(self) -> str:
        """The worker's state in one word; busy is ready, so that a status bar does not flicker."""
        state = self._lane.state.state.value if self._lane else "off"
        return "ready" if state == "busy" else state

    def rest(self, uri: str, idle: float) -> None:
        """Look at a document in `idle` seconds, unless it changes again before."""
        self.forget_timer(uri)
        self._timers[uri] = asyncio.get_running_loop().call_later(idle, self._rested, uri)

    async def result(self, job: DeepJob) -> DeepResult:
        """What the lane finds. Raises CancelledError when a newer text of the document was handed in meanwhile."""
        if self._lane is None:
            self._lane = self._start()
        return await asyncio.wrap_future(self._lane.submit(job))

    def forget_timer(self, uri: str) -> None:
        """Do not look at a document for now."""
        timer = self._timers.pop(uri, None)
        if timer is not None:
            timer.cancel()

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self.forget_timer(uri)
        if self._lane is not None:
            self._lane.forget(uri)

    def close(self) -> None:
        """End the worker."""
        for uri in list(self._timers):
            self.forget_timer(uri)
        if self._lane is not None:
            self._lane.close()
            self._lane = None

    def _start(self) -> DeepLane:
        from tightlip.detect.deep.client import DeepLane

        loop = asyncio.get_running_loop()

        def told(state: LaneState) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._on_state, state)

        return DeepLane(on_state=told)

    def _rested(self, uri: str) -> None:
        self._timers.pop(uri, None)
        self._look(uri)
