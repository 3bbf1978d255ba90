"""Several names and values in one assignment: `user, password = "x", "y"`. Which value is whose is told by their order."""

from __future__ import annotations

from tightlip.finding import Span
from tightlip.syntax.language import Language
from tightlip.syntax.lazy import lazy
from tightlip.syntax.literal import Literal, literal_at

_REACH = 300
_MOST = 12
_NAMES = lazy(
    r"[ \t]*(?:(?:let|var|const|val|local|my|auto|final)[ \t]+)?(?:mut[ \t]+)?[(\[]?[ \t]*"
    r"(?P<names>[$@*]?[\w.]{1,64}(?:[ \t]*,[ \t]*[$@*]?[\w.]{1,64}){1,11})[ \t]*[)\]]?[ \t]+:?=[ \t]*(?P<open>[(\[]?)[ \t]*"
)
_NAME = lazy(r"[\w.]+")
_OTHER = lazy(r"[^,\s()\[\]{}\"'`=#;]{1,128}(?:\([^()\n]{0,128}\)){0,2}")
_NEXT = lazy(r"[ \t]*,[ \t]{0,64}")
_END = lazy(r"[ \t]*(?:[;#\r\n]|//|--|\Z)")


def unpacked(text: str, value: int, language: Language) -> list[tuple[Span, Literal]]:
    """Names and literals of the assignment whose first value, with prefix and quote, begins at `value` (code points).

    Values that are no quoted literals are passed over. Empty where one name stands before the sign, or where names and values
    are not equally many. A sign without a space before it is that of a keyword argument.
    """
    low = max(0, value - _REACH)
    line = text.rfind("\n", low, value) + 1
    if language.family != "code" or line < low or text.find(",", line, value) < 0:
        return []
    if not text[line:value].rstrip(" \t([").endswith("="):
        return []
    head = _NAMES.match(text, line, value)
    if head is None or head.end() != value:
        return []
    names = [Span(*match.span()) for match in _NAME.finditer(text, *head.span("names"))]
    values, end = _values(text, value, language)
    if head["open"]:
        end += text[end : end + 1] in ")]"
    if len(names) != len(values) or _END.match(text, end) is None:
        return []
    return [(one, literal) for one, literal in zip(names, values, strict=True) if literal is not None]


def _values(text: str, start: int, language: Language) -> tuple[list[Literal | None], int]:
    """The elements of a list of expressions, None for one that is no quoted literal, and where the last ends."""
    values: list[Literal | None] = []
    while len(values) <= _MOST:
        literal = literal_at(text, start, language)
        if literal is not None and literal.quote:
            values.append(literal)
            start = literal.span.end + len(literal.quote)
        elif (other := _OTHER.match(text, start)) is not None:
            values.append(None)
            start = other.end()
        else:
            break
        comma = _NEXT.match(text, start)
        if comma is None:
            break
        start = comma.end()
    return values, start
