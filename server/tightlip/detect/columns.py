"""Personal data in the columns of tables, judged column by column and kept without a `Finding` for each value.

What a value in a column is depends on nothing but the rules of the column's name and the value, so equal values are judged
once, and a text that changed by a keystroke costs little more than cutting it into cells. Most of what is found in a table
is only counted (`tightlip.detect.realistic`); findings are made when somebody wants to see them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import accumulate, chain, compress, islice

from attrs import evolve, frozen

from tightlip.detect.suppress import Suppressed
from tightlip.detect.table_shape import Range, Table
from tightlip.finding import Category, Confidence, Finding, RuleId, Severity, Span

_MEMORY = 50_000
"""Different values of one kind of column whose verdicts are remembered."""
_AT_ONCE = 5_000
"""Values that are judged together."""


@frozen(eq=False)
class Verdict:
    """What a value in a column is. There are few different ones: equal ones are the same object."""

    rule: RuleId
    title: str
    severity: Severity
    confidence: Confidence
    placeholder: str
    entity: str | None
    evidence: str
    """Empty where the column's name is all there is."""
    suppressed: tuple[str, str] | None
    """Kind and reason, where such a value is not reported."""
    before: int
    """Blank characters of the cell before the value."""
    behind: int

    @property
    def is_plain(self) -> bool:
        """Whether nothing about the value matters but that the rule accepts it."""
        return self.suppressed is None and not self.evidence

    def finding(self, cell: Range, text: str, name: str) -> Finding:
        """The finding of one cell."""
        start, end = cell[0] + self.before, cell[1] - self.behind
        return Finding(
            self.rule,
            self.title,
            Category.PII,
            Span(start, end),
            self.severity,
            self.confidence,
            text[start:end],
            self.placeholder,
            self.entity,
            self.evidence or f'column "{name}"',
            "tightlip",
            name,
        )


class Verdicts(dict[str, "Verdict | None"]):
    """Verdicts on the values of columns with certain rules; one that is not there yet is given when it is asked for."""

    def __init__(
        self, judge: Callable[[str], Verdict | None], judge_many: Callable[[Sequence[str]], list[Verdict | None]]
    ):
        """`judge_many` says of many values what `judge` says of each."""
        super().__init__()
        self._judge = judge
        self._judge_many = judge_many

    def __missing__(self, value: str) -> Verdict | None:
        verdict = self._judge(value)
        if len(self) >= _MEMORY:
            self.clear()
        self[value] = verdict
        return verdict

    def of(self, values: Sequence[str]) -> list[Verdict | None]:
        """The verdicts on the values of a column; on those that are new, all at once."""
        new = list(set(values).difference(self))
        if not new:
            return list(map(self.__getitem__, values))
        given: dict[str, Verdict | None] = {}
        for start in range(0, len(new), _AT_ONCE):
            part = new[start : start + _AT_ONCE]
            given.update(zip(part, self._judge_many(part), strict=True))
        found = [given[value] if value in given else self[value] for value in values]
        if len(self) + len(given) > _MEMORY:
            self.clear()
        self.update(islice(given.items(), _MEMORY))
        return found


class Judged:
    """All verdicts given so far under one set of rules."""

    def __init__(self) -> None:
        self.by_rules: dict[tuple[RuleId, ...], Verdicts] = {}
        """By the rules of the column's name."""
        self.contests: dict[tuple[RuleId, Verdict, str], Verdict] = {}
        """What a value is of which a column's name says one thing, and a rule's own pattern another."""
        self.winners: dict[tuple[RuleId, Verdict], Verdict] = {}
        """What comes of a contest where the column's verdict is on a plain value, and the rule accepts it."""
        self._verdicts: dict[tuple[object, ...], Verdict] = {}

    def verdict(self, finding: Finding, why: Suppressed | None, before: int, behind: int) -> Verdict:
        """The verdict that a finding of one cell stands for."""
        evidence = "" if finding.evidence.startswith("column") else finding.evidence
        suppressed = (why.kind, why.reason) if why is not None else None
        key = (finding.rule, finding.severity, finding.confidence, evidence, suppressed, before, behind)
        known = self._verdicts.get(key)
        if known is None:
            known = self._verdicts[key] = Verdict(
                finding.rule,
                finding.title,
                finding.severity,
                finding.confidence,
                finding.placeholder,
                finding.entity,
                evidence,
                suppressed,
                before,
                behind,
            )
        return known

    def settle(self, key: tuple[RuleId, Verdict, str], verdict: Verdict) -> Verdict:
        """Remember what came of a contest."""
        if len(self.contests) >= _MEMORY:
            self.contests.clear()
        self.contests[key] = verdict
        return verdict


@frozen(eq=False)
class Packed:
    """The personal data in the columns of a text's tables, sorted by position; each list has an entry for every value."""

    text: str
    cells: list[Range]
    starts: list[int]
    verdicts: list[Verdict]
    names: list[str]
    """Of the columns."""
    rows: list[int]
    """Index of the first value of every row, and at the end how many values there are."""

    def __len__(self) -> int:
        return len(self.cells)

    def at(self, position: int) -> int:
        """Index of the value that has the character at `position`, or -1."""
        index = bisect_right(self.starts, position) - 1
        return index if index >= 0 and position < self.cells[index][1] else -1

    def within(self, span: Span) -> range:
        """Indexes of the values that share a character with a span, or touch it."""
        first = bisect_right(self.starts, span.start) - 1
        if first < 0 or self.cells[first][1] < span.start:
            first += 1
        return range(first, bisect_right(self.starts, span.end))

    def inside(self, span: Span) -> range:
        """Indexes of the values that lie in a span as a whole."""
        end = bisect_left(self.starts, span.end)
        if end and self.cells[end - 1][1] > span.end:
            end -= 1
        return range(bisect_left(self.starts, span.start), end)

    def finding(self, index: int) -> Finding:
        """The finding of one value."""
        return self.verdicts[index].finding(self.cells[index], self.text, self.names[index])

    def findings(self, indexes: Iterable[int] | None = None) -> Iterator[Finding]:
        """Findings of some values, or of all."""
        return map(self.finding, range(len(self)) if indexes is None else indexes)

    def only(self, wanted: Sequence[bool]) -> Packed:
        """The values for which `wanted` says so."""
        sums = [0, *accumulate(wanted)]
        return Packed(
            self.text,
            list(compress(self.cells, wanted)),
            list(compress(self.starts, wanted)),
            list(compress(self.verdicts, wanted)),
            list(compress(self.names, wanted)),
            [sums[index] for index in self.rows],
        )

    def without(self, indexes: Collection[int]) -> Packed:
        """All but some values."""
        return self.only([index not in indexes for index in range(len(self))]) if indexes else self

    def changed(self, change: Callable[[Verdict], Verdict]) -> Packed:
        """The same values with other verdicts."""
        to = {verdict: change(verdict) for verdict in set(self.verdicts)}
        if all(before is after for before, after in to.items()):
            return self
        return evolve(self, verdicts=[to[verdict] for verdict in self.verdicts])

    def reported(self) -> Packed:
        """The values that are reported."""
        loud = {verdict for verdict in set(self.verdicts) if verdict.suppressed is None}
        if len(loud) == len(set(self.verdicts)):
            return self
        return self.only([verdict in loud for verdict in self.verdicts])

    def suppressed(self) -> tuple[Suppressed, ...]:
        """The values that are not reported, and why."""
        quiet = {verdict for verdict in set(self.verdicts) if verdict.suppressed is not None}
        if not quiet:
            return ()
        indexes = [index for index, verdict in enumerate(self.verdicts) if verdict in quiet]
        kinds = (self.verdicts[index].suppressed or ("", "") for index in indexes)
        return tuple(Suppressed(finding, *kind) for finding, kind in zip(self.findings(indexes), kinds, strict=True))


Column = tuple[int, str, Verdicts]
"""Position and name of a column whose values are judged, and by what."""
Group = tuple[list[Column], list[Sequence[Range]]]


def pack(text: str, tables: Iterable[Table], verdicts_for: Callable[[str], Verdicts | None]) -> Packed | None:
    """The values of the columns for which there are verdicts, or None where there are none."""
    groups: dict[tuple[str, ...], Group] = {}
    for table in tables:
        group = groups.get(table.columns, ([], []))
        if table.columns not in groups:
            asked = [(position, name, verdicts_for(name)) for position, name in enumerate(table.columns)]
            wanted: list[Column] = [(position, name, by) for position, name, by in asked if by is not None]
            group = groups[table.columns] = (wanted, group[1])
        columns, rows = group
        if columns:
            rows.extend(table.read([position for position, _, _ in columns]))
    packs = [_judged(text, columns, rows) for columns, rows in groups.values() if rows]
    return _joined(text, packs) if packs else None


def _judged(text: str, columns: Sequence[Column], rows: Sequence[Sequence[Range]]) -> Packed:
    judged: list[list[Verdict | None]] = []
    for (_, _, verdicts), cells in zip(columns, zip(*rows, strict=True), strict=True):
        judged.append(verdicts.of([text[start:end] for start, end in cells]))
    by_row = list(zip(*judged, strict=True))
    found = list(chain.from_iterable(by_row))
    cells = list(chain.from_iterable(rows))
    names = [name for _, name, _ in columns] * len(rows)
    size = len(columns)
    if None not in found:
        starts = [start for start, _ in cells]
        full = [verdict for verdict in found if verdict is not None]
        return Packed(text, cells, starts, full, names, list(range(0, len(found) + 1, size)))
    kept = list(compress(cells, found))
    return Packed(
        text,
        kept,
        [start for start, _ in kept],
        [verdict for verdict in found if verdict is not None],
        list(compress(names, found)),
        [0, *accumulate(size - row.count(None) for row in by_row)],
    )


def _joined(text: str, packs: Sequence[Packed]) -> Packed:
    if len(packs) == 1:
        return packs[0]
    rows = sorted(
        (pack.starts[first], pack, first, end)
        for pack in packs
        for first, end in zip(pack.rows, pack.rows[1:], strict=False)
        if first < end
    )
    cells: list[Range] = []
    verdicts: list[Verdict] = []
    names: list[str] = []
    ends = [0]
    for _, pack, first, end in rows:
        cells += pack.cells[first:end]
        verdicts += pack.verdicts[first:end]
        names += pack.names[first:end]
        ends.append(len(cells))
    return Packed(text, cells, [start for start, _ in cells], verdicts, names, ends)
