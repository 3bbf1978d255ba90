"""What a quality corpus is made of: texts in which it is known, to the character, what should be found."""

from __future__ import annotations

import re

from attrs import evolve, frozen

from tightlip.finding import Span

OPEN, CLOSE, CUT = "\ue000", "\ue001", "\ue002"
"""Marks around a planted value while a text is being put together, and where a value is cut into pieces."""


@frozen
class Planted:
    """One value that should be found."""

    label: str
    """Tier of a secret, entity of personal data."""
    kind: str
    """What it is, more closely: `github-pat`, or the name of the field it stands in."""
    pieces: tuple[Span, ...]
    """Where it stands, in the order of the text; several where the syntax takes it apart (`"abc" + "def"`)."""

    around: Span | None = None
    """A wider stretch that is as good: a whole PEM block, where its body is the secret."""

    @property
    def hull(self) -> Span:
        """From the first piece's start to the last one's end."""
        return Span(self.pieces[0].start, self.pieces[-1].end)


@frozen
class Sample:
    """One file of a corpus."""

    path: str
    """Relative, with `/`; it says which language the text is in."""
    text: str
    planted: tuple[Planted, ...] = ()
    """What should be found; nothing else in the text should be."""
    syntax: str = ""
    """How the values are written, or what the near miss is."""

    def moved_to(self, path: str) -> Sample:
        """The same text under another path."""
        return evolve(self, path=path)


def marked(value: str) -> str:
    """The value between marks, unless a part of it is marked already."""
    return value if OPEN in value else f"{OPEN}{value}{CLOSE}"


def sample(path: str, text: str, *, label: str = "", kind: str = "", syntax: str = "") -> Sample:
    """A sample of a text with marks, which are taken out.

    Each marked stretch is a planted value, one with cuts in it a value of several pieces.
    """
    plain: list[str] = []
    size = 0
    planted: list[Planted] = []
    pieces: list[Span] = []
    start = -1
    for part in re.split(f"([{OPEN}{CLOSE}{CUT}])", text):
        if part == OPEN:
            # a cut value's next stretch goes on with the same list
            start = size
        elif part in (CLOSE, CUT):
            pieces.append(Span(start, size))
            start = -1
            if part == CLOSE:
                planted.append(Planted(label, kind, tuple(pieces)))
                pieces = []
        else:
            plain.append(part)
            size += len(part)
    if start >= 0 or pieces:
        raise ValueError(f"a mark is not closed in {path}")
    whole = "".join(plain)
    return Sample(path, whole, tuple(evolve(one, around=_block(whole, one.hull)) for one in planted), syntax)


_BEGIN = re.compile(r"-----BEGIN [A-Z ]+-----(?:\\+n|\W)*\Z")
_END = re.compile(r"(?:\\+n|\W)*-----END [A-Z ]+-----")


def _block(text: str, body: Span) -> Span | None:
    """The PEM block around a body (RFC 7468), however its line ends are written."""
    low = max(0, body.start - 80)
    begin, end = _BEGIN.search(text[low : body.start]), _END.match(text, body.end)
    return Span(low + begin.start(), end.end()) if begin and end else None
