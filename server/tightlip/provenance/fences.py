"""Sections of a file that are fenced: from `tightlip: private-begin` to `tightlip: private-end`, in any kind of comment.

A section is what lies between the two lines. The fence itself stays outside, so that a text whose sections were replaced is
still fenced, still says by its label what is missing, and every comment that was opened is still closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tightlip.finding import Category, Confidence, Finding, Notice, Severity, Span
from tightlip.syntax.lazy import lazy
from tightlip.syntax.lines import LineIndex

RULE = "private-section"

_AROUND = 200
"""Code points of the marker's line that are looked at on either side of it."""
_LABEL = 80

_MARKER = lazy(r"(?<!\w)(?<!\w-)tightlip:[ \t]{0,8}private-(?P<way>begin|end)(?!-?\w)", re.IGNORECASE)
_ONLY_COMMENT = lazy(
    r"\W* | \s*(?:@?rem|dnl|c|nb\.)\s*"  # batch and Basic, m4, Fortran, J
    r"| \W*\[\w*\]:\s*\#\s*\W?"  # a link of Markdown that nothing refers to
    r"| \W*\w*comment\w*\W*",  # a key of JSON that is there to be read
    re.IGNORECASE | re.VERBOSE,
)
_OPENER = lazy(r"(?:<!--+|/\*+!?|//+!?|\#+|--\[\[|--+|;+|%+|\{-|\(\*+|\{\#|<%--|<%\#|<\#|\"\"\"|'''|[\"'(!*\\@]|::)\Z")
_CLOSER = lazy(r"\*/|--!?>|-\}|\*\)|\]\]|\#>|\#\}|%>|%\}|\*@|=\#|\|\#|\"\"\"|'''")
_BRACKETS = {'"': '"', "'": "'", "(": ")"}


class Section(NamedTuple):
    """One fenced part of a text."""

    span: Span
    """What is private, without the line end before the closing line."""
    first_line: int
    last_line: int
    """The first and the last private line, from 1."""
    closed: bool
    """Whether a `private-end` follows; without it the section goes on to the end of the text."""
    label: str
    """What stands behind `private-begin`, for a person; of nested sections that of the outermost."""


class _Marker(NamedTuple):
    opens: bool
    span: Span
    line: int
    """The line it stands in, from 0."""


def private_sections(text: str) -> tuple[Section, ...]:
    """The fenced sections of a text, in order, not overlapping: of nested ones the outermost.

    A marker counts in a comment of any language and on a line of its own, not in the middle of a sentence and not between
    backticks. Costs about 1 ns per code point where there is none.
    """
    if not _holds(text, "private-begin"):
        return ()
    return tuple(_sections(text, []))


def section_findings(text: str) -> list[Finding]:
    """A finding for every fenced section that holds something, sorted by span."""
    return [
        Finding(
            rule=RULE,
            title="Private section",
            category=Category.RESTRICTED,
            span=section.span,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            value=value,
            placeholder="PRIVATE_SECTION",
            evidence=_lines(section),
            field=section.label,
        )
        for section in private_sections(text)
        if (value := text[section.span.start : section.span.end]).strip()
    ]


def section_notices(text: str) -> list[Notice]:
    """What is wrong with the fences of a text: one that is never closed, a `private-end` that closes nothing."""
    if not (_holds(text, "private-begin") or _holds(text, "private-end")):
        return []
    stray: list[_Marker] = []
    notices = [
        Notice(
            RULE,
            f"The private section that begins in line {section.first_line} is never closed: everything to the end of the text "
            "counts as private. Write `tightlip: private-end` behind it.",
            section.span,
        )
        for section in _sections(text, stray)
        if not section.closed
    ]
    notices += [
        Notice(RULE, f"`private-end` in line {marker.line + 1} closes nothing.", marker.span) for marker in stray
    ]
    return notices


def _holds(text: str, word: str) -> bool:
    """Whether an ASCII word in lower case is in the text, in any case."""
    if text.isascii():
        return word in text.lower()
    # of a text with other letters, the bytes are folded in half the time
    return word.encode() in text.encode("utf-8", "surrogatepass").lower()


def _sections(text: str, stray: list[_Marker]) -> Iterator[Section]:
    """The sections of a text; markers that close nothing are added to `stray`."""
    lines = LineIndex(text)
    opening: _Marker | None = None
    depth = 0
    for marker in _markers(lines):
        if marker.opens:
            opening = opening or marker
            depth += 1
        elif opening is None:
            stray.append(marker)
        else:
            depth -= 1
            if depth == 0:
                yield _section(lines, opening, _end_before(lines, marker), closed=True)
                opening = None
    if opening is not None:
        end = lines.line_end(len(lines.starts) - 2) if text.endswith(("\n", "\r")) else len(text)
        yield _section(lines, opening, end, closed=False)


def _markers(lines: LineIndex) -> Iterator[_Marker]:
    for match in _MARKER.finditer(lines.text):
        line = lines.line_column(match.start())[0]
        marker = _Marker(match["way"].lower() == "begin", Span(*match.span()), line)
        if not _is_mention(_head(lines, marker)):
            yield marker


def _section(lines: LineIndex, opening: _Marker, end: int, *, closed: bool) -> Section:
    start, label = _start_after(lines, opening)
    span = Span(start, max(start, end))
    first, last = (lines.line_column(offset)[0] + 1 for offset in (span.start, max(span.start, span.end - 1)))
    return Section(span, first, last, closed, label)


def _start_after(lines: LineIndex, marker: _Marker) -> tuple[int, str]:
    """Where the section begins that a marker opens, and its label."""
    line_end = lines.line_end(marker.line)
    tail = lines.text[marker.span.end : min(line_end, marker.span.end + _AROUND)]
    closer = _closer(_head(lines, marker), tail)
    label = "".join(character for character in tail[: closer[0] if closer else None] if character.isprintable())
    label = label.strip(" :-[](){}*/#")[:_LABEL]
    behind = closer[1] if closer else len(tail)
    if marker.span.end + len(tail) < line_end or re.search(r"\w", tail[behind:]):
        return marker.span.end + (closer[1] if closer else 0), label
    return lines.starts[marker.line + 1] if marker.line + 1 < len(lines.starts) else len(lines.text), label


def _end_before(lines: LineIndex, marker: _Marker) -> int:
    """Where the section ends that a marker closes."""
    head = _head(lines, marker)
    if marker.span.start - len(head) == lines.starts[marker.line] and _ONLY_COMMENT.fullmatch(head):
        return lines.line_end(marker.line - 1) if marker.line else 0
    before = head.rstrip()
    opener = _OPENER.search(before, max(0, len(before) - 4))
    if opener is not None:
        before = before[: opener.start()].rstrip()
    return marker.span.start - len(head) + len(before)


def _head(lines: LineIndex, marker: _Marker) -> str:
    """What stands before a marker on its line, as far as it is looked at."""
    return lines.text[max(lines.starts[marker.line], marker.span.start - _AROUND) : marker.span.start]


def _is_mention(head: str) -> bool:
    """Whether what stands before a marker on its line makes it part of a sentence or a quotation."""
    before = head.rstrip()
    if head.endswith("`"):
        return True
    return bool(before) and (before[-1].isalnum() or before[-1] in "_,") and not _ONLY_COMMENT.fullmatch(before)


def _closer(head: str, tail: str) -> tuple[int, int] | None:
    """Start and end, in `tail`, of what closes the comment or string a marker stands in."""
    bracket = _BRACKETS.get(head[-1:])
    if bracket is not None and (at := tail.find(bracket)) >= 0:
        return at, at + 1
    match = _CLOSER.search(tail)
    return match.span() if match is not None else None


def _lines(section: Section) -> str:
    if not section.closed:
        return f"fenced, everything from line {section.first_line} on"
    if section.first_line == section.last_line:
        return f"fenced, line {section.first_line}"
    return f"fenced, lines {section.first_line} to {section.last_line}"
