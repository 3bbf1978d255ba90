"""What every kind of table has in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from attrs import define, field, frozen

Range = tuple[int, int]
"""Start and end of a cell's content in code points; `(-1, -1)` where a row has no such cell."""

ABSENT: Range = (-1, -1)


@frozen
class Table:
    """One table: its columns' names, and a way to its cells."""

    columns: tuple[str, ...]
    read: Callable[[Sequence[int]], Iterator[Sequence[Range]]] = field(repr=False)
    """Rows, each with the ranges of the columns at the given positions (ascending), in their order."""

    @property
    def rows(self) -> Iterator[Sequence[Range]]:
        """Rows with the ranges of all columns."""
        return self.read(range(len(self.columns)))


@define
class Cursor:
    """How far a text has been read, so that no table is looked for inside the rows of another."""

    position: int = 0
