"""`python run_measured.py FILE COMMAND...`: run a command, write into FILE what it cost: seconds, seconds of CPU, bytes, exit code.

A process of its own and a small one: the peak memory that the system tells of a child is at least that of its parent.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def main() -> None:
    """Measure one command."""
    told, *command = sys.argv[1:]
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    with open(told, "w", encoding="ascii") as file:
        json.dump([wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, process.returncode], file)


if __name__ == "__main__":
    main()
