"""What an editor is told about a policy file that is open, unsaved text included."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from attrs import evolve, frozen
from lsprotocol import types as lsp

from tightlip.editor.documents import OpenDocument
from tightlip.editor.policy_place import Outline, Place, is_policy, line_span, outline
from tightlip.errors import PolicyError, RefusedError
from tightlip.finding import Span
from tightlip.guard import Guard
from tightlip.policy.draft import Draft
from tightlip.policy.expiry import Expiry, expiry_of
from tightlip.policy.model import Layer
from tightlip.policy.table import meant
from tightlip.syntax.toml_tokens import Kind, Token

MISTAKE = "policy"
REFUSED = "policy-ignored"
EXPIRED = "policy-expired"
EXPIRES = "policy-expires"
REQUESTED = "policy-requested"

_MOST = 1000


@frozen
class Fix:
    """What is probably meant instead."""

    span: Span
    new_text: str


@frozen
class Note:
    """One thing to be told about a place in a policy file."""

    span: Span
    message: str
    severity: lsp.DiagnosticSeverity
    code: str
    against: tuple[str, int] | None = None
    """Absolute path and line (from 1) of what stands against it."""
    fix: Fix | None = None


def notes_on(document: OpenDocument, guard: Guard, today: date | None = None) -> tuple[Note, ...]:
    """Mistakes, what does not count and why, what has ended or soon will; nothing for a document that is no policy."""
    if document.path is None or not is_policy(document, guard):
        return ()
    draft = guard.draft(document.path, document.text)
    if draft.found is None and not draft.problems:
        return ()
    shape = outline(document.lined)
    notes = [_of_problem(problem, shape, guard) for problem in draft.problems[:_MOST]]
    notes += [
        evolve(_of_problem(doubt, shape, guard), severity=lsp.DiagnosticSeverity.Warning) for doubt in draft.doubts
    ]
    notes += _of_entries(draft, shape, today or date.today(), governed=draft.policy.governed)
    return tuple(notes)


def _of_problem(problem: PolicyError, shape: Outline, guard: Guard) -> Note:
    span = _span(problem, shape)
    if isinstance(problem, RefusedError):
        return Note(span, problem.message, lsp.DiagnosticSeverity.Warning, REFUSED, _against(problem, guard))
    return Note(span, problem.message, lsp.DiagnosticSeverity.Error, MISTAKE, fix=_fix(problem, span, shape))


def _against(problem: RefusedError, guard: Guard) -> tuple[str, int] | None:
    """Where a refused line is answered: at the line that stands against it, else in the organisation's first file."""
    name, _, line = problem.against.rpartition(":")
    file = guard.file_named(name)
    if file is not None:
        return file, int(line)
    above = guard.above.organisation
    if not problem.against and guard.above.governs and above is not None and above.files:
        file = guard.file_named(above.files[0].path)
        return None if file is None else (file, 1)
    return None


def _span(problem: PolicyError, shape: Outline) -> Span:
    """What a problem speaks of: the word or the key where it is known, else what stands at its line."""
    if problem.path and (token := _token(problem, problem.path, shape)) is not None:
        return token.span
    line = problem.line or 1
    found = shape.by_line.get(line, ()) if problem.path or isinstance(problem, RefusedError) else ()
    headers = [token for token in found if token.kind is Kind.TABLE]
    values = [token for token in found if token.kind is Kind.VALUE]
    if headers or values:
        return (headers[-1] if headers else values[0]).span
    return line_span(shape.lined, line, problem.column or 1)


def _token(problem: PolicyError, path: Place, shape: Outline) -> Token | None:
    if problem.on_key:
        return shape.name(path)
    if problem.word and (token := shape.word(path, problem.word)) is not None:
        return token
    token = shape.value(path) or shape.name(path)
    while token is None and path:
        path = path[:-1]
        token = shape.name(path) or shape.value(path)
    return token


def _fix(problem: PolicyError, span: Span, shape: Outline) -> Fix | None:
    word = meant(problem.message)
    written = shape.lined.text[span.start : span.end]
    if not word or not problem.word or written.strip("\"'") != problem.word:
        return None
    if written[:1] in ("'", '"') and not problem.on_key:
        return Fix(Span(span.start + 1, span.end - 1), word) if written[-1] == written[0] else None
    return Fix(span, word)


def _of_entries(draft: Draft, shape: Outline, today: date, *, governed: bool) -> Iterator[Note]:
    """What is to be told of entries that are in order."""
    found = draft.found
    if found is None:
        return
    for entry in (*found.exceptions, *found.allows, *([draft.bundle] if draft.bundle is not None else [])):
        if (told := expiry_of(entry, today)) is not None:
            yield _of_expiry(told, shape)
    for one in found.exceptions:
        if not one.approved:
            who = (
                "the organisation approves it"
                if governed or draft.layer is Layer.ORG
                else "an organisation's policy does"
            )
            message = f"asked for: it has no effect until {who}, in a policy of its own"
            place = shape.entry(_line(one.source))
            status = shape.value((*place, "status")) if place is not None else None
            span = status.span if status is not None else line_span(shape.lined, _line(one.source))
            yield Note(span, message, lsp.DiagnosticSeverity.Information, REQUESTED)


def _of_expiry(told: Expiry, shape: Outline) -> Note:
    place = shape.entry(_line(told.source))
    value = shape.value((*place, "expires")) if place is not None else None
    span = value.span if value is not None else line_span(shape.lined, _line(told.source))
    if told.is_over:
        return Note(span, told.message, lsp.DiagnosticSeverity.Warning, EXPIRED)
    return Note(span, told.message, lsp.DiagnosticSeverity.Hint, EXPIRES)


def _line(source: str) -> int:
    return int(source.rpartition(":")[2] or 1)
