"""tightlip/status: how each document stands, told to the client when it changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from attrs import asdict, frozen

STATUS = "tightlip/status"

State = Literal["safe", "findings", "restricted", "checking"]


@frozen
class Status:
    """What the client shows in its status bar about one document."""

    uri: str
    state: State
    count: int
    """Findings in it."""
    worker: str
    """The deep lane's state: `off`, `starting`, `ready`, `busy`, `failed`."""
    sentence: str = ""
    """What to tell of it, where there is something to tell."""

    def as_json(self) -> dict[str, str | int]:
        """The notification's params."""
        return asdict(self)


class Statuses:
    """The statuses last told."""

    def __init__(self, tell: Callable[[Status], None]):
        self._tell = tell
        self._told: dict[str, Status] = {}

    def set(self, status: Status) -> None:
        """Tell the client, unless it knows."""
        if self._told.get(status.uri) != status:
            self._told[status.uri] = status
            self._tell(status)

    def get(self, uri: str) -> Status | None:
        """What was told last about a document."""
        return self._told.get(uri)

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self._told.pop(uri, None)
