"""Files that are kept from run to run: what takes long to make of the files of an installation. Losing them costs only time."""

from __future__ import annotations

import os
import time
from pathlib import Path

from platformdirs import user_cache_dir


def cache_directory() -> Path:
    """Folder of what is kept (`TIGHTLIP_CACHE_DIR`, else the platform's cache folder)."""
    return Path(os.environ.get("TIGHTLIP_CACHE_DIR") or user_cache_dir("tightlip", appauthor=False))


def keep(path: Path, content: bytes) -> None:
    """Write a file in one step; one that cannot be written is no error, the next start makes its content again."""
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = f"{path}.{os.getpid()}.{time.monotonic_ns()}"
        with open(temporary, "xb") as file:
            file.write(content)
        os.replace(temporary, path)  # noqa: PTH105
    except OSError:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
