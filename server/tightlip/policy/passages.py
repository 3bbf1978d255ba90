"""Parts of a text that are restricted by where they come from, whatever stands in them: fenced sections, copied code."""

from __future__ import annotations

import os
from collections.abc import Sequence

from attrs import frozen

from tightlip.errors import PolicyError, TightlipError
from tightlip.finding import Action, Category, Classification, Confidence, Finding, Reason, Severity
from tightlip.policy.decide import excepted, on_error_action
from tightlip.policy.model import ExceptionEntry, Layer, Policy
from tightlip.provenance.classify import RepoEntry
from tightlip.provenance.copied import Copied, LineSource, Own, find_copies
from tightlip.provenance.fences import section_findings
from tightlip.provenance.index_file import Index
from tightlip.provenance.index_key import read_key
from tightlip.provenance.lines_seen import Memory
from tightlip.redact.placeholder import TOKEN

COPIED = "copied-code"

_LOUDNESS = {Action.INFO: Severity.INFORMATION, Action.BLOCK: Severity.ERROR}
_Stamp = tuple[int, int, int] | None


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
        self._indexes: dict[str, tuple[_Stamp, Index | PolicyError]] = {}

    def of(
        self, text: str, policy: Policy, own: Own, exceptions: Sequence[ExceptionEntry] = ()
    ) -> tuple[tuple[Passage, ...], tuple[Reason, ...], tuple[PolicyError, ...]]:
        """The restricted parts of a text, in order; then what could not be looked for: reasons of the decision, problems.

        `own` says whose text it is, `exceptions` are those that count today and here.
        """
        found = [_section(one, policy, exceptions) for one in section_findings(text) if not _is_redacted(one)]
        sources: list[LineSource] = [self.memory] if self.memory is not None and len(self.memory) else []
        named = {entry.index: entry for entry in policy.repos if entry.index} if policy.names_indexes else {}
        reasons: list[Reason] = []
        problems: list[PolicyError] = []
        for entry in named.values():
            index = self._open(entry)
            if isinstance(index, Index):
                sources.append(index)
            else:
                problems.append(index)
                reasons += _not_looked_for(entry, policy, index)
        copies = find_copies(text, sources, own) if sources else ()
        for entry in named.values():
            index = self._indexes[entry.index][1]
            if isinstance(index, Index) and index.problem is not None:  # it was damaged behind its header
                problems.append(_unusable(entry, index.problem))
                reasons += _not_looked_for(entry, policy, problems[-1])
        found += [
            _copy(copied, text, policy, named.get(copied.source) or copied.entry, exceptions) for copied in copies
        ]
        told = [passage for passage in found if passage.reason.action > Action.OFF]
        return tuple(sorted(told, key=lambda passage: passage.finding.span)), tuple(reasons), tuple(problems)

    def _open(self, entry: RepoEntry) -> Index | PolicyError:
        """The index an entry names, opened again when the file is another one, or why it cannot be."""
        stamp = _stamp(entry.index)
        known = self._indexes.get(entry.index)
        if known is not None and known[0] == stamp:
            return known[1]
        if known is not None and isinstance(known[1], Index):
            known[1].close()
        opened: Index | PolicyError
        try:
            key = read_key(entry.index_key) if entry.index_key else None
            opened = Index(entry.index, key, entry.classification)
        except TightlipError as problem:
            opened = _unusable(entry, problem)
        self._indexes[entry.index] = stamp, opened
        return opened


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


def _stamp(path: str) -> _Stamp:
    try:
        status = os.stat(path)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
