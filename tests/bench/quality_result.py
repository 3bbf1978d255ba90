"""What a tool made of a corpus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from tests.bench.quality_sample import Sample
from tests.bench.quality_score import Found, Score, Verdict, false_alarms, verdict
from tightlip.finding import Span

Findings = Mapping[str, Sequence[Found]]
"""Findings by the path of their sample."""


@frozen
class Result:
    """What a tool made of a corpus."""

    scores: dict[str, Score]
    """By tier or entity."""
    all: Score
    verdicts: list[tuple[Sample, Verdict]]
    strays: list[tuple[Sample, Found]]
    """Findings that touch nothing planted."""

    def of(self, labels: Iterable[str]) -> Score:
        """The counts of some tiers or entities together."""
        total = Score()
        for label in labels:
            part = self.scores.get(label, Score())
            total.planted += part.planted
            total.hit += part.hit
            total.exact += part.exact
            total.left_over += part.left_over
            total.false += part.false
        return total


def judge(samples: Sequence[Sample], findings: Findings) -> Result:
    """Count a tool's findings in a corpus of planted values and near misses."""
    scores: dict[str, Score] = {}
    total, verdicts, strays = Score(), list[tuple[Sample, Verdict]](), list[tuple[Sample, Found]]()
    for sample in samples:
        found = findings.get(sample.path, ())
        for planted in sample.planted:
            one = verdict(planted, found)
            verdicts.append((sample, one))
            scores.setdefault(planted.label, Score()).add(one)
            total.add(one)
        stray = false_alarms(sample, found)
        total.false += len(stray)
        if stray:
            # what a page of an entity's look-alikes or neighbours is taken for, counts against that entity
            label = sample.planted[0].label if sample.planted else sample.syntax.removeprefix("reserved ")
            scores.setdefault(label, Score()).false += len(stray)
            strays.extend((sample, one) for one in stray)
    return Result(scores, total, verdicts, strays)


def misses(result: Result) -> list[str]:
    """One line for each value that is missed or marked wrongly, and for each false alarm: what, where, and how it stands."""
    lines = [
        f"false  {one.label} ({one.severity.name.lower()})  {sample.syntax}  {_around(sample.text, one.span)!r}"
        for sample, one in result.strays
    ]
    for sample, one in result.verdicts:
        if not (one.hit and one.exact):
            what, planted = "wrong" if one.hit else "missed", one.planted
            marks = [f"{found.label} marks {sample.text[slice(*found.span)]!r}" for found in one.found]
            place = f"{planted.label}/{planted.kind}  {sample.syntax}  {_around(sample.text, planted.hull)!r}"
            lines.append(f"{what}  {place}  {'; '.join(marks)}".rstrip())
    return sorted(lines)


def _around(text: str, span: Span) -> str:
    return f"{text[max(0, span.start - 40) : span.start]}[{text[slice(*span)][:40]}]{text[span.end : span.end + 15]}"
