"""Which of the lines a text has in common with one file were copied together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

WINDOW = 60
"""Lines of the text within which lines belong together."""
LINES, STRICT_LINES = 3, 4
"""Distinct lines within a window that make a match, and a sure one."""
CHARACTERS = 80
"""Bytes those lines must have together: three lines of the least length are often three names in a list."""
CHAIN, STRICT_CHAIN = 90, 120
"""Bytes of neighbouring lines that make a match, and a sure one."""
GAP = 3
"""Lines from one neighbour to the next, at most."""


class Hit(NamedTuple):
    """A line of the text that the file has too. Lines are counted from 0."""

    here: int
    there: int
    line: bytes
    """What tells it from other lines, its hash: a session remembers lines where they stood last, several at one place."""
    size: int
    """Bytes of the normalised line."""


class Region(NamedTuple):
    """Lines that were copied together. Lines are counted from 0; the last one is the last copied one."""

    first: int
    last: int
    first_there: int
    last_there: int
    lines: int
    """Distinct lines that were recognised."""
    strict: bool
    here: tuple[int, ...]
    """The recognised lines of the text."""


def regions(hits: Sequence[Hit]) -> list[Region]:
    """The regions of one file's hits, which come in the order of the text, a line of the text at most once."""
    if len(hits) < 2:
        return []
    certain: dict[int, bool] = {}
    """Numbers of the hits that are in a match, and whether in a sure one."""
    _mark_windows(hits, certain)
    _mark_chains(hits, certain)
    found: list[Region] = []
    group: list[int] = []
    for number in sorted(certain):
        if group and hits[number].here - hits[group[-1]].here >= WINDOW:
            found.append(_region(hits, group, certain))
            group = []
        group.append(number)
    return [*found, _region(hits, group, certain)] if group else found


def _mark_windows(hits: Sequence[Hit], certain: dict[int, bool]) -> None:
    seen: Counter[bytes] = Counter()
    start, size, marked = 0, 0, -1
    for end, hit in enumerate(hits):
        seen[hit.line] += 1
        size += hit.size if seen[hit.line] == 1 else 0
        while hit.here - hits[start].here >= WINDOW:
            old = hits[start]
            seen[old.line] -= 1
            if not seen[old.line]:
                del seen[old.line]
                size -= old.size
            start += 1
        if len(seen) >= LINES and size >= CHARACTERS:
            strict = len(seen) >= STRICT_LINES
            # a window that grew sure makes all of its lines sure; each of them is gone through twice at most
            for number in range(start if strict and not certain.get(start) else max(start, marked + 1), end + 1):
                certain[number] = certain.get(number, False) or strict
            marked = end


def _mark_chains(hits: Sequence[Hit], certain: dict[int, bool]) -> None:
    """Mark neighbours that stand as far apart in the file as in the text."""
    chains: dict[int, list[int]] = {}
    sizes: dict[int, int] = {}
    for number, hit in enumerate(hits):
        diagonal = hit.here - hit.there
        chain = chains.get(diagonal)
        if chain is None or hit.here - hits[chain[-1]].here > GAP:
            chains[diagonal], sizes[diagonal] = [number], hit.size
            continue
        chain.append(number)
        sizes[diagonal] += hit.size
        if sizes[diagonal] >= CHAIN:
            strict = sizes[diagonal] >= STRICT_CHAIN
            for member in chain:
                certain[member] = certain.get(member, False) or strict
            del chain[:-1]  # the next neighbour is marked with this one alone


def _region(hits: Sequence[Hit], group: Sequence[int], certain: dict[int, bool]) -> Region:
    members = [hits[number] for number in group]
    there = _nearby(sorted({hit.there for hit in members}))
    return Region(
        first=members[0].here,
        last=members[-1].here,
        first_there=there[0],
        last_there=there[-1],
        lines=len({hit.line for hit in members}),
        strict=any(certain[number] for number in group),
        here=tuple(hit.here for hit in members),
    )


def _nearby(lines: Sequence[int]) -> Sequence[int]:
    """The most lines without a gap of a window: one that also stands elsewhere in the file must not widen what is told."""
    best, start = lines[:0], 0
    for end in range(1, len(lines) + 1):
        if end == len(lines) or lines[end] - lines[end - 1] >= WINDOW:
            if end - start > len(best):
                best = lines[start:end]
            start = end
    return best
