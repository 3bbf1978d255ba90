"""Where the keys and values of a TOML text stand, also while it is being typed and is no TOML yet.

What is broken costs its own line: the scan goes on with the next table header or assignment. Paths are those of
`TomlDocument`: an entry of an array of tables, and a value in a list, has its number in them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from enum import Enum

from attrs import define, evolve, field, frozen

from tightlip.finding import Span
from tightlip.syntax.toml import Path_


class Kind(str, Enum):
    """What a token is."""

    TABLE = "table"
    """One part of a table's header; its path is the table's so far."""
    KEY = "key"
    VALUE = "value"


@frozen
class Token:
    """One key, part of a header, or value."""

    kind: Kind
    span: Span
    """With its quotes."""
    path: Path_
    text: str = ""
    """What it says: a key's name, a string's characters between its quotes; empty for what is neither."""


@frozen
class Cursor:
    """What is being written at the end of a text."""

    kind: Kind
    path: Path_
    """Of the table whose header or key is written, or of the key whose value is."""
    start: int
    """Where the word that is being written begins, behind its quote."""
    quote: str = ""
    """The quote it stands in, or empty."""
    repeated: bool = False
    """Of a header: whether it began with two brackets. Of a value: whether it is one of a list."""
    written: tuple[str, ...] = ()
    """Of a header or a dotted key: the parts before the last dot."""
    known: frozenset[str] = frozenset()
    """Names that the table, or of a list the strings that it, has already."""


_BLANK = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_LINE = re.compile(r"[^\n]*\n?")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN = re.compile(r"[^\s,\]\}#\"'\[\{=]+(?: [0-9:.Z+-]+)?")
_QUOTED = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"?|'[^'\n]*'?")
_RESTART = re.compile(
    r"[ \t]*(?:\[\[?[ \t]*[A-Za-z][^\n=,]*\][ \t\r]*(?:#[^\n]*)?(?:\n|\Z)"
    r"|(?:[A-Za-z0-9_-]+|\"[^\"\n]*\"|'[^'\n]*')(?:[ \t]*\.[ \t]*[A-Za-z0-9_-]+)*[ \t]*=)"
)
"""A line that begins something new: inside of a list that was never closed, the list ends before it."""
_DEEPEST = 50


def scan(text: str) -> tuple[Token, ...]:
    """The tokens of a text, those in a list or inline table behind the value they are part of. Never raises."""
    scanner = _Scanner(_with_line_feeds(text))
    scanner.all()
    return tuple(scanner.tokens)


def cursor_at(text: str, offset: int) -> Cursor | None:
    """What is being written at an offset, by what stands before it; None in a comment and where nothing can stand."""
    text = _with_line_feeds(text)
    scanner = _Scanner(text[:offset])
    scanner.all()
    if scanner.cursor is None or scanner.cursor.kind is not Kind.KEY:
        return scanner.cursor
    # the names behind the cursor are taken too
    known = {token.text for token in scan(text) if token.kind is Kind.KEY and token.path[:-1] == scanner.cursor.path}
    word = text[scanner.cursor.start : offset]
    return evolve(scanner.cursor, known=frozenset(known - {word}))


def _with_line_feeds(text: str) -> str:
    """The text with a line feed for every carriage return, so that offsets stay: an editor ends a line at either."""
    return text.replace("\r", "\n")


@define
class _Scanner:
    text: str
    at: int = 0
    table: Path_ = ()
    tokens: list[Token] = field(factory=list)
    counts: dict[Path_, int] = field(factory=dict)
    cursor: Cursor | None = None
    """Set where the text ends in the middle of something."""

    def all(self) -> None:
        while True:
            if self._in_comment(self._skip(_GAP)):
                return
            before = self.at
            if before >= len(self.text):
                self.cursor = Cursor(Kind.KEY, self.table, before)
                return
            if self.text[self.at] == "[":
                self._header()
            else:
                self._statement(self.table, 0)
            if self.cursor is not None:
                return
            if self.at == before or self.text[self.at - 1] != "\n":
                self._skip(_LINE)
                if self.at >= len(self.text) and not self.text.endswith("\n"):
                    return  # nothing can stand behind a whole statement

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        skipped = found[0] if found else ""
        self.at += len(skipped)
        return skipped

    def _in_comment(self, skipped: str) -> bool:
        """Whether the text ends in a comment, which is the last that was skipped."""
        return self.at >= len(self.text) and "#" in skipped[skipped.rfind("\n") + 1 :]

    def _header(self) -> None:
        repeated = self.text.startswith("[[", self.at)
        self.at += 2 if repeated else 1
        parts = self._parts()
        names = tuple(token.text for token in parts)
        if self.at >= len(self.text):
            self._at_name(Kind.TABLE, (), parts, repeated=repeated)
            return
        path: Path_ = ()
        for position, (name, token) in enumerate(zip(names, parts, strict=True)):
            path = (*path, name)
            last = position == len(names) - 1
            if last and repeated:
                index = self.counts.get(path, -1) + 1
                self.counts[path] = index
                path = (*path, index)
            elif not last and path in self.counts:
                path = (*path, self.counts[path])
            self.tokens.append(Token(Kind.TABLE, token.span, path, name))
        self.table = path
        while self.at < len(self.text) and self.text[self.at] in "] \t":
            self.at += 1

    def _parts(self) -> list[Token]:
        """The parts of a dotted name; an unfinished last one is empty."""
        parts: list[Token] = []
        while True:
            self._skip(_BLANK)
            start = self.at
            found = _BARE.match(self.text, start) or _QUOTED.match(self.text, start)
            text = found[0] if found else ""
            self.at += len(text)
            parts.append(Token(Kind.KEY, Span(start, self.at), (), _unquoted(text)))
            end = self.at
            self._skip(_BLANK)
            if self.text[self.at : self.at + 1] != ".":
                if self.at >= len(self.text) and end < self.at:
                    parts.append(Token(Kind.KEY, Span(self.at, self.at), ()))
                return parts
            self.at += 1

    def _at_name(self, kind: Kind, path: Path_, parts: Sequence[Token], *, repeated: bool = False) -> None:
        """The text ends in a name: that is what is being written."""
        last = parts[-1]
        start, quote = last.span.start, self.text[last.span.start : last.span.start + 1]
        quote = quote if quote in ('"', "'") else ""
        if quote and len(self.text) > start + 1 and self.text.endswith(quote):
            return
        written = tuple(token.text for token in parts[:-1])
        if not last.text and not quote and len(parts) > 1 and self.text[:start].rstrip(" \t")[-1:] != ".":
            return  # a whole name, and a blank behind it
        if kind is Kind.KEY:
            path, written = (*path, *written), ()
        self.cursor = Cursor(kind, path, start + len(quote), quote, repeated, written)

    def _statement(self, table: Path_, depth: int) -> None:
        """`name = value` in a table."""
        parts = self._parts()
        if self.at >= len(self.text):
            self._at_name(Kind.KEY, table, parts)
            return
        if self.text[self.at] != "=":
            self._note_parts(table, parts)
            return
        path = self._note_parts(table, parts)
        self.at += 1
        self._value(path, depth)

    def _note_parts(self, table: Path_, parts: Sequence[Token]) -> Path_:
        path = table
        for token in parts:
            if token.text or token.span.end > token.span.start:
                path = (*path, token.text)
                self.tokens.append(Token(Kind.KEY, token.span, path, token.text))
        return path

    def _value(self, path: Path_, depth: int, known: AbstractSet[str] = frozenset(), *, listed: bool = False) -> None:
        self._skip(_BLANK)
        text, start = self.text, self.at
        if start >= len(text):
            self.cursor = Cursor(Kind.VALUE, path, start, "", listed, (), frozenset(known))
            return
        first = text[start]
        if text.startswith(('"""', "'''"), start):
            end = text.find(text[start : start + 3], start + 3)
            self.at = len(text) if end < 0 else end + 3
            self.tokens.append(Token(Kind.VALUE, Span(start, self.at), path, text[start + 3 : self.at - 3]))
            return
        if first in "\"'":
            found = _QUOTED.match(text, start)
            word = found[0] if found else first
            self.at = start + len(word)
            if self.at >= len(text) and (len(word) == 1 or word[-1] != first):
                self.cursor = Cursor(Kind.VALUE, path, start + 1, first, listed, (), frozenset(known))
            self.tokens.append(Token(Kind.VALUE, Span(start, self.at), path, _unquoted(word)))
        elif first in "[{":
            self.tokens.append(Token(Kind.VALUE, Span(start, start + 1), path))
            place = len(self.tokens) - 1
            self.at += 1
            if depth < _DEEPEST:
                (self._list if first == "[" else self._inline)(path, depth + 1)
            end = start + len(text[start : self.at].rstrip())
            self.tokens[place] = Token(Kind.VALUE, Span(start, end), path)
        else:
            found = _PLAIN.match(text, start)
            if found is None:
                return
            self.at = found.end()
            self.tokens.append(Token(Kind.VALUE, Span(start, self.at), path))
            if self.at >= len(text):
                self.cursor = Cursor(Kind.VALUE, path, start, "", listed, (), frozenset(known))

    def _list(self, path: Path_, depth: int) -> None:
        index = 0
        known: set[str] = set()
        while self.cursor is None:
            if self._ended("]"):
                return
            before, place = self.at, len(self.tokens)
            self._value((*path, index), depth, known, listed=True)
            if self.cursor is not None:
                break
            if self.at == before:
                self.at += 1
                continue
            if place < len(self.tokens):
                known.add(self.tokens[place].text)
            index += 1
        if self.cursor.path == (*path, index):
            self.cursor = evolve(self.cursor, path=path)  # what one value may be is said by its list

    def _inline(self, path: Path_, depth: int) -> None:
        comma = True
        while self.cursor is None:
            if self._ended("}", comma=comma):
                return
            before, comma = self.at, False
            self._statement(path, depth)
            if self.at == before:
                self.at += self.cursor is None

    def _ended(self, close: str, *, comma: bool = False) -> bool:
        """Step to the next of a list's values or a table's names; whether there is none."""
        while True:
            skipped = self._skip(_GAP)
            if self.at >= len(self.text):
                return self._in_comment(skipped)
            line = skipped.rfind("\n") + 1
            if line and not (comma and close == "}"):
                start = self.at - len(skipped) + line
                if _RESTART.match(self.text, start):
                    self.at = start
                    return True
            if self.text[self.at] == ",":
                comma = True
                self.at += 1
                continue
            if self.text[self.at] == close:
                self.at += 1
                return True
            return False


def _unquoted(text: str) -> str:
    if text[:1] not in ('"', "'"):
        return text
    return text[1:-1] if len(text) > 1 and text[-1] == text[0] else text[1:]
