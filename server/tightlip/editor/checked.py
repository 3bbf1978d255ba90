"""What one look at a document gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import frozen
from lsprotocol import types as lsp

from tightlip.detect.found import Found, touching
from tightlip.editor.documents import OpenDocument
from tightlip.finding import Action, Finding, Span
from tightlip.syntax.language import Language, language_of

if TYPE_CHECKING:
    from tightlip.editor.policy_notes import Note
    from tightlip.guard import Guard, Inspection


@frozen(eq=False)
class Checked:
    """One document as it was looked at: what was found, and what the client is shown."""

    document: OpenDocument
    guard: Guard | None
    """None where the text could not be checked at all; then a notice says so."""
    inspection: Inspection
    diagnostics: tuple[lsp.Diagnostic, ...]
    generation: int
    """Generation of policy and settings it was looked at under."""
    result_id: str
    """Changes with the text, the policy and the lanes that have looked; what a pulling client sends back."""
    deep: bool = False
    """Whether the deep lane's findings are in it."""
    notes: tuple[Note, ...] = ()
    """What is told about the document itself, where it is a policy file."""

    @property
    def findings(self) -> Sequence[Finding]:
        """What was found, sorted by span, restricted passages among it."""
        return self.inspection.everything

    @property
    def may_not_leave(self) -> str | None:
        """Why no form of the text may be handed on, or None: placeholders do not make restricted code less restricted."""
        return may_not_leave(self.inspection)

    @property
    def language(self) -> Language:
        """The language the text is written in."""
        return language_of(self.document.path, self.document.language_id, self.document.text)

    def touching(self, span: Span) -> tuple[Finding, ...]:
        """The findings a selection, or a cursor at either end of them, touches."""
        findings = self.findings
        return findings.touching(span) if isinstance(findings, Found) else touching(findings, span)


def may_not_leave(inspection: Inspection) -> str | None:
    """Why no form of a text may be handed on, or None where one may."""
    by = inspection.restricted
    return by.sentence if by is not None and by.action is Action.BLOCK else None
