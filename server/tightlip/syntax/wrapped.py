"""Literals that do not stand right behind the sign of an assignment: `x = f("...")`, `x = a or "..."`, `x = a if b else "..."`."""

from __future__ import annotations

import re

from attrs import frozen

from tightlip.syntax.language import Language
from tightlip.syntax.lazy import lazy
from tightlip.syntax.literal import Literal, literal_at

REACH = 200
"""Code points of the line that are looked at."""

_BREAK = lazy(r"[ \t]*\\\r?\n[ \t]*")
_CALL = lazy(
    r"[ \t]*(?:(?:new|await|try|return)[ \t]{1,4})?[&*\[\]]{0,3}(?P<called>[A-Za-z_][\w.:<>\[\]!-]{0,60})?"
    r"(?P<open>[ \t]?[({\[]\s{0,24}|[ \t]{1,2})"
    r"(?:-?(?:default|value|string)[ \t]{0,2}[=:]?[ \t]{0,2})?(?=[bruf@$L]{0,2}\\?[\"'`])",
    re.IGNORECASE,
)
_PLAIN_CALLS = frozenset(
    """
    str string bytes byte from some ok of field sensitive buffer text lazy new valueof quote box arc rc just secret secretstr
    secretbytes securestring password token credential unicode std asarray frombytes fromstring literal const convertto-securestring
    b64decode base64decode optional nonsensitive cstring chararray u b r
    """.split()
)
"""Last words of calls that give their argument back, in another type."""

_JOINTS = lazy(r"[.:<>\[\]!]+")
_JOINED_LIST = lazy(r"[^\]\n]{0,200}\]\.join\(\s?(?:''|\"\")?\s?\)")
_OTHERWISE = lazy(r"(?:\bor\b|\belse\b|\|\||\?\?|\?:|[:?])[ \t]{0,4}(?=[bruf@$]{0,2}[\"'`])")
_STRINGS = lazy(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`")


@frozen
class Wrapped:
    """A literal, and whether it is certainly the value and not perhaps an argument that says which value."""

    literal: Literal
    sure: bool
    listed: bool = False
    """Whether the literals listed with it make one value."""
    called: str = ""
    """The last word of what is called with it; empty where nothing is."""


def wrapped_at(text: str, offset: int, language: Language) -> Wrapped | None:
    """The literal that an expression at `offset` may give, or None: the first argument of a call, what stands behind `or`."""
    line_end = text.find("\n", offset, offset + REACH)
    end = line_end if line_end >= 0 else min(len(text), offset + REACH)
    line = text[offset:end]
    has_quote = '"' in line or "'" in line or "`" in line
    if not has_quote:
        last = line.rstrip()[-1:]
        if last == "\\" and (broken := _BREAK.match(text, offset, offset + REACH)) is not None:
            literal = literal_at(text, broken.end(), language)
            return Wrapped(literal, sure=True) if literal is not None and literal.quote else None
        if not last or last not in "([{":
            return None
    call = _CALL.match(text, offset, offset + REACH)
    if call is not None and (call["called"] or call["open"].strip()):
        literal = literal_at(text, call.end(), language)
        after = text[literal.span.end + len(literal.quote) :][:4].lstrip() if literal is not None else ""
        if literal is not None and literal.quote and not after.startswith((":", "=")):
            called = _JOINTS.sub(" ", (call["called"] or "string").rstrip("!<>[]")).rpartition(" ")[2]
            listed = called.lower() == "concat" or (
                call["open"].strip() == "[" and _JOINED_LIST.match(text, literal.span.end) is not None
            )
            return Wrapped(literal, sure=listed or called.lower() in _PLAIN_CALLS, listed=listed, called=called)
    if not has_quote:
        return None
    for match in _OTHERWISE.finditer(line):
        before = _STRINGS.sub("", line[: match.start()])
        if match[0].startswith(":") and "?" not in before:
            continue
        if not before.strip() or any(c in before for c in "\"'`;#{},"):
            return None
        literal = literal_at(text, offset + match.end(), language)
        return Wrapped(literal, sure=True) if literal is not None and literal.quote else None
    return None
