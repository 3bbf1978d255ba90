"""TOML with places: tomli parses, this module says on which line and column a key stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from attrs import field, frozen

from tightlip.errors import TightlipError
from tightlip.syntax.lazy import lazy

Path_ = tuple[str | int, ...]
Table = dict[str, Any]

_BARE = r"[A-Za-z0-9_-]+"
_KEY = rf"""(?:{_BARE}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_DOTTED = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_HEADER = lazy(rf"[ \t]*(\[\[?)[ \t]*({_DOTTED})[ \t]*\]\]?[ \t]*(?:#.*)?$")
_ASSIGN = lazy(rf"[ \t]*({_DOTTED})[ \t]*=")
_PART = lazy(_KEY)
_MOST_PARTS = 16
_WORDS = lazy(
    r'"""(?:[^\\]|\\[\s\S])*?(?:"""|\Z)|'
    r"'''[\s\S]*?(?:'''|\Z)|#[^\n]*|"
    rf"(?P<long>{_KEY}(?:[ \t]*\.[ \t]*{_KEY}){{{_MOST_PARTS},}})|{_KEY}"
)
_MULTILINE = lazy(r'"""|\'\'\'')


@frozen
class Place:
    """Line and column of a key, both counted from 1."""

    line: int
    column: int


@frozen
class TomlDocument:
    """A parsed TOML text and where its keys stand."""

    data: Table
    places: dict[Path_, Place]
    """Of what begins a line."""
    file: str
    text: str = field(default="", repr=False)
    _within: dict[Path_, Place] = field(factory=dict, init=False, eq=False, repr=False)

    def place(self, *path: str | int) -> Place | None:
        """Where the key stands; for a key that has no place of its own, its nearest table's; None at the top."""
        while path:
            if (found := self.places.get(path)) is not None:
                return found
            path = path[:-1]
        return None

    def place_within(self, *path: str | int) -> Place | None:
        """The same, for what stands in a list or an inline table too. The text is read again for the first such one."""
        if path in self.places or not self.text:
            return self.place(*path)
        if not self._within:
            self._within.update(_places_within(self.text, self.places))
        while path and path not in self.places:
            if (found := self._within.get(path)) is not None:
                return found
            path = path[:-1]
        return self.place(*path)

    def line(self, *path: str | int) -> int | None:
        """Line of `place`, or None."""
        found = self.place(*path)
        return found.line if found else None


def parse_toml(text: str, file: str, error: type[TightlipError] = TightlipError) -> TomlDocument:
    """Parse TOML text.

    Raises `error` with file, line and column when it is not TOML; the message never repeats the text.
    """
    import tomli  # a command that meets no TOML starts without it

    _refuse_long_keys(text, file, error)
    try:
        data = tomli.loads(text)
    except tomli.TOMLDecodeError as problem:
        line = getattr(problem, "lineno", None)
        column = getattr(problem, "colno", None)
        what = getattr(problem, "msg", "") or "cannot be read"
        raise error(f"this is not TOML: {_lower_first(what)}", file=file, line=line, column=column) from None
    except ValueError:  # Python's own limit on the digits of a number
        raise error("this TOML holds a number that is too long to be read", file=file) from None
    except RecursionError:
        raise error("this TOML is nested too deeply to be read", file=file) from None
    return TomlDocument(data, _places(text), file, text)


def read_toml(path: Path, error: type[TightlipError] = TightlipError, name: str | None = None) -> TomlDocument:
    """Read and parse a TOML file (UTF-8, with or without BOM). Raises `error` for a file that cannot be read."""
    file = name or str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise error("this file is not UTF-8; save it as UTF-8", file=file) from None
    except OSError as problem:
        raise error(f"cannot read this file: {problem.strerror}", file=file) from None
    return parse_toml(text, file, error)


def _refuse_long_keys(text: str, file: str, error: type[TightlipError]) -> None:
    """A key of n parts is n tables, and n looks through them: a thousand keys of a thousand parts are never read."""
    if all(line.count(".") < _MOST_PARTS for line in text.split("\n")):
        return
    for found in _WORDS.finditer(text):
        if found["long"] is not None:
            line = text.count("\n", 0, found.start()) + 1
            column = found.start() - text.rfind("\n", 0, found.start())
            raise error(f"this key has more than {_MOST_PARTS} parts", file=file, line=line, column=column)


def _lower_first(text: str) -> str:
    # tomli quotes characters of the document in some messages; one character is no value, a longer quote is cut off
    text = re.sub(r"'[^']{2,}'", "a value", text)
    return text[:1].lower() + text[1:]


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part[1:-1] if part[0] in "\"'" else part for part in _PART.findall(dotted))


def _places(text: str) -> dict[Path_, Place]:
    places: dict[Path_, Place] = {}
    counts: dict[Path_, int] = {}
    table: Path_ = ()
    inside: str | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if inside is not None:
            if line.count(inside) % 2:
                inside = None
            continue
        header = _HEADER.match(line)
        if header:
            path = _resolve(_parts(header[2]), counts)
            if header[1] == "[[":
                index = counts.get(path, -1) + 1
                counts[path] = index
                path = (*path, index)
            table = path
            places.setdefault(table, Place(number, header.start(1) + 1))
            continue
        assign = _ASSIGN.match(line)
        if assign:
            parts = _parts(assign[1])
            for size in range(1, len(parts) + 1):
                places.setdefault((*table, *parts[:size]), Place(number, assign.start(1) + 1))
        for quote in _MULTILINE.findall(line):
            if inside is None:
                inside = quote
            elif inside == quote:
                inside = None
    return places


def _places_within(text: str, known: dict[Path_, Place]) -> dict[Path_, Place]:
    """Where every key, every table of a header and every entry of a list stands."""
    from tightlip.syntax.lines import LineIndex
    from tightlip.syntax.toml_tokens import Kind, scan  # only a mistake needs it

    lines, places = LineIndex(text), dict[Path_, Place]()
    headers = {place.line: place for place in known.values()}
    for token in scan(text):
        if token.kind is not Kind.VALUE or isinstance(token.path[-1], int):
            line, column = lines.line_column(token.span.start)
            place = Place(line + 1, column + 1)
            places.setdefault(token.path, headers.get(place.line, place) if token.kind is Kind.TABLE else place)
    return places


def _resolve(parts: tuple[str, ...], counts: dict[Path_, int]) -> Path_:
    """Path of a header's parts, with the index of the newest entry after every array-of-tables name but the last."""
    path: Path_ = ()
    for position, part in enumerate(parts):
        path = (*path, part)
        if position < len(parts) - 1 and path in counts:
            path = (*path, counts[path])
    return path
