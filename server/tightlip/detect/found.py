"""The findings of a text, most of which nobody may ever look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import overload

from tightlip.detect.columns import Packed, Verdict
from tightlip.finding import Category, Finding, Span


class Found(Sequence[Finding]):
    """Findings sorted by span: some as they are, the others, which overlap none of their kind, made of tables when wanted.

    It equals the tuple of the same findings.
    """

    def __init__(self, loose: Iterable[Finding], packed: Packed):
        self.loose: tuple[Finding, ...] = tuple(loose)
        self.packed = packed
        self._all: tuple[Finding, ...] | None = None

    def all(self) -> tuple[Finding, ...]:
        """Every finding."""
        if self._all is None:
            made = [*self.loose, *self.packed.findings()]
            self._all = tuple(sorted(made, key=attrgetter("span")))
        return self._all

    def sorts(self) -> list[tuple[Verdict, Finding]]:
        """Every verdict there is on the packed values, with the first finding of it."""
        verdicts = self.packed.verdicts
        return [(verdict, self.packed.finding(verdicts.index(verdict))) for verdict in set(verdicts)]

    def counted(self) -> list[tuple[Finding, int]]:
        """The first finding of every sort, with the number of its like: same rule, severity and confidence."""
        counts: Counter[tuple[object, ...]] = Counter()
        first: dict[tuple[object, ...], Finding] = {}
        for finding in self.loose:
            sort = _sort(finding)
            counts[sort] += 1
            first.setdefault(sort, finding)
        values = Counter(self.packed.verdicts)
        for verdict, here in self.sorts():
            sort = _sort(verdict)
            counts[sort] += values[verdict]
            if sort not in first or here.span < first[sort].span:
                first[sort] = here
        return sorted(((first[sort], count) for sort, count in counts.items()), key=lambda one: one[0].span)

    def touching(self, span: Span) -> tuple[Finding, ...]:
        """The findings a selection, or a cursor at either end of them, touches."""
        near = touching(self.loose, span)
        made = self.packed.findings(self.packed.within(span))
        return tuple(sorted([*near, *touching(made, span)], key=attrgetter("span")))

    def __len__(self) -> int:
        return len(self.loose) + len(self.packed)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
        return self.all()[index]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.all())

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if isinstance(other, Found):
            return self.all() == other.all()
        return self.all() == other

    def __hash__(self) -> int:
        return hash(self.all())

    def __repr__(self) -> str:
        return f"Found({len(self)} findings)"


def touching(findings: Iterable[Finding], span: Span) -> tuple[Finding, ...]:
    """Those of some findings that a selection touches."""
    return tuple(one for one in findings if one.span.start <= span.end and span.start <= one.span.end)


def counted(findings: Iterable[Finding]) -> list[tuple[Finding, int]]:
    """The first finding of every sort, with the number of its like, in the order they stand."""
    if isinstance(findings, Found):
        return findings.counted()
    return [(finding, 1) for finding in findings]


def _sort(one: Finding | Verdict) -> tuple[object, ...]:
    category = one.category if isinstance(one, Finding) else Category.PII
    return one.rule, one.title, category, one.severity, one.confidence
