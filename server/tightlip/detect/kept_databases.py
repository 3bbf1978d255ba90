"""Compiled databases on disk, so that the words of a policy are compiled once and not at every start.

A database has the words it was made of in it. They are the organisation's customers and code names, so a file is covered
with a stream of bytes that follows from the very words: it says nothing to who has only the file, on the disk or in a copy
of it. Who has the policy needs no file; and who guesses every word of it can see by the file that the guess is right.
"""

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
from tightlip.detect.kept import cache_directory, keep, what_was_kept

T = TypeVar("T")

_MAGIC = b"tightlip databases 3\n"
_HYPERSCAN = str(getattr(hyperscan, "__version__", ""))
_KEEP = 12
"""Files of one name that are kept, those that were used last; a policy that is being written gives a new one with every
change."""
_USED = 86_400.0
"""Seconds after which it is noted again that a file is used: a start is to read and not to write."""


def kept(name: str, sources: Iterable[str], make: Callable[[], Sequence[bytes]], load: Callable[[list[bytes]], T]) -> T:
    """What `load` gives for the parts that `make` gives for `sources` (everything they depend on).

    The parts are taken from the cache on disk where it holds them. A cache that cannot be read, written or loaded (one of
    another processor) is no error: then they are made.
    """
    digest = hashlib.sha256()
    for part in (tightlip.__version__, _HYPERSCAN, sys.platform, _machine(), *sources):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    key = digest.digest()
    path = cache_directory() / f"{name}-{key[:16].hex()}.bin"
    found = _read(path, key)
    if found is not None:
        with suppress(hyperscan.HyperscanError, ValueError):
            loaded = load(found)
            _note_use(path)
            return loaded
    made = list(make())
    _write(path, key, made)
    return load(made)


def _machine() -> str:
    return os.uname().machine if sys.platform != "win32" else os.environ.get("PROCESSOR_ARCHITECTURE", "")


def _read(path: Path, key: bytes) -> list[bytes] | None:
    """The parts, or None for a file that is absent, damaged or of another key."""
    content = what_was_kept(path)
    if content is None or not content.startswith(_MAGIC):
        return None
    whole = _covered(content[len(_MAGIC) :], key)
    body = whole[32:]
    if hashlib.sha256(body).digest() != whole[:32]:
        return None
    parts: list[bytes] = []
    while body:
        size = 8 + int.from_bytes(body[:8], "little")
        parts.append(body[8:size])
        body = body[size:]
    return parts


def _write(path: Path, key: bytes, parts: Sequence[bytes]) -> None:
    """Write, and forget what was not used for longest under the same name."""
    body = b"".join(len(part).to_bytes(8, "little") + part for part in parts)
    keep(path, _MAGIC + _covered(hashlib.sha256(body).digest() + body, key))
    with suppress(OSError):
        written = sorted(path.parent.glob(f"{path.name.partition('-')[0]}-*.bin"), key=lambda one: one.stat().st_mtime)
        for old in written[:-_KEEP]:
            old.unlink(missing_ok=True)


def _note_use(path: Path) -> None:
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > _USED:
            os.utime(path)


def _covered(content: bytes, key: bytes) -> bytes:
    """The content under a stream that only the whole key gives (the name of a file has half of it), or without it again."""
    stream = hashlib.shake_128(key).digest(len(content))
    return (int.from_bytes(content, "little") ^ int.from_bytes(stream, "little")).to_bytes(len(content), "little")
