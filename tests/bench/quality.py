"""What is found, how exactly, and what is reported that is nothing: tightlip beside its peers.

`python -m tests.bench.quality` prints the tables alone. `--misses` adds every value that is missed or marked wrongly and every false alarm;
`--alone` leaves the peers out, and plants every kind in every syntax (60,000 values, half a minute).
"""

from __future__ import annotations

import sys

from rich.console import Console

from tests.bench.quality_packages_table import packages_rows
from tests.bench.quality_personal_table import personal_rows
from tests.bench.quality_readers import READERS
from tests.bench.quality_result import misses
from tests.bench.quality_scanners import SCANNERS
from tests.bench.quality_secrets_table import secrets_rows
from tests.bench.table import show


def run(console: Console, *, with_misses: bool = False, alone: bool = False) -> bool:
    """Measure and print; whether every bar is met. `with_misses` also prints what is missed or marked wrongly."""
    met = True
    absent = [one.name for one in SCANNERS if one.command is None]
    absent += [one.name for one in READERS if not one.is_installed]
    if absent and not alone:
        console.print(f"not installed here, so not measured: {', '.join(absent)}")
    for title, rows_of in (("secrets", secrets_rows), ("personal data", personal_rows)):
        rows, ours = rows_of(alone=alone)
        if with_misses:
            console.print(*misses(ours), sep="\n", markup=False, soft_wrap=True)
        met &= show(title, rows, console)
    rows, unexplained = packages_rows(alone=alone)
    met &= show("popular packages", rows, console)
    console.print(*unexplained, sep="\n", markup=False, soft_wrap=True)
    return met


def main() -> int:
    """Measure on its own; exit code 1 when a bar is missed."""
    options = sys.argv[1:]
    return 0 if run(Console(width=170), with_misses="--misses" in options, alone="--alone" in options) else 1


if __name__ == "__main__":
    sys.exit(main())
