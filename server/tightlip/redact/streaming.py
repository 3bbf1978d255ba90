"""Restores an answer while it is still coming."""

from __future__ import annotations

import re

from tightlip.redact.mapping import Form, Mapping
from tightlip.redact.placeholder import INVISIBLE
from tightlip.redact.quoting import LOOKBACK
from tightlip.redact.restore import Restoration, Writer
from tightlip.syntax.language import Language

_LETTER = rf"[A-Za-z0-9_\-\\%&#;{INVISIBLE}\u2010-\u2013]"
_LINE = r"[ \t]*\\?(?:\r\n|\n|\r)[ \t]*(?:(?:[>#*|/]|//|--?)[ \t]*)?"
_REST = rf"[{INVISIBLE}\\%&_\-\u2010-\u2013 \t\r\n]{_LETTER}*(?:{_LINE}{_LETTER}*)?[ \t]*"
_TOKEN_PART = re.compile(rf"[\"']?(?:[Tt](?:[{INVISIBLE}]*(?:[Ll](?:{_REST})?)?)?[\"']?)?\Z")
_NUMBER_PART = re.compile(r"[\w.]*[0-9][\w.]*\Z")


class StreamingRestorer:
    """Restores text that comes in pieces of any size; holds back at most what a token of the mapping can take.

    The pieces given out, joined, are what `restore` makes of the pieces taken in, joined (a token stretched by more invisible
    characters or line ends than it has characters itself is left as it is).
    """

    def __init__(self, mapping: Mapping, language: Language | None = None):
        self._writer = Writer(mapping, language)
        self._limit = self._writer.hold
        self._numbers = any(entry.form is Form.NUMBER for entry in mapping.entries())
        self._before = ""
        self._held = ""

    def feed(self, text: str) -> str:
        """Take in the next piece; gives out what can be told already, which may be nothing."""
        self._held += text
        return self._give(self._certain())

    def finish(self) -> Restoration:
        """The rest, and the account of the whole stream. The text of the result is only what was still held back."""
        rest = self._give(len(self._held))
        writer = self._writer
        return Restoration(rest, writer.restored, tuple(writer.unknown), tuple(writer.leftover))

    def _certain(self) -> int:
        """How much of what is held cannot be the beginning of a token any more."""
        held = self._held
        least = max(len(held) - self._limit, 0)
        part = _TOKEN_PART.search(held, least)
        certain = part.start() if part else len(held)
        if self._numbers:
            number = _NUMBER_PART.search(held, least)
            certain = min(certain, number.start() if number else certain)
        return certain

    def _give(self, size: int) -> str:
        text = self._before + self._held
        start = len(self._before)
        given = "".join(self._writer.pieces(text, start, start + size))
        reached = self._writer.reached
        line = max(text.rfind("\n", 0, reached), text.rfind("\r", 0, reached), reached - LOOKBACK - 1) + 1
        self._before = text[min(line, max(reached - 1, 0)) : reached]
        self._held = text[reached:]
        return given
