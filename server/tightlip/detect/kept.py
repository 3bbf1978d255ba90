"""Files that are kept from run to run: what takes long to make of the files of an installation. Losing them costs only time.

Nobody else can read them or has written them: a file is made for its user alone, and a folder of another one is not used.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_dir

_LEFT = 3600.0
"""Seconds after which a file that was not finished is taken for that of a process that was killed."""
_UNFINISHED = r".+\.(?:bin|json)\.\d+\.\d+"


def cache_directory() -> Path:
    """Folder of what is kept (`TIGHTLIP_CACHE_DIR`, else the platform's cache folder)."""
    return Path(os.environ.get("TIGHTLIP_CACHE_DIR") or user_cache_dir("tightlip", appauthor=False))


def is_own(place: Path) -> bool:
    """Whether a file or folder belongs to who runs this, or to the administrator. Raises OSError where there is none."""
    return os.name != "posix" or place.stat().st_uid in (0, os.geteuid())


def what_was_kept(path: Path) -> bytes | None:
    """What `keep` wrote; None where nothing is, where it cannot be read, and in a folder of somebody else."""
    with suppress(OSError):
        return path.read_bytes() if is_own(path.parent) else None
    return None


def keep(path: Path, content: bytes) -> None:
    """Write a file in one step; one that cannot be written is no error, the next start makes its content again."""
    temporary = Path(f"{path}.{os.getpid()}.{time.monotonic_ns()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not is_own(path.parent):
            return
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(temporary, flags, 0o600), "wb") as file:
            file.write(content)
        os.replace(temporary, path)  # noqa: PTH105
        _sweep(path.parent)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove what processes that were killed did not finish."""
    before = time.time() - _LEFT
    for one in folder.iterdir():
        if re.fullmatch(_UNFINISHED, one.name) and one.stat().st_mtime < before:
            one.unlink(missing_ok=True)
