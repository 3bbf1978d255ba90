"""Clean code: the standard library without its tests. Nothing in it is a secret."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.quality_sample import Sample

SKIPPED = frozenset({"test", "tests", "testing", "__tests__", "idle_test", "site-packages", "__pycache__"})
"""Folders of tests, and those that are no part of a library."""


def standard_library() -> list[Sample]:
    """The `.py` files of the standard library, without its tests."""
    root = Path(sysconfig.get_paths()["stdlib"])
    return list(_texts(root))


def _texts(root: Path) -> Iterator[Sample]:
    for path in sorted(root.rglob("*.py")):
        relative = path.relative_to(root)
        if SKIPPED & set(relative.parts) or not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" in content:
            continue
        try:
            text = content.decode()
        except UnicodeDecodeError:
            continue
        yield Sample(f"stdlib/{relative.as_posix()}", text, (), "stdlib")


def megabytes(samples: Sequence[Sample]) -> float:
    """Size of samples in UTF-8, in millions of bytes."""
    return sum(len(sample.text.encode()) for sample in samples) / 1e6
