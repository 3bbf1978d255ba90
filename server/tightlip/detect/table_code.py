"""Tables in code: `parametrize` of pytest, data frames of pandas, polars and Spark; JSON's columns, Ruby's factories."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import partial

from attrs import define, field

from tightlip.detect.table_shape import ABSENT, Range, Table
from tightlip.syntax.lazy import lazy

_STRING = r"\"(?:[^\"\\\n]|\\.){0,4096}\"|'(?:[^'\\\n]|\\.){0,4096}'"
_NAMES = rf"(?:{_STRING}|[\[(]\s*(?:(?:{_STRING})\s*(?:,\s*)?){{1,64}}[\])])"
_PARAMETRIZE = lazy(rf"\bparametrize\(\s*(?:argnames\s*=\s*)?(?P<names>{_NAMES})\s*,\s*(?:argvalues\s*=\s*)?(?=[\[(])")
_FRAME = lazy(r"\b(?:createDataFrame|DataFrame(?:\.from_records|\.from_dict)?)\(\s*(?:data\s*=\s*)?(?=[\[{])")
_COLUMNS = lazy(rf"\s*,\s*(?:(?:columns|schema)\s*=\s*)?(?P<names>[\[(]\s*(?:(?:{_STRING})\s*(?:,\s*)?){{1,256}}[\])])")
_JSON_COLUMNS = lazy(rf"\"(?:columns|fields)\"\s*:\s*(?P<names>\[\s*(?:(?:{_STRING})\s*(?:,\s*)?){{1,256}}\])")
_JSON_ROWS = lazy(r"\"(?:data|rows|values|records)\"\s*:\s*(?=\[\s*\[)")
_BETWEEN = 100_000
"""Code points between the columns' names and the rows: pandas writes its index there."""
_ATTRIBUTE = lazy(
    r"^[ \t]{0,32}(?P<name>[a-z_]\w{0,63})[ \t]*\{[ \t]*(?P<quote>[\"'])"
    r"(?P<value>(?:(?!(?P=quote))[^\n\\]){1,1024})(?P=quote)[ \t]*\}",
    re.MULTILINE,
)
_QUOTED = lazy(_STRING)
_NAME = lazy(r"[^\W\d]\w*")
_TOKEN = lazy(
    rf"(?P<open>[\[({{])|(?P<close>[\])}}])|(?P<sign>[,:])|[rbuRBU]{{0,2}}(?:\"{{3}}|'{{3}}|(?P<string>{_STRING}))|#[^\n]*"
    r"|(?P<other>[^\[\](){},:'\"#\s]+)|\s+|."
)
_MOST = 200_000
"""Tokens of one call that are read."""


@define
class _Node:
    """What stands between two brackets: elements, each a value's range, another node, or None for an expression."""

    elements: list[Range | _Node | None] = field(factory=list["Range | _Node | None"])
    keys: list[Range | None] = field(factory=list["Range | None"])
    """Of each element, the key before its colon."""
    end: int = 0
    """Where its closing bracket ends."""
    _run: list[Range | _Node | None] = field(factory=list["Range | _Node | None"])
    _key: Range | None = None

    def token(self, what: Range | _Node | None) -> None:
        """Add to the element that is being read."""
        self._run.append(what)

    def colon(self) -> None:
        """What was read is the key of the element to come."""
        self._key = only if len(self._run) == 1 and isinstance(only := self._run[0], tuple) else None
        self._run = []

    def comma(self) -> None:
        """The element is complete."""
        if self._run:
            # `pytest.param(...)` is a name and a node
            last = self._run[-1]
            self.elements.append(last if len(self._run) == 1 or isinstance(last, _Node) else None)
            self.keys.append(self._key)
        self._run, self._key = [], None


def code_tables(text: str) -> Iterator[Table]:
    """The tables that calls in a text of Python are given."""
    if "parametrize(" in text:
        for call in _PARAMETRIZE.finditer(text):
            names = _names(call["names"])
            node = _node(text, call.end())
            yield from _table(names, [[one] for one in node.elements] if len(names) == 1 else _rows(node))
    if "DataFrame" in text:
        for call in _FRAME.finditer(text):
            node = _node(text, call.end())
            if text[call.end()] == "{":
                yield from _by_column(text, node)
            elif (columns := _COLUMNS.match(text, node.end)) is not None:
                yield from _table(_names(columns["names"]), _rows(node))


def json_tables(text: str) -> Iterator[Table]:
    """The tables of JSON that name their columns once: `{"columns": [...], "data": [[...], ...]}`.

    So pandas writes them (`to_json`, `orient="split"`), and so many services answer a query.
    """
    if '"columns"' not in text and '"fields"' not in text:
        return
    named = list(_JSON_COLUMNS.finditer(text))
    ends = [match.end() for match in named]
    last = end = 0
    for begun in _JSON_ROWS.finditer(text) if named else ():
        at = bisect_right(ends, begun.start())
        if begun.start() < end or at == last or begun.start() - ends[at - 1] > _BETWEEN:
            continue
        node = _node(text, begun.end())
        # rows that are never closed are the last ones
        last, end = at, node.end or len(text)
        yield from _table(_names(named[at - 1]["names"]), _rows(node))


def factory_tables(text: str) -> Iterator[Table]:
    """The attributes that a factory of Ruby (`factory_bot`) gives its objects: `email { "x" }`."""
    for one in _ATTRIBUTE.finditer(text) if "factory" in text else ():
        yield _cell(one["name"], one.span("value"))


def _cell(name: str, place: Range) -> Table:
    return Table((name,), lambda positions: iter([[place for _ in positions]]))


def _names(source: str) -> tuple[str, ...]:
    quoted = [one[1:-1] for one in _QUOTED.findall(source)]
    return tuple(_NAME.findall(quoted[0])) if len(quoted) == 1 else tuple(quoted)


def _rows(node: _Node) -> list[list[Range | _Node | None]]:
    return [one.elements for one in node.elements if isinstance(one, _Node)]


def _by_column(text: str, node: _Node) -> Iterator[Table]:
    for key, column in zip(node.keys, node.elements, strict=True):
        if isinstance(column, _Node) and column.elements and isinstance(inner := column.elements[0], _Node):
            column = inner  # of a call: `pd.Series([...])`
        if key is not None and isinstance(column, _Node):
            yield from _table((text[slice(*key)],), [[one] for one in column.elements])


def _table(names: tuple[str, ...], rows: Sequence[Sequence[Range | _Node | None]]) -> Iterator[Table]:
    if names and rows:
        yield Table(names, partial(_read, rows))


def _read(rows: Sequence[Sequence[Range | _Node | None]], positions: Sequence[int]) -> Iterator[Sequence[Range]]:
    for row in rows:
        picked = [row[position] if position < len(row) else None for position in positions]
        yield [one if isinstance(one, tuple) else ABSENT for one in picked]


def _node(text: str, start: int) -> _Node:
    """What the bracket at `start` holds. A bracket that is never closed ends with the text."""
    whole = _Node()
    path: list[_Node] = []
    for count, token in enumerate(_TOKEN.finditer(text, start)):
        kind = token.lastgroup
        if kind == "open":
            inner = _Node() if path else whole
            if path:
                path[-1].token(inner)
            path.append(inner)
        elif kind == "close":
            inner = path.pop()
            inner.comma()
            inner.end = token.end()
            if not path:
                return whole
        elif kind == "sign":
            path[-1].comma() if token[0] == "," else path[-1].colon()
        elif kind == "string":
            path[-1].token((token.start("string") + 1, token.end("string") - 1))
        elif kind == "other":
            path[-1].token(token.span() if text[token.start()].isdigit() else None)
        if count > _MOST:
            break
    while path:
        path.pop().comma()
    return whole
