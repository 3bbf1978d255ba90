"""Is this personal data real? Many rows with several kinds of it, told as one table instead of a thousand findings.

A record is a row of a table, or an object, element or literal whose fields repeat: a new one begins where a field comes
again. What is reserved for tests is no finding, so that a file of invented people has no rows here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from operator import attrgetter, itemgetter
from typing import NamedTuple

from attrs import frozen

from tightlip.detect.columns import Packed, Verdict
from tightlip.detect.found import Found
from tightlip.finding import Category, Confidence, Finding, RuleId, Severity, Span
from tightlip.syntax.lazy import lazy

RULE = "realistic-personal-data"
"""Stands for the rule where a table is told beside findings."""
TITLE = "Realistic personal data"

ADVICE = "Replace the values with synthetic ones, or keep the file away from assistants."

_MORE_THAN = 20
"""Distinct rows up to which every value is told by itself."""
_KINDS = 3
_APART = 1000
"""Code points between two findings from which on they are no neighbours."""
_SAMPLE = 200
"""Values looked at for one kind of evidence."""

_FREE_MAIL = frozenset(
    """
    gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.es yahoo.it ymail.com hotmail.com
    hotmail.co.uk hotmail.fr hotmail.de hotmail.es hotmail.it outlook.com outlook.de outlook.fr live.com live.co.uk
    live.fr msn.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de
    mail.ru yandex.ru bk.ru inbox.ru list.ru proton.me protonmail.com tutanota.com tuta.com fastmail.com zoho.com
    orange.fr wanadoo.fr free.fr sfr.fr laposte.net libero.it virgilio.it alice.it tiscali.it terra.com.br uol.com.br
    bol.com.br qq.com 163.com 126.com sina.com naver.com hanmail.net daum.net ig.com.br wp.pl o2.pl onet.pl interia.pl
    seznam.cz centrum.cz ziggo.nl kpnmail.nl planet.nl telenet.be skynet.be bluewin.ch telia.com btinternet.com
    sky.com comcast.net verizon.net att.net sbcglobal.net rediffmail.com ukr.net abv.bg sapo.pt
    """.split()
)
_PERSONS_MAILBOX = lazy(r"[^\W\d_]{1,20}[._-]?[^\W\d_]{2,20}[._-]?\d{0,4}")
_DUMP = lazy(
    r"(?i)--\s*(?:PostgreSQL database dump|MySQL dump|MariaDB dump|phpMyAdmin SQL Dump|Dumped from database version|Host: )"
    r"|PRAGMA foreign_keys=OFF;\s*BEGIN TRANSACTION|SET IDENTITY_INSERT|\"mongoexport|-- Oracle SQL Developer"
)
_INVENTED = lazy(r"(?i)\b(?:from faker|import faker|faker\.|factory_boy|factory\.faker|@faker-js|factorybot|mimesis)")
_INVENTED_PATH = lazy(r"(?i)(?:^|[/\\_.-])(?:fake|mock|dummy|synthetic|generated|sample)[a-z]*(?=[/\\_.-])")
_HEAD = 4000
_NAME = 40
_ROUND_DATE = lazy(r"\b0?1[-/.]0?1\b")


@frozen
class Column:
    """One column or key of the rows."""

    name: str
    """As it stands in the text."""
    title: str
    """What its values are."""
    rule: RuleId
    entity: str | None
    values: int


@frozen
class Realistic:
    """Personal data of many people in one text."""

    rows: int
    """Rows with at least three kinds of personal data."""
    columns: tuple[Column, ...]
    blocks: tuple[Span, ...]
    """Where the rows stand, in order."""
    severity: Severity
    """Of the loudest value."""
    confidence: Confidence
    """How sure it is that these are real people."""
    evidence: tuple[str, ...]
    """What speaks for it, each without a value."""
    values: int
    """Findings that the rows hold."""

    @property
    def span(self) -> Span:
        """From the first row to the last."""
        return Span(self.blocks[0].start, self.blocks[-1].end)

    @property
    def title(self) -> str:
        """`Realistic personal data: 214 rows × 5 columns`."""
        return f"{TITLE}: {self.rows:,} rows × {len(self.columns)} columns"

    @property
    def sentence(self) -> str:
        """What it is, how sure that is, what to do."""
        sure = {Confidence.LOW: "may be real", Confidence.MEDIUM: "probably real", Confidence.HIGH: "very likely real"}
        return f"{self.title}, {sure[self.confidence]}. Replace them with synthetic values, or exclude the file."

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is one of those told by this table. A secret never is."""
        return finding.category is Category.PII and any(
            block.start <= finding.span.start and finding.span.end <= block.end for block in self.blocks
        )

    def rest(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings that are told by themselves."""
        if not isinstance(findings, Found):
            return tuple(finding for finding in findings if not self.covers(finding))
        packed = findings.packed
        ends = [
            0,
            *chain.from_iterable((part.start, part.stop) for part in map(packed.inside, self.blocks)),
            len(packed),
        ]
        outside = packed.findings(chain.from_iterable(map(range, ends[::2], ends[1::2])))
        return tuple(sorted([*self.rest(findings.loose), *outside], key=attrgetter("span")))


def column_name(name: str) -> str:
    """A column's name to be shown: on one line, short, without what means something in a table or in Markdown."""
    plain = " ".join(re.sub(r"[^\w .:()/-]", " ", name).split())
    return plain if len(plain) <= _NAME else plain[: _NAME - 1] + "…"


def realistic(findings: Sequence[Finding], text: str, path: str | None = None) -> Realistic | None:
    """The rows of personal data among a text's findings, or None where there are not more than twenty different ones.

    `findings` are sorted by span. Nothing of a value is in what comes back.
    """
    if len(findings) <= _MORE_THAN * _KINDS:
        return None
    packed = findings.packed if isinstance(findings, Found) else Packed(text, [], [], [], [], [0])
    loose = findings.loose if isinstance(findings, Found) else findings
    personal = [finding for finding in loose if finding.category is Category.PII]
    rows = [*_rows_among(personal), *_packed_rows(packed)]
    if len(rows) <= _MORE_THAN:
        return None
    distinct: set[tuple[str, ...]] = set()
    for row in rows:
        distinct.add(_values(row, packed))
        if len(distinct) > _MORE_THAN:
            break
    else:
        return None
    rows.sort(key=itemgetter(0, 1))
    table = Realistic(len(rows), (), tuple(_blocks(rows)), Severity.HINT, Confidence.LOW, (), 0)
    covered = [finding for finding in personal if table.covers(finding)]
    parts = [packed.inside(block) for block in table.blocks]
    sorts = _sorts(covered, packed, parts)
    confidence, evidence = _sureness(_Sample(covered, packed, parts), sorts, len(rows), text, path)
    return Realistic(
        rows=len(rows),
        columns=_columns(sorts),
        blocks=table.blocks,
        severity=_severity(confidence, sorts),
        confidence=confidence,
        evidence=evidence,
        values=sum(count for _, count in sorts),
    )


_Row = tuple[int, int, "Sequence[Finding] | range"]
"""Start and end of a row with enough kinds of personal data, and its findings, or indexes of its packed values."""


def _values(row: _Row, packed: Packed) -> tuple[str, ...]:
    source = row[2]
    if isinstance(source, range):
        return tuple(packed.text[start:end] for start, end in map(packed.cells.__getitem__, source))
    return tuple(finding.value for finding in source)


def _rows_among(findings: Iterable[Finding]) -> Iterator[_Row]:
    for record in _records(findings):
        if len({finding.rule for finding in record if finding.field}) >= _KINDS:
            yield record[0].span.start, record[-1].span.end, record


def _packed_rows(packed: Packed) -> Iterator[_Row]:
    enough: dict[tuple[Verdict, ...], bool] = {}
    cells, verdicts, first = packed.cells, packed.verdicts, 0
    for end in packed.rows[1:]:
        row = tuple(verdicts[first:end])
        full = enough.get(row)
        if full is None:
            full = enough[row] = len({verdict.rule for verdict in row}) >= _KINDS
        if full:
            yield cells[first][0], cells[end - 1][1], range(first, end)
        first = end


def _blocks(rows: Iterable[_Row]) -> Iterator[Span]:
    """Where rows follow one another; what stands far from the next row is told by itself."""
    start = end = -1
    for first, last, _ in rows:
        if start >= 0 and first - end >= _APART:
            yield Span(start, end)
            start = -1
        if start < 0:
            start = first
        end = max(end, last)
    if start >= 0:
        yield Span(start, end)


def _sorts(covered: Sequence[Finding], packed: Packed, parts: Sequence[range]) -> list[tuple[Finding, int]]:
    """The first finding of every column and verdict, with the number of its like, in the order they stand."""
    first: dict[tuple[object, ...], Finding] = {}
    counts: Counter[tuple[object, ...]] = Counter()
    for finding in covered:
        sort = finding.field, finding.rule, finding.severity
        first.setdefault(sort, finding)
        counts[sort] += 1
    for part in parts:
        names, verdicts = packed.names[part.start : part.stop], packed.verdicts[part.start : part.stop]
        pairs = Counter(zip(names, verdicts, strict=True))
        unseen = set(pairs)
        for index, pair in enumerate(zip(names, verdicts, strict=True), part.start):
            if pair not in unseen:
                continue
            unseen.remove(pair)
            sort = pair[0], pair[1].rule, pair[1].severity
            counts[sort] += pairs[pair]
            here = packed.finding(index)
            if sort not in first or here.span < first[sort].span:
                first[sort] = here
            if not unseen:
                break
    return sorted(((first[sort], count) for sort, count in counts.items()), key=lambda one: one[0].span)


class _Sample(NamedTuple):
    """The findings of the rows, to look at some of them."""

    findings: Sequence[Finding]
    packed: Packed
    parts: Sequence[range]

    def of(self, wanted: Callable[[Finding | Verdict], bool]) -> list[str]:
        """Some of the values of which a finding, or the verdict on it, is wanted."""
        return list(islice(self._all(wanted), _SAMPLE))

    def _all(self, wanted: Callable[[Finding | Verdict], bool]) -> Iterator[str]:
        yield from (finding.value for finding in self.findings if wanted(finding))
        packed = self.packed
        if sorts := {verdict for verdict in set(packed.verdicts) if wanted(verdict)}:
            for part in self.parts:
                for index in part:
                    if packed.verdicts[index] in sorts:
                        yield packed.text[slice(*packed.cells[index])]


def _records(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    record: list[Finding] = []
    seen: set[str] = set()
    for finding in findings:
        if record and (finding.field in seen or finding.span.start - record[-1].span.end > _APART):
            yield record
            record, seen = [], set()
        record.append(finding)
        if finding.field:
            seen.add(finding.field)
    if record:
        yield record


def _columns(sorts: Iterable[tuple[Finding, int]]) -> tuple[Column, ...]:
    """The named columns in the order they first stand; values found beside them count for the whole only."""
    first: dict[tuple[str, RuleId], Finding] = {}
    counts: Counter[tuple[str, RuleId]] = Counter()
    for finding, count in sorts:
        if finding.field:
            first.setdefault((finding.field, finding.rule), finding)
            counts[finding.field, finding.rule] += count
    # a column's values may be of two rules; it is told once, as what most of them are
    best: dict[str, tuple[str, RuleId]] = {}
    for key in first:
        name = key[0]
        if name not in best or counts[key] > counts[best[name]]:
            best[name] = key
    totals: Counter[str] = Counter()
    for (name, _), count in counts.items():
        totals[name] += count
    return tuple(
        Column(name, first[key].title, first[key].rule, first[key].entity, totals[name]) for name, key in best.items()
    )


def _sureness(
    sample: _Sample, sorts: Sequence[tuple[Finding, int]], rows: int, text: str, path: str | None
) -> tuple[Confidence, tuple[str, ...]]:
    """How sure it is that these are real people, and the reasons in words."""
    points = 0
    said: list[str] = []
    if rows >= 100:
        points += 1
        said.append(f"{rows:,} rows")
    kinds = len({finding.rule for finding, _ in sorts})
    if kinds > 4:
        points += 1
        said.append(f"{kinds} kinds of personal data in a row")
    mails = sample.of(lambda finding: finding.entity == "EMAIL_ADDRESS")
    private = sum(map(_is_private_mailbox, mails))
    if private * 5 >= len(mails) > 0:
        points += 2
        said.append(f"{_share(private, mails)} e-mail addresses are a person's at a free mail provider")
    checked = sample.of(lambda finding: finding.evidence == "checksum valid" or _has_check(finding))
    if len(checked) > _MORE_THAN:
        points += 2
        said.append("numbers with valid check digits outside the ranges reserved for tests")
    births = sample.of(lambda finding: finding.entity == "DATE_OF_BIRTH")
    uneven = sum(_ROUND_DATE.search(value) is None for value in births)
    if uneven * 10 >= len(births) * 9 and len(set(births)) * 2 >= len(births) > 0:
        points += 1
        said.append("dates of birth are all over the year")
    if _DUMP.search(text, 0, _HEAD) is not None:
        points += 2
        said.append("the text begins as a dump of a database does")
    if (path and _INVENTED_PATH.search(path)) or _INVENTED.search(text, 0, _HEAD) is not None:
        points -= 2
        said.append("but its name or first lines speak of invented data")
    return Confidence.HIGH if points >= 4 else Confidence.MEDIUM if points >= 2 else Confidence.LOW, tuple(said)


def _severity(confidence: Confidence, sorts: Sequence[tuple[Finding, int]]) -> Severity:
    """Of the loudest value; a warning at least where real people are likely, though the file be one of examples."""
    loudest = min(finding.severity for finding, _ in sorts)
    return loudest if confidence is Confidence.LOW else min(loudest, Severity.WARNING)


def _share(part: int, whole: Sequence[str]) -> str:
    return f"{round(100 * part / len(whole))} % of the"


def _is_private_mailbox(value: str) -> bool:
    local, _, domain = value.lower().rpartition("@")
    return domain in _FREE_MAIL and _PERSONS_MAILBOX.fullmatch(local) is not None


_NO_CHECK = frozenset({"EMAIL_ADDRESS", "PHONE_NUMBER", "IP_ADDRESS", "MAC_ADDRESS"})


def _has_check(finding: Finding | Verdict) -> bool:
    return finding.confidence is Confidence.HIGH and finding.entity not in _NO_CHECK
