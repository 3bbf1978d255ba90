"""The part of `pool` that starts processes; imported only when there is work for them."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

import tightlip
from tightlip.cli.files import Source
from tightlip.cli.report import Outcome, Skipped
from tightlip.cli.work import Settings, Worker

Answer = tuple[list[Outcome], list[str]]
"""Outcomes of some sources, and mistakes in the policies they were judged by."""


def check_in_processes(
    parts: Sequence[list[Source]], settings: Settings, jobs: int
) -> Iterator[tuple[list[Source], Answer]]:
    """Check parts of a scan in `jobs` processes; they come back in the order they get done."""
    # spawned, not forked: the same on every platform, and no lock of ours is copied in a locked state
    context = multiprocessing.get_context("spawn")
    with _interrupts_held_back(), _in_own_folder():
        pool = ProcessPoolExecutor(jobs, context, initializer=_start, initargs=(settings,))
        pending: dict[Future[Answer], list[Source]] = {pool.submit(_check, part): part for part in parts}
    try:
        for done in as_completed(pending):
            part = pending.pop(done)
            try:
                yield part, done.result()
            except BrokenProcessPool:
                lost = [
                    Skipped(source.shown, "failed", "its process died; try it alone, or with --jobs 1")
                    for source in part
                ]
                yield part, (list(lost), [])
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _interrupts_held_back() -> Generator[None]:
    """While processes start: they inherit that Ctrl-C is the parent's to answer."""
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _in_own_folder() -> Generator[None]:
    """While processes start: Python begins them with the current folder first on the import path.

    In a folder that is scanned, a file called `multiprocessing.py` would be run.
    """
    before = os.getcwd()  # noqa: PTH109
    os.chdir(Path(tightlip.__file__).parents[1])
    try:
        yield
    finally:
        os.chdir(before)


_worker: list[Worker] = []
"""This process's worker, in a process of the pool."""


def _start(settings: Settings) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker.append(Worker(settings).__enter__())


def _check(part: list[Source]) -> Answer:
    worker = _worker[0]
    return worker.check(part), worker.problems
