"""Lines of a text as the Language Server Protocol counts them: ended by \\n, \\r\\n or \\r and by nothing else."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

_END = re.compile(r"\r\n|\n|\r")


def line_starts(text: str) -> list[int]:
    """Offset (code points) of the first character of every line; a text has at least one line."""
    if "\r" not in text:
        starts = [0]
        position = text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = text.find("\n", position + 1)
        return starts
    return [0, *(match.end() for match in _END.finditer(text))]


class LineIndex:
    """Line and column (both from 0, columns in code points) of offsets in one text."""

    __slots__ = ("starts", "text")

    def __init__(self, text: str):
        self.text = text
        self.starts = line_starts(text)

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset; an offset outside the text is taken as its nearest end."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self.starts, offset) - 1
        return line, offset - self.starts[line]

    def offset(self, line: int, column: int) -> int:
        """Offset of a place; a place outside the text or its line is taken as the nearest end."""
        if line < 0:
            return 0
        if line >= len(self.starts):
            return len(self.text)
        return min(self.starts[line] + max(column, 0), self.line_end(line))

    def line_end(self, line: int) -> int:
        """Offset behind the last character of a line, its line end not counted."""
        if line + 1 >= len(self.starts):
            return len(self.text)
        end = self.starts[line + 1]
        if self.text[end - 2 : end] == "\r\n":
            return end - 2
        return end - 1

    def line_text(self, line: int) -> str:
        """The text of a line without its line end."""
        return self.text[self.starts[line] : self.line_end(line)]

    def lines(self, offsets: Iterable[int]) -> Iterator[int]:
        """Line of each offset."""
        starts = self.starts
        for offset in offsets:
            yield bisect_right(starts, offset) - 1
