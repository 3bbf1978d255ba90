"""Comments and documentation in code, judged by a bounded look back."""

from __future__ import annotations

from tightlip.syntax.language import Language
from tightlip.syntax.lazy import lazy

_LINE, _DOCSTRING = 400, 20_000
"""Code points looked back at for the start of a line, and of a docstring."""

_OPENING = lazy(
    r"(?m)^(?P<indentation>[ \t]*)"
    r"(?P<name>(?:__doc__|_?(?:[A-Z]+_)*(?:DOC(?:S|STRING|UMENTATION)?|DESCRIPTION|EXAMPLES?|HELP|RETURN|USAGE))[ \t]*=[ \t]*)?"
    r"[rRuUbB]{0,2}(?:\"\"\"|''')\Z"
)
_ATTRIBUTE = lazy(r"[ \t]+[A-Za-z_]\w*[ \t]*(?::[^=#]*|(?::[^=#]*)?=(?!=).*[^\s({\[,\\=+])")
"""An attribute of a class; PEP 257 calls the string behind it an attribute docstring."""
_SIGNATURE = lazy(r"[ \t]*(?:(?:async[ \t]+)?(?:def|class)\b.*|.*\)(?:[ \t]*->.*)?):[ \t]*(?:#.*)?")
_DOC_COMMENT = ("* ", "*\t", "///", "//!")


def begins_in_comment(text: str, offset: int, language: Language) -> bool:
    """Whether the line of `offset` is a comment from its start, or goes on with a block comment by `*`."""
    line = _line_before(text, offset).lstrip()
    return line.startswith(language.line_comments) or (
        ("/*", "*/") in language.block_comments and line.startswith("* ")
    )


def is_documentation(text: str, offset: int, language: Language) -> bool:
    """Whether `offset` of code lies in a docstring (PEP 257) or in a comment that documentation is made from."""
    if language.name == "python":
        return _is_docstring(text, offset, '"""') or _is_docstring(text, offset, "'''")
    if language.family != "code" or ("/*", "*/") not in language.block_comments:
        return False
    return _line_before(text, offset).lstrip().startswith(_DOC_COMMENT)


def _line_before(text: str, offset: int) -> str:
    low = max(0, offset - _LINE)
    return text[text.rfind("\n", low, offset) + 1 or low : offset]


def _is_docstring(text: str, offset: int, quotes: str) -> bool:
    """Whether the last `quotes` before `offset` open the text of a module, a class or a function."""
    low = max(0, offset - _DOCSTRING)
    quote = text.rfind(quotes, low, offset)
    if quote < 0:
        return False
    opening = _OPENING.search(text, max(low, quote - 80), quote + 3)
    if opening is None:
        return False
    before = text[max(0, opening.start() - _LINE) : opening.start()].rstrip()
    if _SIGNATURE.fullmatch(before, before.rfind("\n") + 1) or opening["name"]:
        return True
    if opening["indentation"] and _ATTRIBUTE.fullmatch(before, before.rfind("\n") + 1):
        return (
            text.count(quotes, 0, quote) % 2 == 0
        )  # else these quotes end a string whose last line is like an attribute
    if opening.start() > _DOCSTRING:
        return False
    return all(not line.strip() or line.startswith("#") for line in text[: opening.start()].split("\n"))
