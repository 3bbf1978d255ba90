"""All string literals and comments of a text in one pass, for redaction: which of them encloses a span, in O(log n)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from attrs import frozen

from tightlip.finding import Span
from tightlip.syntax.language import Language

_HASH_NEEDS_SPACE = frozenset("shell yaml toml ini dotenv dockerfile makefile nginx terraform ldif".split())
_MULTILINE = frozenset("shell php ruby sql csv tsv perl yaml".split())
_SINGLE_DOUBLES = frozenset("yaml powershell".split())
_SINGLE_PLAIN = frozenset("shell toml dotenv".split())
_PREFIXES = {
    "python": r"(?:\b[rRbBuUfF]{1,2})?",
    "csharp": r"(?:\$+@?|@\$?)?",
    "c": r"(?:\b(?:u8|[uUL])R?)?",
    "rust": r"(?:\b[bc])?",
    "php": r"(?:\b[bB])?",
    "dart": r"(?:\br)?",
    "sql": r"(?:\b[nNeEbBxX])?",
    # only where a cell or a scalar begins
    "csv": r"(?:^|(?<=[,;\t|]))[ ]?",
    "tsv": r"(?:^|(?<=\t))[ ]?",
    "yaml": r"(?:^[ \t]*|[:?-][ \t]+|[,\[{][ \t]*)(?:[!&][^\s,\[\]{}]*[ \t]+)?",
}
_SKIPPED = {
    # block scalars, in which a quote is a character like any other
    "yaml": r"^(?P<indent>[ ]*)[^\s'\"#][^\n'\"#]*?[:-][ \t]+[|>][-+0-9]*[ \t]*\r?(?:\n(?:(?P=indent)[ ]+[^\n]*|[ \t\r]*(?=\n)))*",
}


@frozen
class Quoted:
    """A quoted literal. `outer` is all of it, `span` what stands between its quotes."""

    outer: Span
    span: Span
    quote: str
    prefix: str = ""
    escapes: str = "backslash"
    """How a quote is written inside: `backslash`, `double` or `none`."""


class Literals:
    """The quoted literals and comments of one text in one language. Markup and prose have none."""

    __slots__ = ("_comment_ends", "_comments", "_found", "_starts")

    def __init__(self, text: str, language: Language):
        self._found: list[Quoted] = []
        self._comments: list[int] = []
        self._comment_ends: list[int] = []
        scanner = _scanner(language)
        if scanner is not None:
            for part in _outside_heredocs(text) if language.name == "shell" else (Span(0, len(text)),):
                for match in scanner.finditer(text, part.start, part.end):
                    self._add(match)
        self._starts = [literal.outer.start for literal in self._found]

    def enclosing(self, span: Span) -> Quoted | None:
        """The literal between whose quotes all of `span` stands, or None."""
        index = bisect_right(self._starts, span.start) - 1
        if index < 0:
            return None
        literal = self._found[index]
        return literal if literal.span.start <= span.start and span.end <= literal.span.end else None

    def touching(self, span: Span) -> list[Quoted]:
        """The literals of which `span` takes any character between their quotes."""
        index = max(bisect_right(self._starts, span.start) - 1, 0)
        found: list[Quoted] = []
        while index < len(self._found) and self._found[index].span.start < span.end:
            if self._found[index].span.overlaps(span):
                found.append(self._found[index])
            index += 1
        return found

    def around(self, literal: Quoted) -> tuple[Quoted | None, Quoted | None]:
        """The literals before and behind one of this text's literals."""
        index = bisect_right(self._starts, literal.outer.start) - 1
        before = self._found[index - 1] if index else None
        return before, self._found[index + 1] if index + 1 < len(self._found) else None

    def is_comment(self, offset: int) -> bool:
        """Whether the character at `offset` belongs to a comment."""
        index = bisect_right(self._comments, offset) - 1
        return index >= 0 and offset < self._comment_ends[index]

    def _add(self, match: re.Match[str]) -> None:
        kind = match.lastgroup
        if kind == "comment":
            self._comments.append(match.start())
            self._comment_ends.append(match.end())
        elif kind is not None and kind != "skip":
            content = Span(*match.span(kind))
            before = match[0][: content.start - match.start()].rstrip("#")
            quote = before[-3:] if before[-3:] in ('"""', "'''") else before[-1:]
            prefix = before[: -len(quote)].rpartition("\n")[2].strip()
            prefix = prefix if kind.startswith("code") else ""
            start = match.start() if prefix else content.start - len(quote)
            escapes = kind.partition("_")[2].rstrip("0123456789")
            self._found.append(Quoted(Span(start, match.end()), content, quote, prefix, escapes))


@frozen
class Heredoc:
    """A here document of a shell script: the lines between `<<MARK` and `MARK`."""

    body: Span
    plain: bool
    """Whether its mark is quoted, so that nothing in it is expanded."""


def heredocs(text: str) -> Iterator[Heredoc]:
    """The here documents of a shell script, in order."""
    if "<<" not in text:
        return
    ends: dict[str, list[int]] = {}
    for line in _ONE_WORD.finditer(text):
        ends.setdefault(line[1], []).append(line.start())
    line_end = free = 0
    for match in _HEREDOC.finditer(text):
        if match.start() < free:
            continue
        if line_end < match.end():
            line_end = text.find("\n", match.end())
            if line_end < 0:
                return
        marks = ends.get(match["mark"], [])
        index = bisect_right(marks, line_end)
        if index < len(marks):
            free = marks[index]
            yield Heredoc(Span(line_end + 1, free), bool(match["escape"] or match["quote"]))


def _outside_heredocs(text: str) -> Iterator[Span]:
    start = 0
    for heredoc in heredocs(text):
        yield Span(start, heredoc.body.start)
        start = heredoc.body.end
    yield Span(start, len(text))


_ONE_WORD = re.compile(r"^\t*(\w+)\r?$", re.MULTILINE)
_HEREDOC = re.compile(r"<<-?[ \t]*(?P<escape>\\?)(?P<quote>['\"]?)(?P<mark>[A-Za-z_]\w*)(?P=quote)")


@lru_cache(maxsize=64)
def _scanner(language: Language) -> re.Pattern[str] | None:
    """One expression for all comments and literals. Group names say what was found: `<family>_<how quotes are escaped>`."""
    if language.family in ("prose", "markup"):
        return None
    name, code = language.name, language.family == "code"
    parts = [_comment(mark, name) for mark in language.line_comments]
    parts += [rf"{re.escape(a)}[\s\S]*?(?:{re.escape(b)}|\Z)" for a, b in language.block_comments]
    alternatives = [f"(?P<comment>{'|'.join(parts)})"] if parts else []
    if name in _SKIPPED:
        alternatives.append(f"(?P<skip>{_SKIPPED[name]})")
    elif code and "'" not in language.quotes:
        alternatives.append(r"(?P<skip>'(?:\\.[^'\n]{0,8}|[^'\\\n])')")
    if name == "rust":
        alternatives.append(r'\b[bc]?r(?P<hashes>#*)"(?P<coderaw_none>[\s\S]*?)(?:"(?P=hashes)|\Z)')
    if name == "csharp":
        alternatives.append(r'(?:@\$?|\$@)"(?P<codeverbatim_double>[^"]*(?:""[^"]*)*)"')
    before = _PREFIXES.get(name, "" if code else r"(?<!\w)")
    # a plain scalar of YAML may go on with a quote on its next line: only where nothing follows it is a scalar of its own
    after = r"(?=[ \t]*(?:[:,\]}#\r\n]|\Z))" if name == "yaml" else ""
    for number, quote in enumerate(sorted(language.quotes, key=len, reverse=True)):
        alternatives.append(before + _literal(quote, name, f"{'code' if code else 'plain'}{{}}{number}") + after)
    return re.compile("|".join(alternatives), re.MULTILINE)


def _comment(mark: str, name: str) -> str:
    mark = mark.strip()
    if mark == "#":
        begin = (
            r"(?<![^\s;])#" if name in _HASH_NEEDS_SPACE else {"php": r"#(?!\[)", "sql": r"#(?![>\-])"}.get(name, "#")
        )
    elif mark.isalnum() or mark in ("::", ";", "!"):
        begin = rf"^[ \t]*{re.escape(mark)}(?!\w)" if name != "clojure" else re.escape(mark)
    else:
        begin = re.escape(mark)
    return rf"{begin}[^\r\n]*"


def _literal(quote: str, name: str, group: str) -> str:
    if len(quote) == 3:
        escapes = "none" if name == "toml" and quote == "'''" else "backslash"
        body = r"[\s\S]*?" if escapes == "none" else r"(?:[^\\]|\\[\s\S])*?"
        return f"{quote}(?P<{group.format('_' + escapes)}>{body}){quote}"
    stop = "" if quote == "`" or name in _MULTILINE else r"\r\n"
    free = rf"[^{quote}{stop}]*"
    if name in ("csv", "tsv") or (quote == "'" and name in _SINGLE_DOUBLES):
        return rf"{quote}(?P<{group.format('_double')}>{free}(?:{quote}{quote}{free})*){quote}"
    if (quote == "'" and name in _SINGLE_PLAIN) or (quote == "`" and name == "go"):
        return rf"{quote}(?P<{group.format('_none')}>{free}){quote}"
    doubled, kind = (rf"|{quote}{quote}", "_double") if name == "sql" else ("", "_backslash")
    free = rf"[^{quote}\\{stop}]*"
    return rf"{quote}(?P<{group.format(kind)}>{free}(?:(?:\\(?:\r\n|[\s\S]){doubled}){free})*){quote}"
