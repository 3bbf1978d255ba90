"""Where values that are already known stand in a text, also encoded: the backstop behind the detector."""

from __future__ import annotations

import base64
import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from attrs import field, frozen

from tightlip.finding import RuleId, Span
from tightlip.redact.placeholder import INVISIBLE

LEAST = 6
"""Code points a value must have to be looked for elsewhere; shorter ones stand in too many innocent places."""

_WHOLE_SECRET = 12
_LEAST_BASE64 = 12
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_ESCAPED = re.compile(r"[\"\\\x00-\x1f]")
_HEX = re.compile(r"%[0-9A-F]{2}")
_UUID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/_-]*={0,2}")


@frozen
class Known:
    """A value that must not stay, in one way it may be written."""

    type: str
    normal: str = field(repr=False)
    secret: bool
    rule: RuleId
    encoded: bool = False
    """Whether this is the start of a base64 text: what stands behind it belongs to it."""


def spellings(value: str, known: Known) -> Iterator[tuple[str, Known]]:
    """The ways a value may be written besides as it is: percent-encoded, JSON-escaped, in base64 (its certain beginning).

    Values shorter than `LEAST` give none.
    """
    if len(value) < LEAST:
        return
    if not (value.isascii() and value.isalnum()):
        percent = quote(value, safe="", errors="replace")
        ways = {percent, percent.replace("%20", "+"), percent.replace("%40", "@").replace("%3A", ":")}
        ways |= {_HEX.sub(lambda one: one[0].lower(), way) for way in ways}
        if not value.isascii() or _ESCAPED.search(value):
            ways |= {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
        yield from ((way, known) for way in sorted(ways - {value}))
    data = value.encode("utf-8", "replace")
    if len(data) >= _LEAST_BASE64:
        start = Known(known.type, known.normal, known.secret, known.rule, encoded=True)
        way = base64.b64encode(data)[: len(data) * 8 // 6].decode()
        yield way, start
        if "+" in way or "/" in way:
            yield way.replace("+", "-").replace("/", "_"), start


def occurrences(text: str, known: Mapping[str, Known], taken: Iterable[Span]) -> list[tuple[Span, Known]]:
    """Where known values stand outside the `taken` spans (sorted), in order, none overlapping another.

    One pass; of two values that begin at one place the longer is taken. A value counts where it is not part of a larger
    word, number or UUID; a secret of twelve characters or more counts everywhere, since all of it is there to be read.
    Personal data counts in any case (`ANNA@ACME.PL`), a secret only as it is.
    """
    if not known:
        return []
    found = list(_scan(text, known, list(taken)))
    if _INVISIBLE.search(text):
        found = _with_invisible(text, known, list(taken), found)
    return found


def _scan(text: str, known: Mapping[str, Known], taken: list[Span]) -> Iterator[tuple[Span, Known]]:
    lower = _lower(text)
    index: dict[str, list[tuple[str, str, Known]]] = {}
    for value, one in known.items():
        if len(value) >= LEAST:
            low = _lower(value)
            index.setdefault(low[:LEAST], []).append((value, low, one))
    for values in index.values():
        values.sort(key=lambda item: -len(item[0]))
    blocks = iter([*taken, Span(len(text), len(text))])
    block = next(blocks)
    free = 0
    for start in _starts(lower, index):
        if start < free:
            continue
        while block.end <= start and block.start < len(text):
            block = next(blocks)
        if start >= block.start:
            continue
        for value, low, one in index[lower[start : start + LEAST]]:
            exactly = one.secret or one.encoded
            if not (text.startswith(value, start) if exactly else lower.startswith(low, start)):
                continue
            end = start + len(value)
            if one.encoded:
                end = _run_end(text, end)
            if end <= block.start and _is_whole(text, start, end, one):
                yield Span(start, end), one
                free = end
                break


def _lower(text: str) -> str:
    """The text in lower case, of the same length: a few letters would become two, and then only ASCII is lowered."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text.translate(_ASCII_LOWER)


_ASCII_LOWER = {ord(c): c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def _starts(text: str, index: Iterable[str]) -> Iterable[int]:
    """Offsets, ascending, at which one of the six-character beginnings stands."""
    beginnings = frozenset(index)
    if len(beginnings) > 40:
        return [at for at in range(len(text) - LEAST + 1) if text[at : at + LEAST] in beginnings]
    offsets: list[int] = []
    for beginning in beginnings:
        at = text.find(beginning)
        while at >= 0:
            offsets.append(at)
            at = text.find(beginning, at + 1)
    return sorted(offsets)


def _run_end(text: str, end: int) -> int:
    match = _BASE64_RUN.match(text, end)
    return match.end() if match else end


def _is_whole(text: str, start: int, end: int, known: Known) -> bool:
    if known.encoded:
        return start == 0 or not _joined(text[start - 1], text[start])
    if known.secret and end - start >= _WHOLE_SECRET:
        return True
    if (start and _joined(text[start - 1], text[start])) or (end < len(text) and _joined(text[end - 1], text[end])):
        return False
    near = slice(max(start - 36, 0), end + 36)
    if "-" not in text[near]:
        return True
    around = _UUID.finditer(text, near.start, near.stop)
    return not any(uuid.start() <= start and end <= uuid.end() and uuid[0] != text[start:end] for uuid in around)


def _joined(left: str, right: str) -> bool:
    return _is_word(left) and _is_word(right)


def _is_word(c: str) -> bool:
    # scripts written without spaces (U+2E80 on) have no word boundary to respect
    return (c.isalnum() and c < "\u2e80") or c == "_"


def _with_invisible(
    text: str, known: Mapping[str, Known], taken: list[Span], found: list[tuple[Span, Known]]
) -> list[tuple[Span, Known]]:
    """`found`, and what is only found when zero-width characters are passed over."""
    places = [at for at, c in enumerate(text) if not _INVISIBLE.match(c)]
    visible = "".join(text[at] for at in places)
    busy = sorted([*taken, *(span for span, _ in found)])
    more: list[tuple[Span, Known]] = []
    for span, one in _scan(visible, known, []):
        real = Span(places[span.start], places[span.end - 1] + 1)
        after = bisect_left(busy, (real.end, 0))
        if after == 0 or not busy[after - 1].overlaps(real):
            more.append((real, one))
    return sorted([*found, *more], key=lambda pair: pair[0])
