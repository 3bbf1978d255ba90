"""The way of a document from its newest text to what the client is shown: fast lane, deep lane, telling."""

from __future__ import annotations

import asyncio
import os
import time
from typing import TYPE_CHECKING

from attrs import evolve
from lsprotocol import types as lsp

from tightlip.detect.detector import Document
from tightlip.detect.told import summarise
from tightlip.editor.checked import Checked
from tightlip.editor.diagnostics import diagnostics_of
from tightlip.editor.documents import OpenDocument
from tightlip.editor.lanes import is_worth_it, job_for, joined
from tightlip.editor.logs import log, told_error
from tightlip.editor.policy_notes import Note, notes_on
from tightlip.editor.status import Status
from tightlip.errors import TightlipError
from tightlip.finding import Action, Decision, Notice, Origin, Surface
from tightlip.guard import Guard, Inspection

if TYPE_CHECKING:
    from tightlip.editor.session import Session

_STALE_CHECK = 1.0
_WATCHED_CHECK = 2.0
"""Seconds between two comparisons of policy files with what was read, while documents are looked at; the second for a
client that says itself which files change in its folders."""


async def check(session: Session, uri: str) -> Checked:
    """Look at a document as it is now, with the fast lane. Never raises but for a document that was closed."""
    document, generation = session.documents[uri], session.generation
    began = time.perf_counter()
    checked = await session.worker.run(_look, session, document, generation)
    session.peer.trace(f"{uri}: {len(checked.findings)} findings, {(time.perf_counter() - began) * 1e3:.1f} ms")
    # no client can be relied on to watch a folder that is not its own, or is not there yet
    pause = _WATCHED_CHECK if session.client.watches_files else _STALE_CHECK
    if time.monotonic() - session.policy_looked_at > pause:
        session.policy_looked_at = time.monotonic()
        paths = {document.path for document in session.documents.values() if document.path is not None}
        if await session.worker.run(session.guards.is_stale, list({os.path.dirname(path) for path in paths})):  # noqa: PTH120
            session.policy_changed()
    return checked


def ready(session: Session, checked: Checked) -> None:
    """Show a result: push it where the client does not pull, tell the status, and wake the deep lane when typing rests."""
    document = checked.document
    if session.pushes(document):
        session.publish(document.uri, document.version, checked.diagnostics)
    before = session.statuses.get(document.uri)
    status = status_of(session, checked)
    session.statuses.set(status)
    if before is not None and before.state != "checking" and before.count != status.count:
        session.refresh_lenses()
    if not checked.deep and session.settings.deep and checked.guard is not None and is_worth_it(checked.inspection):
        session.deep.rest(document.uri, session.settings.deep_idle / 1000)


def status_of(session: Session, checked: Checked) -> Status:
    """How a document stands."""
    count = len(checked.findings)
    state = "restricted" if checked.inspection.restricted else "findings" if count else "safe"
    restricted = checked.inspection.restricted
    told = [
        restricted.sentence if restricted else "",
        *(passage.reason.text for passage in checked.inspection.passages[:3]),
        summarise(checked.inspection.findings),
    ]
    return Status(checked.document.uri, state, count, session.deep.worker, " ".join(filter(None, told)))


async def look_deep(session: Session, uri: str) -> None:
    """Have the deep lane look at a document whose typing has rested, and show what it adds."""
    checked = session.schedule.known(uri)
    if checked is None or checked.guard is None or checked.deep or not session.is_current(checked):
        return
    try:
        result = await session.deep.result(job_for(checked.document, checked.guard))
    except asyncio.CancelledError:
        if (task := asyncio.current_task()) is not None and getattr(task, "cancelling", int)():
            raise
        return
    if not session.is_current(checked) or session.schedule.known(uri) is not checked:
        return
    document = _plain(checked.document)
    inspection = await session.worker.run(joined, document, checked.inspection, result, checked.guard)
    better = await session.worker.run(
        _shown, session, checked.document, inspection, checked.guard, checked.generation, True
    )
    before = checked.inspection
    same = (inspection.findings, inspection.passages, inspection.notices) == (
        before.findings,
        before.passages,
        before.notices,
    )
    if same:
        better = evolve(better, result_id=checked.result_id, diagnostics=checked.diagnostics)
    if session.schedule.improve(uri, better, show=not same) and not same:
        session.refresh_diagnostics()


def inspect(session: Session, document: Document, surface: Surface = Surface.EDITOR) -> tuple[Inspection, Guard | None]:
    """Look at a text with the guard of its path, on the worker's thread.

    Never raises: what cannot be checked is told in a notice, and then there is no guard.
    """
    try:
        guard = session.guards.of(document.path)
        return guard.inspect(document, surface), guard
    except Exception as error:
        return _nothing(document.path, _failed("This text could not be checked", error)), None


def _look(session: Session, document: OpenDocument, generation: int) -> Checked:
    plain = _plain(document)
    inspection, guard = inspect(session, plain)
    if guard is not None:
        try:
            guard.remember(plain)
        except Exception as error:
            notice = _failed("Lines of this text will not be known again where they are pasted", error)
            inspection = evolve(inspection, notices=(*inspection.notices, notice))
    return _shown(session, document, inspection, guard, generation, False)


def _shown(
    session: Session, document: OpenDocument, inspection: Inspection, guard: Guard | None, generation: int, deep: bool
) -> Checked:
    """What is made of an inspection. What cannot be told of a text takes nothing from what can."""
    notes: tuple[Note, ...] = ()
    try:
        notes = notes_on(document, guard) if guard is not None else ()
    except Exception as error:
        notice = _failed("Mistakes in this policy file could not be looked for", error)
        inspection = evolve(inspection, notices=(*inspection.notices, notice))
    diagnostics = _diagnostics(session, document, inspection, guard, notes)
    result_id = f"{session.run}-{document.revision}-{generation}-{'deep' if deep else 'fast'}"
    return Checked(document, guard, inspection, diagnostics, generation, result_id, deep, notes)


def _diagnostics(
    session: Session, document: OpenDocument, inspection: Inspection, guard: Guard | None, notes: tuple[Note, ...]
) -> tuple[lsp.Diagnostic, ...]:
    client, settings, ruleset = session.client, session.settings, guard.ruleset if guard else None
    try:
        return diagnostics_of(
            document, inspection, ruleset, client, settings.max_problems, notes, summarise=settings.summarise
        )
    except Exception as error:
        failed = _nothing(document.path, _failed("What was found in this text could not be shown", error))
        return diagnostics_of(document, failed, ruleset, client, settings.max_problems)


def _failed(what: str, error: Exception) -> Notice:
    log.error("check: %s", told_error(error))
    return Notice("failed", f"{what}: {error if isinstance(error, TightlipError) else told_error(error)}.")


def _nothing(path: str | None, notice: Notice) -> Inspection:
    return Inspection((), (), (notice,), Origin(path), Decision(Action.OFF))


def _plain(document: OpenDocument) -> Document:
    return Document(document.text, document.path, document.language_id)
