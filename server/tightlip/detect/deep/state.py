"""What the deep lane's worker is doing, for status lines and `tightlip doctor`."""

from __future__ import annotations

from enum import Enum

from attrs import frozen

from tightlip.detect.deep.protocol import Hello


class State(str, Enum):
    """What the worker is doing."""

    OFF = "off"
    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    RESTARTING = "restarting"
    FAILED = "failed"


@frozen
class LaneState:
    """The lane's state, with a sentence for people."""

    state: State
    sentence: str
    worker: Hello | None = None
    """What the running worker can do, once it has said so."""


def ready(worker: Hello) -> LaneState:
    """The state of a worker that waits for work."""
    versions = worker.versions
    names = f"names of people in prose by {worker.models[0]}" if worker.models else "no spaCy model for names of people"
    known = (
        f"presidio {versions.get('presidio-analyzer', '?')} and detect-secrets {versions.get('detect-secrets', '?')}"
    )
    return LaneState(State.READY, f"Ready: {known}; {names}.", worker)
