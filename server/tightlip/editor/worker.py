"""The one thread in which texts are looked at, so that the loop is free for keystrokes and no room needs a lock."""

from __future__ import annotations

import asyncio
import itertools
import queue
import threading
from collections.abc import Callable
from typing import NamedTuple, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")


class _Job(NamedTuple):
    background: bool
    number: int
    function: Callable[[], object]
    future: asyncio.Future[object]


class Worker:
    """Runs functions one after another: those somebody waits for first, background ones when there is nothing else.

    The thread is a daemon, so that a function that hangs cannot keep the process from ending.
    """

    def __init__(self) -> None:
        self._jobs: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None

    def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
        """A future of the function's result; its errors are the future's. One cancelled before its turn never runs."""
        return self._put(False, lambda: function(*args, **kwargs))

    def run_in_background(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
        """As `run`, after everything that somebody waits for."""
        return self._put(True, lambda: function(*args, **kwargs))

    def _put(self, background: bool, function: Callable[[], T]) -> asyncio.Future[T]:
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._jobs.put(_Job(background, next(self._numbers), function, future))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="tightlip-work", daemon=True)
            self._thread.start()
        return cast("asyncio.Future[T]", future)

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            if job.future.cancelled():
                continue
            loop = job.future.get_loop()
            settle = _settled(job)
            try:
                loop.call_soon_threadsafe(settle)
            except RuntimeError:
                return  # the loop is closed: the server has ended
            del job, settle


def _settled(job: _Job) -> Callable[[], None]:
    """Run a job; what is returned puts the outcome into its future, on the loop."""
    future = job.future
    try:
        result = job.function()
    except Exception as error:
        failure = error
        return lambda: None if future.done() else future.set_exception(failure)
    return lambda: None if future.done() else future.set_result(result)
