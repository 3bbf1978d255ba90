"""The texts a client has open: lines, positions, edits.

Lines end with \\n, \\r\\n or \\r and with nothing else, columns are counted in the units the client chose: Language Server
Protocol 3.17, "Text Documents" and "PositionEncodingKind".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from attrs import frozen
from lsprotocol import types as lsp

from tightlip.editor.line_starts import LineStarts
from tightlip.finding import Span
from tightlip.syntax.lines import line_starts

UTF8, UTF16, UTF32 = "utf-8", "utf-16", "utf-32"

_LINE_END = re.compile(r"\r\n|\n|\r")
_CONTINUATION = bytes(range(0x80, 0xC0))


class LinedText:
    """A text with its line index. Never changes: an edit makes a new one, so that a snapshot may go to any thread."""

    __slots__ = ("_wide", "encoding", "starts", "text")

    def __init__(self, text: str, encoding: str = UTF16):
        """`encoding` is the client's unit of columns: `utf-8`, `utf-16` or `utf-32`."""
        text = _paired(text)
        self._set(text, LineStarts(line_starts(text)), encoding, _is_wide(text, encoding))

    def _set(self, text: str, starts: LineStarts, encoding: str, wide: bool) -> None:
        self.text = text
        self.starts = starts
        self.encoding = encoding
        self._wide = wide

    @property
    def line_count(self) -> int:
        """Number of lines; an empty text has one."""
        return len(self.starts)

    def line_end(self, line: int) -> int:
        """Offset behind the last character of a line, its line end not counted."""
        if line + 1 >= len(self.starts):
            return len(self.text)
        end = self.starts[line + 1]
        return end - 2 if end - self.starts[line] >= 2 and self.text.startswith("\r\n", end - 2) else end - 1

    def offset(self, line: int, character: int) -> int:
        """Offset (code points) of a position.

        A place outside the text or its line is taken as the nearest end, a column inside a character as its start.
        """
        if line < 0 or not self.text:
            return 0
        if line >= len(self.starts):
            return len(self.text)
        start, end = self.starts[line], self.line_end(line)
        if character <= 0:
            return start
        stop = min(start + character, end)
        if not self._wide:
            return stop
        return start + _code_points(self.text[start:stop], character, self.encoding)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset; an offset inside a line end is taken as the end of its line."""
        return self.positions((offset,))[0]

    def positions(self, offsets: Iterable[int]) -> list[tuple[int, int]]:
        """Line and column of each offset.

        One pass over the text when the offsets ascend, so that many findings on one long line cost no more than one.
        """
        text, starts, size = self.text, self.starts, len(self.text)
        found: list[tuple[int, int]] = []
        line, line_stop, known, column = -1, -1, 0, 0
        for offset in offsets:
            at = min(max(offset, 0), size)
            if line < 0 or not starts[line] <= at < line_stop or at < known:
                line = starts.line_at(at)
                line_stop = starts[line + 1] if line + 1 < len(starts) else size + 1
                known, column = starts[line], 0
            stop = min(at, self.line_end(line))
            if stop > known:
                column += _units(text[known:stop], self.encoding) if self._wide else stop - known
                known = stop
            found.append((line, column))
        return found

    def span(self, range_: lsp.Range) -> Span:
        """Span of a client's range; one that runs backwards is turned round."""
        start = self.offset(range_.start.line, range_.start.character)
        end = self.offset(range_.end.line, range_.end.character)
        return Span(start, end) if start <= end else Span(end, start)

    def range(self, span: Span) -> lsp.Range:
        """A client's range of a span."""
        return self.ranges((span,))[0]

    def ranges(self, spans: Sequence[Span]) -> list[lsp.Range]:
        """A client's range of each span, in one pass when the spans ascend and do not overlap."""
        places = self.positions(offset for span in spans for offset in span)
        return [
            lsp.Range(lsp.Position(*places[index]), lsp.Position(*places[index + 1]))
            for index in range(0, len(places), 2)
        ]

    def replaced(self, span: Span, new: str) -> LinedText:
        """This text with `new` in place of `span`."""
        start, end = span
        text = self.text
        if start and _is_high(text[start - 1]):
            start -= 1
            new = text[start] + new
        if end < len(text) and _is_low(text[end]):
            new += text[end]
            end += 1
        new = _paired(new)
        edited = "".join((text[:start], new, text[end:]))
        stop = start + len(new)
        found = [match.end() for match in _LINE_END.finditer(edited, max(start - 1, 0), stop + 1)]
        result = LinedText.__new__(LinedText)
        result._set(
            edited,
            self.starts.replaced(start, end, [offset for offset in found if start <= offset <= stop], stop - end),
            self.encoding,
            self._wide or _is_wide(new, self.encoding),
        )
        return result

    def changed(self, change: lsp.TextDocumentContentChangeEvent) -> LinedText:
        """This text after one content change of `textDocument/didChange`, whole or partial."""
        if isinstance(change, lsp.TextDocumentContentChangePartial):
            return self.replaced(self.span(change.range), change.text)
        return LinedText(change.text, self.encoding)


@frozen
class OpenDocument:
    """One document a client has open, as it is at one moment."""

    uri: str
    language_id: str
    version: int
    lined: LinedText
    revision: int
    """Grows with every change of any document; a client's version may stand still or start again."""
    path: str | None = None
    """Absolute path of the file (of the notebook for a cell), or None for a buffer that has none."""
    notebook: str | None = None
    """URI of the notebook a cell belongs to."""

    @property
    def text(self) -> str:
        """The whole text."""
        return self.lined.text


def _is_wide(text: str, encoding: str) -> bool:
    """Whether a character of `text` may take more than one unit."""
    if encoding == UTF32 or text.isascii():
        return False
    return encoding == UTF8 or len(text.encode("utf-16-le", "surrogatepass")) != 2 * len(text)


def _units(text: str, encoding: str) -> int:
    if text.isascii():
        return len(text)
    if encoding == UTF8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _code_points(text: str, units: int, encoding: str) -> int:
    """How many whole characters of `text` lie within its first `units` units."""
    if text.isascii():
        return min(units, len(text))
    if encoding == UTF8:
        data = text.encode("utf-8", "surrogatepass")
        if units >= len(data):
            return len(text)
        inside = 0x80 <= data[units] < 0xC0
        return len(data[:units].translate(None, _CONTINUATION)) - inside
    data = text.encode("utf-16-le", "surrogatepass")
    if 2 * units >= len(data):
        return len(text)
    count = len(data[: 2 * units].decode("utf-16-le", "surrogatepass"))
    inside = 0xD8 <= data[2 * units - 1] < 0xDC and ord(text[count - 1]) > 0xFFFF
    return count - inside


def _is_high(character: str) -> bool:
    return "\ud800" <= character <= "\udbff"


def _is_low(character: str) -> bool:
    return "\udc00" <= character <= "\udfff"


_SPLIT_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def _paired(text: str) -> str:
    """`text` with the two halves of a character that came in two pieces put together, as the client shows them."""
    if text.isascii() or not _SPLIT_PAIR.search(text):
        return text
    return _SPLIT_PAIR.sub(lambda pair: pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"), text)
