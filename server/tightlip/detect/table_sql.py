"""Rows in SQL: `INSERT INTO t (columns) VALUES (...), (...)` and PostgreSQL's `COPY t (columns) FROM stdin`.

An INSERT without column names takes them from the table's CREATE TABLE in the same text, as mysqldump writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from itertools import accumulate

from tightlip.detect.table_shape import ABSENT, Cursor, Range, Table
from tightlip.syntax.lazy import lazy

_IDENTIFIER = (
    r"(?:\"[^\"\r\n]{1,128}\"|`[^`\r\n]{1,128}`|\[[^\]\r\n]{1,128}\]|[^\W\d][\w$]{0,127}|\\\"[^\"\\\r\n]{1,128}\\\")"
)
_TABLE = rf"{_IDENTIFIER}(?:\s{{0,2}}\.\s{{0,2}}{_IDENTIFIER}){{0,3}}"
_COLUMNS = rf"\(\s{{0,64}}(?P<columns>{_IDENTIFIER}(?:\s{{0,64}},\s{{0,64}}{_IDENTIFIER}){{0,1000}})\s{{0,64}}\)"
_INSERT = lazy(
    rf"insert\s{{1,8}}(?:(?:low_priority|delayed|high_priority|ignore|overwrite|or\s{{1,8}}\w{{1,16}})\s{{1,8}})?(?:into\s{{1,8}})?"
    rf"(?P<table>{_TABLE})\s{{0,64}}(?:{_COLUMNS}\s{{0,64}})?(?:overriding\s\w+\svalue\s{{1,64}})?values?\s{{0,64}}(?=\()",
    re.IGNORECASE,
)
_COPY = lazy(
    rf"copy\s{{1,8}}{_TABLE}\s{{0,8}}{_COLUMNS}\s{{1,8}}from\s{{1,8}}stdin[^;\r\n]{{0,128}};\r?\n", re.IGNORECASE
)
_CREATE = lazy(
    rf"create\s{{1,8}}(?:\w{{1,16}}\s{{1,8}}){{0,3}}table\s{{1,8}}(?:if\snot\sexists\s{{1,8}})?(?P<table>{_TABLE})\s{{0,64}}\(",
    re.IGNORECASE,
)
_NO_COLUMN = lazy(
    r"(?:primary|foreign|unique|fulltext|spatial|key|index|constraint|check|exclude|like|period)\b", re.IGNORECASE
)
_WORD = lazy(_IDENTIFIER)
_ROW_LIMIT = 262_144
_BODY_LIMIT = 65_536

# The content of a string: a quote is doubled or escaped. `\'` before a comma or bracket is a backslash at the end
# (PostgreSQL, standard SQL) and no escape (MySQL).
_SINGLE = r"'([^'\\]*(?:(?:''|\\[^']|\\'(?!\s{0,8}[,)])|\\(?='))[^'\\]*)*)'"
_DOUBLE = r'"([^"\\]*(?:(?:""|\\[^"]|\\"(?!\s{0,8}[,)])|\\(?="))[^"\\]*)*)"'
_NUMBER = r"([+-]?\d[\w.+-]{0,64})(?=\s{0,8}[,)])"
_OTHER = r"[^,()'\";]{0,64}(?:\([^()'\";]{0,64}\)[^,()'\";]{0,64})?"
_GAP = lazy(r"\s*(?:--[^\r\n]*\s*|/\*(?:[^*]|\*(?!/)){0,4096}\*/\s*){0,64}")
_TOKEN = lazy(rf"{_SINGLE}|{_DOUBLE}|[(),;]|--[^\r\n]*|[^(),;'\"-]+|-")
_ALONE = lazy(r"\s*([+-]?\d[\w.+-]{0,64})\s*")
_NEXT_ROW = lazy(r"\s*,\s*(?=\()")
_AGAIN = lazy(r"insert\s", re.IGNORECASE)


def sql_tables(text: str, start: int = 0, end: int | None = None) -> Iterator[Table]:
    """The rows of INSERT and COPY statements that begin in [start, end), wherever in the text that is."""
    created: dict[str, tuple[str, ...]] | None = None
    columns_of: dict[str, tuple[str, ...]] = {}
    cursor = Cursor(0)
    for place, word in _keywords(text, start, len(text) if end is None else end):
        statement = (_COPY if word == "copy" else _INSERT).match(text, place) if place >= cursor.position else None
        if statement is None:
            continue
        cursor.position = statement.end()
        names = statement["columns"]
        if names is not None:
            columns = columns_of.get(names)
            if columns is None:
                columns = columns_of[names] = tuple(map(_unquoted, _WORD.findall(names)))
        else:
            created = _created(text) if created is None else created
            columns = created.get(_bare_name(statement["table"]), ())
        if columns:
            rows = _copied_rows if word == "copy" else _inserted_rows
            yield Table(columns, partial(rows, text, cursor, len(columns)))


def _keywords(text: str, low: int, high: int) -> Iterator[tuple[int, str]]:
    """Where in [low, high) a statement may begin: the words insert and copy in any writing people use, in order."""
    heads = {spelled: text.find(spelled, low, high) for spelled in ("INSERT", "insert", "Insert", "COPY", "copy")}
    heads = {spelled: start for spelled, start in heads.items() if start >= 0}
    while heads:
        spelled = min(heads, key=lambda word: heads[word])
        start = heads[spelled]
        yield start, spelled.lower()
        heads[spelled] = text.find(spelled, start + 1, high)
        if heads[spelled] < 0:
            del heads[spelled]


def _unquoted(name: str) -> str:
    return name.strip('"`[]\\')


def _bare_name(table: str) -> str:
    return _unquoted(_WORD.findall(table)[-1]).lower()


def _created(text: str) -> dict[str, tuple[str, ...]]:
    """Column names of every CREATE TABLE, by the table's bare lower-case name."""
    found: dict[str, tuple[str, ...]] = {}
    position = 0
    while (statement := _CREATE.search(text, position)) is not None:
        names, position = _column_definitions(text, statement.end())
        found[_bare_name(statement["table"])] = names
    return found


def _column_definitions(text: str, start: int) -> tuple[tuple[str, ...], int]:
    """Names of the columns whose definitions begin behind a bracket at `start`, and where they end."""
    names: list[str] = []
    position, limit = _after_gap(text, start), min(len(text), start + _BODY_LIMIT)
    depth, fresh = 1, True
    while depth and position < limit:
        if fresh and depth == 1 and (word := _WORD.match(text, position)) is not None:
            if _NO_COLUMN.match(word[0]) is None:
                names.append(_unquoted(word[0]))
            position = word.end()
        token = _TOKEN.match(text, position, limit)
        if token is None:
            break
        position = token.end()
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        fresh = token[0] == ","
        if fresh:
            position = _after_gap(text, position)
    return tuple(names), position


def _after_gap(text: str, position: int) -> int:
    """Behind the spaces and comments at `position`."""
    gap = _GAP.match(text, position)
    return gap.end() if gap else position


def _inserted_rows(text: str, cursor: Cursor, size: int, positions: Sequence[int]) -> Iterator[Sequence[Range]]:
    row, position = _row(size, tuple(positions)), cursor.position
    while True:
        found = row.match(text, position, position + _ROW_LIMIT)
        if found is not None:
            position = found.end()
            yield found.regs[1:]
        else:
            ranges, position = _uncommon_row(text, position)
            yield [ranges[wanted] if wanted < len(ranges) else ABSENT for wanted in positions]
        cursor.position = position
        following = _NEXT_ROW.match(text, position)
        if following is not None:
            position = following.end()
            continue
        position = _after_gap(text, position)
        if not text.startswith(",", position):
            return
        position = _after_gap(text, position + 1)
        if not text.startswith("(", position):
            return


def _grouped(expression: str) -> str:
    """An expression whose groups capture nothing."""
    return re.sub(r"\((?!\?)", "(?:", expression.replace(r"\(", "\0")).replace("\0", r"\(")


@lru_cache(maxsize=256)
def _row(size: int, positions: tuple[int, ...]) -> re.Pattern[str]:
    """An expression for a row of `size` common values, with a group for each wanted one."""
    single, double, number = rf"(?<='){_SINGLE[2:-2]}(?=')", rf'(?<="){_DOUBLE[2:-2]}(?=")', rf"(?<!['\"]){_NUMBER}"
    wanted = rf"\s*(?:(?:[nNeE]?'|\")?({single}|{double}|{_grouped(number)})['\"]?\s*|{_OTHER})"
    plain = rf"\s*(?:[nNeE]?{_grouped(_SINGLE)}\s*|{_grouped(_DOUBLE)}\s*|{_grouped(_NUMBER)}\s*|{_OTHER})"
    return re.compile(r"\(" + ",".join(wanted if position in positions else plain for position in range(size)) + r"\)")


def _uncommon_row(text: str, start: int) -> tuple[list[Range], int]:
    """Cells of a row with nested calls, comments or too few values in it, and how far it was read.

    A row that does not close ends at the next statement or at a string without end.
    """
    ranges: list[Range] = []
    current, depth, position = ABSENT, 0, start
    limit = min(len(text), start + _ROW_LIMIT)
    while position < limit:
        token = _TOKEN.match(text, position, limit)
        if token is None:  # a string without end
            return [], limit
        kind = token[0]
        if _AGAIN.search(kind) is not None and token[1] is None and token[2] is None:
            return [], position
        position = token.end()
        if kind == "(":
            depth += 1
        elif kind == ")":
            depth -= 1
        elif kind == ";":
            return [], position
        elif depth == 1 and kind != ",":
            if token[1] is not None or token[2] is not None:
                current = token.span(1 if token[1] is not None else 2)
            elif current == ABSENT and (number := _ALONE.fullmatch(text, token.start(), position)) is not None:
                current = number.span(1)
        if depth == 0 or (kind == "," and depth == 1):
            ranges.append(current)
            current = ABSENT
        if depth == 0:
            break
    return ranges, position


def _copied_rows(text: str, cursor: Cursor, _size: int, positions: Sequence[int]) -> Iterator[Sequence[Range]]:
    start = cursor.position
    while start < len(text):
        newline = text.find("\n", start)
        end = newline if newline >= 0 else len(text)
        line = text[start:end].removesuffix("\r")
        if line == "\\.":
            return
        parts = line.split("\t", positions[-1] + 1)
        ends = list(accumulate((len(part) + 1 for part in parts), initial=start))
        yield [
            (ends[position], ends[position + 1] - 1) if position < len(parts) and parts[position] != "\\N" else ABSENT
            for position in positions
        ]
        cursor.position = start = end + 1
