"""What makes two writings of a term the same: case, spelling, what stands between its words, and where a word ends.

A text is folded once: lower case as Unicode folds it, German sharp s as `ss`, all four letters i of Turkish as `i`, accents
composed, characters that take no room left out. Positions of the folded text lead back to the text.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right

from tightlip.syntax.lazy import lazy

_INVISIBLE = "\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff"
_UNSEEN = lazy(f"[{_INVISIBLE}]")
_MARKS = "\u0300-\u036f"
_SPECIAL = lazy(
    # accents that are apart from their letter, what takes no room, what folds to more than one letter
    f"[{_MARKS}](?:[{_INVISIBLE}]*[{_MARKS}])*|[{_INVISIBLE}]+"
    "|[\u00df\u0130\u0131\u0149\u01f0\u0390\u03b0\u0587\u1e96-\u1e9e\u1f50-\u1fff\ufb00-\ufb17]"
)
_ASCII = bytes(range(0x80))
_SPACE = "[^\\S\\r\\n]"
_DASH = "[-_\u2010-\u2015]"
_LINE_END = r"\r?\n"
BETWEEN = (
    rf"(?:{_SPACE}{{0,40}}(?:{_DASH}{{1,3}}{_SPACE}{{0,9}})?|[./\\+]|%20"
    rf"|{_SPACE}{{0,90}}{_LINE_END}(?:{_SPACE}{{0,90}}{_LINE_END})?{_SPACE}{{0,90}}(?:[#*/;%>|!'\"-]{{1,4}}{_SPACE}{{0,9}})?)"
)
"""What may stand between two words of a term: spaces, a dash, `_`, one sign of paths and names, a line end and the sign that
begins the next line of a comment, or nothing (`ProjectFalcon`)."""
BETWEEN_LONGEST = 300
"""Code points of it, at most."""
_JOINT = lazy(rf"(?<=[^\s_\-\u2010-\u2015])(?:\s|{_DASH})+(?=[^\s_\-\u2010-\u2015])")


def words_of(term: str) -> list[str]:
    """The words of a term as they are written: spaces, dashes and `_` between them are no part of them."""
    return _JOINT.sub("\n", as_written(term).strip()).split("\n")


def as_written(text: str) -> str:
    """A text in which only the encoding of its letters is levelled: accents composed, nothing that takes no room."""
    return text if text.isascii() else unicodedata.normalize("NFC", _UNSEEN.sub("", text))


class Folded:
    """A text with the differences taken out that do not count."""

    def __init__(self, text: str):
        self._from: list[int] = []
        self._to: list[int] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        if text.isascii():
            self.text = text.lower()
            """The folded text."""
            return
        data = text.encode("utf-8", "surrogatepass")
        beyond = data.translate(None, _ASCII).decode("utf-8", "surrogatepass")
        if _SPECIAL.search(beyond) is None:
            # bytes are lowered in a tenth of the time
            is_low = beyond.casefold() == beyond
            self.text = data.lower().decode("utf-8", "surrogatepass") if is_low else text.casefold()
            return
        parts: list[str] = []
        size = end = 0
        for match in _SPECIAL.finditer(text):
            start = match.start()
            if start > end and "\u0300" <= text[start] <= "\u036f":
                start -= 1
            before, new = text[end:start].casefold(), _folded(text[start : match.end()])
            end = match.end()
            parts += before, new
            self._from.append(size + len(before))
            size += len(before) + len(new)
            self._to.append(size)
            self._starts.append(start)
            self._ends.append(end)
        parts.append(text[end:].casefold())
        self.text = "".join(parts)

    def start(self, place: int) -> int:
        """The code point of the text at which the folded character at `place` begins."""
        index = bisect_right(self._from, place) - 1
        if index < 0:
            return place
        return self._starts[index] if place < self._to[index] else place - self._to[index] + self._ends[index]

    def end(self, place: int) -> int:
        """The code point of the text behind the folded character before `place`."""
        index = bisect_left(self._from, place) - 1
        if index < 0:
            return place
        return max(place - self._to[index], 0) + self._ends[index]

    def is_edge(self, place: int) -> bool:
        """Whether `place` lies between two characters of the text, and not within what one of them folds to."""
        index = bisect_right(self._from, place) - 1
        return index < 0 or place == self._from[index] or place >= self._to[index]


def fold(text: str) -> str:
    """A text folded."""
    return text.lower() if text.isascii() else Folded(text).text


def _folded(special: str) -> str:
    visible = _UNSEEN.sub("", special)
    if visible in ("\u0130", "\u0131", "i\u0307", "I\u0307"):
        return "i"
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", visible).casefold())


def whole(text: str, start: int, end: int) -> int:
    """Where [start, end) ends if it is no part of a longer word, else -1.

    Words end at signs and `_`, where small letters become capitals (`FalconClient`) and where letters become digits
    (`falcon2`); digits end only at signs. An English plural is the word too: `falcons` is one longer. Scripts that are
    written without spaces have no words to respect.
    """
    return _right(text, start, end) if _left_is_free(text, start, end) else -1


def _left_is_free(text: str, start: int, end: int) -> bool:
    before, first = text[start - 1 : start], text[start]
    if not is_word(before) or not is_word(first):
        return True
    if first.isdigit():
        return False
    if before.isdigit():
        return True
    if not first.isupper():
        return False
    return not before.isupper() or (end > start + 1 and text[start + 1].islower())


def _right(text: str, start: int, end: int) -> int:
    if _ends(text, end):
        return end
    after, last = text[end], text[end - 1]
    capitals = last.isupper() and end - start > 1
    plural = is_word(last) and not last.isdigit() and (after == "s" or (after == "S" and capitals))
    return end + 1 if plural and _ends(text, end + 1) else -1


def _ends(text: str, end: int) -> bool:
    last, after = text[end - 1], text[end : end + 1]
    if _is_mark(after):
        return False
    if not is_word(after) or not is_word(last):
        return True
    if last.isdigit():
        return False
    if after.isdigit():
        return True
    if not after.isupper():
        return False
    return not last.isupper() or text[end + 1 : end + 2].islower()


_NO_SPACES = lazy("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Thai, Lao, Burmese, Khmer, and all of East Asia."""


def is_word(c: str) -> bool:
    """Whether a character makes a word longer; no character (an empty text) does not."""
    return bool(c) and (c.isalnum() or _is_mark(c)) and (c.isascii() or _NO_SPACES.match(c) is None)


def _is_mark(c: str) -> bool:
    return not c.isascii() and unicodedata.category(c)[0] == "M" and _NO_SPACES.match(c) is None
