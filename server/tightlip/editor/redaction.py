"""Redacting and restoring what is open; the one place that knows which token stands for which value. Worker's thread only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tightlip.editor.checked import Checked
from tightlip.errors import TightlipError
from tightlip.finding import Category, Confidence, Finding, Severity, Span
from tightlip.guard import Guard
from tightlip.redact.edit import Edit
from tightlip.redact.mapping import EMPTY, Mapping
from tightlip.redact.redact import Redaction, redact
from tightlip.redact.restore import Restoration, restore
from tightlip.syntax.language import Language

SELECTED = "selection"
"""Rule of a value that a person selected though nothing was found in it."""


class Redactor:
    """The mapping of this session. It lives in memory only: the workspace and its key give the same tokens again."""

    def __init__(self) -> None:
        self._mapping: Mapping = EMPTY

    @property
    def knows_values(self) -> bool:
        """Whether any value has been replaced in this session."""
        return next(self._mapping.entries(), None) is not None

    def document(self, checked: Checked) -> Redaction:
        """A token for every finding, and for every other occurrence of a value that is known in this session.

        Raises TightlipError where there is no key, or no guard to take it from.
        """
        return self._redact(checked.document.text, checked.findings, checked.guard, checked.language, self._mapping)

    def values(self, checked: Checked, findings: Sequence[Finding]) -> Redaction:
        """A token for some findings, wherever in the document their values stand."""
        known = {finding.value for finding in findings}
        same = Mapping(entry for entry in self._mapping.entries() if entry.original in known or entry.value in known)
        return self._redact(checked.document.text, findings, checked.guard, checked.language, same)

    def text(self, text: str, findings: Iterable[Finding], guard: Guard | None, language: Language) -> Redaction:
        """The same for a text that is not a document."""
        return self._redact(text, findings, guard, language, self._mapping)

    def selection(self, checked: Checked, selected: Span) -> tuple[Edit, ...]:
        """Edits that make a selection safe: of the findings in it, or of all of it where nothing was found."""
        inside = [finding for finding in checked.findings if finding.span.overlaps(selected)]
        chosen = inside or _by_hand(checked.document.text, selected)
        edits = self.values(checked, chosen).edits if chosen else ()
        return tuple(edit for edit in edits if edit.span.overlaps(selected))

    def everything(self, checked: Checked) -> tuple[Edit, ...]:
        """One token for all of a text; none for an empty one."""
        text = checked.document.text
        chosen = _by_hand(text, Span(0, len(text)), "RESTRICTED")
        return self._redact(text, chosen, checked.guard, checked.language, EMPTY).edits if chosen else ()

    def restored(self, text: str, language: Language | None) -> Restoration:
        """A text with the values back that this session knows."""
        return restore(text, self._mapping, language)

    def _redact(
        self, text: str, findings: Iterable[Finding], guard: Guard | None, language: Language, mapping: Mapping
    ) -> Redaction:
        if guard is None:
            raise TightlipError("This text could not be checked, so it cannot be redacted.")
        redaction = redact(text, findings, guard.key.secret, language, mapping)
        self._mapping = self._mapping.merge(redaction.mapping)
        return redaction


def _by_hand(text: str, selected: Span, placeholder: str = "VALUE") -> list[Finding]:
    part = text[selected.start : selected.end]
    value = part.strip()
    if not value:
        return []
    start = selected.start + len(part) - len(part.lstrip())
    span = Span(start, start + len(value))
    return [
        Finding(SELECTED, "Selected text", Category.TERM, span, Severity.WARNING, Confidence.HIGH, value, placeholder)
    ]


def cut(text: str, edits: Sequence[Edit], part: Span) -> str:
    """A part of a text after its edits, wide enough that no edit is cut in two."""
    start, end = part
    touching = [edit for edit in edits if edit.span.overlaps(part)]
    pieces: list[str] = []
    position = min([start, *(edit.span.start for edit in touching)])
    for edit in touching:
        pieces += text[position : edit.span.start], edit.new_text
        position = edit.span.end
    pieces.append(text[position : max(end, position)])
    return "".join(pieces)


def difference(before: str, after: str) -> Edit | None:
    """The one edit that turns a text into another, without what they have in common at both ends; None if they are equal."""
    if before == after:
        return None
    limit = min(len(before), len(after))
    head = _agreement(limit, lambda size: before[:size] == after[:size])
    limit -= head
    tail = _agreement(limit, lambda size: before[len(before) - size :] == after[len(after) - size :])
    return Edit(Span(head, len(before) - tail), after[head : len(after) - tail])


def _agreement(limit: int, agree: Callable[[int], bool]) -> int:
    """The largest size up to `limit` for which two ends agree, by halving."""
    low = 0
    while low < limit:
        middle = (low + limit + 1) // 2
        if agree(middle):
            low = middle
        else:
            limit = middle - 1
    return low
