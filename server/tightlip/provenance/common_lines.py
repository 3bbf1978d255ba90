"""Lines that many projects have, whoever wrote them first: they say nothing of where a text is from."""

from __future__ import annotations

from functools import lru_cache

from tightlip.detect.shipped import rules_directory

FILE = "common_lines.txt"
"""In the folder of the rules. `python -m tests.bench.copied_common` writes it, and its head says from what."""


@lru_cache(maxsize=1)
def common_lines() -> frozenset[int]:
    """CRC-32 of every such line, normalised; one other line of a million is taken for common with them.

    Empty where the list cannot be read: then more is recognised.
    """
    try:
        text = (rules_directory() / FILE).read_text("ascii")
        return frozenset(int(line, 16) for line in text.splitlines() if not line.startswith("#"))
    except (OSError, ValueError):
        return frozenset()
