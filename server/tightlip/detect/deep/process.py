"""One worker process as the client sees it: started, written to, read from, watched, ended. Nothing here waits."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import tightlip
from tightlip.detect.deep.protocol import LONGEST_LINE


def worker_command(memory: int) -> tuple[str, ...]:
    """How the worker is started; `memory` is the most address space it may use, in bytes."""
    return (sys.executable, "-m", "tightlip.detect.deep.worker", str(memory))


class Process:
    """A running worker. `lines` fills as it answers, `ended` turns true when its output does; `notify` is called on both,
    from a thread of its own."""

    def __init__(self, command: Sequence[str], notify: Callable[[], None]):
        """Start it. Raises OSError where that fails."""
        self.lines: deque[bytes] = deque()
        self.ended = False
        self._notify = notify
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # `-m` puts the current folder first on the import path: never the workspace, whose files would be run
            cwd=Path(tightlip.__file__).parents[1],
            env={**os.environ, **_ENVIRONMENT},
            start_new_session=sys.platform != "win32",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        threading.Thread(target=self._read, name="tightlip-deep-reader", daemon=True).start()

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs, or a moment longer."""
        return self._process.poll()

    def send(self, line: bytes) -> None:
        """Write a line from another thread: a worker that does not read delays nobody. A worker that is gone is not told."""
        threading.Thread(target=self._write, args=(line,), name="tightlip-deep-writer", daemon=True).start()

    def kill(self) -> None:
        """End it at once, with whatever it started."""
        with contextlib.suppress(OSError):
            if sys.platform != "win32" and self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()

    def resident(self) -> int | None:
        """Bytes of memory it occupies, where `/proc` tells."""
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text("ascii").split()[1]
        except (OSError, IndexError):
            return None
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def _write(self, line: bytes) -> None:
        pipe = self._process.stdin
        with contextlib.suppress(OSError, ValueError):
            if pipe is not None:
                pipe.write(line)
                pipe.flush()

    def _read(self) -> None:
        pipe = self._process.stdout
        with contextlib.suppress(OSError, ValueError):
            while pipe is not None and (line := pipe.readline(LONGEST_LINE)):
                self.lines.append(line)
                self._notify()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        self.kill()  # one that lives on without its output is of no use
        self._process.wait()
        self.ended = True
        self._notify()
        for end in (self._process.stdin, pipe):
            with contextlib.suppress(OSError, ValueError):
                if end is not None:
                    end.close()


_ENVIRONMENT = {
    # numeric libraries start a thread per core, and glibc an arena per thread, before they have anything to do
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
}
