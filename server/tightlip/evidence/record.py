"""What a person decided when text was about to leave: one line of JSON each, appended to a file in their data folder.

A line says when, where, what was found (rule ids) and what was chosen. It holds no value and no text.
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal, get_args

import platformdirs
from attrs import asdict, frozen

from tightlip.errors import TightlipError
from tightlip.finding import RuleId

NAME = "record.jsonl"

Event = Literal["sent-anyway", "sent-redacted", "cancelled"]
EVENTS: tuple[str, ...] = get_args(Event)


@frozen
class Entry:
    """One decision of a person."""

    event: Event
    surface: str
    """Which way the text was about to go: the client and its command, such as `vscode:workbench.action.chat.open`."""
    decision: str
    """What the policy said: `off`, `info`, `warn`, `ask` or `block`."""
    rules: tuple[RuleId, ...] = ()
    file: str = ""
    """Absolute path of the file, or empty for a text without one."""


def record_path() -> Path:
    """Where the record lies: in the user's data folder."""
    return Path(platformdirs.user_data_dir("tightlip", appauthor=False)) / NAME


def append(entry: Entry, path: Path | None = None, now: datetime | None = None) -> Path:
    """Add a line, in one write, so that two processes do not mix theirs; the path of the record.

    Raises TightlipError where the record cannot be written.
    """
    path = path or record_path()
    time = (now or datetime.now(timezone.utc)).isoformat(timespec="seconds")
    line = json.dumps({"time": time, **asdict(entry)}, ensure_ascii=True) + "\n"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)
    except OSError as problem:
        raise TightlipError(f"cannot write the record: {problem.strerror}", file=str(path)) from None
    return path
