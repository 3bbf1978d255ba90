"""String literals: where the value of an assignment begins and ends. Bounded work, tolerant of broken code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product

from attrs import frozen

from tightlip.finding import Span
from tightlip.syntax.language import Language
from tightlip.syntax.lazy import lazy

LIMIT = 4096
"""Code points a literal is followed at most."""

_PREFIX = lazy(r"(?:[rRbBuUfF]{1,3}|\$@?|@\$?|N|E|L|u8)(?=[\"'])")
_RAW = lazy(r"r\#{0,3}(?=\")")
_BARE = lazy(r"[^\s\"'`,;]+(?:(?:,(?!\s)|(?<=[^\W\d_])'(?=[^\W\d_]{2}))[^\s\"'`,;]+)*")
_BARE_LINE = lazy(r"[^\r\n]*")
_BARE_MARKUP = lazy(r"[^<>\r\n]*")
_COMMENT_TAIL = lazy(r"\s+#.*\Z", re.DOTALL)


@frozen
class Literal:
    """A literal in a text: `span` is its content without the quotes, `quote` its quote, empty for a bare value."""

    span: Span
    quote: str
    raw: bool = False
    interpolated: bool = False
    pieces: tuple[Span, ...] = ()
    """Where the value is written, if in several pieces (`tightlip.syntax.joined`); empty: `span` is all of it."""


def value_of(text: str, literal: Literal) -> str:
    """The characters of a literal's value: its pieces, joined; escapes stay as they are written."""
    if not literal.pieces:
        return text[literal.span.start : literal.span.end]
    return "".join(text[piece.start : piece.end] for piece in literal.pieces)


def literal_at(text: str, offset: int, language: Language) -> Literal | None:
    """The literal that begins at `offset` (spaces before it are passed over), or None where a name or call stands.

    A quoted literal is followed over escapes for at most `LIMIT` code points; without a closing quote on its line it
    ends with the line. A bare value counts only in languages whose values may stand bare, or as a number.
    """
    size = len(text)
    while offset < size and text[offset] in " \t":
        offset += 1
    if offset >= size:
        return None
    if text[offset] == "\\" and text[offset + 1 : offset + 2] in ('"', "'"):
        return _in_a_string(text, offset)
    if (opening := _DELIMITED.get(language.name)) is not None and (match := opening.match(text, offset)) is not None:
        return _delimited(text, match)
    raw = interpolated = False
    if text[offset] not in "\"'`":
        prefix = _PREFIX.match(text, offset) or (_RAW.match(text, offset) if language.name == "rust" else None)
        if prefix and language.family == "code":
            letters = prefix[0].lower()
            raw = "r" in letters or "@" in letters
            interpolated = "f" in letters or "$" in letters
            offset = prefix.end()
        else:
            return _bare(text, offset, language)
    return _quoted(text, offset, language, raw, interpolated)


_DELIMITED = {
    "swift": lazy(r'(?P<hashes>#{1,3})(?P<open>")'),
    "ruby": lazy(r"%[qQ]?(?P<open>[(\[{<|!/])"),
    "perl": lazy(r"qq?(?P<open>[(\[{<|!/])"),
    "elixir": lazy(r"~[sS](?P<open>[(\[{<|/])"),
    "lua": lazy(r"(?P<open>\[)(?P<hashes>={0,3})\["),
    "c": lazy(r'(?:u8|[uUL])?R"(?P<hashes>\w{0,16})(?P<open>\()'),
    "sql": lazy(r"(?P<hashes>\$\w{0,16}\$)(?P<open>)"),
    "shell": lazy(r"\$(?P<open>['\"])"),
}
"""How literals begin that have no plain quote around them."""
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}


def _delimited(text: str, opening: re.Match[str]) -> Literal | None:
    """The literal of one line between other signs than quotes: `%q(x)`, `[[x]]`, `R"(x)"`, `#"x"#`."""
    quote = opening["open"]
    hashes = opening.groupdict().get("hashes") or ""
    closing = _CLOSING.get(quote, quote) + hashes
    closing += {"[": "]", "(": '"'}.get(quote, "") if "hashes" in opening.groupdict() else ""
    start = opening.end()
    end = text.find(closing, start, start + LIMIT)
    return Literal(Span(start, end), closing, raw=True) if end >= 0 and "\n" not in text[start:end] else None


def _in_a_string(text: str, offset: int) -> Literal | None:
    """The literal whose quotes are escaped, because the code itself stands in a string: `"key = \\"value\\""`."""
    quote, start = text[offset : offset + 2], offset + 2
    end = text.find(quote, start, start + LIMIT)
    return Literal(Span(start, end), quote) if end >= 0 and "\n" not in text[start:end] else None


_SINGLE_PLAIN = frozenset({"shell", "toml", "dotenv"})
"""Languages in which a backslash is a character like any other between single quotes."""


def _quoted(text: str, offset: int, language: Language, raw: bool, interpolated: bool) -> Literal | None:
    quote = text[offset]
    triple = quote * 3
    if triple in language.quotes and text.startswith(triple, offset):
        start = offset + 3
        end = text.find(triple, start, start + 4 * LIMIT)
        return Literal(Span(start, end), triple, raw, interpolated) if end >= 0 else None
    start = offset + 1
    doubled = language.name in ("sql", "csv", "tsv") or (language.name in ("yaml", "powershell") and quote == "'")
    escapes = not (raw and language.name != "python") and not (doubled and language.name != "sql")
    if (
        language.family == "markup"
        or (quote == "'" and language.name in _SINGLE_PLAIN)
        or (quote == "`" and language.name == "go")
    ):
        escapes = False
    multiline = quote == "`" or language.name in ("shell", "php", "ruby", "sql", "csv", "tsv")
    stop = min(len(text), start + LIMIT)
    inside = _INSIDE[quote, escapes, doubled, multiline].match(text, start, stop)
    position = inside.end() if inside is not None else start
    if position < stop and text[position] == quote and not (doubled and text.startswith(quote, position + 1)):
        return Literal(Span(start, position), quote, raw, interpolated or quote == "`")
    if language.family == "code":
        return None
    line_end = start
    while line_end < stop and text[line_end] not in "\r\n":
        line_end += 1
    return Literal(Span(start, line_end), quote, raw, interpolated) if line_end > start else None


def _inside_of(quote: str, escapes: bool, doubled: bool, multiline: bool) -> re.Pattern[str]:
    """An expression for what may stand between quotes."""
    other = quote + ("\\\\" if escapes else "") + ("" if multiline else "\\r\\n")
    choices = [f"[^{other}]+", *([r"\\."] if escapes else []), *([quote * 2] if doubled else [])]
    return lazy(f"(?s:{'|'.join(choices)})*")


_EITHER = (False, True)
_INSIDE = {ways: _inside_of(*ways) for ways in product("\"'`", _EITHER, _EITHER, _EITHER)}


def phrases_at(text: str, offset: int) -> Iterator[Span]:
    """What a value of several words behind a label of prose may be, the longest first; nothing for a single word.

    That is the rest of its line, what stands before a comma, and the first words.
    """
    line = _PHRASE.match(text, offset)
    if line is None or " " not in line[0]:
        return
    end = line.end()
    yield Span(offset, end)
    comma = line[0].find(", ")
    if comma > 0:
        yield Span(offset, end := offset + comma)
    for word in reversed(list(islice(_SPACES.finditer(text, offset, end), _FIRST_WORDS))):
        if (stop := word.start()) > offset:
            yield Span(offset, stop)


_PHRASE = lazy(r"(?:(?!  | [|(<]| \w{1,32}=|[.?!](?:\s|\Z)| - | -- )[^\r\n\t;\"`|<>]){1,160}")
_SPACES = lazy(r" ")
_FIRST_WORDS = 6


def _bare(text: str, offset: int, language: Language) -> Literal | None:
    if not language.bare_values and language.family != "markup":
        number = _NUMBER.match(text, offset)
        return Literal(Span(offset, number.end()), "") if number else None
    if language.family == "markup":
        match = _BARE_MARKUP.match(text, offset, offset + LIMIT)
    elif language.name in _WHOLE_LINE:
        match = _BARE_LINE.match(text, offset, offset + LIMIT)
    else:
        match = _BARE.match(text, offset, offset + LIMIT)
    if match is None:
        return None
    value = match[0]
    if value.startswith("\\") and value.rstrip() == "\\":
        return None
    if language.name == "yaml" and value[:1] in "{[&*!|>%@":
        return None
    if language.name in _WHOLE_LINE:
        value = _inside(text, offset, value, language)
    if "&" in value:
        value = _FORM_FIELD.sub("", value)
    value = value.rstrip()
    if language.name == "yaml" and value.endswith(":"):
        return None
    if language.family == "markup" and text.endswith("<![CDATA[", 0, offset):
        value = value.removesuffix("]]")
    if language.family == "prose":
        value = _END_OF_SENTENCE.sub("", value)
    return Literal(Span(offset, offset + len(value)), "") if value else None


_WHOLE_LINE = frozenset("yaml ini properties dotenv ldif vcard toml".split())
_COMMENTS = {
    "yaml": _COMMENT_TAIL,
    "dotenv": _COMMENT_TAIL,
    "toml": _COMMENT_TAIL,
    "ini": lazy(r"\s+[#;].*\Z", re.DOTALL),
}
_FORM_FIELD = lazy(r"&\w{1,64}=.*\Z", re.DOTALL)
_END_OF_SENTENCE = lazy(r"(?<=[\w=])[.)\]}>]{1,3}\Z")
_FLOW_END = lazy(r"[\]}]|,(?=\s)")
_LOOK_BACK = 400


def _inside(text: str, offset: int, value: str, language: Language) -> str:
    """A bare value that would take its line's rest, without what no longer belongs to it.

    That is a comment, the quote in which name and value stand together (`- "NAME=value"`), and the end of YAML's `{...}`.
    """
    if (comment := _COMMENTS.get(language.name)) is not None and ("#" in value or ";" in value):
        value = comment.sub("", value)
    if not value or not (
        '"' in value or "'" in value or (language.name == "yaml" and ("]" in value or "}" in value or "," in value))
    ):
        return value
    low = max(0, offset - _LOOK_BACK)
    line = text[max(text.rfind("\n", low, offset) + 1, low) : offset]
    for quote in "\"'":
        if quote in value and line.count(quote) % 2:
            value = value.partition(quote)[0]
    if language.name == "yaml" and ("{" in line or "[" in line) and (end := _FLOW_END.search(value)) is not None:
        value = value[: end.start()]
    return value


_NUMBER = lazy(r"\d+(?![\w.])")


def enclosing_literal(text: str, span: Span, language: Language) -> Literal | None:
    """The string literal of one line that encloses `span`, or None. Of a very long line only a part is read."""
    low = max(0, span.start - 4 * LIMIT)
    start = max(text.rfind("\n", low, span.start), text.rfind("\r", low, span.start)) + 1
    if not start:
        start = low and max(0, span.start // LIMIT - 1) * LIMIT
    for begin, literal in _literals_from(text, start, language):
        if begin >= span.start:
            return None
        if literal.span.start <= span.start and span.end <= literal.span.end:
            return literal
    return None


@lru_cache(maxsize=1)
def _literals_from(text: str, start: int, language: Language) -> tuple[tuple[int, Literal], ...]:
    """The literals that begin on a line, or a part of one, behind `start`, each with the place of its quote.

    Where a line has one address it often has thousands, and all of them are asked about.
    """
    end = min(len(text), start + 4 * LIMIT + 1)
    for sign in "\r\n":
        place = text.find(sign, start, end)
        end = place if place >= 0 else end
    quotes = _ANY_OF["".join(sorted({quote[0] for quote in language.quotes}))]
    found: list[tuple[int, Literal]] = []
    position = start
    while (opening := quotes.search(text, position, end)) is not None:
        position = opening.start()
        first = position
        while first > start and first > position - 3 and text[first - 1].isalpha():
            first -= 1
        literal = (
            literal_at(text, first, language)
            if first < position and _PREFIX.match(text, first)
            else _quoted(text, position, language, raw=False, interpolated=False)
        )
        if literal is None:
            position += 1
            continue
        found.append((position, literal))
        position = max(literal.span.end + len(literal.quote), position + 1)
    return tuple(found)


_ANY_OF = {
    quotes: lazy(f"[{quotes}]" if quotes else r"(?!)") for quotes in ("", '"', "'", "`", "\"'", '"`', "'`", "\"'`")
}
"""By the quotes of a language, sorted."""
