"""One replacement in a text."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from tightlip.finding import RuleId, Span


@frozen
class Edit:
    """Put `new_text` in place of `span`, a range of the original text."""

    span: Span
    new_text: str = field(repr=False)
    rule: RuleId = ""
    """Rule of the finding it answers; empty where there is none, as for an added import."""


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text after all edits. Spans are ranges of `text` and do not overlap; their order does not matter.

    An insertion (empty span) goes before a replacement that begins at the same offset.
    """
    pieces: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda one: one.span):
        pieces += text[position : edit.span.start], edit.new_text
        position = edit.span.end
    pieces.append(text[position:])
    return "".join(pieces)
