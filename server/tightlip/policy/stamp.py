"""Whether a file is still the one that was read."""

from __future__ import annotations

import os

Stamp = tuple[int, int, int] | None
"""Time of the last change (nanoseconds since the epoch), size (bytes) and number of a file; None where there is none."""


def stamp_of(path: str) -> Stamp:
    """What changes when a file does, links followed. Never raises."""
    try:
        status = os.stat(path)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
