"""Puts values back where their tokens stand, in one pass over a text that a model may have rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Mapping_
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote as percent_encode

from attrs import field, frozen

from tightlip.finding import Span
from tightlip.redact.mapping import Entry, Form, Mapping
from tightlip.redact.placeholder import BODY, INVISIBLE, LONGER, TOKEN
from tightlip.redact.quoting import escape, needs_care, open_quote, quote_in
from tightlip.redact.tokens import BARE_NUMBER
from tightlip.syntax.language import Language

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


@frozen
class Leftover:
    """Something in the restored text that looks like a damaged token and was left as it is."""

    span: Span
    """Range of the restored text."""
    token: str
    """What stands there."""
    nearest: str | None
    """The token of the mapping it most resembles, or None."""


@frozen
class Restoration:
    """A text with its values back."""

    text: str = field(repr=False)
    restored: int
    """How many tokens were replaced."""
    unknown: tuple[str, ...] = ()
    """Tokens that are well formed and not in the mapping, each once, in order."""
    leftover: tuple[Leftover, ...] = ()


def restore(text: str, mapping: Mapping, language: Language | None = None) -> Restoration:
    """Put the originals back for all tokens of `mapping` in `text`.

    Accepts tokens in another case, with hyphens for underscores, with escaped or percent-encoded underscores, with invisible
    characters inside and broken by a line end. A value that holds quotes, backslashes or control characters is written as
    the literal it lands in needs it: as JSON and most languages do, or doubling quotes if `language` is SQL or CSV. What is
    put in is never looked at again: no `$1`, no backslash, no token inside a value means anything.
    """
    writer = Writer(mapping, language)
    restored = "".join(writer.pieces(text, 0, len(text)))
    return Restoration(restored, writer.restored, tuple(writer.unknown), tuple(writer.leftover))


def restore_json(data: Json, mapping: Mapping) -> Json:
    """The same for every string (keys too) of decoded JSON, such as the arguments of a tool call."""
    if isinstance(data, str):
        return restore(data, mapping).text
    if isinstance(data, list):
        return [restore_json(item, mapping) for item in data]
    if isinstance(data, dict):
        return {restore(name, mapping).text: restore_json(item, mapping) for name, item in data.items()}
    return data


_INVISIBLE = f"[{INVISIBLE}]"
_BREAK = r"[ \t]*\\?(?:\r\n|\n|\r)[ \t]*(?:(?:[>#*|]|//|--)[ \t]*)?"
_SEPARATOR = r"\\?[_\-]|[\u2010-\u2013]|%(?:25)?5[Ff]|%2[Dd]|&#95;"
_START = re.compile(rf"[Tt]{_INVISIBLE}*[Ll]{_INVISIBLE}*(?:{_BREAK})?(?:{_SEPARATOR})")
_STEP = re.compile(rf"(?P<letter>[A-Za-z0-9])|(?P<separator>{_SEPARATOR})|(?P<hidden>{_INVISIBLE}+)|(?P<line>{_BREAK})")
_EXACT = re.compile(rf"TL_[A-Z0-9_]{{1,80}}_[{BODY}]{{6,12}}(?![A-Za-z0-9_])")
_LONGEST_BREAK = 8


class _Read(NamedTuple):
    """A token as far as it was read: its plain form, where it ends in the text, whether a line end or `%5F` is in it."""

    plain: str
    end: int
    broken: bool
    encoded: bool


class Writer:
    """Restores ranges of texts with one mapping and keeps count."""

    def __init__(self, mapping: Mapping, language: Language | None = None):
        self.mapping = mapping
        self.language = language
        self.restored = 0
        self.unknown: dict[str, None] = {}
        self.leftover: list[Leftover] = []
        self.longest = max((len(entry.token) for entry in mapping.entries()), default=0)
        self.size = 0
        """Code points written so far."""
        self.reached = 0
        self._scanner = _scanner(any(entry.form is Form.NUMBER for entry in mapping.entries()))
        self._names = sorted({entry.type for entry in mapping.entries()}, key=len, reverse=True)
        self._vague = _vague(tuple(self._names))
        self._heads = _heads(tuple(self._names))

    @property
    def hold(self) -> int:
        """Code points a token of the mapping takes at most, however its underscores are written."""
        return max((len(e.token) + 4 * e.token.count("_") for e in self.mapping.entries()), default=0) + _LONGEST_BREAK

    def pieces(self, text: str, start: int, end: int) -> Iterator[str]:
        """The restored text of the range, in pieces; `reached` then tells where it ends, which may be behind `end`.

        What stands before `start` tells which quote is open, what stands behind `end` where a token ends.
        """
        position = start
        while position < end:
            match = self._scanner.search(text, position)
            if match is None or match.start() >= end:
                break
            found = self._number(match) if match.lastgroup == "number" else self._token(text, match.start())
            if found is None:
                step = min(match.end(), end) if match.lastgroup == "number" else match.start() + 1
                yield from self._plain(text[position:step])
                position = step
                continue
            entry, stop, encoded = found
            begin = match.start()
            if entry is None:
                yield from self._plain(text[position:begin])
                yield from self._keep(text[begin:stop])
            else:
                self.restored += 1
                quoted = entry.form is Form.QUOTED and position < begin and text[begin - 1 : begin] in ('"', "'")
                if quoted and text[begin - 1] == text[stop : stop + 1]:
                    begin, stop = begin - 1, stop + 1
                yield from self._plain(text[position:begin])
                yield self._written(self._original(entry, text, begin, encoded))
            position = stop
        if position < end:
            yield from self._plain(text[position:end])
        self.reached = max(position, end)

    def _number(self, match: re.Match[str]) -> tuple[Entry, int, bool] | None:
        entry = self.mapping.lookup(match[0])
        return (entry, match.end(), False) if entry else None

    def _token(self, text: str, start: int) -> tuple[Entry | None, int, bool] | None:
        """The entry of the token that begins at `start` and where it ends; None for the entry if it is not known."""
        exact = _EXACT.match(text, start)
        if exact is not None and (entry := self.mapping.lookup(exact[0])) is not None:
            return entry, exact.end(), False
        reads = _read(text, start, self.longest, self._heads)
        for read in sorted(reads, key=lambda one: (one.broken, -len(one.plain))):
            entry = self.mapping.lookup(read.plain)
            if entry is not None:
                # a longer token that is not known here: redaction lets no such text follow a token of its own
                longer = None if read.broken else LONGER.match(text, read.end)
                if longer is None:
                    return entry, read.end, read.encoded
                self.unknown.setdefault(read.plain + longer[0])
                return None, longer.end(), False
        for read in sorted(reads, key=lambda one: (one.broken, -len(one.plain))):
            corrected = self._corrected(read.plain)
            if corrected is not None:
                return corrected, read.end, read.encoded
        return self._strange(text, start, reads)

    def _corrected(self, plain: str) -> Entry | None:
        """The entry meant by a token in which O, I, L or U, which no token has, was read for 0, 1 or V."""
        head, _, body = plain.rpartition("_")
        if len(body) < 6 or not set(body) & set("OILU"):
            return None
        return self.mapping.lookup(f"{head}_{body.translate(_MISREAD)}")

    def _strange(self, text: str, start: int, reads: list[_Read]) -> tuple[None, int, bool] | None:
        """The end of what looks like a token and is none of the mapping."""
        unbroken = [read for read in reads if not read.broken]
        whole = TOKEN.match(text, start)
        if not unbroken or whole is not None:
            if whole is not None:
                self.unknown.setdefault(whole[0])
            return None if whole is None else (None, whole.end(), False)
        inner = unbroken[-1].plain.find("TL_", 3)
        most = min(inner, self.longest) if inner >= 0 else self.longest
        last = next((read for read in reversed(unbroken) if len(read.plain) <= most), unbroken[0])
        if TOKEN.fullmatch(last.plain) is not None:
            self.unknown.setdefault(last.plain)
            return None, last.end, False
        known_type = any(last.plain == f"TL_{name}" or last.plain.startswith(f"TL_{name}_") for name in self._names)
        return (None, last.end, False) if known_type else None

    def _original(self, entry: Entry, text: str, start: int, encoded: bool) -> str:
        if encoded:
            return percent_encode(entry.value, safe="", errors="replace")
        if not needs_care(entry.original) and not needs_care(entry.value):
            return entry.original
        quote = quote_in(open_quote(text, start), self.language)
        known = quote in entry.quotes if self.language else quote[0] in {character for character, _ in entry.quotes}
        return entry.original if known else escape(entry.value, quote)

    def _keep(self, token: str) -> Iterator[str]:
        """A damaged or unknown token, left as it is and reported if it resembles a known one."""
        plain = _plain_form(token)
        nearest = self._nearest(plain)
        if nearest is not None or TOKEN.fullmatch(plain) is None:
            self.leftover.append(Leftover(Span(self.size, self.size + len(token)), token, nearest))
        yield self._written(token)

    def _plain(self, text: str) -> Iterator[str]:
        """Text without tokens; tokens that lost their underscores are reported."""
        if self._vague is not None:
            for match in self._vague.finditer(text):
                nearest = self._nearest(_plain_form(match[0]))
                if nearest is not None:
                    span = Span(self.size + match.start(), self.size + match.end())
                    self.leftover.append(Leftover(span, match[0], nearest))
        yield self._written(text)

    def _written(self, text: str) -> str:
        self.size += len(text)
        return text

    def _nearest(self, plain: str) -> str | None:
        """The token of the mapping that differs from `plain` in at most two characters, separators aside."""
        wanted = plain.replace("_", "").replace(" ", "")
        best, best_distance = None, 3
        for entry in self.mapping.entries():
            compact = entry.token.replace("_", "")
            if (
                entry.form is not Form.NUMBER
                and abs(len(compact) - len(wanted)) < best_distance
                and compact[:4] == wanted[:4]
            ):
                distance = _distance(compact, wanted, best_distance)
                if distance < best_distance:
                    best, best_distance = entry.token, distance
        return best


_MISREAD = str.maketrans("OILU", "011V")
_JUNK = re.compile(rf"{_INVISIBLE}|{_BREAK}")


def _read(text: str, start: int, longest: int, heads: Mapping_[str, bool]) -> list[_Read]:
    """All beginnings of a token at `start`, shortest first, that end with a letter or digit.

    Reading goes on behind `longest` characters as far as the beginning of another token would show, and ends where the type
    can be none of the mapping's: `heads` are the beginnings of its tokens.
    """
    opening = _START.match(text, start)
    if opening is None:
        return []
    plain = "TL_"
    broken = "\n" in opening[0] or "\r" in opening[0]
    encoded = "%" in opening[0]
    typed = False
    position = opening.end()
    reads: list[_Read] = []
    while len(plain) < longest + len("TL_") and (step := _STEP.match(text, position)) is not None:
        position = step.end()
        kind = step.lastgroup
        if kind == "line":
            if broken:
                break
            broken = True
        if kind not in ("letter", "separator"):
            continue
        plain += step[0].upper() if kind == "letter" else "_"
        encoded = encoded or (kind == "separator" and "%" in step[0])
        if not typed:
            typed = heads.get(plain, False)
            if not typed and plain not in heads:
                return []
        if kind == "letter":
            reads.append(_Read(plain, position, broken, encoded))
    return reads


@lru_cache(maxsize=32)
def _heads(names: tuple[str, ...]) -> Mapping_[str, bool]:
    """Every beginning of `TL_TYPE_` for the types; true for a whole one."""
    heads: dict[str, bool] = {}
    for name in names:
        head = f"TL_{name}_"
        for size in range(3, len(head)):
            heads.setdefault(head[:size], False)
        heads[head] = True
    return heads


def _plain_form(token: str) -> str:
    bare = _JUNK.sub("", token)
    return re.sub(_SEPARATOR, "_", bare).upper()


@lru_cache(maxsize=2)
def _scanner(numbers: bool) -> re.Pattern[str]:
    return re.compile(f"{_START.pattern}|(?P<number>{BARE_NUMBER.pattern})") if numbers else _START


@lru_cache(maxsize=32)
def _vague(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """Tokens whose underscores were dropped or became spaces: `TlEmail7f3k2q`, `TL EMAIL 7F3K2Q`."""
    if not names:
        return None
    types = "|".join(re.escape(name).replace("_", " ?") for name in names)
    return re.compile(rf"(?i)(?<![A-Za-z0-9])TL ?(?:{types}) ?[0-9A-Z]{{5,12}}(?![A-Za-z0-9])")


def _distance(one: str, other: str, limit: int) -> int:
    """Levenshtein distance, or `limit` if it is not below it."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
        if min(row) >= limit:
            return limit
    return min(row[-1], limit)
