"""The key of a workspace: 32 random bytes that make its tokens and fingerprints the same in every file and run.

It lies outside the repository, in the user's data folder, readable by nobody else.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import stat
import time
from collections.abc import Mapping
from pathlib import Path

import platformdirs
from attrs import field, frozen

from tightlip.errors import TightlipError

SIZE = 32
"""Bytes of a key."""
VARIABLE = "TIGHTLIP_KEY_FILE"
"""Environment variable that names the key file to use instead."""

_WAITS = 20
_POSIX = os.name == "posix"
_NO_PLACE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENOTDIR})


@frozen
class Key:
    """A key and where it lies."""

    secret: bytes = field(repr=False)
    path: Path | None
    """None for a key that lives in this process only: its tokens mean nothing to the next one."""


def workspace_key(root: Path | None, environ: Mapping[str, str] | None = None) -> Key:
    """The key of the workspace at `root`, made on first use.

    An ephemeral key where there is no workspace, or no place outside it to keep one (no writable home, or the workspace is
    the home). Two processes that ask at the same time get the same key. Raises TightlipError for a key file that others can
    read, that is no key, or that was set to lie inside the workspace.
    """
    named = (os.environ if environ is None else environ).get(VARIABLE)
    if named:
        path = Path(named).expanduser()
        if _is_inside(path, root):
            raise TightlipError(
                f"the key could be committed here; set {VARIABLE} outside the workspace", file=str(path)
            )
        try:
            return Key(_read_or_create(path), path)
        except OSError as problem:
            raise TightlipError(f"cannot use this key file: {problem.strerror}", file=str(path)) from None
    if root is None:
        return ephemeral_key()
    path = key_path(root)
    if _is_inside(path, root):
        return ephemeral_key()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Key(_read_or_create(path), path)
    except OSError as problem:
        if problem.errno not in _NO_PLACE:
            raise TightlipError(f"cannot keep a key here: {problem.strerror}", file=str(path)) from None
        return ephemeral_key()


def ephemeral_key() -> Key:
    """A new key that is kept nowhere."""
    return Key(secrets.token_bytes(SIZE), None)


def key_path(root: Path) -> Path:
    """Where the key of the workspace at `root` lies; the name tells nothing of the folder's."""
    real = os.path.normcase(os.path.realpath(root))
    name = hashlib.sha256(os.fsencode(real)).hexdigest()[:32]
    return Path(platformdirs.user_data_dir("tightlip", appauthor=False)) / "keys" / name


def _is_inside(path: Path, root: Path | None) -> bool:
    return root is not None and Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def _read_or_create(path: Path) -> bytes:
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    try:
        _create(path)
        return _read(path)
    except FileNotFoundError:
        raise TightlipError("the folder of this key file does not exist; create it", file=str(path)) from None


def _read(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    except OSError as problem:
        if problem.errno == errno.ELOOP:
            raise TightlipError("the key file is a symbolic link; put the key itself there", file=str(path)) from None
        raise
    try:
        _check_owner(os.fstat(handle), path)
        secret = os.read(handle, SIZE + 1)
        waited = 0
        while len(secret) < SIZE and waited < _WAITS:
            time.sleep(0.01)
            waited += 1
            os.lseek(handle, 0, os.SEEK_SET)
            secret = os.read(handle, SIZE + 1)
    finally:
        os.close(handle)
    if len(secret) != SIZE:
        raise TightlipError(
            "the key file does not hold a key of 32 bytes; remove it, and a new one is made", file=str(path)
        )
    return secret


def _check_owner(status: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise TightlipError("the key file is not a regular file; remove it, and a new key is made", file=str(path))
    if _POSIX and (status.st_mode & 0o077 or status.st_uid != os.geteuid()):
        message = "others can read or own the key file; run chmod 600 on it, or remove it, and a new key is made"
        raise TightlipError(message, file=str(path))


def _create(path: Path) -> None:
    """Put a new key at `path`, complete from the first moment; if another process was quicker, its key stays."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(draft, flags, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(SIZE))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            _place(draft, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()


def _place(draft: Path, path: Path) -> None:
    """Give the draft its name unless the name is taken (FileExistsError)."""
    if not _POSIX:
        draft.rename(path)  # does not replace on Windows
        return
    try:
        os.link(draft, path, follow_symlinks=False)
    except OSError as problem:
        if problem.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
            raise
        # no hard links on this file system: the key is written in place, and readers wait until it is whole
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(draft.read_bytes())
