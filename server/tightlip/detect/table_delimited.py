"""Delimited tables: CSV, TSV and their kin (RFC 4180, told loosely), as a file or as a block in a longer text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from tightlip.detect.table_shape import ABSENT, Range, Table
from tightlip.syntax.lazy import lazy

DELIMITERS = ",;\t|"
_HEADER_LIMIT = 65_536
_PATTERN_LIMIT = 100
"""Columns up to which one expression reads a whole row; wider tables are read cell by cell."""

_LEADING = lazy(r"\ufeff?(?:[ \t]*(?:\#[^\r\n]*)?(?:\r\n|\n|\r))*(?:sep=([^\"\r\n])(?:\r\n|\n|\r))?")
_NAME = r'"?[^\W\d][\w .()/-]{0,40}"?'
_BLOCK_HEADER = lazy(
    rf"^[ \t]{{0,8}}{_NAME}(?P<delimiter>[,;|\t]) ?{_NAME}(?:(?P=delimiter) ?{_NAME})*[ \t]*\r?$", re.MULTILINE
)


def delimited_file(text: str, delimiter: str | None = None) -> Table | None:
    """The table a whole file is; its first line that is neither empty nor a `#` comment names the columns.

    `delimiter` is used where the header holds it; otherwise the header's most frequent one is.
    """
    leading = _LEADING.match(text)
    start = leading.end() if leading else 0
    if leading and leading[1]:
        delimiter = leading[1]
    header_end = _line_end(text, start)
    if start == len(text) or header_end - start > _HEADER_LIMIT:
        return None
    if delimiter is None or delimiter not in text[start:header_end]:
        delimiter = _delimiter(text[start:header_end])
    return _table(text, start, delimiter, block=False)


def delimited_blocks(text: str) -> Iterator[Table]:
    """Delimited tables inside a longer text, such as a message: a line of names over lines with as many cells."""
    position = 0
    while (header := _BLOCK_HEADER.search(text, position)) is not None:
        position = header.end()
        delimiter, start = header["delimiter"], header.start()
        below = _next_line(text, header.end())
        size = header[0].count(delimiter)
        if below == len(text) or text.count(delimiter, below, _line_end(text, below)) < size:
            continue
        if size == 1 and " " in header[0].strip():
            continue  # two words and a comma are more often a sentence
        table = _table(text, start, delimiter, block=True)
        if table is not None:
            yield table
            position = below
            while (end := _line_end(text, position)) < len(text) and text.find(delimiter, position, end) >= 0:
                position = _next_line(text, end)


def _delimiter(header: str) -> str:
    bare = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS, key=bare.count)


def _line_end(text: str, start: int) -> int:
    newline, limit = text.find("\n", start), len(text)
    limit = newline if newline >= 0 else limit
    carriage = text.find("\r", start, limit)
    return carriage if carriage >= 0 else limit


def _next_line(text: str, end: int) -> int:
    if text.startswith("\r\n", end):
        return end + 2
    return min(end + 1, len(text))


def _table(text: str, start: int, delimiter: str, *, block: bool) -> Table | None:
    cell = _cell(delimiter)
    names: list[str] = []
    position = start
    while (found := cell.match(text, position)) is not None:
        begin, end = _trimmed(text, *found.span(1))
        names.append(text[begin:end].replace('""', '"'))
        position = found.end()
        if not text.startswith(delimiter, position):
            break
        position += 1
    position = _line_end(text, position)
    body = _next_line(text, position)
    columns = tuple(names)

    def read(positions: Sequence[int]) -> Iterator[Sequence[Range]]:
        last = positions[-1] if len(positions) else 0
        if last < _PATTERN_LIMIT:
            return _rows(text, body, delimiter, tuple(positions), block)
        return _wide_rows(text, body, delimiter, positions)

    return Table(columns, read) if any(columns) else None


def _trimmed(text: str, start: int, end: int) -> Range:
    """A cell's range without the spaces and the quotes around its content."""
    while start < end and text[end - 1] in " \t":
        end -= 1
    while start < end and text[start] == " ":
        start += 1
    if end - start > 1 and text[start] == text[end - 1] == '"':
        return start + 1, end - 1
    return start, end


def _rows(text: str, start: int, delimiter: str, positions: tuple[int, ...], block: bool) -> Iterator[Sequence[Range]]:
    quoted = text.find('"', start) >= 0
    spaced = quoted or any(text.find(joint, start) >= 0 for joint in (f" {delimiter}", f"{delimiter} ", " \n", " \r"))
    full, any_row = _rows_of(delimiter, positions, quoted)
    if not block and not spaced and positions[-1]:
        for found in full.finditer(text, start):
            if found.start() != start:
                break  # a row with fewer cells stands between
            start = found.end()
            yield found.regs[1:]
    while True:
        found = full.match(text, start) or any_row.match(text, start)
        if found is None:
            return
        start = found.end()
        ranges = found.regs
        begin, end = ranges[0]
        if end - begin <= 2 and not text[begin:end].strip():
            if block or begin == end:
                return
            continue
        if block and text.find(delimiter, begin, end) < 0:
            return
        yield [_trimmed(text, *cell) for cell in ranges[1:]] if spaced else ranges[1:]


@lru_cache(maxsize=256)
def _rows_of(delimiter: str, positions: tuple[int, ...], quoted: bool) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Expressions for a row that has all wanted cells, and for any row, each with its line end and a group for each cell.

    In the second, whatever follows a cell, the next part can match it or leave it: it never fails and never goes back.
    The first is the same without choices, and quicker; as a quoted cell can also be read as a plain one, it is only for
    texts without quotes.
    """
    joint, cell, group = re.escape(delimiter), _inner(delimiter, False, quoted), _inner(delimiter, True, quoted)
    full = [group if positions[0] == 0 else cell]
    tolerant = list(full)
    before = 0
    for position in positions:
        if position:
            skipped = position - before - 1
            full.append(f"(?:{joint}{cell}){{{skipped}}}{joint}{group}")
            tolerant.append(f"(?:{joint}{cell}){{0,{skipped}}}(?:{joint}{group})?")
        before = position
    end = (f"(?:{joint}{cell})*" if quoted else r"[^\r\n]*") + r"(?:\r\n|[\r\n]|\Z)"
    any_row = re.compile("".join(tolerant) + end)
    return any_row if quoted else re.compile("".join(full) + end), any_row


def _inner(delimiter: str, capture: bool, quoted: bool) -> str:
    """A cell, quoted or plain; captured with its quotes, without the spaces before them."""
    stop = re.escape(delimiter) + "\\r\\n"
    plain, group = f"[^{stop}]*", "" if capture else "?:"
    if not quoted:
        return f"({plain})" if capture else plain
    return rf' *({group}"[^"]*(?:""[^"]*)*" *(?=[{stop}]|\Z)|{plain})'


@lru_cache(maxsize=16)
def _cell(delimiter: str) -> re.Pattern[str]:
    return re.compile(_inner(delimiter, capture=True, quoted=True))


def _wide_rows(text: str, start: int, delimiter: str, positions: Sequence[int]) -> Iterator[Sequence[Range]]:
    cell, wanted = _cell(delimiter), {position: index for index, position in enumerate(positions)}
    size = len(text)
    while start < size:
        row = [ABSENT] * len(wanted)
        column = 0
        while (found := cell.match(text, start)) is not None:
            if column in wanted:
                row[wanted[column]] = _trimmed(text, *found.span(1))
            column, start = column + 1, found.end()
            if not text.startswith(delimiter, start):
                break
            start += 1
        yield row
        start = _next_line(text, start)
