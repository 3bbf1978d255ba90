"""Tables drawn with pipes: Markdown (GitHub Flavored Markdown 4.10), Gherkin, and the output of psql and mysql."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tightlip.detect.table_shape import ABSENT, Cursor, Range, Table
from tightlip.syntax.lazy import lazy

_RULER = lazy(r"^[ \t>]{0,16}[|+]?[ \t]*:?-[-:|+ \t]*\r?$", re.MULTILINE)
_CELL = lazy(r"((?:[^|\\]|\\.|\\$)*)(?:\||\Z)")


def piped_tables(text: str, *, headless: bool = False) -> Iterator[Table]:
    """Tables whose header stands over a ruler of dashes; `headless` ones (Gherkin) are any lines that begin with a pipe."""
    if "|" not in text:
        return
    if headless:
        yield from _gherkin(text)
    if "--" not in text and "-|" not in text and "- |" not in text:
        return
    cursor = Cursor()
    while (ruler := _RULER.search(text, cursor.position)) is not None:
        cursor.position = ruler.end()
        if "|" not in ruler[0] and "+" not in ruler[0]:
            continue
        header_end = max(0, ruler.start() - 1)
        header = text.rfind("\n", 0, header_end) + 1
        if header < header_end and text.find("|", header, header_end) >= 0:
            yield from _table(text, header, header_end, cursor, ruler.end() + 1)


def _gherkin(text: str) -> Iterator[Table]:
    cursor = Cursor()
    while cursor.position < len(text):
        start = cursor.position
        end = cursor.position = _line_end(text, start) + 1
        if text[start:end].lstrip(" \t").startswith("|"):
            yield from _table(text, start, end - 1, cursor, end)
            while text[cursor.position : cursor.position + 256].lstrip(" \t").startswith("|"):
                cursor.position = _line_end(text, cursor.position) + 1


def _table(text: str, header: int, header_end: int, cursor: Cursor, body: int) -> Iterator[Table]:
    columns = tuple(text[start:end] for start, end in _cells(text, header, header_end))

    def read(positions: Sequence[int]) -> Iterator[Sequence[Range]]:
        start = body
        while start < len(text):
            end = _line_end(text, start)
            if text.find("|", start, end) < 0:
                return
            row = _cells(text, start, end)
            cursor.position = start = end + 1
            yield [row[position] if position < len(row) else ABSENT for position in positions]

    if any(columns):
        yield Table(columns, read)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return end if end >= 0 else len(text)


def _cells(text: str, start: int, end: int) -> list[Range]:
    """The cells of one line, without the spaces and code quotes around them."""
    line = text[start:end]
    parts = _CELL.findall(line) if "\\" in line else line.split("|")
    first = 1 if len(parts) > 1 and not parts[0].strip(" \t>") else 0
    ranges: list[Range] = []
    for part in parts:
        cell = part.strip()
        if len(cell) > 2 and cell[0] == cell[-1] == "`":
            cell = cell[1:-1]
        begin = start + part.find(cell)
        ranges.append((begin, begin + len(cell)))
        start += len(part) + 1
    return ranges[first:]
