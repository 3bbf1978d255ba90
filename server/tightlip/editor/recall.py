"""Restoring across runs: tokens of an earlier run are recomputed from the workspace and its key; nothing is stored."""

from __future__ import annotations

from tightlip.detect.detector import Document
from tightlip.editor import files
from tightlip.editor.looking import inspect
from tightlip.editor.progress import Progress
from tightlip.editor.session import Session
from tightlip.redact.restore import Restoration
from tightlip.syntax.language import Language, language_of


async def restored(session: Session, text: str, language: Language | None) -> Restoration:
    """A text with its values back.

    Tokens this run has not made are looked for in the open documents and then, once per policy, in the workspace's files.
    """
    restoration = await session.worker.run(session.redactor.restored, text, language)
    if not restoration.unknown:
        return restoration
    for uri in tuple(session.documents):
        checked = await session.checked(uri)
        if checked is not None and checked.guard is not None and checked.findings:
            await session.worker.run(session.redactor.document, checked)
    restoration = await session.worker.run(session.redactor.restored, text, language)
    if not restoration.unknown or session.recalled == session.generation:
        return restoration
    session.recalled = session.generation
    async with Progress(session, "Looking for the values of placeholders") as progress:
        for folder in tuple(session.folders.values()):
            paths = (await session.errands.run(files.list_files, folder))[: files.MAX_FILES]
            for done, path in enumerate(paths):
                if progress.cancelled:
                    break
                progress.report(done, len(paths))
                await session.worker.run_in_background(_learn, session, path)
    return await session.worker.run(session.redactor.restored, text, language)


def _learn(session: Session, path: str) -> None:
    """Compute the tokens of a file's values."""
    stamp = files.stamp_of(path)
    text = files.read_file(path) if stamp is not None and stamp.size <= files.MAX_BYTES else None
    if text is None:
        return
    inspection, guard = inspect(session, Document(text, path))
    if guard is not None and inspection.everything:
        session.redactor.text(text, inspection.everything, guard, language_of(path, None, text))
