"""Tables in a text: where the cells of a column lie, in CSV, SQL rows, Markdown, HTML, address books, calls of Python.

A column's name says what its cells hold, so one look at the header decides for all rows; columns nobody asks for are not
looked at. Reading is tolerant: a broken row costs itself and never the rest, and no input is read more than twice.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import TypeVar, cast

from tightlip.detect.table_cards import card_tables, entry_tables
from tightlip.detect.table_code import code_tables, factory_tables, json_tables
from tightlip.detect.table_delimited import delimited_blocks, delimited_file
from tightlip.detect.table_html import html_tables
from tightlip.detect.table_pipes import piped_tables
from tightlip.detect.table_shape import Range, Table
from tightlip.detect.table_sql import sql_tables
from tightlip.finding import Span
from tightlip.syntax.language import Language

T = TypeVar("T")


SQL_GATE = r"(?i)\binsert\s+\w|\sfrom\s+stdin"
"""Gate expression: where it is silent, a text holds no rows of SQL."""

TABLE_GATE = r"\bparametrize\(|DataFrame[.(]|(?i)<(?:th|dt|input)[\s>]|^BEGIN:V"
"""Gate expression: where it is silent, a program in Python holds no table, and prose none of HTML or of an address book."""

ANYWHERE: Range = (0, sys.maxsize)

SQL_REACH = 4_200
"""Code points before the end of what `SQL_GATE` reports in which the statement begins."""


def tables(text: str, language: Language, sql: Range | None = ANYWHERE, *, gated: bool = True) -> Iterator[Table]:
    """The tables of a text in the order they stand; which kinds are looked for depends on the language.

    `sql` is where statements of SQL may begin, or None where `SQL_GATE` was silent; `gated` is false where `TABLE_GATE` was.
    """
    if language.name in _DELIMITED:
        table = delimited_file(text, "\t" if language.name == "tsv" else None)
        return iter((table,) if table is not None else ())
    if language.family == "prose":
        return _of_prose(text, language, sql, gated=gated)
    reader = _reader(language, gated=gated)
    rows = sql_tables(text, *sql) if sql is not None else iter(())
    return chain(reader(text), rows) if reader is not None else rows


def has_tables(language: Language, sql: Range | None, *, gated: bool) -> bool:
    """Whether `tables`, asked the same, looks for any in a text."""
    named = language.family == "prose" or language.name in _DELIMITED
    return sql is not None or named or _reader(language, gated=gated) is not None


def _reader(language: Language, *, gated: bool) -> Callable[[str], Iterator[Table]] | None:
    return _READERS.get(language.name) if gated or language.name != "python" else None


_DELIMITED = ("csv", "tsv")
_READERS: dict[str, Callable[[str], Iterator[Table]]] = {
    "vcard": card_tables,
    "ldif": entry_tables,
    "html": html_tables,
    "python": code_tables,
    "json": json_tables,
    "jsonc": json_tables,
    "ruby": factory_tables,
}


def _of_prose(text: str, language: Language, sql: Range | None, *, gated: bool) -> Iterator[Table]:
    yield from piped_tables(text, headless=language.name == "gherkin")
    yield from delimited_blocks(text)
    if gated:
        yield from card_tables(text)
        yield from html_tables(text)
    if sql is not None:
        yield from sql_tables(text, *sql)


def cells(
    text: str,
    language: Language,
    wanted: Callable[[str], T | None],
    sql: Range | None = ANYWHERE,
    *,
    gated: bool = True,
) -> Iterator[tuple[T, Span, str]]:
    """The filled cells of the columns for which `wanted(column name)` is not None, row by row.

    Gives what `wanted` gave, the span of the cell's content without its quotes and the spaces around it (code points),
    and that content as it stands in the text (doubled quotes and escapes are left as they are).
    """
    # a named tuple's own constructor takes three times as long, and there are thousands of cells
    make = cast("Callable[[Range], Span]", partial(tuple.__new__, Span))  # pyright: ignore[reportUnknownMemberType]
    known: dict[tuple[str, ...], tuple[tuple[int, ...], list[T]]] = {}
    for table in tables(text, language, sql, gated=gated):
        choice = known.get(table.columns)
        if choice is None:
            found = [
                (position, answer)
                for position, name in enumerate(table.columns)
                if (answer := wanted(name)) is not None
            ]
            choice = known[table.columns] = tuple(position for position, _ in found), [answer for _, answer in found]
        positions, answers = choice
        if not positions:
            continue
        for row in table.read(positions):
            for answer, cell in zip(answers, row):  # noqa: B905 - `strict` costs a tenth of the whole loop
                start, end = cell
                if start < end:
                    yield answer, make(cell), text[start:end]
