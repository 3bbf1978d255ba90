"""What stands around a span: in which literal, whether as an unquoted number, and what keeps the text parseable."""

from __future__ import annotations

import re
from functools import cached_property

from tightlip.finding import Span
from tightlip.redact.literals import Literals
from tightlip.redact.mapping import Form
from tightlip.redact.placeholder import NUMBER
from tightlip.redact.quoting import needs_care, unescape
from tightlip.syntax.language import Language

_WORD = re.compile(r"[^\W\d_]+(?:_[^\W\d_]+)*")
_ESCAPE = re.compile(r"\\(?:u\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|\r\n|[\s\S])")
_ENTITY = re.compile(r"&#?\w{1,12};")
_SUFFIX = re.compile(r"[uUlLnN]{1,3}(?!\w)")
_LONGEST_RUN = 200
_RUN_AFTER = re.compile(r"[\w.:+-]{0,200}(?: [0-9]{2}:[0-9]{2}[0-9:.+Z-]*)?")
_CELL_BEFORE = re.compile(r"(?:^|[:=,;|\t(\[-])[ \t]*\Z")
_CELL_AFTER = re.compile(r"[ \t]*(?:\Z|[,;|\t)\]}\r\n]|#)")
_SAYS_NAME = re.compile(r"[\"'`]?\s*[:=(]")
_STRICT = frozenset({"json", "jsonc", "toml"})

SHORT = 5
"""Digits an unquoted number must have to stay a number where a token is legal too: a shorter one could not be told from any
other number of a table."""


class Page:
    """One text in one language; literals and comments are looked for only when a span asks for them."""

    def __init__(self, text: str, language: Language):
        self.text = text
        self.language = language
        self._strict = language.name in _STRICT
        self._yaml = language.name == "yaml"
        self._code = language.family == "code" or self._strict or language.name in ("yaml", "terraform")

    @cached_property
    def literals(self) -> Literals:
        """The literals and comments of the text."""
        return Literals(self.text, self.language)

    def decoded(self, span: Span) -> str:
        """The value under a span, without the escapes of the literal it stands in."""
        written = self.text[span.start : span.end]
        return unescape(written, self.literals.enclosing(span)) if needs_care(written) else written

    def fit(self, span: Span) -> Span:
        """The span, grown where its replacement would cut an escape, a number or a literal in two."""
        if self.language.family == "markup":
            return self._fit_entities(span)
        if not self._code:
            return self._fit_doubled(span) if self.language.family == "data" else span
        if needs_care(self.text[span.start : span.end]) or "\\" in self.text[max(span.start - 10, 0) : span.start]:
            span = self._fit_literals(span)
        before, after = self._at(span.start - 1), self._at(span.end)
        if (_is_run(before) or _is_run(after)) and self._is_bare(span):
            span = self._fit_run(span)
        return span

    def form(self, span: Span) -> tuple[Form, str]:
        """How a replacement of the span is written, and the quote it needs around it."""
        if self._is_number(span):
            return Form.NUMBER, ""
        if self._yaml or not (self._strict or (self._code and needs_care(self.text[span.start : span.end]))):
            return Form.TOKEN, ""
        if self.literals.enclosing(span) is not None or self.literals.is_comment(span.start):
            return Form.TOKEN, ""
        touched = self.literals.touching(span)
        if touched and not self._joins(span):
            return Form.QUOTED, touched[0].quote[:1]
        bare = self._strict and not touched and self._at(span.start - 1) not in "'`"
        return (Form.QUOTED, '"') if bare else (Form.TOKEN, "")

    def is_name(self, span: Span) -> bool:
        """Whether a plain word stands where names stand: as a key, a tag, a column or an identifier of code."""
        if _WORD.fullmatch(self.text, span.start, span.end) is None:
            return False
        if _SAYS_NAME.match(self.text, span.end) or self._at(span.start - 1) in (".", "$"):
            return self.language.family != "prose"
        if self.language.family == "markup":
            return self._at(span.start - 1) in ("<", "/")
        if self.language.name in ("csv", "tsv"):
            return self.text.find("\n", 0, span.start) < 0
        if self.language.family == "code":
            return self.literals.enclosing(span) is None and not self.literals.is_comment(span.start)
        return False

    def _at(self, offset: int) -> str:
        return self.text[offset] if 0 <= offset < len(self.text) else " "

    def _is_bare(self, span: Span) -> bool:
        outside = self._strict or self.language.family == "code"
        return outside and not self.literals.touching(span) and not self.literals.is_comment(span.start)

    def _fit_literals(self, span: Span) -> Span:
        literal = self.literals.enclosing(span)
        if literal is None:
            touched = [] if self._yaml else self.literals.touching(span)
            if touched and not self._joins(span):
                return Span(min(span.start, touched[0].outer.start), max(span.end, touched[-1].outer.end))
            return span
        if literal.escapes == "double" and self.language.name != "sql":
            return self._fit_doubled(span)
        if literal.escapes == "none":
            return span
        start, end = span
        # walk the escapes of the literal's part around the span: a run of backslashes decides by its parity
        origin = start
        while origin > literal.span.start and (start - origin < 10 or self.text[origin - 1] == "\\"):
            origin -= 1
        position = origin
        for match in _ESCAPE.finditer(self.text, position, literal.span.end):
            if match.start() >= end:
                break
            if match.start() < start < match.end():
                start = match.start()
            if match.start() < end < match.end():
                end = match.end()
        grown = Span(start, end)
        return self._fit_doubled(grown) if self.language.name == "sql" else grown

    def _fit_doubled(self, span: Span) -> Span:
        """Grown where a doubled quote would be cut in two."""
        start, end = span
        if '""' not in self.text[start - 1 : end + 1] and "''" not in self.text[max(start - 1, 0) : end + 1]:
            return span
        literal = self.literals.enclosing(span)
        if literal is None:
            return span
        if self._odd_quotes(literal.quote, literal.span.start, start) and self._at(start) == literal.quote:
            start -= 1
        if end < literal.span.end and self._odd_quotes(literal.quote, literal.span.start, end):
            end += self._at(end) == literal.quote
        return Span(start, end)

    def _odd_quotes(self, quote: str, least: int, offset: int) -> bool:
        first = offset
        while first > least and self.text[first - 1] == quote:
            first -= 1
        return (offset - first) % 2 == 1

    def _fit_entities(self, span: Span) -> Span:
        start, end = span
        for match in _ENTITY.finditer(self.text, max(start - 14, 0), min(end + 14, len(self.text))):
            if match.start() < start < match.end():
                start = match.start()
            if match.start() < end < match.end():
                end = match.end()
        return Span(start, end)

    def _fit_run(self, span: Span) -> Span:
        """The whole bare word or number a span is a part of; the suffix of an integer literal and a sign stay outside."""
        start, end = span
        if (
            _SUFFIX.match(self.text, end)
            and NUMBER.fullmatch(self.text, start, end)
            and not _is_run(self._at(start - 1))
        ):
            return span
        if not self._strict:
            while start > 0 and _is_word(self.text[start - 1]):
                start -= 1
            while end < len(self.text) and _is_word(self.text[end]):
                end += 1
            return Span(start, end)
        while start > max(span.start - _LONGEST_RUN, 0) and (
            _is_run(self.text[start - 1]) or self.text[start - 1] == ":"
        ):
            start -= 1
        after = _RUN_AFTER.match(self.text, end)
        whole = Span(start, after.end() if after else end)
        if self._at(whole.start) in "+-" and NUMBER.fullmatch(self.text, whole.start + 1, whole.end):
            return Span(whole.start + 1, whole.end)
        return whole

    def _joins(self, span: Span) -> bool:
        """Whether a span begins inside one literal and ends inside a later one of the same kind."""
        touched = self.literals.touching(span)
        first, last = touched[0], touched[-1]
        inside = first.span.start <= span.start and span.end <= last.span.end
        return inside and (first.quote, first.prefix) == (last.quote, last.prefix)

    def _is_number(self, span: Span) -> bool:
        family, text = self.language.family, self.text
        if family in ("prose", "markup") or NUMBER.fullmatch(text, span.start, span.end) is None:
            return False
        before, after = self._at(span.start - 1), self._at(span.end)
        if _is_word(before) or before == "." or (after == "." and self._at(span.end + 1).isdigit()):
            return False
        if _is_word(after) and (family != "code" or _SUFFIX.match(text, span.end) is None):
            return False
        if not self._code or self._yaml:
            if sum(c.isdigit() for c in text[span.start : span.end]) < SHORT and not self._yaml:
                return False
            line = max(text.rfind("\n", 0, span.start) + 1, span.start - 64)
            if not _CELL_BEFORE.search(text[line : span.start]) or not _CELL_AFTER.match(text, span.end):
                return False
        return self.literals.enclosing(span) is None and not self.literals.is_comment(span.start)


def _is_word(c: str) -> bool:
    return c.isalnum() or c == "_"


def _is_run(c: str) -> bool:
    return _is_word(c) or c in "+-."
