"""Lanes with a real worker, which takes seconds to start, and with one that misbehaves as it is told."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tightlip.detect.deep.client import DeepLane, Limits
from tightlip.detect.deep.job import DeepJob, DeepResult
from tightlip.detect.deep.state import LaneState, State

FAKE = str(Path(__file__).with_name("fake_worker.py"))
QUICK = Limits(job=1.0, start=10.0, first_pause=0.05, longest_pause=0.3, crashes=2, failed_starts=2)


class Watched:
    """A lane, and every state it has shown."""

    def __init__(self, lane_of: Callable[[Callable[[LaneState], None]], DeepLane]):
        self.states: list[LaneState] = []
        self.lane = lane_of(self.states.append)

    def look(self, text: str, **job: object) -> DeepResult:
        return self.lane.submit(DeepJob(text, **job)).result(60)

    def words(self) -> list[State]:
        return [state.state for state in self.states]

    def pids(self) -> list[int]:
        """Number of every worker that became ready, in their order."""
        return list(dict.fromkeys(s.worker.pid for s in self.states if s.state is State.READY and s.worker))

    def wait_for(self, state: State, seconds: float = 30) -> None:
        wait_until(lambda: self.lane.state.state is state, seconds)


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@pytest.fixture(scope="session")
def real() -> Iterator[Watched]:
    """The real worker, shared by the tests that leave it alive."""
    watched = Watched(lambda show: DeepLane(on_state=show))
    yield watched
    watched.lane.close()


@pytest.fixture
def lane_with(tmp_path: Path) -> Iterator[Callable[..., Watched]]:
    """Makes lanes: with `behaviours` of the fake worker, or with the real one and other limits."""
    made: list[Watched] = []

    def make(*behaviours: str, limits: Limits = QUICK) -> Watched:
        command = None
        if behaviours:
            command = (sys.executable, FAKE, str(tmp_path / f"starts-{len(made)}"), *behaviours)
        made.append(Watched(lambda show: DeepLane(limits=limits, on_state=show, command=command)))
        return made[-1]

    yield make
    for watched in made:
        watched.lane.close()
