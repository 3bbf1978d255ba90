"""Parts of a text that are restricted by where they come from, whatever stands in them: fenced sections, copied code."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, frozen

from tightlip.errors import PolicyError, TightlipError
from tightlip.finding import Action, Category, Classification, Confidence, Finding, Reason, Severity
from tightlip.policy.decide import excepted, on_error_action
from tightlip.policy.model import ExceptionEntry, Layer, Policy
from tightlip.policy.stamp import Stamp, stamp_of
from tightlip.provenance.classify import RepoEntry
from tightlip.provenance.copied import Copied, LineSource, Own, find_copies
from tightlip.provenance.fences import section_findings
from tightlip.provenance.index_file import Index
from tightlip.provenance.index_key import read_key
from tightlip.provenance.lines_seen import Memory
from tightlip.redact.placeholder import TOKEN

COPIED = "copied-code"

_LOUDNESS = {Action.INFO: Severity.INFORMATION, Action.BLOCK: Severity.ERROR}


@frozen
class Passage:
    """One part of a text."""

    finding: Finding
    """Of category `restricted`; its value is all of the part, and a placeholder takes its place."""
    reason: Reason
    """What is done about it, before the surface is looked at."""
    copied: Copied | None = None
    """Where it was copied from; None for a section that is fenced here."""
    entry: RepoEntry | None = None
    """The policy's entry that gave the code its class."""


class Passages:
    """What is known of restricted code: the lines of this session, and the indexes that policies name."""

    def __init__(self, memory: Memory | None = None):
        """`memory` is the session's, shared by all its folders."""
        self.memory = memory
        self._indexes: dict[tuple[str, str], tuple[tuple[Stamp, Stamp], Index | TightlipError]] = {}
        """By the paths of index and key file."""

    def of(
        self, text: str, policy: Policy, own: Own, exceptions: Sequence[ExceptionEntry] = ()
    ) -> tuple[tuple[Passage, ...], tuple[Reason, ...], tuple[PolicyError, ...]]:
        """The restricted parts of a text, in order; then what could not be looked for: reasons of the decision, problems.

        `own` says whose text it is, `exceptions` are those that count today and here.
        """
        found = [_section(one, policy, exceptions) for one in section_findings(text) if not _is_redacted(one)]
        sources: list[LineSource] = [self.memory] if self.memory is not None and len(self.memory) else []
        named = _named(policy) if policy.names_indexes else {}
        opened = [(entry, self._open(entry)) for entry in named.values()]
        sources += [index for _, index in opened if isinstance(index, Index)]
        copies = find_copies(text, sources, own) if sources else ()
        reasons: list[Reason] = []
        problems: list[PolicyError] = []
        for entry, index in opened:
            problem = index.problem if isinstance(index, Index) else index  # damage behind a header is met only now
            if problem is not None:
                problems.append(_unusable(entry, problem))
                reasons += _not_looked_for(entry, policy, problems[-1])
        for copied in copies:
            entry = named.get(copied.source)
            one = copied if entry is None else evolve(copied, classification=entry.classification)
            found.append(_copy(one, text, policy, entry or copied.entry, exceptions))
        told = [passage for passage in found if passage.reason.action > Action.OFF]
        return tuple(sorted(told, key=lambda passage: passage.finding.span)), tuple(reasons), tuple(problems)

    def _open(self, entry: RepoEntry) -> Index | TightlipError:
        """The index an entry names, opened again when it or its key is another file, or why it cannot be.

        One that was open is let go and not closed: another thread may be asking it.
        """
        files = entry.index, entry.index_key
        stamps = stamp_of(entry.index), stamp_of(entry.index_key)
        known = self._indexes.get(files)
        if known is not None and known[0] == stamps:
            return known[1]
        opened: Index | TightlipError
        try:
            opened = Index(entry.index, read_key(entry.index_key) if entry.index_key else None)
        except TightlipError as problem:
            opened = problem
        self._indexes[files] = stamps, opened
        return opened


def _named(policy: Policy) -> dict[str, RepoEntry]:
    """The indexes of a policy by their paths; of several entries that name one, that of the strictest class."""
    named: dict[str, RepoEntry] = {}
    for entry in policy.repos:
        known = named.get(entry.index)
        if entry.index and (known is None or entry.classification > known.classification):
            named[entry.index] = entry
    return named


def _unusable(entry: RepoEntry, problem: TightlipError) -> PolicyError:
    what = f"the index {entry.index.rpartition('/')[2]} cannot be used: {problem.message}"
    return PolicyError(what, file=entry.source.rpartition(":")[0], line=entry.line, column=1)


def _section(finding: Finding, policy: Policy, exceptions: Sequence[ExceptionEntry]) -> Passage:
    share = policy.share_action(Classification.RESTRICTED)
    label = f" “{finding.field}”" if finding.field else ""
    text = f"Private section{label}: {finding.evidence.removeprefix('fenced, ')} may not be shared with an assistant."
    reason = Reason(share.value, text, finding.rule, share.layer, share.source)
    return _passage(finding, excepted(reason, Category.RESTRICTED, exceptions))


def _copy(
    copied: Copied, text: str, policy: Policy, entry: RepoEntry | None, exceptions: Sequence[ExceptionEntry]
) -> Passage:
    setting = policy.copied_action(copied.classification)
    # what is only likely is asked about; it is stopped where it is sure
    action = min(setting.value, Action.ASK) if not copied.strict else setting.value
    title = _called(copied)
    sentences = [f"{title}: an assistant would receive {'it' if copied.whole_file else 'them'}."]
    if entry is not None and entry.allowed:
        sentences.append(entry.allowed.rstrip(". ") + ".")
    if entry is not None and (entry.contact or entry.owner):
        sentences.append(f"Ask {(entry.contact or entry.owner).rstrip('. ')}.")
    confidence = Confidence.HIGH if copied.strict else Confidence.MEDIUM
    value = text[copied.span.start : copied.span.end]
    finding = Finding(
        COPIED, title, Category.RESTRICTED, copied.span, Severity.WARNING, confidence, value, "COPIED_CODE"
    )
    layer, source = (entry.layer, entry.source) if entry is not None else (setting.layer, setting.source)
    reason = Reason(action, " ".join(sentences), COPIED, layer, source)
    return _passage(finding, excepted(reason, Category.RESTRICTED, exceptions), copied, entry)


def _called(copied: Copied) -> str:
    """`10 lines of restricted code from acme/pay, src/settle.py:6-15`."""
    level = copied.classification.name.lower()
    repository = copied.repository.partition("/")[2] or copied.repository
    place = f"{repository}, {copied.file}" if repository else copied.file
    if copied.whole_file:
        return f"Copy of {level} code from {place}"
    likely = "" if copied.strict else "that look like lines "
    return f"{copied.lines} lines {likely}of {level} code from {place}:{copied.first_line}-{copied.last_line}"


def _is_redacted(section: Finding) -> bool:
    """Whether placeholders, in quotes or not, have taken the place of all that stood in a section."""
    rest, placeholders = TOKEN.subn("", section.value)
    return placeholders > 0 and not any(map(str.isalnum, rest))


def _passage(finding: Finding, reason: Reason, copied: Copied | None = None, entry: RepoEntry | None = None) -> Passage:
    severity = _LOUDNESS.get(reason.action, Severity.WARNING)
    return Passage(finding.with_severity(severity), reason, copied, entry)


def _not_looked_for(entry: RepoEntry, policy: Policy, problem: PolicyError) -> list[Reason]:
    """What `on_error` says of an index of the organisation that cannot be used."""
    if entry.layer != Layer.ORG.label:
        return []
    action = min(on_error_action(policy), policy.copied_action(entry.classification).value)
    what = problem.message[:1].upper() + problem.message[1:]
    return [Reason(action, f"{what}.", COPIED, entry.layer, entry.source)] if action > Action.OFF else []
