"""Files that a folder nobody trusts holds or names: whatever stands in their place, nothing is waited for."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable

Stamp = tuple[tuple[int, int, int], ...]
"""Time of change (ns), size (bytes) and inode of files; zeros for one that is not there."""


_READING = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a pipe opens at once
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def open_file(path: str) -> int:
    """A descriptor for reading a regular file, which the caller closes. Raises OSError, and for anything that is none.

    A link may lead to a pipe, or to our own standard input, from which the editor's next message would be taken.
    """
    handle = os.open(path, _READING)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(0, "it is no file")
    return handle


def text_of(path: str, limit: int = 1_000_000) -> str:
    """The first `limit` characters of a regular file; empty for anything else."""
    try:
        with os.fdopen(open_file(path), encoding="utf-8", errors="surrogateescape") as file:
            return file.read(limit)
    except (OSError, ValueError):
        return ""


def first_line(path: str) -> str:
    """The first line of a regular file, without the white space around it."""
    return text_of(path, 8192).partition("\n")[0].strip()


def stamp(paths: Iterable[str]) -> Stamp:
    """What changes when one of the files does."""
    return tuple([_stamp(path) for path in paths])


def real_path(path: str) -> str:
    """The path with symbolic links resolved, or as it is where that cannot be done."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return path


def _stamp(path: str) -> tuple[int, int, int]:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return (0, 0, 0)
    return status.st_mtime_ns, status.st_size, status.st_ino
