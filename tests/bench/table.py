"""What a measurement prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen
from rich.console import Console
from rich.table import Table


@frozen
class Row:
    """One measurement: our figure, what it is compared with, the ratio, the bar and whether it is met (None: no bar)."""

    name: str
    ours: str
    other: str
    ratio: str
    bar: str
    met: bool | None


def show(title: str, rows: Sequence[Row], console: Console) -> bool:
    """Print rows; whether every bar is met."""
    table = Table(title=title, title_justify="left")
    for column in ("what", "tightlip", "beside", "ratio", "bar", ""):
        table.add_column(column)
    for row in rows:
        mark = "" if row.met is None else "[green]met[/]" if row.met else "[red]missed[/]"
        table.add_row(row.name, row.ours, row.other, row.ratio, row.bar, mark)
    console.print(table)
    return all(row.met is not False for row in rows)


def share_row(
    name: str,
    figure: float,
    peers: Mapping[str, float],
    bar: str = "",
    met: bool | None = None,
    *,
    less: bool = False,
) -> Row:
    """A row of shares; the ratio is to the best peer's, and `less` says that the smallest share is the best."""
    best = (min if less else max)(peers.values(), default=0.0)
    ratio = f"{figure / best:.2f}x the best" if best else ""
    return Row(name, f"{figure:.1%}", listed({peer: f"{one:.1%}" for peer, one in peers.items()}), ratio, bar, met)


def listed(figures: Mapping[str, str]) -> str:
    """Names and their figures, as they stand in one cell."""
    return ", ".join(f"{name} {figure}" for name, figure in figures.items())
