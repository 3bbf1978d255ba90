"""Checks many sources: in this process while they are few, in one process per core when they are many."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tightlip.cli.files import Source, chunks
from tightlip.cli.report import Outcome
from tightlip.cli.work import Settings, Worker

MANY_BYTES = 24_000_000
MANY_FILES = 4_000
"""From either on, further processes are worth their start of about 0.2 s."""
_CHUNK_BYTES = 1_000_000
_CHUNK_FILES = 200


class Checked(NamedTuple):
    """What came of some sources."""

    outcomes: list[Outcome]
    size: int
    """Bytes of the sources; for the progress bar."""
    problems: list[str]
    """Mistakes in the policies they were judged by."""


def check_all(sources: Sequence[Source], here: Worker, settings: Settings, jobs: int | None) -> Iterator[Checked]:
    """Check every source. `jobs` is the number of processes; None decides by the work there is; one is this process.

    What a process was at when it died comes as `Skipped`; nothing gets lost.
    """
    parts = list(chunks(sources, _CHUNK_BYTES, _CHUNK_FILES))
    if jobs is None:
        many = len(sources) >= MANY_FILES or sum(source.size for source in sources) >= MANY_BYTES
        jobs = (os.cpu_count() or 1) if many else 1
    jobs = min(jobs, len(parts))
    if jobs <= 1:
        for part in parts:
            yield Checked(here.check(part), _size(part), here.problems)
    else:
        from tightlip.cli.processes import check_in_processes

        for part, (outcomes, problems) in check_in_processes(parts, settings, jobs):
            yield Checked(outcomes, _size(part), problems)


def _size(part: list[Source]) -> int:
    return sum(max(source.size, 0) for source in part)
