"""Git's own small files, read without trust: whatever stands in their place neither raises nor holds us up."""

from __future__ import annotations

import os
from collections.abc import Iterable

Stamp = tuple[tuple[int, int, int], ...]
"""Time of change (ns), size (bytes) and inode of files; zeros for one that is not there."""


def text_of(path: str, limit: int = 1_000_000) -> str:
    """The first `limit` characters of a regular file; empty for anything else, so that a pipe is not waited for."""
    if not os.path.isfile(path):
        return ""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
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
