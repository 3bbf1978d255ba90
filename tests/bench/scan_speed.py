"""`tightlip scan` beside the other scanners on the same files: the Python standard library's sources, a large tree of npm's."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from attrs import frozen

from tests.bench.quality_scanners import SCANNERS, Scanner, offline
from tests.bench.surroundings import as_installed
from tests.bench.table import Row, listed
from tests.editors import install


@frozen
class Cost:
    """What a command cost."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, of all its processes."""
    memory: int
    """Bytes of its largest process, at most."""


def run() -> list[Row]:
    """All rows of the scan's table."""
    with tempfile.TemporaryDirectory(prefix="tightlip-bench-") as folder:
        root = Path(folder) / "stdlib"
        size, count = copy_standard_library(root)
        ours: list[Cost] = []
        start: list[Cost] = []
        _measure(root, ours, start)
        plugins = cost(
            [sys.executable, "-m", "detect_secrets", "-c", "1", "scan", "--all-files", "--no-verify", "."], root
        )
        peers = {scanner.name: peer_cost(scanner, root) for scanner in _fast().values()}
        one = Path(folder) / "one"
        one.mkdir()
        shutil.copy(root / "this.py", one)
        starts = {name: min(peer_cost(scanner, one).wall for _ in range(3)) for name, scanner in _fast().items()}
        # once more, minutes later: a machine that others share is slower at times
        _measure(root, ours, start)
    wall, cpu = min(one.wall for one in ours), min(one.cpu for one in ours)
    cold, cold_cpu = min(one.wall for one in start), min(one.cpu for one in start)
    core, per_core = size / max(wall - cold, 1e-9) / 1e6, size / max(cpu, 1e-9) / 1e6
    other = size / plugins.wall / 1e6
    rates = {name: size / one.cpu / 1e6 for name, one in peers.items()}
    best = max(rates.values(), default=0.0)
    return [
        Row(
            "one small file, new process",
            f"{cold * 1e3:.0f} ms",
            listed({name: f"{seconds * 1e3:.0f} ms" for name, seconds in starts.items()}),
            f"{cold / min(starts.values()):.2f}x the fastest" if starts else "",
            "<= 200 ms",
            cold <= 0.2,
        ),
        Row(
            f"scan {size / 1e6:.1f} MB, {count} files, one core, whole process",
            f"{size / wall / 1e6:.0f} MB/s",
            f"{other:.2f} MB/s detect-secrets",
            f"{size / wall / 1e6 / other:.0f}x",
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
        Row(
            "the same per second of CPU, start and all",
            f"{per_core:.0f} MB/s ({size / max(cpu - cold_cpu, 1e-9) / 1e6:.0f} without start)",
            listed({name: f"{rate:.0f} MB/s" for name, rate in rates.items()}),
            f"{per_core / best:.2f}x the fastest" if best else "",
            ">= 1x",
            per_core >= best if best else None,
        ),
        *large_tree(),
    ]


def large_tree() -> list[Row]:
    """A tree of more than 500 MB from npm packages: the code-server that the editors' tests install."""
    installed = install.folder() / "code-server"
    if not installed.is_dir():
        return [Row("a large tree of npm packages", "not measured: run `make editors` first", "", "", "", None)]
    with tempfile.TemporaryDirectory(prefix="tightlip-bench-") as folder:
        # outside of this repository, which ignores it
        root = Path(folder) / "packages"
        shutil.copytree(installed, root, symlinks=True)
        return _large_tree(root)


def _large_tree(root: Path) -> list[Row]:
    size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    scan = [sys.executable, "-m", "tightlip", "scan"]
    ours, alone = cost([*scan, str(root)], root), cost([*scan, "--jobs", "1", str(root)], root)
    peers = {name: peer_cost(scanner, root) for name, scanner in _fast().items() if name not in _LEAVE_OUT}
    best = max((size / one.cpu / 1e6 for one in peers.values()), default=0.0)
    rate = size / ours.cpu / 1e6
    return [
        Row(
            f"a tree of npm packages, {size / 1e6:.0f} MB, per second of CPU",
            f"{rate:.0f} MB/s",
            listed({name: f"{size / one.cpu / 1e6:.0f} MB/s" for name, one in peers.items()}),
            f"{rate / best:.2f}x the fastest" if best else "",
            ">= 1x",
            rate >= best if best else None,
        ),
        Row(
            "the same, seconds on all cores",
            f"{ours.wall:.1f} s ({alone.wall:.1f} s on one)",
            listed({name: f"{one.wall:.1f} s" for name, one in peers.items()}),
            f"{alone.wall / ours.wall:.1f}x one core",
            "",
            None,
        ),
        Row(
            "the same, memory of the largest process",
            f"{max(ours.memory, alone.memory) / 1e6:.0f} MB",
            listed({name: f"{one.memory / 1e6:.0f} MB" for name, one in peers.items()}),
            "",
            "<= 300 MB",
            max(ours.memory, alone.memory) <= 300e6,
        ),
    ]


_LEAVE_OUT = frozenset({"betterleaks", "gitleaks"})
"""Scanners that leave folders of packages (`node_modules`) out, whatever they are told to scan."""


def _is_fast(scanner: Scanner) -> bool:
    return scanner.command is not None and not scanner.is_slow


def _fast() -> dict[str, Scanner]:
    return {scanner.name: scanner for scanner in SCANNERS if _is_fast(scanner)}


def peer_cost(scanner: Scanner, folder: Path) -> Cost:
    """What a scanner's run over a folder costs."""
    with tempfile.TemporaryDirectory(prefix="tightlip-bench-") as elsewhere:
        report = str(Path(elsewhere) / "report.json")
        command = [part.replace("{out}", report) for part in scanner.command or ()]
        return cost([*offline(), *command], folder, codes=(0, 1, 200))


def _measure(root: Path, whole: list[Cost], start: list[Cost]) -> None:
    """Add a dozen scans of everything and of one small file, in turns; the first of each only warms up."""
    scan = [sys.executable, "-m", "tightlip", "scan", "--jobs", "1"]
    for turn in range(13):
        for results, path in ((whole, root), (start, root / "this.py")):
            result = cost([*scan, str(path)], root)
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


def cost(command: list[str], folder: Path, codes: tuple[int, ...] = (0, 1, 2)) -> Cost:
    """What a command costs. Raises RuntimeError, with the end of what it said, for another exit code."""
    runner = Path(__file__).with_name("run_measured.py")
    with tempfile.TemporaryFile() as said, tempfile.TemporaryDirectory() as place:
        told = Path(place) / "cost.json"
        subprocess.run(
            [sys.executable, "-I", "-S", str(runner), str(told), *command],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=as_installed(),
            check=False,
        )
        said.seek(0)
        words = said.read().decode(errors="replace")[-500:]
        if not told.exists():
            raise RuntimeError(f"not run: {words}")
        wall, cpu, memory, code = json.loads(told.read_text())
    if code not in codes:
        raise RuntimeError(f"exit {code}: {words}")
    return Cost(wall, cpu, memory)
