"""One job of the deep lane: a text before, a request to the worker between, findings after."""

from __future__ import annotations

from pathlib import Path

from attrs import evolve, field, frozen

from tightlip.detect.deep.catalog import finding_of
from tightlip.detect.deep.merge import carry, without_overlaps
from tightlip.detect.deep.protocol import ProtocolError, Region, Reply, Request, Settings
from tightlip.detect.deep.regions import around, changed, choose
from tightlip.detect.safe import builtin_safe_values
from tightlip.detect.suppress import is_placeholder, is_reference
from tightlip.finding import Category, Finding, Notice, Span
from tightlip.syntax.language import Language, language_of


@frozen
class DeepJob:
    """A text to look at."""

    text: str = field(repr=False)
    path: str | None = None
    language_id: str | None = None
    """The editor's name for the language (LSP `languageId`), or None."""
    key: str | None = None
    """Name of the document, the same for all its versions: a newer job replaces an older one, and only what changed since
    the last answer is looked at. None for a text that is looked at once."""
    settings: Settings = Settings()


@frozen
class DeepResult:
    """What the deep lane found in a whole text, sorted by span and free of overlaps; `merge` joins it with the fast lane."""

    findings: tuple[Finding, ...] = ()
    notices: tuple[Notice, ...] = ()


@frozen
class Answered:
    """A text that was looked at, and what was found."""

    text: str = field(repr=False)
    language: Language
    settings: tuple[object, ...]
    """The user's settings and the state of their files."""
    result: DeepResult


@frozen
class Prepared:
    """A job that is ready for the worker."""

    job: DeepJob
    language: Language
    settings: tuple[object, ...]
    regions: tuple[Region, ...]
    looked_at: Span
    """The part of the text the regions are taken from."""
    kept: DeepResult
    """What still holds of the last answer, and what is known not to be looked at now."""

    def request(self, number: int) -> Request:
        """The message to the worker."""
        settings = evolve(
            self.job.settings,
            baseline=_absolute(self.job.settings.baseline),
            recognizers=_absolute(self.job.settings.recognizers),
            plugins=tuple(path for name in self.job.settings.plugins if (path := _absolute(name)) is not None),
        )
        return Request(number, self.regions, self.job.path, self.language.name, settings)


def prepare(job: DeepJob, last: Answered | None) -> Prepared:
    """Choose what has to be looked at, given the last answer for the same document."""
    text = job.text
    language = language_of(job.path, job.language_id, text)
    settings = (job.settings, *(_stamp(path) for path in _files(job.settings)))
    within, kept = Span(0, len(text)), DeepResult()
    if last is not None and (last.language, last.settings) == (language, settings):
        before, after = changed(last.text, text)
        if before.start == before.end and after.start == after.end:
            return Prepared(job, language, settings, (), after, last.result)
        if not (language.name in ("csv", "tsv") and _is_in_first_line(text, after)):
            within = around(text, after)
            notices = (evolve(n, span=Span(0, 0)) for n in last.result.notices if n.code == "deep-too-large")
            kept = DeepResult(carry(last.result.findings, text, before, after, within), tuple(notices))
    own = bool(job.settings.recognizers or job.settings.run_baseline_code or job.settings.plugins)
    selection = choose(text, language, within, every_line=own)
    notices = tuple(dict.fromkeys((*kept.notices, *selection.notices)))
    return Prepared(job, language, settings, selection.regions, within, DeepResult(kept.findings, notices))


def _files(settings: Settings) -> tuple[str | None, ...]:
    return settings.baseline, settings.recognizers, *settings.plugins


def finish(prepared: Prepared, reply: Reply) -> Answered:
    """What the worker's answer makes of a job. Raises ProtocolError for a place that it was not asked about."""
    text, part = prepared.job.text, prepared.looked_at
    findings: list[Finding] = []
    for hit in reply.findings:
        if not part.start <= hit.start < hit.end <= part.end:
            raise ProtocolError("the answer speaks of a place that was not asked about")
        finding = finding_of(hit, text)
        if not _stands_for_another(finding):
            findings.append(finding)
    notices = (Notice(problem.code, problem.message) for problem in reply.problems)
    result = DeepResult(
        tuple(without_overlaps((*prepared.kept.findings, *findings))),
        tuple(dict.fromkeys((*prepared.kept.notices, *notices))),
    )
    return Answered(text, prepared.language, prepared.settings, result)


def _stands_for_another(finding: Finding) -> bool:
    """Whether a value is a reference, a placeholder or reserved for documentation, as in the fast lane."""
    if is_reference(finding.value):
        return True
    if finding.category is Category.SECRET:
        return is_placeholder(finding.value, structural=finding.evidence == "format only")
    return finding.entity is not None and builtin_safe_values().is_safe(finding.entity, finding.value)


def _is_in_first_line(text: str, span: Span) -> bool:
    return "\n" not in text[: span.start] and "\r" not in text[: span.start]


def _absolute(path: str | None) -> str | None:
    """The path for the worker, which runs in another folder."""
    return str(Path(path).absolute()) if path else None


def _stamp(path: str | None) -> tuple[int, int] | None:
    """State of a settings file, so that a saved change of it counts at once."""
    try:
        status = Path(path).stat() if path else None
    except OSError:
        status = None
    return (status.st_mtime_ns, status.st_size) if status else None
