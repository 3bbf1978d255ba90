"""`tightlip scan` beside detect-secrets on the same files: the Python standard library's sources."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from tests.bench.surroundings import as_installed
from tests.bench.table import Row


def run() -> list[Row]:
    """All rows of the scan's table."""
    with tempfile.TemporaryDirectory(prefix="tightlip-bench-") as folder:
        root = Path(folder) / "stdlib"
        size, count = copy_standard_library(root)
        ours: list[tuple[float, float]] = []
        start: list[tuple[float, float]] = []
        _measure(root, ours, start)
        theirs = cpu_and_wall(
            [sys.executable, "-m", "detect_secrets", "-c", "1", "scan", "--all-files", "--no-verify", "."], root
        )
        # once more, minutes later: a machine that others share is slower at times
        _measure(root, ours, start)
    wall, cpu = min(ours)
    cold = min(wall for wall, _ in start)
    speed, core = size / wall / 1e6, size / max(wall - cold, 1e-9) / 1e6
    other_wall, other_cpu = theirs
    other = size / other_wall / 1e6
    return [
        Row("one small file, new process", f"{cold * 1e3:.0f} ms", "", "", "", None),
        Row(
            f"scan {size / 1e6:.1f} MB, {count} files, one core, whole process",
            f"{speed:.0f} MB/s",
            f"{other:.2f} MB/s detect-secrets",
            f"{speed / other:.0f}x",
            "",
            None,
        ),
        Row(
            "the same without process start",
            f"{core:.0f} MB/s",
            f"{other:.2f} MB/s detect-secrets",
            f"{core / other:.0f}x",
            ">= 60 MB/s",
            core >= 60,
        ),
        Row("CPU time", f"{cpu:.2f} s", f"{other_cpu:.1f} s detect-secrets", f"{other_cpu / cpu:.0f}x less", "", None),
    ]


def _measure(root: Path, whole: list[tuple[float, float]], start: list[tuple[float, float]]) -> None:
    """Add a dozen scans of everything and of one small file, in turns; the first of each only warms up."""
    scan = [sys.executable, "-m", "tightlip", "scan", "--jobs", "1"]
    for turn in range(13):
        for results, path in ((whole, root), (start, root / "this.py")):
            result = cpu_and_wall([*scan, str(path)], root)
            results.extend([result] if turn else [])


def copy_standard_library(root: Path) -> tuple[int, int]:
    """Copy the .py files of the standard library, without its tests; their size in bytes and number."""
    source = Path(sysconfig.get_paths()["stdlib"])
    size = count = 0
    for path in source.rglob("*.py"):
        parts = path.relative_to(source).parts
        if {"test", "tests", "site-packages", "idle_test"} & set(parts):
            continue
        target = root.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        size += path.stat().st_size
        count += 1
    return size, count


def cpu_and_wall(command: list[str], folder: Path) -> tuple[float, float]:
    """Wall and CPU seconds of a command; it may exit with 0 or 1."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=as_installed(), check=False
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"exit {done.returncode}: {done.stderr.decode()[-500:]}")
    after, end = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    return end - begin, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
