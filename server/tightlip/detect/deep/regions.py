"""Which parts of a document the deep lane looks at: lines that may hold a value, prose that may hold a name.

The worker reads a few hundred kilobytes a second at best, so it gets the changed part, and of that the likely lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from attrs import frozen

from tightlip.detect.deep.protocol import Region
from tightlip.finding import Notice, Span
from tightlip.syntax.language import Language

BUDGET = 256 * 1024
"""Code points of candidate lines in one job."""
PROSE_BUDGET = 32 * 1024
"""Code points of prose in one job: a language model reads about 30 kB a second."""
LONGEST_LINE = 64 * 1024
"""Code points of a line that is looked at as a whole."""
REACH = 4096
"""Code points to either side of a change that are looked at again in a line longer than that."""

_CANDIDATE = re.compile(
    r"""
      @ | pragma                                          # e-mail, credentials in a URL; an allow comment for the next line
    | \d(?:[ ./-]?\d){5}                                  # six digits, grouped or not
    | [A-Za-z]\d{2,}[A-Za-z\d]*\d | \d{2,}[A-Za-z]{1,3}\b | [A-Za-z]{2}[ ]?\d{2}[ ]\d{2}   # letters and digits: identifiers
    | [0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}             # hardware addresses
    | ["'`][^"'`\s][^"'`]{6,}["'`]                        # a quoted text of eight characters
    | [:=]\s*[^\s"'`]{8}                                  # a bare value of eight
    | [A-Za-z0-9+/_-]{20}                                 # a long token
    """,
    re.VERBOSE,
)
_NAME = re.compile(r"\b[^\W\d_a-z][^\W\d_A-Z]+[ \t]+(?:[^\W\d_a-z]\.[ \t]+)?[^\W\d_a-z][^\W\d_A-Z]+")
_LINE = re.compile(r"[^\r\n]+")
_LINE_END = re.compile(r"[\r\n]")
_GAP = re.compile(r"[\s\"'`,;|]")
_SEPARATORS = ",;\t|"


@frozen
class Selection:
    """What is looked at, and what is not."""

    regions: tuple[Region, ...]
    notices: tuple[Notice, ...] = ()


def changed(before: str, after: str) -> tuple[Span, Span]:
    """The smallest ranges in which two texts differ, in `before` and in `after`; both empty if they are equal."""
    shorter = min(len(before), len(after))
    head = _common(shorter, lambda low, high: before[low:high] == after[low:high])
    tail = _common(
        shorter - head,
        lambda low, high: before[len(before) - high : len(before) - low] == after[len(after) - high : len(after) - low],
    )
    return Span(head, len(before) - tail), Span(head, len(after) - tail)


def around(text: str, change: Span) -> Span:
    """What a change may have touched: its lines and one more on either side, of very long lines `REACH` code points."""
    start = _line_start(text, _line_start(text, change.start) - 2)
    end = _line_end(text, _line_end(text, change.end) + 2)
    if change.start - start > REACH:
        gap = _GAP.search(text, change.start - REACH, change.start)
        start = gap.end() if gap else change.start - REACH
    if end - change.end > REACH:
        gap = _GAP.search(text, change.end + REACH, end)
        end = gap.start() if gap else change.end + REACH
    return Span(start, end)


def choose(
    text: str, language: Language, within: Span | None = None, *, every_line: bool = False, budget: int = BUDGET
) -> Selection:
    """Pieces of a text that are worth a look.

    `within` limits them to a part (`around` a change); `every_line` takes lines of any shape, as the user's own recognizers
    may look for anything. What does not fit into `budget` (code points) is told in a notice.
    """
    part = within or Span(0, len(text))
    columns, separator = _table_head(text, language)
    spans: list[Span] = []
    notices: list[Notice] = []
    for match in _LINE.finditer(text, part.start, part.end):
        line = Span(*match.span())
        if not every_line and _CANDIDATE.search(text, line.start, line.end) is None:
            continue
        size = line.end - line.start
        if size > LONGEST_LINE:
            notices.append(_left_out(text, line, "line {} ({:,} characters)"))
            continue
        budget -= size
        if budget < 0:
            notices.append(_left_out(text, Span(line.start, part.end), "the text from line {} on"))
            break
        if spans and not text[spans[-1].end : line.start].strip("\r\n") and line.start - spans[-1].end <= 2:
            spans[-1] = Span(spans[-1].start, line.end)
        else:
            spans.append(line)
    regions = [Region(text[start:end], start, "lines", columns, separator) for start, end in spans]
    regions.extend(Region(text[start:end], start, "prose") for start, end in _prose(text, language, part))
    return Selection(tuple(regions), tuple(notices))


def _common(limit: int, same: Callable[[int, int], bool]) -> int:
    """How far two texts agree, by halving: slices compare at memory speed."""
    known = 0
    while known < limit:
        middle = (known + limit + 1) // 2
        if same(known, middle):
            known = middle
        else:
            limit = middle - 1
    return known


def _line_start(text: str, offset: int) -> int:
    if offset <= 0:
        return 0
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def _line_end(text: str, offset: int) -> int:
    match = _LINE_END.search(text, offset)
    return match.start() if match else len(text)


def _left_out(text: str, span: Span, what: str) -> Notice:
    part = what.format(text.count("\n", 0, span.start) + 1, span.end - span.start)
    message = f"Presidio and detect-secrets did not look at {part}: it is too long for them. The built-in rules did."
    return Notice("deep-too-large", message, span)


def _table_head(text: str, language: Language) -> tuple[tuple[str, ...], str]:
    match = _LINE.search(text, 0, REACH) if language.name in ("csv", "tsv") else None
    if match is None:
        return (), ""
    head = match[0].lstrip("\ufeff")
    separator = max(_SEPARATORS, key=head.count)
    if separator not in head:
        return (), ""
    return tuple(cell.strip(" \"'") for cell in head.split(separator)), separator


def _prose(text: str, language: Language, part: Span) -> Iterator[Span]:
    """Lines of prose, comments and quoted texts in which two capitalised words stand side by side."""
    room, last = PROSE_BUDGET, part.start
    for match in _NAME.finditer(text, part.start, part.end):
        if match.start() < last:
            continue
        start = max(_line_start(text, match.start()), match.start() - 500, last)
        end = min(_line_end(text, match.end()), match.end() + 500)
        last = end
        if not _is_prose(text, start, match.start(), language):
            continue
        room -= end - start
        if room < 0:
            return
        yield Span(start, end)


def _is_prose(text: str, start: int, offset: int, language: Language) -> bool:
    """Whether the words at `offset`, on the line that begins at `start`, are prose and not code."""
    if language.family in ("prose", "markup"):
        return True
    before = text[start:offset]
    if any(before.count(quote) % 2 for quote in language.quotes if len(quote) == 1):
        return True
    words = f" {before}"
    if any(f" {mark.strip()}" in words or f"\t{mark.strip()}" in words for mark in language.line_comments):
        return True
    near = text[max(0, offset - REACH) : offset]
    return any(near.rfind(opening) > near.rfind(closing) for opening, closing in language.block_comments)
