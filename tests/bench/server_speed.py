"""The language server beside a bare pygls server in the same run."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence

import psutil

from tests.bench.client import Client
from tests.bench.table import Row
from tightlip.detect.sample import fill

TIGHTLIP = (sys.executable, "-m", "tightlip", "server")
BARE = (sys.executable, "-m", "tests.bench.bare_server")
AT_ONCE = {"settings": {"tightlip": {"debounce": 0, "deep": False}}}
URI = "file:///bench/big.py"


def run() -> list[Row]:
    """All rows of the server's table."""
    return [initialize(), *edits(), burst_of_edits(), burst_in_one_line(), memory()]


def initialize(rounds: int = 7) -> Row:
    """Process start to the answer of `initialize`, milliseconds, medians; the two servers take turns."""
    ours, bare = [], []
    for _ in range(rounds):
        for command, times in ((TIGHTLIP, ours), (BARE, bare)):
            begin = time.perf_counter()
            client = Client(command)
            client.initialize(AT_ONCE)
            times.append((time.perf_counter() - begin) * 1e3)
            client.close()
    mine, theirs = statistics.median(ours), statistics.median(bare)
    ratio = mine / theirs
    return Row("initialize", f"{mine:.0f} ms", f"{theirs:.0f} ms bare", f"{ratio:.2f}x", "<= 1.5x", ratio <= 1.5)


def edits(count: int = 400) -> list[Row]:
    """One character typed into a 1,000-line file -> its diagnostics, milliseconds, debounce off; the two servers take turns."""
    text = source(1000)
    clients = [Client(TIGHTLIP), Client(BARE)]
    for client in clients:
        client.initialize(AT_ONCE)
        client.open(URI, text)
        client.diagnostics(URI, 1)
    times: list[list[float]] = [[], []]
    for version in range(2, count + 2):
        for client, its in zip(clients, times, strict=True):
            time.sleep(0.01)
            begin = time.perf_counter()
            client.insert(URI, version, 500, 0, "x")
            stamp, _ = client.diagnostics(URI, version)
            its.append((stamp - begin) * 1e3)
    for client in clients:
        client.close()
    figures = [(statistics.median(its), quantile(its, 0.95)) for its in times]
    (mine, mine95), (bare, bare95) = figures
    return [
        Row("edit -> diagnostics, median", f"{mine:.1f} ms", f"{bare:.1f} ms bare", f"+{mine - bare:.1f} ms", "", None),
        Row(
            "edit -> diagnostics, p95",
            f"{mine95:.1f} ms",
            f"{bare95:.1f} ms bare",
            f"+{mine95 - bare95:.1f} ms",
            "<= bare + 5 ms",
            mine95 <= bare95 + 5,
        ),
    ]


def burst_of_edits() -> Row:
    """200 edits to 1 MB, sent at once -> the last diagnostics, seconds, with the default debounce."""
    return _burst("200 edits to 1 MB", source(25_000)[:1_000_000], 200, 12_000, 0)


def burst_in_one_line() -> Row:
    """20 edits near the end of a line of 1 MB -> the last diagnostics, seconds, with the default debounce."""
    return _burst("20 edits in a 1 MB line", "x = '" + "a b " * 250_000 + "'", 20, 0, 900_000)


def _burst(name: str, text: str, count: int, line: int, column: int) -> Row:
    seconds = []
    for command in (TIGHTLIP, BARE):
        client = Client(command)
        client.initialize({"settings": {"tightlip": {"deep": False}}})
        client.open(URI, text)
        client.diagnostics(URI, 1)
        begin = time.perf_counter()
        for version in range(2, count + 2):
            client.insert(URI, version, line, column, "y")
        stamp, _ = client.diagnostics(URI, count + 1, timeout=120)
        seconds.append(stamp - begin)
        client.close()
    mine, bare = seconds
    return Row(
        f"{name} -> last diagnostics",
        f"{mine:.2f} s",
        f"{bare:.2f} s bare",
        f"{mine / bare:.2f}x",
        "<= 0.5 s",
        mine <= 0.5,
    )


def memory() -> Row:
    """Resident memory of the server process after work on fifty documents, megabytes."""
    figures = []
    for command in (TIGHTLIP, BARE):
        client = Client(command)
        client.initialize(AT_ONCE)
        for number in range(50):
            client.open(f"{URI}{number}", source(1000))
            client.diagnostics(f"{URI}{number}", 1)
        figures.append(psutil.Process(client.process.pid).memory_info().rss / 1e6)
        client.close()
    mine, bare = figures
    return Row(
        "server memory, 50 documents open",
        f"{mine:.0f} MB",
        f"{bare:.0f} MB bare",
        f"{mine / bare:.2f}x",
        "<= 120 MB",
        mine <= 120,
    )


def source(lines: int) -> str:
    """Ordinary looking code with one secret in every 200 lines."""
    token = fill("ghp_{crc32-base62:30}")
    return "".join(
        f"TOKEN_{n} = '{token}'\n"
        if n % 200 == 7
        else f"def f{n}(a, b={n}):  # {n * 7919}\n"
        if n % 5 == 0
        else f"    v{n} = a + b * {n}\n"
        for n in range(lines)
    )


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
