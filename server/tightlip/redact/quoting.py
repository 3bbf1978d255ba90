"""How a value is written inside quotes: taking its escapes off, putting them on, and which quote is open at a place."""

from __future__ import annotations

import re

from tightlip.redact.literals import Quoted
from tightlip.syntax.language import Language

LOOKBACK = 4096
"""Code points of a line that are read to tell which quote is open."""

Quote = tuple[str, str]
"""A quote character (empty: outside quotes), and how it is written inside: `backslash`, `double` or `none`."""

_ESCAPE = re.compile(
    r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|(\r\n|[\s\S]))"
)
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "a": "\a", "e": "\x1b"}
_WRITTEN = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
_SPECIAL = re.compile(r"[\\\"'`\x00-\x1f\x7f]")
_OPENING = re.compile(r"[\"`]|(?<![^\W_])(?:[rRbBuUfF]{1,2})?'")
_CLOSING = {quote: re.compile(rf"[^\\{quote}]*(?:\\[\s\S][^\\{quote}]*)*{quote}") for quote in "\"'`"}
_LINE = re.compile(r"[\r\n]")


def needs_care(value: str) -> bool:
    """Whether a value holds a character that some literal must escape."""
    return _SPECIAL.search(value) is not None


def open_quote(text: str, offset: int) -> str:
    """The quote (one character) inside which `offset` stands on its line, or the empty text.

    Reads only what stands before `offset`, so that an answer that is still being streamed gives the same result. An
    apostrophe inside a word opens nothing.
    """
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset), offset - LOOKBACK - 1) + 1
    while True:
        opening = _OPENING.search(text, start, offset)
        if opening is None:
            return ""
        quote = opening[0][-1]
        closing = _CLOSING[quote].match(text, opening.end(), offset)
        if closing is None:
            return quote
        start = closing.end()


def unescape(written: str, literal: Quoted | None) -> str:
    """The value a literal's text stands for; text outside a literal, or in a raw one, stands for itself."""
    if literal is None:
        return written
    if literal.escapes == "double":
        return written.replace(literal.quote * 2, literal.quote)
    if literal.escapes == "none" or "r" in literal.prefix.lower() or "\\" not in written:
        return written
    value = _ESCAPE.sub(_character, written)
    # two \uXXXX escapes may write one character
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if not value.isascii() else value


def quote_in(quote: str, language: Language | None) -> Quote:
    """A quote as a language writes it; without a language as JSON, Python, JavaScript, Go, Java and their kin do."""
    name = language.name if language is not None and quote else ""
    if name in ("sql", "csv", "tsv") or (name == "yaml" and quote == "'"):
        return quote, "double"
    return quote, "none" if name in ("toml", "shell", "dotenv") and quote == "'" else "backslash"


def escape(value: str, quote: Quote) -> str:
    """The value as it is written between two quotes; outside quotes, and where nothing can be escaped, as it is."""
    character, way = quote
    if not character or way == "none":
        return value
    if way == "double":
        return value.replace(character, character * 2)
    if character == "`":
        return value.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return "".join(_written(c, character) for c in value)


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3] or match[4]
    if code is not None:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else match[0]
    if match[5] in ("\n", "\r\n"):
        return ""
    return _NAMED.get(match[5], match[5])


def _written(c: str, quote: str) -> str:
    if c in ("\\", quote):
        return "\\" + c
    if c < " " or c == "\x7f":
        return _WRITTEN.get(c) or f"\\u{ord(c):04x}"
    return c
