"""Where the lines of a text begin, so kept that an edit costs the same in a text of a thousand lines and of a million.

The offsets stand in blocks, relative to the block's first line: an edit makes its own block anew and moves the others by
their one base. Never changes: an edit makes a new index that shares the blocks it did not touch.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

SIZE = 512
"""Lines of a block that was just made; one that grows beyond twice that is cut."""


class LineStarts(Sequence[int]):
    """Offsets of the first character of every line; the first is 0."""

    __slots__ = ("_bases", "_blocks", "_count", "_firsts")

    def __init__(self, starts: Sequence[int]):
        """`starts` ascend from 0."""
        self._set([starts[0]], [0], [list(starts)], len(starts))
        self._cut()

    def _set(self, bases: list[int], firsts: list[int], blocks: list[list[int]], count: int) -> None:
        self._bases = bases
        self._firsts = firsts
        self._blocks = blocks
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, line: int) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        if not 0 <= line < self._count:
            raise IndexError(line)
        block = bisect_right(self._firsts, line) - 1
        return self._bases[block] + self._blocks[block][line - self._firsts[block]]

    def __iter__(self) -> Iterator[int]:
        for base, block in zip(self._bases, self._blocks, strict=True):
            for offset in block:
                yield base + offset

    def line_at(self, offset: int) -> int:
        """The line an offset (from 0) stands on."""
        block = bisect_right(self._bases, offset) - 1
        return self._firsts[block] + bisect_right(self._blocks[block], offset - self._bases[block]) - 1

    def replaced(self, start: int, end: int, found: Sequence[int], moved: int) -> LineStarts:
        """The index after an edit.

        Starts before `start` stay, those from `start` to `end` give way to `found`, those behind `end` move by `moved`.
        """
        first = self.line_at(start - 1) if start else 0
        after = self.line_at(end) + 1
        head = bisect_right(self._firsts, first) - 1
        tail = bisect_right(self._firsts, after) - 1
        base = self._bases[head]
        block = self._blocks[head][: first - self._firsts[head] + 1]
        block.extend(offset - base for offset in found)
        shift = self._bases[tail] + moved - base
        block.extend(offset + shift for offset in self._blocks[tail][after - self._firsts[tail] :])
        more = first + 1 + len(found) - after
        result = LineStarts.__new__(LineStarts)
        result._set(
            [*self._bases[: head + 1], *(old + moved for old in self._bases[tail + 1 :])],
            [*self._firsts[: head + 1], *(old + more for old in self._firsts[tail + 1 :])],
            [*self._blocks[:head], block, *self._blocks[tail + 1 :]],
            self._count + more,
        )
        if len(block) > 2 * SIZE:
            result._cut()
        return result

    def _cut(self) -> None:
        """Cut every block that is too large."""
        bases: list[int] = []
        firsts: list[int] = []
        blocks: list[list[int]] = []
        for base, first, block in zip(self._bases, self._firsts, self._blocks, strict=True):
            step = SIZE if len(block) > 2 * SIZE else len(block)
            for begin in range(0, len(block), step):
                part = block[begin : begin + step]
                origin = part[0]
                bases.append(base + origin)
                firsts.append(first + begin)
                blocks.append([offset - origin for offset in part] if origin else part)
        self._bases, self._firsts, self._blocks = bases, firsts, blocks
