"""tightlip's own findings, in this process, as an editor without any policy file gets them."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.quality_sample import Sample
from tests.bench.quality_score import Found
from tightlip.detect.detector import Document
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.finding import Category, Finding
from tightlip.guard import Guard
from tightlip.policy.model import BUILTIN


class Tightlip:
    """The fast lane with its built-in rules and policy."""

    def __init__(self) -> None:
        self._guard = Guard(BUILTIN, builtin_ruleset())

    def findings(self, sample: Sample, category: Category | None = None) -> list[Found]:
        """Findings in a sample, of one category or of all."""
        return [
            Found(one.span, one.entity or one.rule, one.severity)
            for one in self.inspect(sample)
            if category in (None, one.category)
        ]

    def inspect(self, sample: Sample) -> Sequence[Finding]:
        """All findings in a sample, as they are."""
        # a path of the corpus counts from nowhere: no folder's name may make a difference
        return self._guard.inspect(Document(sample.text, "/bench/" + sample.path)).findings
