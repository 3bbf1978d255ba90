"""Tables of HTML: a row of `th` names the columns of the rows below it, one `th` before one `td` names that cell.

A `dt` names the `dd` behind it, an `input` its own value: tables of one cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from attrs import define, field

from tightlip.detect.table_shape import ABSENT, Range, Table
from tightlip.syntax.lazy import lazy

_TAG = lazy(r"<(?P<end>/?)(?P<tag>table|tr|th|td)(?=[\s>/])[^<>]{0,2048}>", re.IGNORECASE)
_HEAD = lazy(r"<th[\s>]", re.IGNORECASE)
_OPENING = lazy(r"(?:\s{0,256}<[^<>/][^<>]{0,512}>){0,8}\s{0,256}")
_CLOSING = lazy(r"(?:\s{0,256}</[^<>]{1,64}>){1,8}\s{0,256}\Z")

_TERM = lazy(
    r"<dt(?:\s[^<>]{0,512})?>(?P<name>(?:[^<]|<(?!/?d[dtl][\s>])){1,256})(?:</dt>)?\s{0,64}"
    r"<dd(?:\s[^<>]{0,512})?>(?P<value>(?:[^<]|<(?!/?d[dtl][\s>])){1,1024})",
    re.IGNORECASE,
)
_INPUT = lazy(r"<(?:input|meta)\s(?:[^<>\"']|\"[^\"<>]{0,1024}\"|'[^'<>]{0,1024}'){1,512}>", re.IGNORECASE)
_NAMED = lazy(r"\s(?:name|id)\s?=\s?(?P<quote>[\"'])(?P<value>[^\"'<>]{1,64})(?P=quote)", re.IGNORECASE)
_FILLED = lazy(
    r"\svalue\s?=\s?(?P<quote>[\"'])\s{0,16}(?P<value>(?:(?!(?P=quote))[^<>]){1,1024})(?P=quote)", re.IGNORECASE
)


@define
class _Row:
    cells: list[Range] = field(factory=list[Range])
    heads: list[bool] = field(factory=list[bool])


def html_tables(text: str) -> Iterator[Table]:
    """The tables of a text that name their columns or rows, its lists of definitions, and its filled inputs."""
    for term in _TERM.finditer(text) if "<dt" in text else ():
        start, end = _content(text, *term.span("name"))
        yield Table((text[start:end],), partial(_read, [[_content(text, *term.span("value"))]]))
    for tag in _INPUT.finditer(text) if "value=" in text else ():
        name, value = _NAMED.search(tag[0]), _FILLED.search(tag[0])
        if name is not None and value is not None:
            place = tag.start() + value.start("value"), tag.start() + value.end("value")
            yield Table((name["value"],), partial(_read, [[place]]))
    if _HEAD.search(text) is None:
        return
    columns: tuple[str, ...] = ()
    body: list[list[Range]] = []
    for row in _rows(text):
        if row is None or all(row.heads):
            if columns and body:
                yield Table(columns, partial(_read, body))
            columns = tuple(text[start:end] for start, end in row.cells) if row else ()
            body = []
        elif row.heads == [True, False] and len(columns) != len(row.heads):
            (start, end), cell = row.cells
            yield Table((text[start:end],), partial(_read, [[cell]]))
        elif columns:
            body.append(row.cells)
    if columns and body:
        yield Table(columns, partial(_read, body))


def _read(rows: Sequence[Sequence[Range]], positions: Sequence[int]) -> Iterator[Sequence[Range]]:
    for row in rows:
        yield [row[position] if position < len(row) else ABSENT for position in positions]


def _rows(text: str) -> Iterator[_Row | None]:
    """Rows that hold a cell, and None between two tables."""
    row = _Row()
    begun = -1
    for tag in _TAG.finditer(text):
        name = tag["tag"].lower()
        if begun >= 0:
            row.cells.append(_content(text, begun, tag.start()))
            begun = -1
        if name in ("th", "td"):
            if not tag["end"]:
                begun = tag.end()
                row.heads.append(name == "th")
            continue
        if row.cells:
            yield row
            row = _Row()
        if name == "table":
            yield None
    if begun >= 0:
        row.cells.append(_content(text, begun, len(text)))
    if row.cells:
        yield row


def _content(text: str, start: int, end: int) -> Range:
    """A cell's text without the elements all around it."""
    opening = _OPENING.match(text, start, end)
    start = opening.end() if opening else start
    low = max(start, end - 1024)
    closing = _CLOSING.search(text, text.find("</", low, end), end) if text.find("</", low, end) >= 0 else None
    content = text[start : closing.start() if closing else end]
    return start, start + len(content.rstrip())
