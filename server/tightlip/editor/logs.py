"""What the server may write about its work: rule ids, URIs, counts and times, never a text.

pygls logs whole messages and exception texts; its loggers are silenced here, and an exception is told by its type and place.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from asyncio import AbstractEventLoop
from pathlib import Path
from types import TracebackType

LEVELS = ("error", "warning", "info", "debug")

log = logging.getLogger("tightlip.editor")


def start_logging(level: str) -> None:
    """Log to standard error from `level` on; silence everything that is not ours. Raises ValueError for another word."""
    if level not in LEVELS:
        raise ValueError(f"unknown log level; one of {', '.join(LEVELS)}")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    ours = logging.getLogger("tightlip")
    ours.handlers[:] = [handler]
    ours.setLevel(level.upper())
    ours.propagate = False
    silence()
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda args: _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def silence() -> None:
    """Keep other packages' loggers from writing anything: pygls' hold whole texts."""
    for name in ("pygls", "asyncio", "cattrs"):
        foreign = logging.getLogger(name)
        foreign.setLevel(logging.CRITICAL + 1)
        foreign.propagate = False
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())


def watch_loop(loop: AbstractEventLoop) -> None:
    """Log what goes wrong in a task nobody waits for, by type and place."""

    def told(_: AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        log.error("background task: %s", told_error(error) if isinstance(error, BaseException) else "failed")

    loop.set_exception_handler(told)


def told_error(error: BaseException) -> str:
    """`KeyError at hover.py:42`: all that may be said about an exception, whose own text may hold a document's."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "tightlip" in frame.filename] or frames
    place = f" at {Path(own[-1].filename).name}:{own[-1].lineno}" if own else ""
    return type(error).__name__ + place


def _log_uncaught(_: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is not None:
        log.error("uncaught: %s", told_error(error.with_traceback(trace)))
