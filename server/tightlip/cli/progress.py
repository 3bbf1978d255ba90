"""A progress bar on standard error, for a terminal and for work that takes a while."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PATIENCE = 0.5
"""Seconds without a bar; shorter work never shows one, and never loads what draws it."""


class Bar:
    """Counts bytes. Off a terminal it does nothing."""

    def __init__(self, total: int, doing: str = "scanning"):
        self._total = total
        self._doing = doing
        self._done = 0
        self._start = time.monotonic()
        self._wanted = sys.stderr.isatty()
        self._shown: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown is not None:
            self._shown[0].stop()

    def advance(self, size: int) -> None:
        """Count `size` more bytes as checked."""
        self._done += size
        if not self._wanted:
            return
        if self._shown is None and time.monotonic() - self._start > _PATIENCE:
            self._shown = self._start_drawing()
        if self._shown is not None:
            bar, task = self._shown
            bar.update(task, completed=self._done)

    def _start_drawing(self) -> tuple[Progress, TaskID]:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
            TransferSpeedColumn,
        )

        columns = (TextColumn(self._doing), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        bar = Progress(*columns, console=Console(stderr=True), transient=True)
        bar.start()
        return bar, bar.add_task(self._doing, total=self._total)
