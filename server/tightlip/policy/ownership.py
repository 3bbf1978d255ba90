"""May a file be believed because of whom it belongs to? Asked as sudo asks of its own files, and ssh of its keys.

A file counts when every folder on its path, every symbolic link on it and the file itself belong to root (on Windows: the
administrators) and nobody else may write them. What others may write, they may replace.

- Group-writable is refused, for the group root too: sudo accepts it there, but in images for OpenShift every user is of
  group 0. It costs nothing else: with a POSIX ACL the group bits of the mode are the ACL's mask, so a user whom an ACL
  lets write shows there, and the ACL need not be read (acl(5)).
- A folder with the sticky bit, as /tmp, may be written by all: what lies in it must belong to root, and must have no
  second name, since a hard link to another file of root's may be made there by anybody.
- Access lists of macOS and of NFSv4 are not read: only the owner, root, can have set them.
- Who is root matters not: also for root a file counts only if nobody else can write it.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Collection
from typing import NamedTuple

from tightlip.errors import PolicyError

ADMINISTRATOR: frozenset[int] = frozenset({0})
"""User ids to which a file may belong that is believed without a signature."""

MAX_SIZE = 1_000_000
"""Bytes of a policy file that is read."""

_MAX_LINKS = 40
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO opens at once
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)


class Content(NamedTuple):
    """What a file held in one read, and why it cannot be believed by its owner alone."""

    path: str
    data: bytes
    doubt: str
    """Part of a sentence that names the file or folder at fault and what to do; empty where the file may be believed."""


def read_content(path: str, owners: Collection[int] | None = None, limit: int = MAX_SIZE) -> Content:
    """Read an absolute path once; `owners` are the user ids to which everything on its path may belong (default: root).

    Never waits. Raises PolicyError for what is not there, is no regular file, is larger than `limit` bytes or cannot be
    read.
    """
    try:
        real, found, doubt = _walk(path, ADMINISTRATOR if owners is None else owners)
        _must_be_file(found, path, limit)
        handle = os.open(real, _FLAGS)
        try:
            opened = os.fstat(handle)
            _must_be_file(opened, path, limit)
            if (opened.st_dev, opened.st_ino) != (found.st_dev, found.st_ino):
                doubt = doubt or f"{printable(path)} was replaced while it was read; read it again"
            data = _read(handle, limit)
        finally:
            os.close(handle)
    except OSError as problem:
        raise PolicyError(f"cannot read this file: {problem.strerror}", file=printable(path)) from None
    except ValueError:
        raise PolicyError("this is not a path of a file", file=printable(path)) from None
    if len(data) > limit:
        raise PolicyError(_too_large(limit), file=printable(path))
    return Content(path, data, doubt)


def doubt_about(path: str, owners: Collection[int] | None = None) -> str:
    """Why a file or folder at an absolute path cannot be believed, as in `Content.doubt`. Raises OSError, ValueError."""
    return _walk(path, ADMINISTRATOR if owners is None else owners)[2]


def printable(path: str) -> str:
    """A path as a message may show it: one line."""
    return "".join(c if c.isprintable() else "?" for c in path)


def _must_be_file(status: os.stat_result, path: str, limit: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise PolicyError("this is not a regular file; put the policy itself there", file=printable(path))
    if status.st_size > limit:
        raise PolicyError(_too_large(limit), file=printable(path))


def _too_large(limit: int) -> str:
    return f"this file is larger than {limit // 1000} kB and is not read; make it smaller"


def _read(handle: int, limit: int) -> bytes:
    parts: list[bytes] = []
    left = limit + 1
    while left > 0 and (part := os.read(handle, left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _walk(path: str, owners: Collection[int]) -> tuple[str, os.stat_result, str]:
    """The path without links, what is there, and the first doubt on the way. Raises OSError, ValueError."""
    if sys.platform == "win32":
        from tightlip.policy.windows import doubt_of_access

        return path, os.lstat(path), doubt_of_access(path)
    if not path.startswith("/"):
        raise ValueError("a path must be absolute")
    real, status = "", os.lstat("/")
    doubt = _doubt("/", status, None, owners)
    todo = path.split("/")[::-1]
    links = 0
    while todo:
        part = todo.pop()
        if part in ("", "."):
            continue
        if part == "..":  # what it leads to was looked at on the way down
            real = real.rpartition("/")[0]
            status = os.lstat(real or "/")
            continue
        folder, here = status, f"{real}/{part}"
        status = os.lstat(here)
        doubt = doubt or _doubt(here, status, folder, owners)
        if not stat.S_ISLNK(status.st_mode):
            real = here
            continue
        links += 1
        if links > _MAX_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        target = os.readlink(here)  # noqa: PTH115
        todo.extend(target.split("/")[::-1])
        if target.startswith("/"):
            real = ""
        status = os.lstat(real or "/")
    return real or "/", status, doubt


def _doubt(path: str, status: os.stat_result, folder: os.stat_result | None, owners: Collection[int]) -> str:
    name = printable(path)
    if status.st_uid not in owners:
        who = "root" if set(owners) <= ADMINISTRATOR else "root or to you"
        return f"{name} belongs to the user {status.st_uid}, not to {who}: run chown root {name}"
    if stat.S_ISLNK(status.st_mode):
        writable = False  # a link's own mode means nothing
    elif stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX:
        return ""
    else:
        writable = bool(status.st_mode & 0o022)
    if writable:
        return f"others may write {name} (mode {stat.S_IMODE(status.st_mode):04o}): run chmod go-w {name}"
    if folder is not None and folder.st_mode & 0o022 and status.st_nlink > 1 and not stat.S_ISDIR(status.st_mode):
        return f"{name} lies in a folder that all may write and has a second name: put it into a folder of root's"
    return ""
