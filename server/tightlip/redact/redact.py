"""Text and findings -> text that is safe to send, and the mapping that leads back."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from attrs import field, frozen

from tightlip.errors import TightlipError
from tightlip.finding import Category, Finding, Span
from tightlip.redact.edit import Edit
from tightlip.redact.known import Known, occurrences, spellings
from tightlip.redact.mapping import EMPTY, Entry, Form, Mapping
from tightlip.redact.page import Page
from tightlip.redact.placeholder import LONGER, TOKEN, normalise, type_name
from tightlip.redact.quoting import Quote, needs_care, open_quote, quote_in
from tightlip.redact.tokens import Meaning, Wanted, allocate
from tightlip.syntax.language import Language


@frozen
class Redaction:
    """A text that is safe to send."""

    text: str = field(repr=False)
    edits: tuple[Edit, ...]
    """What was put in place of what, in the order of the original text; spans are ranges of the original text."""
    mapping: Mapping
    """The mapping handed in and what this text added."""


def redact(
    text: str, findings: Iterable[Finding], key: bytes, language: Language, mapping: Mapping | None = None
) -> Redaction:
    """Put a token in place of every finding, and of every other occurrence of a value that is known.

    `key` is the workspace's (`tightlip.redact.key`), `mapping` what earlier texts of the session gave: their values are
    known here too. Overlapping and touching findings become one token. Tokens already in the text stay. An unquoted number
    becomes a number. Spans are code points of `text`; the result parses if `text` did, and `restore` gives `text` back.

    Raises TightlipError when a finding does not fit the text: nothing half redacted is ever returned.
    """
    before = EMPTY if mapping is None else mapping
    ranked = sorted(findings, key=_rank)
    _check(text, ranked)
    page = Page(text, language)
    own = _own_tokens(text, ranked)
    known = [_known_of(page, finding) for finding in ranked]
    pieces = _merge(_pieces(page, ranked, known, own, before))
    written = _written(page, ranked, known, before)
    taken = sorted([*own, *(piece.span for piece in pieces)])
    for span, one in occurrences(text, written, taken):
        if not page.is_name(span):
            whole = _widen(text, page.fit(span), own)
            pieces.append(_Piece(whole, len(ranked), one, exact=whole == span))
    return _replace(page, _merge(pieces), written, key, before)


@frozen
class _Piece:
    """A span that gets one token; of pieces that are merged the one with the lowest rank says what it is."""

    span: Span
    rank: int
    known: Known = field(repr=False)
    exact: bool = False
    """Whether the span is just what `known` speaks of, in some encoding."""
    merged: bool = False
    """Whether the span is longer than the finding that says what it is."""


def _rank(finding: Finding) -> tuple[int, int, int, int, str]:
    return (
        finding.severity,
        -finding.confidence,
        finding.span.start - finding.span.end,
        finding.span.start,
        finding.rule,
    )


def _check(text: str, findings: Iterable[Finding]) -> None:
    for finding in findings:
        start, end = finding.span
        if not 0 <= start <= end <= len(text) or text[start:end] != finding.value:
            raise TightlipError("The text changed after it was checked; check it again, then redact it.")


def _own_tokens(text: str, ranked: Iterable[Finding]) -> list[Span]:
    """The tokens in a text, sorted. One ends where a finding begins, if what is before that is a token too."""
    if "TL_" not in text:
        return []
    own = [Span(*match.span()) for match in TOKEN.finditer(text)]
    for finding in ranked:
        index = bisect_right(own, (finding.span.start, 0)) - 1
        if index >= 0 and finding.span.start < own[index].end:
            before = Span(own[index].start, finding.span.start)
            if TOKEN.fullmatch(text, *before) is not None:
                own[index] = before
    return own


def _pieces(
    page: Page, ranked: Iterable[Finding], known: Iterable[Known], own: Sequence[Span], mapping: Mapping
) -> list[_Piece]:
    pieces: list[_Piece] = []
    for rank, (finding, one) in enumerate(zip(ranked, known, strict=True)):
        entry = mapping.lookup(finding.value)
        if entry is not None and entry.form is Form.NUMBER:
            continue
        for part in _without(finding.span, own):
            span = _trim(page.text, part, whole=part == finding.span)
            if span is not None:
                pieces.append(_Piece(_widen(page.text, page.fit(span), own), rank, one))
    return pieces


def _without(span: Span, own: Sequence[Span]) -> Iterable[Span]:
    """What is left of a span when the tokens in it are taken out."""
    start = span.start
    index = max(bisect_right(own, span) - 1, 0)
    while index < len(own) and own[index].start < span.end:
        token = own[index]
        if token.end > start:
            if token.start > start:
                yield Span(start, token.start)
            start = token.end
        index += 1
    if start < span.end:
        yield Span(start, span.end)


def _trim(text: str, span: Span, *, whole: bool) -> Span | None:
    """The span without the white space at its ends; of a part beside a token without punctuation too. None if none is left."""
    part = text[span.start : span.end]
    match = (_WHOLE if whole else _PART).fullmatch(part)
    return Span(span.start + match.start(1), span.start + match.end(1)) if match and match[1] else None


_WHOLE = re.compile(r"\s*(\S?(?:.*\S)?)\s*", re.DOTALL)
_PART = re.compile(r"[\W_]*((?:[^\W_].*[^\W_]|[^\W_])?)[\W_]*", re.DOTALL)


def _widen(text: str, span: Span, own: Sequence[Span]) -> Span:
    """The span, longer where the characters behind it would read as a part of its token."""
    match = LONGER.match(text, span.end)
    if match is None:
        return span
    after = bisect_left(own, (span.end, 0))
    end = min(match.end(), own[after].start if after < len(own) else match.end())
    return Span(span.start, end)


def _merge(pieces: Iterable[_Piece]) -> list[_Piece]:
    merged: list[_Piece] = []
    for piece in sorted(pieces, key=lambda one: one.span):
        last = merged[-1] if merged else None
        if last is None or piece.span.start > last.span.end:
            merged.append(piece)
            continue
        best = min(last, piece, key=lambda one: one.rank)
        span = Span(last.span.start, max(last.span.end, piece.span.end))
        same = best.span == span
        merged[-1] = _Piece(span, best.rank, best.known, exact=best.exact and same, merged=best.merged or not same)
    return merged


def _known_of(page: Page, finding: Finding) -> Known:
    name = type_name(finding.placeholder)
    normal = normalise(name, page.decoded(finding.span))
    return Known(name, normal, finding.category is Category.SECRET, finding.rule)


def _written(page: Page, ranked: Iterable[Finding], found: Iterable[Known], mapping: Mapping) -> dict[str, Known]:
    """What is known, in every way it may be written: what the session knew first, then the findings, the gravest first."""
    known: dict[str, Known] = {}
    for entry in mapping.entries():
        one = Known(entry.type, entry.normal, entry.secret, entry.rule)
        known.setdefault(entry.original, one)
        known.setdefault(entry.value, one)
    for finding, one in zip(ranked, found, strict=True):
        value = finding.value
        if value not in known and value not in mapping and TOKEN.fullmatch(value) is None:
            known[value] = one
            known.setdefault(page.decoded(finding.span), one)
    written = dict(known)
    for value, one in known.items():
        for way, told in spellings(value, one):
            written.setdefault(way, told)
    return written


def _replace(
    page: Page, pieces: Sequence[_Piece], written: dict[str, Known], key: bytes, mapping: Mapping
) -> Redaction:
    text = page.text
    forms = [page.form(piece.span) for piece in pieces]
    wants = [Wanted(text[p.span.start : p.span.end], form) for p, (form, _) in zip(pieces, forms, strict=True)]
    known: dict[Wanted, Known] = {}
    values: dict[Wanted, str] = {}
    for piece, want in zip(pieces, wants, strict=True):
        if want not in known:
            values[want] = page.decoded(piece.span)
            known[want] = _meant(piece, want.original, values[want], written)
    meanings = {
        want: Meaning(one.type, one.normal, want.form is Form.TOKEN and one.normal == normalise(one.type, values[want]))
        for want, one in known.items()
    }
    tokens = allocate(meanings, key, mapping, text)
    edits: list[Edit] = []
    parts: list[str] = []
    starts: list[int] = []
    position = size = 0
    for piece, want, (_, quote) in zip(pieces, wants, forms, strict=True):
        new = quote + tokens[want] + quote
        edits.append(Edit(piece.span, new, known[want].rule))
        kept = text[position : piece.span.start]
        parts += kept, new
        starts.append(size + len(kept))
        size += len(kept) + len(new)
        position = piece.span.end
    redacted = "".join([*parts, text[position:]])
    quotes: dict[Wanted, set[Quote]] = {}
    for want, start in zip(wants, starts, strict=True):
        if needs_care(want.original):
            quote = quote_in(open_quote(redacted, start), page.language)
            quotes.setdefault(want, set()).add(quote)
    entries = (
        Entry(
            tokens[want],
            want.original,
            values[want],
            one.type,
            one.normal,
            one.secret,
            one.rule,
            want.form,
            frozenset(quotes.get(want, ())),
        )
        for want, one in known.items()
    )
    return Redaction(redacted, tuple(edits), mapping.merge(Mapping(entries)))


def _meant(piece: _Piece, original: str, value: str, written: dict[str, Known]) -> Known:
    """What the characters under a piece are: a known value, an encoding of one, or, merged or grown, a value of its own."""
    found = written.get(original)
    if found is not None and not (piece.merged and found.type != piece.known.type):
        return found
    if piece.exact:
        return piece.known
    return Known(piece.known.type, normalise(piece.known.type, value), piece.known.secret, piece.known.rule)
