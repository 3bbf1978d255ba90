"""A look at every file of the workspace folders that is not open, in the worker's spare time."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence

from attrs import asdict, evolve, frozen
from lsprotocol import types as lsp

from tightlip.detect.detector import Document
from tightlip.detect.found import counted
from tightlip.editor import files
from tightlip.editor.diagnostics import diagnostics_of
from tightlip.editor.documents import LinedText, OpenDocument
from tightlip.editor.looking import inspect
from tightlip.editor.progress import Progress
from tightlip.editor.session import Session
from tightlip.editor.uris import uri_of
from tightlip.finding import Category, Finding, RuleId

_MOMENT = 0.02
"""Seconds the worker's thread is taken at a stretch; a text that is typed waits no longer, but for one large file."""


@frozen
class Group:
    """The findings of one rule in one file, or its restricted passages of one kind."""

    rule: RuleId
    title: str
    category: Category
    severity: int
    """Of the loudest, as the protocol counts."""
    line: int
    """Of the first, counted from 0."""
    count: int

    def as_json(self, uri: str) -> dict[str, str | int]:
        """What a client lists."""
        return {"uri": uri, **asdict(self), "category": self.category.value}


@frozen
class ScannedFile:
    """What is kept of a file that was looked at: nothing of its text, and little, for there are many."""

    path: str
    stamp: files.Stamp
    generation: int
    diagnostics: tuple[lsp.Diagnostic, ...] = ()
    groups: tuple[Group, ...] = ()
    """Its findings by rule, in the order they stand."""
    restricted: bool = False
    passed_over: str = ""
    """Why its text was not looked at: `too-large`, `binary`."""

    @property
    def rules(self) -> Counter[RuleId]:
        """How many findings there are of each rule."""
        return Counter({group.rule: group.count for group in self.groups})

    @property
    def uri(self) -> str:
        """URI of the file."""
        return uri_of(self.path)

    def result_id(self, run: str) -> str:
        """What a pulling client sends back; changes with the file, the policy and the run of the server."""
        return f"{run}-{self.stamp.size}-{self.stamp.modified}-{self.generation}"


async def scan_workspace(session: Session, progress: Progress) -> AsyncIterator[ScannedFile]:
    """Every file of the workspace, those that did not change since the last scan from memory; ends early when cancelled."""
    if await session.worker.run_in_background(session.guards.is_stale):
        await session.reload()
    paths: list[str] = []
    for folder in tuple(session.folders.values()):
        guard = await session.worker.run(session.guards.of, f"{folder}/.")
        paths.extend(await session.errands.run(files.list_files, folder, governed=guard.policy.governed))
    paths = list(dict.fromkeys(paths))
    total = len(paths)
    if total > files.MAX_FILES:
        session.peer.warn_once(
            f"Only the first {files.MAX_FILES:,} of {total:,} files of this workspace are looked at. "
            "Run `tightlip scan` in a terminal for all."
        )
    paths = paths[: files.MAX_FILES]
    done = 0
    while done < len(paths):
        if progress.cancelled:
            return
        progress.report(done, len(paths))
        scanned, done = await session.worker.run_in_background(_scan_some, session, paths, done)
        for file in scanned:
            session.scanned[file.path] = file
            yield file
    for gone in session.scanned.keys() - set(paths):
        del session.scanned[gone]


def _scan_some(session: Session, paths: list[str], start: int) -> tuple[list[ScannedFile], int]:
    """As many files from `start` on as fit into a moment, and where to go on."""
    end = time.monotonic() + _MOMENT
    scanned: list[ScannedFile] = []
    for index in range(start, len(paths)):
        file = _scan_file(session, paths[index])
        if file is not None:
            scanned.append(file)
        if time.monotonic() > end:
            return scanned, index + 1
    return scanned, len(paths)


def _scan_file(session: Session, path: str) -> ScannedFile | None:
    stamp = files.stamp_of(path)
    if stamp is None:
        return None
    known = session.scanned.get(path)
    generation = session.generation
    if known is not None and known.stamp == stamp and known.generation == generation:
        return known
    text = None if stamp.size > files.MAX_BYTES else files.read_file(path)
    if text is None:
        why = "too-large" if stamp.size > files.MAX_BYTES else "binary"
        return ScannedFile(path, stamp, generation, passed_over=why)
    inspection, guard = inspect(session, Document(text, path))
    diagnostics: tuple[lsp.Diagnostic, ...] = ()
    groups: tuple[Group, ...] = ()
    if inspection.everything:
        # a file's class is not repeated for each of a repository's thousands; it is told when the file is opened
        only = evolve(inspection, suppressed=(), notices=(), restricted=None, approved_only=None)
        lined = LinedText(text, session.client.encoding)
        document = OpenDocument(uri_of(path), "", 0, lined, 0, path)
        groups = _groups(inspection.everything, lined)
        ruleset = guard.ruleset if guard else None
        settings = session.settings
        diagnostics = diagnostics_of(
            document, only, ruleset, session.client, settings.max_problems, summarise=settings.summarise
        )
    return ScannedFile(path, stamp, generation, diagnostics, groups, restricted=inspection.restricted is not None)


def _groups(findings: Sequence[Finding], lined: LinedText) -> tuple[Group, ...]:
    sorts = counted(findings)
    ranges = lined.ranges([finding.span for finding, _ in sorts])
    groups: dict[RuleId, Group] = {}
    for (finding, count), range_ in zip(sorts, ranges, strict=True):
        known = groups.get(finding.rule)
        severity = int(finding.severity)
        if known is None:
            line = range_.start.line
            groups[finding.rule] = Group(finding.rule, finding.title, finding.category, severity, line, count)
        else:
            groups[finding.rule] = evolve(known, count=known.count + count, severity=min(known.severity, severity))
    return tuple(groups.values())
