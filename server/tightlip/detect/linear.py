r"""Regular expressions of other people: they run in time linear in the text (RE2), or are refused with the reason.

Python's own engine takes seconds for `(a+)+$` on a line of thirty letters, and a policy is written by people who do not
know that. RE2 (https://github.com/google/re2/wiki/Syntax) never does; in return it has no look-around and no backreferences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

from tightlip.errors import TightlipError
from tightlip.syntax.lazy import lazy

LONGEST = 2_000
"""Characters of an expression."""
LARGEST = 4_000
"""Instructions of a compiled expression. What is larger takes long to compile, and long to run where RE2 must do without its
cache of states."""

VALUE = "value"
"""Name of the group that marks what is to be redacted; without it, or where it took no part in a match, the whole match is."""

_MEMORY = 8 << 20
_Span = tuple[int, int]
_Look = Callable[[bytes, int, int], Any]


class PatternError(TightlipError):
    """An expression that cannot be used; the message is a sentence without the expression."""


class LinearMatch:
    """What matched: the part of `re.Match` that the engine asks for. Spans are code points of the text."""

    def __init__(self, spans: tuple[_Span, ...], groups: dict[str, int]):
        self._spans = spans
        self._groups = groups

    def span(self, group: int | str = 0) -> _Span:
        """Where a group matched; `(-1, -1)` where it did not."""
        return self._spans[self._groups[group] if isinstance(group, str) else group]

    def start(self, group: int | str = 0) -> int:
        """First code point of a group."""
        return self.span(group)[0]

    def end(self, group: int | str = 0) -> int:
        """Code point behind a group."""
        return self.span(group)[1]


class Linear:
    """A compiled expression. `search`, `match`, `fullmatch` and `finditer` take what those of `re.Pattern` take."""

    def __init__(self, source: str, engine: Any, *, case: bool):
        self.source = source
        self.case = case
        self.size = int(engine.programsize)
        """Instructions."""
        self._engine = engine
        self._groups: dict[str, int] = dict(engine.groupindex)
        self._marked = self._groups.get(VALUE, 0)

    def search(self, text: str, start: int = 0, end: int | None = None) -> LinearMatch | None:
        """The first match within [start, end)."""
        return next(self._found(self._engine.search, text, start, end), None)

    def match(self, text: str, start: int = 0, end: int | None = None) -> LinearMatch | None:
        """A match at `start`."""
        return next(self._found(self._engine.match, text, start, end), None)

    def fullmatch(self, text: str, start: int = 0, end: int | None = None) -> LinearMatch | None:
        """A match of all of [start, end)."""
        return next(self._found(self._engine.fullmatch, text, start, end), None)

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[LinearMatch]:
        """The matches within [start, end), one behind the other."""
        return self._found(self._engine.search, text, start, end)

    def marked_in(self, data: bytes, start: int, end: int) -> tuple[_Span, _Span] | None:
        """Spans of the first match within [start, end) of UTF-8 bytes and of what is to be redacted of it, in bytes."""
        found = self._engine.search(data, start, end)
        if found is None:
            return None
        whole, marked = found.span(), found.span(self._marked)
        return whole, marked if marked[0] >= 0 else whole

    def _found(self, look: _Look, text: str, start: int, end: int | None) -> Iterator[LinearMatch]:
        end = len(text) if end is None else min(end, len(text))
        low = max(0, start - 1)  # what `\b` looks at
        part = text[low : end + 1]
        data = part.encode("utf-8", "replace")
        plain = len(data) == len(part)
        place, stop = (_bytes(part, at - low, plain) for at in (start, end))
        while place <= stop:
            found = look(data, place, stop)
            if found is None:
                return
            spans = tuple(_points(data, found.span(group), low, plain) for group in range(self._engine.groups + 1))
            yield LinearMatch(spans, self._groups)
            place = max(found.end(), place + 1)


def _bytes(part: str, at: int, plain: bool) -> int:
    return at if plain else len(part[:at].encode("utf-8", "replace"))


def _points(data: bytes, span: _Span, low: int, plain: bool) -> _Span:
    if span[0] < 0 or plain:
        return (span[0] + low, span[1] + low) if span[0] >= 0 else span
    return low + len(data[: span[0]].decode("utf-8", "ignore")), low + len(data[: span[1]].decode("utf-8", "ignore"))


@lru_cache(maxsize=8192)
def compile_linear(source: str, *, case: bool = True, lines: bool = False) -> Linear:
    """Compile an expression in RE2's syntax.

    Without `case` letters match in upper and lower case; with `lines` `^` and `$` match at line ends. Raises PatternError
    for one that RE2 does not know, that is too long or too large, and that matches nothing at all (an empty text).
    """
    if len(source) > LONGEST:
        raise PatternError(f"the pattern is longer than {LONGEST:,} characters; split it into several entries")
    if "\0" in source or not _is_text(source):
        raise PatternError("the pattern holds a character that is none; write it as \\x00")
    if _BYTE.search(source):
        raise PatternError("\\C is not supported: it cuts characters apart; write . for any character")
    if _FOREIGN_EDGE.search(source):
        raise PatternError(
            "\\b knows only a to z, digits and _; beside another letter leave it out, or write \\PL for it"
        )
    if len(_MARKS.findall(source)) > 1:
        raise PatternError("the pattern has more than one group (?P<value>...); put (?:...|...) inside one")
    # 6 ms that only a policy with expressions of its own pays
    re2: Any = import_module("re2")
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    options.case_sensitive = case
    try:
        engine = re2.compile(f"(?m){source}" if lines else source, options)
    except re2.error as problem:
        raise PatternError(_why(problem.args)) from None
    linear = Linear(source, engine, case=case)
    if linear.size > LARGEST:
        raise PatternError(_TOO_LARGE)
    if any(match.start() == match.end() for probe in _PROBES for match in linear.finditer(probe)):
        raise PatternError("the pattern matches where nothing stands; make it ask for at least one character")
    return linear


_BYTE = lazy(r"(?<!\\)(?:\\\\)*\\C")
_FOREIGN_EDGE = lazy(r"(?<!\\)(?:\\\\)*(?:\\b[^\x00-\x7f]|[^\x00-\x7f\\]\\b)")
_MARKS = lazy(r"\(\?P?<value>")
_PROBES = ("", "a", "aa", " ", "\n", "\n\n", "a\n", "\na", "a b", " a ", "a\n\na", "-a", "1")
"""Texts in which every kind of place between characters occurs."""

_TOO_LARGE = "the pattern is too large: make its repeats {n,m} smaller, or write + for them"
_LOOK_AROUND = (
    "look-around such as (?=...) or (?<!...) is not supported, because its time has no bound; match what stands around the"
    " value too, and put the value itself into (?P<value>...)"
)
_SENTENCES = (
    (r"invalid perl operator: \(\?<?[=!]", _LOOK_AROUND),
    (
        r"invalid escape sequence: \\[1-9]|invalid perl operator: \(\?P|invalid named capture group: \(\?P=",
        "a backreference such as \\1 is not supported, because its time has no bound; write out what may stand there",
    ),
    (
        r"invalid perl operator: \(\?>|bad repetition operator: .*\+$",
        "possessive and atomic groups are not supported, and not needed: nothing is tried twice; write + or (?:...)",
    ),
    (r"invalid escape sequence: \\Z", "\\Z is not supported; write \\z for the end of the text"),
    (r"invalid escape sequence: \\u", "\\u is not supported; write the character itself, or \\x{00E4}"),
    (r"invalid escape sequence", "the pattern has an escape that is not known; write \\\\ for a backslash"),
    (r"pattern too large", _TOO_LARGE),
    (r"invalid repetition size", "a repeat may be 1,000 at most, and nested repeats together too"),
    (
        r"invalid perl operator",
        "the pattern has a group (?...) that is not known; known are (?:...), (?i:...), (?P<value>...)",
    ),
    (r"missing \]", "a [ of the pattern has no ]"),
    (r"missing \)", "a ( of the pattern has no )"),
    (r"unexpected \)", "a ) of the pattern has no ("),
    (r"no argument for repetition", "a *, + or ? of the pattern stands behind nothing"),
    (r"bad repetition", "the pattern has two repeats in a row"),
    (r"invalid character class", "the pattern has a [...] or \\p{...} that is not known"),
    (r"invalid named capture", "the pattern has a group whose name is not known or stands twice"),
    (r"trailing \\", "the pattern ends with a single \\"),
    (r"nesting", "the pattern is nested too deeply"),
)


def _why(problem: Sequence[object]) -> str:
    """A sentence for what RE2 says, which repeats parts of the expression."""
    said = "".join(one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in problem)
    return next((sentence for what, sentence in _SENTENCES if re.search(what, said)), "the pattern cannot be read")


def _is_text(source: str) -> bool:
    return source.isascii() or not any("\ud800" <= c <= "\udfff" for c in source)
