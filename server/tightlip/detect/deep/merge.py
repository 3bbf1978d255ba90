"""Two lanes, one list: of two findings on the same characters the more specific stays."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

from attrs import evolve

from tightlip.detect.deep.catalog import Standing, standing
from tightlip.finding import POLICY, Finding, Span


def merge(fast: Sequence[Finding], deep: Sequence[Finding], suppressed: Sequence[Span] = ()) -> tuple[Finding, ...]:
    """The findings of both lanes, sorted by span, none overlapping another but those of a policy's own terms and rules.

    `fast` must be sorted and free of other overlaps, as `detect` gives them. A fast finding gives way only to a deep one that is
    more specific and covers all of it, so that nothing once found is left uncovered. Deep findings that lie within a
    `suppressed` span (allowed, a reference, a reserved value) are dropped.
    """
    own = [finding for finding in fast if finding.detector == POLICY]
    if own:
        fast = [finding for finding in fast if finding.detector != POLICY]
    quiet = sorted(suppressed)
    starts = [finding.span.start for finding in fast]

    def rivals(finding: Finding) -> range:
        return range(*_overlapping(finding.span, fast, starts))

    kept = without_overlaps(
        [
            finding
            for finding in deep
            if not _within(finding.span, quiet) and all(_gives_way(fast[index], finding) for index in rivals(finding))
        ]
    )
    displaced = {index for finding in kept for index in rivals(finding)}
    kept.extend(finding for index, finding in enumerate(fast) if index not in displaced)
    return tuple(sorted([*kept, *own], key=attrgetter("span")))


def without_overlaps(findings: Sequence[Finding]) -> list[Finding]:
    """Of findings that overlap, the more specific, then the longer, then the earlier; sorted by span."""
    taken: list[Span] = []
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (-standing(f), f.span.start - f.span.end, f.span, f.rule)):
        index = bisect_left(taken, finding.span)
        if any(finding.span.overlaps(span) for span in taken[max(0, index - 1) : index + 1]):
            continue
        taken.insert(index, finding.span)
        kept.append(finding)
    return sorted(kept, key=attrgetter("span"))


def carry(findings: Sequence[Finding], text: str, before: Span, after: Span, looked_at: Span) -> tuple[Finding, ...]:
    """Findings of an earlier text that still hold in `text`, moved to where their values are now.

    `before` and `after` are the ranges in which the two texts differ; `looked_at` is the part of `text` that was looked at
    again, whose old findings are replaced and so left out.
    """
    shift = after.end - before.end
    carried: list[Finding] = []
    for finding in findings:
        start, end = finding.span
        if start >= before.end:
            span = Span(start + shift, end + shift)
        elif end <= before.start:
            span = finding.span
        else:
            continue
        if looked_at.start <= span.start and span.end <= looked_at.end:
            continue
        if text[span.start : span.end] == finding.value:
            carried.append(evolve(finding, span=span))
    return tuple(carried)


def _gives_way(fast: Finding, deep: Finding) -> bool:
    covered = deep.span.start <= fast.span.start and fast.span.end <= deep.span.end
    return covered and standing(fast) < Standing.FAST and standing(fast) < standing(deep)


def _within(span: Span, quiet: Sequence[Span]) -> bool:
    index = bisect_left(quiet, Span(span.start + 1, 0))
    return any(other.start <= span.start and span.end <= other.end for other in quiet[max(0, index - 1) : index])


def _overlapping(span: Span, findings: Sequence[Finding], starts: Sequence[int]) -> tuple[int, int]:
    """Half-open range of indexes of the findings (sorted, free of overlaps) that overlap a span."""
    first = bisect_left(starts, span.start)
    if first and findings[first - 1].span.end > span.start:
        first -= 1
    return first, bisect_left(starts, span.end)
