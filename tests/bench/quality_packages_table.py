"""The table of popular packages: what is reported in code that everybody has, and whether it is known why."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from tests.bench.quality_clean import megabytes
from tests.bench.quality_packages import Stays, fetched, package_list
from tests.bench.quality_sample import Sample
from tests.bench.quality_scanners import SCANNERS, scan, write_corpus
from tests.bench.quality_tightlip import Tightlip
from tests.bench.table import Row, listed
from tightlip.finding import Category, Finding, Severity

_MOST = 0.2
"""Findings per MB."""


@frozen
class Loud:
    """A finding of warning severity or above."""

    stays: Stays
    """Where it is and which rule's, as the list would say it, and why it stays; that is empty where the list is silent."""
    category: Category


def packages_rows(*, alone: bool = False) -> tuple[list[Row], list[str]]:
    """The table, and a line for each finding that is not explained: its rule, path and line."""
    known = package_list()
    had = fetched(known.packages)
    if not had:
        return [Row("popular packages", "not measured: pip and npm cannot fetch them", "", "", "", None)], []
    why = {(one.package, one.at, one.rule): one for one in known.stays}
    tool = Tightlip()
    samples: list[Sample] = []
    loud: list[Loud] = []
    for package in had:
        for sample in package.samples():
            samples.append(sample)
            for finding in tool.inspect(sample):
                if finding.severity <= Severity.WARNING:
                    found = Stays(
                        package.name, _at(sample, finding, f"{package.registry}/{package.name}/"), finding.rule, ""
                    )
                    loud.append(Loud(why.get((found.package, found.at, found.rule), found), finding.category))
    size = megabytes(samples)
    secrets, rate = sum(one.category is Category.SECRET for one in loud) / size, len(loud) / size
    unexplained = [one.stays for one in loud if not one.stays.why]
    of = "" if len(had) == len(known.packages) else f" of {len(known.packages)}; pip and npm cannot fetch the others"
    name = f"{len(had)}{of}, {size:.0f} MB, warning or above"
    beside = "" if alone else _peers(samples, size)
    rows = [
        Row(f"{name}: secrets", f"{secrets:.2f} per MB", beside, "", f"<= {_MOST}", secrets <= _MOST),
        Row(f"{name}: with personal data", f"{rate:.2f} per MB", "", "", f"<= {_MOST}", rate <= _MOST),
        Row(
            "looked at and explained", f"{len(loud) - len(unexplained)} of {len(loud)}", "", "", "all", not unexplained
        ),
    ]
    return rows, [f"unexplained  {one.rule}  {one.package}  {one.at}" for one in unexplained]


def _at(sample: Sample, finding: Finding, folder: str) -> str:
    line = sample.text.count("\n", 0, finding.span.start) + 1
    return f"{sample.path.removeprefix('packages/').removeprefix(folder)}:{line}"


def _peers(samples: Sequence[Sample], size: float) -> str:
    """Findings per MB of the scanners that are installed and fast enough."""
    with tempfile.TemporaryDirectory(prefix="tightlip-bench-") as folder:
        write_corpus(samples, Path(folder))
        rates = {
            scanner.name: sum(map(len, scan(scanner, Path(folder), samples).values())) / size
            for scanner in SCANNERS
            if scanner.command is not None and not scanner.is_slow
        }
    return listed({name: f"{rate:.2f}" for name, rate in rates.items()})
