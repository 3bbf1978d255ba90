"""The deep lane as the rest of tightlip sees it: hand in a text, get a future. A worker that dies, hangs or eats memory is
replaced, and nobody waits for it.

    lane = DeepLane(on_state=show)
    future = lane.submit(DeepJob(text, path="src/users.py", key=uri))      # asyncio: await asyncio.wrap_future(future)
    lane.close()
"""

from __future__ import annotations

import random
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from enum import Enum

from attrs import define, frozen

from tightlip.detect.deep.job import Answered, DeepJob, DeepResult, Prepared, finish, prepare
from tightlip.detect.deep.process import Process, worker_command
from tightlip.detect.deep.protocol import OUT_OF_MEMORY, Hello, ProtocolError, Reply, decode_answer, encode
from tightlip.detect.deep.state import LaneState, State, ready
from tightlip.finding import Notice


@frozen
class Limits:
    """What the worker may take before it is replaced. Times in seconds, memory in bytes."""

    job: float = 10.0
    start: float = 60.0
    memory: int = 1_500_000_000
    """Presidio, spaCy and detect-secrets take 120 MB (310 MB of address space); a large spaCy model 700 MB more."""
    first_pause: float = 1.0
    longest_pause: float = 60.0
    """The pause before a restart doubles with every failure in a row, from the first to the longest, and varies a little."""
    crashes: int = 2
    """How often a document may bring the worker down before it is left out."""
    failed_starts: int = 3
    """How often in a row the worker may fail to start before the lane answers without it for `longest_pause`."""


class _Trouble(Enum):
    """Why the worker gave no answer."""

    CLOSED = "the lane was closed"
    ENDED = "ended unexpectedly"
    TIMEOUT = "took too long"
    MEMORY = "needed too much memory"
    NONSENSE = "gave an answer that is none"


@define(eq=False)
class _Entry:
    """A job on its way."""

    job: DeepJob
    future: Future[DeepResult]


class DeepLane:
    """The client. Its methods return at once and raise nothing; they may be called from any thread.

    Futures are resolved, and `on_state` is called, on a thread of the lane.
    """

    def __init__(
        self,
        *,
        limits: Limits = Limits(),
        on_state: Callable[[LaneState], None] | None = None,
        command: Sequence[str] | None = None,
    ):
        self._limits = limits
        self._on_state = on_state
        self._command = tuple(command or worker_command(limits.memory))
        self._changed = threading.Condition()
        self._waiting: OrderedDict[object, _Entry] = OrderedDict()
        self._current: _Entry | None = None
        self._thread: threading.Thread | None = None
        self._process: Process | None = None
        self._closed = False
        self._state = LaneState(State.OFF, "Presidio and detect-secrets have not been needed yet.")
        self._number = self._failures = self._failed_starts = 0
        self._not_before = 0.0
        self._crashes: dict[str, int] = {}
        self._answered: dict[str, Answered] = {}

    @property
    def state(self) -> LaneState:
        """What the worker is doing now."""
        return self._state

    def submit(self, job: DeepJob) -> Future[DeepResult]:
        """Look at a text when the worker is free; starts the worker if need be.

        The future is cancelled when a newer job for the same document comes or the lane closes, and otherwise always
        resolved: what could not be looked at, and why, stands in the result's notices.
        """
        entry = _Entry(job, Future())
        with self._changed:
            if self._closed:
                entry.future.cancel()
                return entry.future
            key: object = entry if job.key is None else job.key
            replaced = [self._waiting.pop(key, None)]
            if self._current is not None and job.key is not None and self._current.job.key == job.key:
                replaced.append(self._current)
            self._waiting[key] = entry
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="tightlip-deep-lane", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        for old in replaced:
            if old is not None:
                old.future.cancel()
        return entry.future

    def forget(self, key: str) -> None:
        """Drop a document that was closed, or that shall be looked at afresh although it brought the worker down."""
        with self._changed:
            entries = [self._waiting.pop(key, None)]
            if self._current is not None and self._current.job.key == key:
                entries.append(self._current)
            self._answered.pop(key, None)
            self._crashes.pop(key, None)
        for entry in entries:
            if entry is not None:
                entry.future.cancel()

    def close(self) -> None:
        """End the worker at once and cancel every job."""
        with self._changed:
            self._closed = True
            entries = [*self._waiting.values(), *([self._current] if self._current else [])]
            self._waiting.clear()
            if self._process is not None:
                self._process.kill()
            self._changed.notify_all()
        for entry in entries:
            entry.future.cancel()
        self._show(LaneState(State.OFF, "Presidio and detect-secrets are switched off."))

    def _run(self) -> None:
        while (entry := self._next()) is not None:
            try:
                self._serve(entry)
            except Exception as error:  # whatever happens here must not end the thread that every document relies on
                self._without(entry, "deep-unavailable", f"the deep lane failed ({type(error).__name__})")
            finally:
                with self._changed:
                    self._current = None

    def _next(self) -> _Entry | None:
        """The job that waits longest; None when the lane is closed."""
        while True:
            with self._changed:
                if self._closed:
                    return None
                if self._waiting:
                    _, self._current = self._waiting.popitem(last=False)
                    return self._current
                ended = self._process is not None and self._process.ended
                if not ended:
                    self._changed.wait()
            if ended:
                self._process = None
                sentence = "The worker ended unexpectedly; it starts again with the next change."
                self._show(LaneState(State.RESTARTING, sentence))

    def _serve(self, entry: _Entry) -> None:
        job = entry.job
        crashes = self._crashes.get(job.key, 0) if job.key is not None else 0
        prepared = prepare(job, self._answered.get(job.key) if job.key is not None else None)
        if not prepared.regions:
            self._answer(entry, finish(prepared, Reply(0)))
            return
        while crashes < self._limits.crashes and not entry.future.cancelled():
            process = self._ready()
            if process is None:
                if not self._closed:
                    self._without(entry, "deep-unavailable", "the worker does not start")
                return
            trouble = self._ask(process, entry, prepared)
            if trouble is None or trouble is _Trouble.CLOSED:
                return
            crashes += 1
            self._replace(process, f"The worker {trouble.value}")
            if job.key is not None and not entry.future.cancelled():
                self._crashes[job.key] = crashes
            if trouble in (_Trouble.TIMEOUT, _Trouble.MEMORY):
                self._without(entry, f"deep-{trouble.name.lower()}", f"the worker {trouble.value}")
                return
        self._without(entry, "deep-left-out", f"this document brought the worker down {crashes} times")

    def _ready(self) -> Process | None:
        """A worker that can be asked: started now if need be, after the pause. None if it does not start, or when closed."""
        while not self._closed:
            if self._process is not None and not self._process.ended:
                return self._process
            pause = self._not_before - time.monotonic()
            if pause > 0:
                if self._failed_starts >= self._limits.failed_starts:
                    return None
                with self._changed:
                    self._changed.wait(pause)
            else:
                self._start()
        return None

    def _start(self) -> None:
        loading = "Presidio and detect-secrets are being loaded; the built-in rules work already."
        self._show(LaneState(State.STARTING, loading))
        try:
            process = Process(self._command, self._notify)
        except OSError as error:
            self._failed_starts += 1
            self._replace(None, f"The worker cannot be started ({type(error).__name__})")
            return
        with self._changed:
            self._process = process
            if self._closed:
                process.kill()
                return
        hello = self._first_words(process)
        if isinstance(hello, Hello):
            self._failed_starts = 0
            self._show(ready(hello))
        elif hello is not _Trouble.CLOSED:
            self._failed_starts += 1
            self._replace(process, f"The worker {hello.value} while it was being loaded")

    def _first_words(self, process: Process) -> Hello | _Trouble:
        deadline = time.monotonic() + self._limits.start
        while True:
            line = self._receive(process, deadline)
            if isinstance(line, _Trouble):
                return line
            try:
                answer = decode_answer(line)
            except ProtocolError:
                return _Trouble.NONSENSE
            if isinstance(answer, Hello) and answer.state == "ready":
                return answer

    def _ask(self, process: Process, entry: _Entry, prepared: Prepared) -> _Trouble | None:
        """Send a job and take the answer; None when it went well."""
        self._number += 1
        before = self._state
        self._show(LaneState(State.BUSY, "Presidio and detect-secrets are looking at a text.", before.worker))
        process.send(encode(prepared.request(self._number)))
        line = self._receive(process, time.monotonic() + self._limits.job)
        if isinstance(line, _Trouble):
            return _Trouble.MEMORY if line is _Trouble.ENDED and process.exit_code == OUT_OF_MEMORY else line
        try:
            answer = decode_answer(line)
            if not isinstance(answer, Reply) or answer.id != self._number:
                return _Trouble.NONSENSE
            answered = finish(prepared, answer)
        except ProtocolError:
            return _Trouble.NONSENSE
        except Exception:
            self._show(before)  # the worker did its part
            raise
        self._failures = 0
        self._answer(entry, answered)
        self._show(before)
        return None

    def _receive(self, process: Process, deadline: float) -> bytes | _Trouble:
        """The next line of the worker, or why there is none by `deadline` (monotonic seconds)."""
        while True:
            with self._changed:
                if self._closed:
                    return _Trouble.CLOSED
                if process.lines:
                    return process.lines.popleft()
                if process.ended:
                    return _Trouble.ENDED
                left = deadline - time.monotonic()
                if left <= 0:
                    return _Trouble.TIMEOUT
                self._changed.wait(min(left, _WATCH))
            if (process.resident() or 0) > self._limits.memory:
                return _Trouble.MEMORY

    def _replace(self, process: Process | None, what: str) -> None:
        """End a worker, and let the next one start after a pause."""
        if process is not None:
            process.kill()
        self._process = None
        self._failures += 1
        gave_up = self._failed_starts >= self._limits.failed_starts
        pause = self._limits.longest_pause
        if not gave_up:
            doubled = self._limits.first_pause * 2 ** min(self._failures - 1, 30)
            pause = min(doubled * random.uniform(1, 1.25), pause)
        self._not_before = time.monotonic() + pause
        state = State.FAILED if gave_up else State.RESTARTING
        self._show(LaneState(state, f"{what}; it starts again in {pause:.0f} s. The built-in rules go on."))

    def _answer(self, entry: _Entry, answered: Answered) -> None:
        key = entry.job.key
        with self._changed:
            if key is not None and not entry.future.cancelled():
                self._crashes.pop(key, None)
                self._answered[key] = answered
        _resolve(entry.future, answered.result)

    def _without(self, entry: _Entry, code: str, why: str) -> None:
        notice = Notice(code, f"Presidio and detect-secrets did not look at this text: {why}. The built-in rules did.")
        _resolve(entry.future, DeepResult((), (notice,)))

    def _show(self, state: LaneState) -> None:
        if self._closed and state.state is not State.OFF:
            return
        self._state = state
        if self._on_state is not None:
            with suppress(Exception):  # the listener's mistakes are not the lane's
                self._on_state(state)

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()


_WATCH = 0.2
"""Seconds between looks at the worker's memory while it works."""


def _resolve(future: Future[DeepResult], result: DeepResult) -> None:
    with suppress(InvalidStateError):  # cancelled meanwhile
        future.set_result(result)
