"""The table of secrets: what is found in every syntax, how exactly, and what clean code is troubled with."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from tests.bench.quality_clean import megabytes, standard_library
from tests.bench.quality_empty_forms import empty_forms
from tests.bench.quality_files import FILES, whole_files
from tests.bench.quality_near_misses import near_misses
from tests.bench.quality_result import Findings, Result, judge
from tests.bench.quality_sample import Sample
from tests.bench.quality_scanners import SCANNERS, scan, write_corpus
from tests.bench.quality_secrets import planted_secrets
from tests.bench.quality_tightlip import Tightlip
from tests.bench.quality_vendors import CHOSEN, GENERATED, STRUCTURAL
from tests.bench.table import Row, listed, share_row
from tightlip.finding import Category, Severity

PER_KIND = 12
"""Syntaxes a kind of secret is planted in."""


@frozen
class Peer:
    """What a scanner made of the corpora."""

    name: str
    planted: Result
    near: Result
    library: float
    """Findings per MB in the standard library; of some of it, where the scanner is slow."""


def secrets_rows(*, alone: bool = False) -> tuple[list[Row], Result]:
    """The secrets' table, and our own verdicts."""
    planted = [*planted_secrets(per_kind=None if alone else PER_KIND), *whole_files()]
    near = [*near_misses(), *empty_forms()]
    library = standard_library()
    peers = [] if alone else _peers(planted, near, library)
    exact_peers = [one for one in peers if one.name not in _TELL_NO_VALUE]
    tool = Tightlip()
    findings = {sample.path: tool.findings(sample, Category.SECRET) for sample in (*planted, *near)}
    ours, quiet = judge([*planted, *near], findings), judge(near, findings)
    exact, rest, syntaxes = ours.all.exact_rate, ours.all.left_over_rate, len({one.syntax for one in planted})
    rows = [
        share_row(
            f"{tier}: found, of {ours.scores[tier].planted:,}",
            ours.scores[tier].recall,
            {one.name: one.planted.scores[tier].recall for one in peers},
        )
        for tier in (STRUCTURAL, GENERATED, CHOSEN, FILES)
    ]
    rows += [
        share_row("all of them", ours.all.recall, {one.name: one.planted.all.recall for one in peers}),
        share_row(
            "of what is reported, a secret",
            ours.all.precision,
            {one.name: one.planted.all.precision for one in peers},
        ),
        share_row(
            f"marked to the character, in {syntaxes} syntaxes",
            exact,
            {one.name: one.planted.all.exact_rate for one in exact_peers},
            ">= 98 %",
            exact >= 0.98,
        ),
        share_row(
            "part of it left over",
            rest,
            {one.name: one.planted.all.left_over_rate for one in exact_peers},
            "<= 0.2 %",
            rest <= 0.002,
            less=True,
        ),
        share_row(
            f"false alarms in {len(near)} near misses",
            quiet.all.false / len(near),
            {one.name: one.near.all.false / len(near) for one in peers},
            less=True,
        ),
    ]
    return [*rows, *_clean_rows(tool, library, peers)], ours


_TELL_NO_VALUE = frozenset({"detect-secrets"})
"""Scanners that report a line and a hash, so that what they would mark is not known."""


def _peers(planted: Sequence[Sample], near: Sequence[Sample], library: Sequence[Sample]) -> list[Peer]:
    """What each scanner that is installed makes of the corpora."""
    corpus, some = [*planted, *near], library[::8]
    found: list[Peer] = []
    with tempfile.TemporaryDirectory(prefix="tightlip-bench-") as folder:
        root = Path(folder)
        for name, samples in (("corpus", corpus), ("clean", library), ("some", some)):
            write_corpus(samples, root / name)
        for scanner in SCANNERS:
            if scanner.command is None:
                continue
            findings = scan(scanner, root / "corpus", corpus)
            name, clean = ("some", some) if scanner.is_slow else ("clean", library)
            noise = _count(scan(scanner, root / name, clean), clean)
            found.append(Peer(scanner.name, judge(corpus, findings), judge(near, findings), noise))
    return found


def _count(findings: Findings, samples: Sequence[Sample]) -> float:
    """Findings per MB of some samples."""
    return sum(len(findings.get(sample.path, ())) for sample in samples) / megabytes(samples)


def _clean_rows(tool: Tightlip, library: Sequence[Sample], peers: Sequence[Peer]) -> list[Row]:
    """What is reported in clean code."""
    size = megabytes(library)
    secrets, everything = _loud(tool, library, Category.SECRET), _loud(tool, library)
    name = f"standard library, {size:.0f} MB, warning or above"
    beside = listed({one.name: f"{one.library * size:.0f}" for one in peers})
    return [
        Row(f"{name}: secrets", str(secrets), beside, "", "", None),
        Row(f"{name}: all", str(everything), "", "", "<= 1", everything <= 1),
    ]


def _loud(tool: Tightlip, samples: Sequence[Sample], category: Category | None = None) -> int:
    return sum(one.severity <= Severity.WARNING for sample in samples for one in tool.findings(sample, category))
