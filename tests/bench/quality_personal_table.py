"""The table of personal data: what is found in every kind of row, and how many of the findings are right."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.quality_lookalikes import lookalikes
from tests.bench.quality_personal import personal_data, reserved_data
from tests.bench.quality_readers import READERS, read
from tests.bench.quality_result import Result, judge
from tests.bench.quality_sample import Sample
from tests.bench.quality_score import Score, false_alarms
from tests.bench.quality_tightlip import Tightlip
from tests.bench.table import Row, listed, share_row
from tightlip.finding import Category

PER_ENTITY = 16
"""Kinds of rows an entity is planted in."""


def personal_rows(*, alone: bool = False) -> tuple[list[Row], Result]:
    """The table of personal data, and our own verdicts."""
    planted, reserved, near = personal_data(per_entity=None if alone else PER_ENTITY), reserved_data(), lookalikes()
    corpus = [*planted, *reserved, *near]
    tool = Tightlip()
    ours = judge(corpus, {sample.path: tool.findings(sample, Category.PII) for sample in corpus})
    peers = {one.name: (one, judge(corpus, read(one, corpus))) for one in READERS if one.is_installed and not alone}
    entities = [label for label, score in ours.scores.items() if score.planted]
    known = {label for reader, _ in peers.values() for label in reader.entities}
    rows = [
        share_row(f"found, {len(entities)} entities, {ours.all.planted:,} values", ours.all.recall, {}),
        *(
            share_row(f"found, the {len(reader.entities)} entities {name} knows", ours.of(reader.entities).recall, {name: theirs.of(reader.entities).recall})
            for name, (reader, theirs) in peers.items()
        ),
        share_row("marked to the character", ours.all.exact_rate, {name: one.of(reader.entities).exact_rate for name, (reader, one) in peers.items()}, ">= 98 %", ours.all.exact_rate >= 0.98),
        share_row("part of it left over", ours.all.left_over_rate, {name: one.of(reader.entities).left_over_rate for name, (reader, one) in peers.items()}, "<= 0.2 %", ours.all.left_over_rate <= 0.002, less=True),
        share_row(f"false alarms in {len(reserved)} reserved values", _alarms(tool, reserved), {}, less=True),
        share_row(f"false alarms in {len(near)} look-alikes", _alarms(tool, near), {}, less=True),
    ]  # fmt: skip
    for label in sorted(entities, key=lambda label: (label not in known, ours.scores[label].recall, label)):
        score = ours.scores[label]
        beside = {name: one.scores[label] for name, (reader, one) in peers.items() if label in reader.entities}
        if beside or score.recall < 0.9:
            known_by = {name: _pair(one) for name, one in beside.items()}
            rows.append(Row(f"  {label}: found / right", _pair(score), listed(known_by), "", "", None))
    return rows, ours


def _pair(score: Score) -> str:
    return f"{score.recall:.1%} / {score.precision:.1%}"


def _alarms(tool: Tightlip, samples: Sequence[Sample]) -> float:
    return sum(len(false_alarms(sample, tool.findings(sample))) for sample in samples) / len(samples)
