"""Compiled databases on disk, so that the words of a policy are compiled once and not at every start."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import hyperscan

import tightlip
from tightlip.detect.kept import cache_directory

T = TypeVar("T")

_MAGIC = b"tightlip databases 1\n"
_HYPERSCAN = str(getattr(hyperscan, "__version__", ""))
_KEEP = 12
"""Files of one name that are kept; a policy that is being written gives a new one with every change."""


def kept(name: str, sources: Iterable[str], make: Callable[[], Sequence[bytes]], load: Callable[[list[bytes]], T]) -> T:
    """What `load` gives for the parts that `make` gives for `sources` (everything they depend on).

    The parts are taken from the cache on disk where it holds them. A cache that cannot be read, written or loaded (one of
    another processor) is no error: then they are made.
    """
    digest = hashlib.sha256()
    for part in (tightlip.__version__, _HYPERSCAN, sys.platform, _machine(), *sources):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    key = digest.hexdigest()
    path = cache_directory() / f"{name}-{key[:32]}.bin"
    found = _read(path, key)
    if found is not None:
        with suppress(hyperscan.HyperscanError, ValueError):
            return load(found)
    made = list(make())
    _write(path, key, made)
    return load(made)


def _machine() -> str:
    return os.uname().machine if sys.platform != "win32" else os.environ.get("PROCESSOR_ARCHITECTURE", "")


def _read(path: Path, key: str) -> list[bytes] | None:
    """The parts, or None for a file that is absent, damaged or of another key."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    head = _MAGIC + key.encode()
    body = content[len(head) + 32 :]
    if not content.startswith(head) or hashlib.sha256(body).digest() != content[len(head) : len(head) + 32]:
        return None
    parts: list[bytes] = []
    while body:
        size = 8 + int.from_bytes(body[:8], "little")
        parts.append(body[8:size])
        body = body[size:]
    return parts


def _write(path: Path, key: str, parts: Sequence[bytes]) -> None:
    """Write in one step, and forget the oldest of what was written under the same name."""
    body = b"".join(len(part).to_bytes(8, "little") + part for part in parts)
    temporary = Path(f"{path}.{os.getpid()}.{time.monotonic_ns()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(temporary, "xb") as file:
            file.write(_MAGIC + key.encode() + hashlib.sha256(body).digest() + body)
        os.replace(temporary, path)  # noqa: PTH105
        written = sorted(path.parent.glob(f"{path.name.partition('-')[0]}-*.bin"), key=lambda one: one.stat().st_mtime)
        for old in written[:-_KEEP]:
            old.unlink(missing_ok=True)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
