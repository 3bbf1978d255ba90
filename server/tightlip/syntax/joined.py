"""Values written in several pieces: joined string literals, YAML block scalars, here documents. Bounded work."""

from __future__ import annotations

import re

from attrs import evolve

from tightlip.finding import Span
from tightlip.syntax.language import Language
from tightlip.syntax.lazy import lazy
from tightlip.syntax.literal import LIMIT, Literal, literal_at

PIECES = 64
"""Pieces a value is followed at most."""

_JOINT = lazy(
    r"[ \t]{0,80}(?:\\?\r?\n)?[ \t]{0,80}(?P<sign>\+\+|\.\.|<>|\|\||[+.&,])?[ \t]{0,80}(?:[\\_]?\r?\n[ \t]{0,80})?(?=[\"'`])"
)
_SIGNS = {
    "php": (".",),
    "perl": (".",),
    "lua": ("..",),
    "elixir": ("<>",),
    "haskell": ("++", "<>"),
    "sql": ("||", "+"),
    "csharp": ("+", "&"),
    "c": (),
    "rust": (),
    "yaml": (),
    "toml": (),
    "json": (),
}
_IMPLICIT = frozenset({"python", "c", "ruby", "dart", "shell"})
"""Languages in which two literals next to each other are one; in some only where nothing, or a broken line, is between."""

_PIECE = lazy(r"[^\s\\](?:[^\n\\]|\\(?!\r?\n))*(?<!\s)")
_MORE = lazy(r"\r?\n[ \t]{0,40}([^\s\"'`,;]{1,4096})")
_BLOCK = lazy(r"[|>][-+0-9]{0,2}[ \t]*(?:#[^\n]*)?\r?\n(?P<indent>[ ]{1,40})(?=\S)")
_TAG = lazy(r"(?:[!&][^\s,\[\]{}\"']{0,60}[ \t]+){1,2}")
_NEXT_LINE = lazy(r"[ \t]*\r?\n[ ]{1,40}(?=[^\s#&*!|>{\[\"'-][^\s:]{0,4096}[ \t]*(?:\r?\n|\Z))")
_BROKEN = lazy(r"\\\r?\n[ \t]{1,40}(?=\S)")
_HEREDOC = lazy(r"<<[-~]?[ \t]?[\"']?(?P<mark>\w{1,32})[\"']?[ \t]*\r?\n(?P<indent>[ \t]{0,40})(?=\S)")
_LINE = lazy(r"[^\r\n]{0,4096}")


def joined(text: str, literal: Literal, language: Language, *, listed: bool = False) -> Literal:
    """The literal with the literals that the language joins to it: `"abc" + "def"` is one value in two pieces.

    Its span then runs from the first piece's first character to the last piece's last, quotes and signs between included. A
    literal of several lines is a value in as many pieces. `listed` literals (`concat!("abc", "def")`) are joined by commas.
    """
    if not literal.quote:
        return _broken(text, literal)
    if len(literal.quote) == 3 or "\n" in text[literal.span.start : literal.span.end]:
        return _of_lines(text, literal)
    signs = (",",) if listed else _SIGNS.get(language.name, ("+",) if language.family == "code" else ())
    implicit = language.name in _IMPLICIT
    after = literal.span.end + len(literal.quote)
    if literal.interpolated or not (signs or implicit) or (text[after : after + 1] in ");]},:" and not listed):
        return literal
    pieces = [literal.span]
    end = literal.span.end + len(literal.quote)
    while len(pieces) < PIECES and pieces[-1].end - pieces[0].start < LIMIT:
        joint = _JOINT.match(text, end, end + 256)
        if joint is None or not text.startswith(literal.quote, joint.end()):
            break
        if joint["sign"] is None:
            if not implicit or not _continues(text, literal, joint, language):
                break
        elif joint["sign"] not in signs:
            break
        piece = literal_at(text, joint.end(), language)
        if piece is None or piece.quote != literal.quote:
            break
        pieces.append(piece.span)
        end = piece.span.end + len(piece.quote)
    return _in_pieces(literal, pieces)


def _in_pieces(literal: Literal, pieces: list[Span]) -> Literal:
    if len(pieces) == 1:
        return literal
    return evolve(literal, span=Span(pieces[0].start, pieces[-1].end), pieces=tuple(pieces))


def _of_lines(text: str, literal: Literal) -> Literal:
    """A literal of several lines, in pieces: the lines without indentation and without a backslash at their end."""
    if literal.span.end - literal.span.start > LIMIT:
        return literal
    found = (Span(*match.span()) for match in _PIECE.finditer(text, *literal.span))
    pieces = [piece for piece in found if piece.start < piece.end]
    return _in_pieces(literal, pieces) if len(pieces) <= PIECES and len(pieces) > 1 else literal


def _broken(text: str, literal: Literal) -> Literal:
    """A bare value that goes on behind a backslash at its line's end."""
    pieces: list[Span] = []
    start, end = literal.span
    while text[end - 1] == "\\" and len(pieces) < PIECES and (more := _MORE.match(text, end)) is not None:
        pieces.append(Span(start, end - 1))
        start, end = more.span(1)
    return _in_pieces(literal, [*pieces, Span(start, end)]) if pieces else literal


def _continues(text: str, literal: Literal, joint: re.Match[str], language: Language) -> bool:
    """Whether a literal behind another one without a sign goes on with it, and is not a statement (a docstring) of its own."""
    if text.startswith(literal.quote * 3, joint.end()):
        return False
    if "\\" in joint[0] or language.name in ("c", "dart"):
        return True
    if language.name == "shell":
        return not joint[0]
    if "\n" not in joint[0]:
        return True
    if language.name == "ruby":
        return False
    first = text.rfind("\n", max(0, literal.span.start - 400), literal.span.start) + 1
    second = text.rfind("\n", joint.start(), joint.end()) + 1
    indent = len(text[first : literal.span.start]) - len(text[first : literal.span.start].lstrip(" \t"))
    own_line = not text[first : literal.span.start].strip(" \t\"'rRbBuUfF")
    return joint.end() - second > indent or (own_line and joint.end() - second == indent and indent > 0)


def block_at(text: str, offset: int, language: Language) -> Literal | None:
    """The value that begins behind `offset` where the language says so with more than a quote, or None.

    YAML: a block scalar (`|`, `>`), a plain scalar on the next line, one behind a tag or an anchor. Terraform, shell, Ruby,
    PHP: a here document. A block of several lines is a value in as many pieces.
    """
    if language.name == "yaml":
        if (tag := _TAG.match(text, offset)) is not None:
            return literal_at(text, tag.end(), language)
        if (after := _NEXT_LINE.match(text, offset)) is not None:
            return literal_at(text, after.end(), language)
        if (block := _BLOCK.match(text, offset)) is not None:
            return _lines(text, block.end(), block["indent"], "")
        return None
    if language.name in ("properties", "dotenv", "ini", "makefile", "dockerfile"):
        broken = _BROKEN.match(text, offset)
        return literal_at(text, broken.end(), language) if broken else None
    if language.name in ("terraform", "ruby", "php", "shell", "perl"):
        heredoc = _HEREDOC.match(text, offset)
        if heredoc is not None:
            return _lines(text, heredoc.end(), heredoc["indent"], heredoc["mark"])
    return None


def _lines(text: str, start: int, indent: str, mark: str) -> Literal | None:
    """The lines from `start` on that are indented alike, up to the mark of a here document where there is one."""
    pieces: list[Span] = []
    while len(pieces) < PIECES and start < len(text):
        line = _LINE.match(text, start)
        written = line[0].rstrip() if line else ""
        if not written or (mark and written.strip() == mark):
            break
        pieces.append(Span(start, start + len(written)))
        end = text.find("\n", start, start + LIMIT)
        if (
            end < 0
            or not text.startswith(indent, end + 1)
            or text[end + 1 + len(indent) : end + 2 + len(indent)] in " \t"
        ):
            break
        start = end + 1 + len(indent)
    if not pieces or pieces[-1].end - pieces[0].start > 2 * LIMIT:
        return None
    span = Span(pieces[0].start, pieces[-1].end)
    return Literal(span, "", pieces=tuple(pieces) if len(pieces) > 1 else ())
