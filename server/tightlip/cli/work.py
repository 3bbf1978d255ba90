"""One source -> what a report says of it. Runs in this process or, the same, in one of several."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, TypeVar

from attrs import evolve

from tightlip.cli.decode import decode
from tightlip.cli.failure import type_and_place
from tightlip.cli.files import Source
from tightlip.cli.git import BlobReader
from tightlip.cli.guards import guard_for
from tightlip.cli.report import FileResult, Outcome, ReportedFinding, ReportedTable, Skipped
from tightlip.detect.detector import Detection, Document, detect
from tightlip.detect.realistic import RULE as REALISTIC
from tightlip.detect.realistic import Realistic, column_name, realistic
from tightlip.detect.told import describe
from tightlip.errors import TightlipError
from tightlip.finding import Finding, Notice, Severity, Span, Surface
from tightlip.guard import Begun, Guard, Inspection
from tightlip.syntax.lines import LineIndex

if TYPE_CHECKING:
    from tightlip.cli.deep import Deep

_ARCHIVE = 20
"""An archive may be this many times as large as a text."""
_EXCLUDED = "excluded"


class Settings(NamedTuple):
    """What a scan was asked for. Goes to other processes as it is."""

    threshold: Severity = Severity.WARNING
    """Quietest severity that is reported."""
    max_size: int = 10_000_000
    """Bytes of a text that is checked."""
    archives: bool = False
    each: bool = False
    """Whether every value of a table of personal data is reported, instead of the table."""
    strict: bool = False
    """Whether inline allow comments are ignored."""
    deep: bool = False
    """Whether the deep lane looks at every text too."""
    config: str | None = None
    """Policy file to use instead of the repository's own."""
    trusted: bool = True
    """Whether the repository's own policy may allow and exclude."""


class _Text(NamedTuple):
    """A text that was read."""

    source: Source
    document: Document
    shown: str
    """As reported: an archive's member has a name of its own."""
    size: int
    """Bytes."""
    encoding: str


_T = TypeVar("_T")


class Worker:
    """Checks sources one after another and holds what they share. Use it in a `with` block."""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._guards: dict[str, Guard] = {}
        self._readers: dict[str, BlobReader] = {}
        self._lane: Deep | None = None

    def __enter__(self) -> Worker:
        if self._settings.deep:
            from tightlip.cli.deep import Deep

            self._lane = Deep()
        return self

    def __exit__(self, *_: object) -> None:
        for reader in self._readers.values():
            reader.close()
        self._readers.clear()
        if self._lane is not None:
            self._lane.close()

    @property
    def problems(self) -> list[str]:
        """Every mistake in the policies read so far, each a sentence with its place."""
        return [str(problem) for guard in self._guards.values() for problem in guard.problems]

    def guard(self, root: str) -> Guard:
        """The guard of a workspace, made when first wanted."""
        guard = self._guards.get(root)
        if guard is None:
            guard = self._guards[root] = guard_for(Path(root), self._settings.config, trusted=self._settings.trusted)
        return guard

    def warm_up(self, roots: Sequence[str]) -> None:
        """Read policies and rules now. Raises TightlipError where they cannot be used."""
        for root in roots:
            self.guard(root)

    def check(self, sources: Sequence[Source]) -> list[Outcome]:
        """What came of each source, in order; more than one outcome for an archive."""
        read = [self._tried(source, self._read(source)) for source in sources]
        texts = [one for found in read for one in found if isinstance(one, _Text)]
        begun = iter(self._begun(texts))
        outcomes: list[Outcome] = []
        for source, found in zip(sources, read, strict=True):
            for one in found:
                if isinstance(one, _Text):
                    outcomes += self._tried(source, self._finished(one, next(begun)))
                else:
                    outcomes.append(one)
        return outcomes

    def _tried(self, source: Source, step: Iterator[_T]) -> list[_T | Skipped]:
        """What a step gives of a source, up to where it fails: one file must not end the scan of all others."""
        found: list[_T | Skipped] = []
        try:
            found.extend(step)
        except TightlipError:
            raise
        except Exception as problem:
            found.append(Skipped(source.shown, "failed", type_and_place(problem)))
        return found

    def _read(self, source: Source) -> Iterator[Outcome | _Text]:
        limit = self._settings.max_size
        if source.size > limit:
            yield from self._check_large(source)
            return
        try:
            data = self._blob(source) if source.oid else _read(source.path, source.size, limit + 1)
        except OSError as problem:
            yield Skipped(source.shown, "unreadable", problem.strerror or "")
            return
        if data is None:
            yield Skipped(source.shown, "unreadable", "this clone does not hold it")
        elif len(data) > limit:
            yield Skipped(source.shown, "too-large", f"{len(data):,} bytes")
        elif self._settings.archives and _is_archive(data):
            yield from self._check_archive(source, BytesIO(data), len(data))
        else:
            yield _text(source, data, source.path, source.shown)

    def _begun(self, texts: Sequence[_Text]) -> list[Begun | None]:
        """What the pass finds in the texts; None for those among which is one that it fails at: each is then looked at alone."""
        begun: list[Begun | None] = []
        for root, group in groupby(texts, lambda text: text.source.root):
            documents = [text.document for text in group]
            try:
                begun += self.guard(root).begin(documents)
            except TightlipError:
                raise
            except Exception:  # which of them it is will be told of that one
                begun += [None] * len(documents)
        return begun

    def _check_large(self, source: Source) -> Iterator[Outcome]:
        too_large = Skipped(source.shown, "too-large", f"{source.size:,} bytes")
        if not self._settings.archives or source.oid or source.size > self._settings.max_size * _ARCHIVE:
            yield too_large
            return
        try:
            with open(source.path, "rb") as file:
                if _is_archive(file.read(512)):
                    file.seek(0)
                    yield from self._check_archive(source, file, source.size)
                else:
                    yield too_large
        except OSError as problem:
            yield Skipped(source.shown, "unreadable", problem.strerror or "")

    def _check_archive(self, source: Source, file: IO[bytes], size: int) -> Iterator[Outcome]:
        from tightlip.cli.archive import members

        for member in members(file, size, source.shown, self._settings.max_size):
            if isinstance(member, Skipped):
                yield member
            else:
                path = source.path + member.name[len(source.shown) :]
                text = _text(source, member.data, path, member.name)
                if isinstance(text, Skipped):
                    yield text
                else:
                    yield from self._finished(text, None)

    def _blob(self, source: Source) -> bytes | None:
        reader = self._readers.get(source.root)
        if reader is None:
            reader = self._readers[source.root] = BlobReader(source.root)
        return reader.read(source.oid)

    def _finished(self, text: _Text, begun: Begun | None) -> Iterator[Outcome]:
        """What is in a text."""
        source, document = text.source, text.document
        guard = self.guard(source.root)
        inspection = self._inspection(guard, document, begun)
        notices = inspection.notices
        if notices and notices[0].code == _EXCLUDED:
            yield Skipped(text.shown, _EXCLUDED, notices[0].message.removeprefix("Not checked: "))
            return
        found = tuple(inspection.everything)
        if found and source.added is not None:
            found = tuple(finding for finding in found if _touches(document.text, finding.span, source.added))
        loud = tuple(finding for finding in found if finding.severity <= self._settings.threshold)
        if text.encoding == "latin-1":
            notices = (*notices, Notice("undecodable", "This is not Unicode; it was read as Latin-1."))
        yield FileResult(
            path=text.shown,
            size=text.size,
            findings=self._reported(document, found, loud, guard) if loud else (),
            hidden=len(found) - len(loud),
            suppressed=tuple(one.kind for one in inspection.suppressed),
            notices=notices,
            restricted=inspection.restricted.sentence if inspection.restricted else "",
            blob=source.oid,
        )

    def _reported(
        self, document: Document, found: tuple[Finding, ...], loud: tuple[Finding, ...], guard: Guard
    ) -> tuple[ReportedFinding, ...]:
        """The loud ones of what was found; as one, where they are rows of personal data together with the quiet ones."""
        table = None if self._settings.each else realistic(found, document.text, document.path)
        covered = [finding for finding in loud if table.covers(finding)] if table is not None else []
        if table is None or not covered:
            return reported(document.text, loud, guard)
        return (
            _reported_table(document.text, table, covered, guard),
            *reported(document.text, table.rest(loud), guard),
        )

    def _inspection(self, guard: Guard, document: Document, begun: Begun | None) -> Inspection:
        if not self._settings.strict and self._lane is None:
            return guard.inspect(document, Surface.CLI) if begun is None else guard.finish(begun, Surface.CLI)
        policy = guard.policy_for(document.path)
        for glob in policy.exclude:
            if document.path is not None and glob.matches(document.path):
                notice = Notice(_EXCLUDED, f"Not checked: {glob.source} excludes this file.")
                return guard.judge(document, Detection((), (), (notice,)), Surface.CLI)
        strict = self._settings.strict or not policy.inline_allow.value
        candidates = begun.candidates if begun else None
        detection = detect(document, guard.ruleset, strict=strict, candidates=candidates, own=guard.own(policy))
        if self._lane is not None:
            detection = self._lane.add(document, detection, policy, strict=strict)
        return guard.judge(document, detection, Surface.CLI)


def _text(source: Source, data: bytes, path: str, shown: str) -> _Text | Skipped:
    """The text of a file (or an archive's member) that lies at `path` and is reported as `shown`."""
    decoded = decode(data)
    if decoded is None:
        return Skipped(shown, "archive" if _is_archive(data) else "binary")
    return _Text(source, Document(decoded.text, path), shown, len(data), decoded.encoding)


def reported(text: str, findings: Sequence[Finding], guard: Guard) -> tuple[ReportedFinding, ...]:
    """Findings of a text as a report tells them."""
    lines = LineIndex(text)
    told: list[ReportedFinding] = []
    for finding in findings:
        line, column = lines.line_column(finding.span.start)
        end_line, end_column = lines.line_column(finding.span.end)
        told.append(
            ReportedFinding(
                rule=finding.rule,
                title=finding.title,
                category=finding.category,
                entity=finding.entity,
                severity=finding.severity,
                confidence=finding.confidence,
                start=finding.span.start,
                end=finding.span.end,
                line=line + 1,
                column=column + 1,
                end_line=end_line + 1,
                end_column=end_column + 1,
                fingerprint=guard.fingerprint(finding),
                message=describe(finding),
                evidence=finding.evidence,
                detector=finding.detector,
            )
        )
    return tuple(told)


def _reported_table(text: str, table: Realistic, covered: Sequence[Finding], guard: Guard) -> ReportedFinding:
    """Rows of personal data as one finding, from the first row to the last, in place of those it covers."""
    whole = evolve(
        covered[0],
        rule=REALISTIC,
        title=table.title,
        span=table.span,
        severity=table.severity,
        confidence=table.confidence,
        # its fingerprint must change when a value does
        value="\0".join(finding.value for finding in covered),
        entity=None,
        evidence="; ".join(table.evidence),
        detector="tightlip",
    )
    entry, *_ = reported(text, [whole], guard)
    columns = {column_name(column.name): column.title for column in table.columns}
    told = ReportedTable(table.rows, columns, table.evidence)
    return entry._replace(message=table.sentence, values=len(covered), table=told)


def _read(path: str, size: int, limit: int) -> bytes:
    """At most `limit` bytes of a file that had `size` bytes. The lowest calls there are: a scan opens files by the thousand."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        data = os.read(handle, size + 1)
        if len(data) != size:  # it grew or shrank, or came in pieces
            while len(data) < limit and (more := os.read(handle, limit - len(data))):
                data += more
    finally:
        os.close(handle)
    return data


def _is_archive(data: bytes) -> bool:
    from tightlip.cli.archive import is_archive

    return is_archive(data[:512])


def _touches(text: str, span: Span, added: tuple[range, ...]) -> bool:
    """Whether a span has a part in one of the lines, counted as git does: by line feeds alone."""
    first = text.count("\n", 0, span.start) + 1
    last = first + text.count("\n", span.start, max(span.end - 1, span.start))
    return any(lines.start <= last and first < lines.stop for lines in added)
