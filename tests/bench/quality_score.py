"""How good a tool's findings are, counted against what was planted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import define, frozen

from tests.bench.quality_sample import Planted, Sample
from tightlip.finding import Severity, Span

REST = 6
"""Characters of a value that, left over in a row, give it away."""


@frozen
class Found:
    """One finding of a tool in a sample."""

    span: Span
    label: str
    """The rule, or the entity of personal data."""
    severity: Severity = Severity.WARNING


@frozen
class Verdict:
    """What became of one planted value."""

    planted: Planted
    found: tuple[Found, ...]
    """The findings that touch it."""
    exact: bool
    """Whether they cover its characters and no others."""
    left_over: bool
    """Whether, with the findings redacted, `REST` or more of its characters still stand in a row."""

    @property
    def hit(self) -> bool:
        """Whether it was found at all."""
        return bool(self.found)


def verdict(planted: Planted, found: Sequence[Found]) -> Verdict:
    """Judge the findings of a file by one planted value in it."""
    touching = tuple(one for one in found if any(one.span.overlaps(piece) for piece in planted.pieces))
    covered = {offset for one in touching for offset in range(*one.span)}
    wanted = {offset for piece in planted.pieces for offset in range(*piece)}
    # a value in pieces may also be taken as a whole, with the quotes and the joint between the pieces
    exact = (
        covered == wanted
        or covered == set(range(*planted.hull))
        or (planted.around is not None and covered == set(range(*planted.around)))
    )
    rest = any(_run(piece, covered) >= min(REST, piece.end - piece.start) for piece in planted.pieces)
    return Verdict(planted, touching, exact, bool(touching) and rest)


def _run(piece: Span, covered: set[int]) -> int:
    """Longest row of characters of a piece that is not covered."""
    longest = row = 0
    for offset in range(*piece):
        row = 0 if offset in covered else row + 1
        longest = max(longest, row)
    return longest


def false_alarms(sample: Sample, found: Iterable[Found]) -> list[Found]:
    """The findings that touch nothing planted."""
    pieces = [piece for planted in sample.planted for piece in planted.pieces]
    return [one for one in found if not any(one.span.overlaps(piece) for piece in pieces)]


@define
class Score:
    """Counts of one tool for one tier or entity."""

    planted: int = 0
    hit: int = 0
    exact: int = 0
    left_over: int = 0
    false: int = 0

    def add(self, verdict: Verdict) -> None:
        """Count one more planted value."""
        self.planted += 1
        self.hit += verdict.hit
        self.exact += verdict.hit and verdict.exact
        self.left_over += verdict.left_over

    @property
    def recall(self) -> float:
        """Share of what was planted that was found."""
        return _share(self.hit, self.planted)

    @property
    def precision(self) -> float:
        """Share of what was reported that was planted."""
        return _share(self.hit, self.hit + self.false)

    @property
    def exact_rate(self) -> float:
        """Share of what was found that was marked to the character."""
        return _share(self.exact, self.hit)

    @property
    def left_over_rate(self) -> float:
        """Share of what was found of which a readable part would stay after redaction."""
        return _share(self.left_over, self.hit)


def _share(part: int, of: int) -> float:
    return part / of if of else 1.0
