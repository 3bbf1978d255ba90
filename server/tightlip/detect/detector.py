"""The fast lane: text -> findings, in one pass and a look around every candidate."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter

from attrs import evolve, frozen

from tightlip.detect.columns import Packed, Verdict, Verdicts, pack
from tightlip.detect.confirm import Context, confirm_pattern, confirm_value, make_finding, pattern_spans
from tightlip.detect.confirm_field import confirm_field
from tightlip.detect.dense import Dense
from tightlip.detect.doubt import not_a_value, quieter_if_usual
from tightlip.detect.found import Found
from tightlip.detect.gate import Candidates
from tightlip.detect.judge import verdict_on, verdicts_by
from tightlip.detect.own import Own, look_for
from tightlip.detect.repeats import AHEAD, Answer, answers
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import FENCE, FIELD, MARKER, SQL, TABLE, Ruleset
from tightlip.detect.suppress import Suppressed, allowed_by, inline_allows
from tightlip.detect.table import SQL_REACH, cells, has_tables, tables
from tightlip.finding import Category, Finding, Notice, Span
from tightlip.syntax.language import PLAIN, language_of
from tightlip.syntax.lazy import lazy
from tightlip.syntax.lines import LineIndex

_WORTH_PACKING = 60
"""Values in columns from which on they are packed."""

MAX_TEXT = 100_000_000
"""Code points of a document that are looked at; what lies behind is not checked, and said."""


@frozen
class Document:
    """A text to look at, as it is now."""

    text: str
    path: str | None = None
    language_id: str | None = None
    """The editor's name for the language (LSP `languageId`), or None."""


@frozen
class Detection:
    """What was found, sorted by span. Only findings of a policy's own terms and rules overlap others: each is decided alone."""

    findings: Sequence[Finding]
    suppressed: tuple[Suppressed, ...] = ()
    notices: tuple[Notice, ...] = ()
    may_be_fenced: bool = True
    """False where the pass saw that no fence of a private section is in the text."""


_NOTHING = Detection((), may_be_fenced=False)


def candidates_of_all(documents: Sequence[Document], ruleset: Ruleset) -> list[Candidates]:
    """What the one pass finds in each of some documents, for `detect`."""
    return ruleset.gate.candidates_of_all([document.text[:MAX_TEXT] for document in documents])


def detect(
    document: Document,
    ruleset: Ruleset,
    *,
    strict: bool = False,
    candidates: Candidates | None = None,
    own: Sequence[Own] = (),
) -> Detection:
    """Find all values in a document that its rules know.

    `own` are the terms and rules of a policy, those of its strongest layer first: what they find neither displaces what the
    rules find nor is displaced by it. `strict` ignores inline allow comments; `candidates` are the document's, where they
    are known already. Never raises for a text, whatever is in it.
    """
    text = document.text
    notices: list[Notice] = []
    if len(text) > MAX_TEXT:
        notices.append(
            Notice("too-large", f"Only the first {MAX_TEXT:,} characters were checked.", Span(MAX_TEXT, len(text)))
        )
        text = text[:MAX_TEXT]
    language = language_of(document.path, document.language_id, text)
    if candidates is None:
        candidates = ruleset.gate.candidates(text)
    if not (candidates.hits or own or notices or has_tables(language, None, gated=False)):
        return _NOTHING  # as it is with every other file
    context = Context(text, language, document.path)
    if not candidates.complete:
        last = candidates.hits[-1][0]
        notices.append(
            Notice("too-many", "Too many possible findings: the rest was not checked.", Span(last, len(text)))
        )
    numbers = {number for _, number in candidates.hits}
    markers = [end for end, number in candidates.hits if number == MARKER] if MARKER in numbers else []
    reach = _sql_reach(candidates.hits) if SQL in numbers else None
    gated = TABLE in numbers
    found, packed = (
        columns_of(ruleset, context, reach, gated=gated) if has_tables(language, reach, gated=gated) else ([], None)
    )
    if packed is not None and (len(packed) < _WORTH_PACKING or (markers and not strict)):
        found.extend(_unpacked(ruleset, context, packed, range(len(packed))))
        packed = None
    if candidates.hits or packed is not None:
        packed = _confirm(ruleset, candidates.hits, context, packed, found)
    findings: list[Finding] = []
    suppressed: list[Suppressed] = []
    lines = LineIndex(text) if markers else None
    allows = inline_allows(text, markers, lines) if lines is not None and not strict else []
    merged = merge_overlaps(found)
    if own:
        more, told = look_for(own, context)
        notices.extend(told)
        merged = sorted([*merged, *more], key=attrgetter("span"))
    for finding in merged:
        if (why := not_a_value(finding)) is not None:
            suppressed.append(why)
        elif lines is not None and (allow := allowed_by(finding, allows, lines)) is not None:
            suppressed.append(Suppressed(finding, "inline", allow.reason))
        else:
            findings.append(quieter_if_usual(finding))
    fenced = FENCE in numbers or not candidates.complete or text is not document.text
    if packed is None:
        return Detection(tuple(findings), tuple(suppressed), tuple(notices), fenced)
    found = Found(findings, packed.reported())
    return Detection(found, (*suppressed, *packed.suppressed()), tuple(notices), fenced)


def every_finding(ruleset: Ruleset, context: Context) -> tuple[list[Finding], bool]:
    """What some rules find in a document, still to be doubted, and whether all candidates were looked at."""
    candidates = ruleset.gate.candidates(context.text)
    numbers = {number for _, number in candidates.hits}
    reach = _sql_reach(candidates.hits) if SQL in numbers else None
    found, packed = columns_of(ruleset, context, reach, gated=TABLE in numbers)
    if packed is not None:
        found.extend(_unpacked(ruleset, context, packed, range(len(packed))))
    _confirm(ruleset, candidates.hits, context, None, found)
    return merge_overlaps(found), candidates.complete


def _sql_reach(hits: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Between which places a text has rows of SQL."""
    ends = [end for end, number in hits if number == SQL]
    return max(0, ends[0] - SQL_REACH), ends[-1]


def columns_of(
    ruleset: Ruleset, context: Context, sql: tuple[int, int] | None, *, gated: bool = True
) -> tuple[list[Finding], Packed | None]:
    """What the columns of a text's tables hold: personal data packed, all else as findings, still to be doubted."""
    text, language = context.text, context.language
    others: dict[str, tuple[Rule, ...]] = {}
    in_prose = language.family == "prose"

    def judge_of(name: str) -> Verdicts | None:
        rules = ruleset.lexicon.lookup(name)
        if not rules:
            return None
        # in prose, what stands before a table may say that it names authors
        if in_prose or any(rule.category is not Category.PII or rule.keywords for rule in rules):
            others[name] = rules
            return None
        return verdicts_by(ruleset, rules)

    packed = pack(text, tables(text, language, sql, gated=gated), judge_of)
    found: list[Finding] = []
    for name, span, _ in cells(text, language, {name: name for name in others}.get, sql, gated=gated) if others else ():
        finding = confirm_value(ruleset, others[name], span, context, f'column "{name}"')
        if finding is not None:
            found.append(finding)
    return found, packed


def _unpacked(ruleset: Ruleset, context: Context, packed: Packed, indexes: Iterable[int]) -> Iterator[Finding]:
    """Values of columns as findings, still to be doubted."""
    for index in indexes:
        name = packed.names[index]
        rules = ruleset.lexicon.lookup(name)
        finding = confirm_value(ruleset, rules, Span(*packed.cells[index]), context, f'column "{name}"')
        if finding is not None:
            yield finding


def _confirm(
    ruleset: Ruleset, hits: list[tuple[int, int]], context: Context, packed: Packed | None, found: list[Finding]
) -> Packed | None:
    """Add the findings of all candidates to `found`, and take out of the columns what they contest."""
    covered: dict[int, int] = {}
    field_end = -1
    indexes, ids = ruleset.indexes, tuple(ruleset.categories) if packed is not None else ()
    changed: dict[int, Verdict] = {}
    ask, ahead = _asked(ruleset, context, Dense(ruleset, context.text, hits))
    left, answer = (hits, ask) if packed is not None else answers(context.text, hits, ask, ahead)
    for end, number in left:
        index = indexes.get(number)
        if index is not None:
            if end <= covered.get(index, -1):
                continue
            if packed is not None and (cell := packed.at(end - 1)) >= 0:
                verdict = packed.verdicts[cell]
                if verdict.rule == ids[index]:
                    continue
                winner = _contest(ruleset, index, end, context, packed, cell)
                if winner is not None:
                    if winner is not verdict:
                        changed[cell] = winner
                    continue
            for finding in answer(end, number):
                found.append(finding)
                covered[index] = finding.span.end
        elif number == FIELD and end != field_end:
            field_end = end
            if packed is not None and (cell := packed.at(end - 1)) >= 0 and packed.starts[cell] == end - 1:
                continue  # what stands before a cell is another cell, and no name of it
            found.extend(answer(end, number))
    if packed is None:
        return None
    if changed:
        verdicts = list(packed.verdicts)
        for cell, verdict in changed.items():
            verdicts[cell] = verdict
        packed = evolve(packed, verdicts=verdicts)
    contested = {
        cell
        for finding in found
        for cell in packed.within(finding.span)
        if finding.span.overlaps(Span(*packed.cells[cell]))
    }
    found.extend(_unpacked(ruleset, context, packed, sorted(contested)))
    return packed.without(contested)


def _asked(ruleset: Ruleset, context: Context, dense: Dense) -> tuple[Answer, Callable[[int], int]]:
    """What says which findings a candidate has, and what says how far behind its end that is decided."""
    indexes = ruleset.indexes

    def ask(end: int, number: int) -> list[Finding]:
        if (index := indexes.get(number)) is not None:
            if number in dense.numbers and dense.is_nothing(number, index, end):
                return []
            return confirm_pattern(ruleset, index, end, context)
        if number != FIELD:
            return []
        return confirm_field(ruleset, end, context)

    def ahead(number: int) -> int:
        index = indexes.get(number)
        return AHEAD if index is None else ruleset.ahead[index] + _AROUND

    return ask, ahead


_AROUND = 128
"""Code points behind a pattern's window in which its keywords may stand."""


def _contest(ruleset: Ruleset, index: int, end: int, context: Context, packed: Packed, cell: int) -> Verdict | None:
    """What a value is that a column's name and a pattern speak of; None where that is to be settled on the spot."""
    rule, verdict = ruleset.rules[index], packed.verdicts[cell]
    if rule.category is not Category.PII:
        return None
    judged = ruleset.judged
    start, stop = packed.cells[cell]
    key = (rule.id, verdict, context.text[start:stop])
    known = judged.contests.get(key)
    if known is not None:
        return known
    spans = pattern_spans(ruleset, index, end, context)
    if not spans:
        return judged.settle(key, verdict)
    here = (start + verdict.before, stop - verdict.behind)
    if spans != [here]:
        return None
    winner = judged.winners.get((rule.id, verdict))
    if winner is None:
        # by the value alone: what comes of it is remembered for other texts too
        value, name = context.text[start:stop], packed.names[cell]
        alone = Context(value, PLAIN, None)
        mine = confirm_value(ruleset, ruleset.lexicon.lookup(name), Span(0, len(value)), alone, f'column "{name}"')
        if mine is None:
            return None
        pattern = make_finding(rule, Span(*here), context.text[slice(*here)], context, "")
        if not rule.checksum:
            # a cell names no author of the code, whatever stands before it
            pattern = evolve(pattern, severity=rule.severity, evidence="")
        mine_is_better = _rank(mine) < _rank(pattern)
        winner = verdict if mine_is_better else verdict_on(judged, pattern, verdict.before, verdict.behind)
        if verdict.is_plain and verdict.entity == rule.entity and not rule.checksum:
            judged.winners[rule.id, verdict] = winner  # that of all plain values: nothing more is asked of them
    return judged.settle(key, winner)


def merge_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """Findings sorted by span, none overlapping another: of two on the same characters the more specific stays.

    More specific is: louder, then more certain, then longer, then the earlier rule id.
    """
    kept: list[Finding] = []
    cluster: list[Finding] = []
    end = 0
    for finding in sorted(findings, key=attrgetter("span")):
        if finding.span.start >= end and cluster:
            kept.extend(_most_specific(cluster))
            cluster = []
        cluster.append(finding)
        end = max(end, finding.span.end)
    kept.extend(_most_specific(cluster))
    return kept


_EXPANSION = lazy(r"\$\{\w+:?[-=][^{}]*\}")


def _most_specific(cluster: list[Finding]) -> list[Finding]:
    if len(cluster) < 2:
        return cluster
    # of `${PASSWORD:-value}` the value counts, and not the whole, which would then be taken for a mere reference
    cluster = [finding for finding in cluster if _EXPANSION.fullmatch(finding.value) is None] or cluster
    kept: list[Finding] = []
    starts: list[int] = []
    for finding in sorted(cluster, key=_rank):
        place = bisect_right(starts, finding.span.start)
        clear_before = not place or kept[place - 1].span.end <= finding.span.start
        if clear_before and (place == len(kept) or finding.span.end <= starts[place]):
            kept.insert(place, finding)
            starts.insert(place, finding.span.start)
    return [finding if finding.field else _named(finding, cluster) for finding in kept]


def _named(finding: Finding, cluster: list[Finding]) -> Finding:
    """The finding with the field's name of another on the same characters: a format says what it is, a field where."""
    by_name = next((one for one in cluster if one.field and one.span == finding.span), None)
    if by_name is None:
        return finding
    # what a secret's evidence says decides whether it is a placeholder: it stays the format
    why = finding.evidence or ("" if finding.category is Category.SECRET else by_name.evidence)
    return evolve(finding, field=by_name.field, evidence=why)


def _rank(finding: Finding) -> tuple[int, int, int, str, bool]:
    size = finding.span.end - finding.span.start
    return finding.severity, -finding.confidence, -size, finding.rule, not finding.field
