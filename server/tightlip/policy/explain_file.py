"""The whole way from a file to what is decided about it, step by step, in plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from attrs import frozen

from tightlip.finding import Classification, Decision, Surface
from tightlip.policy.explain_entries import Entry, exception_entry
from tightlip.policy.model import ExceptionEntry, Policy
from tightlip.policy.words import matcher_of, word
from tightlip.provenance.classify import Classified, RepoEntry, classify
from tightlip.provenance.repository import Repository


@frozen
class RepositoryTold:
    """The identity of a repository."""

    name: str
    root: str
    remotes: tuple[str, ...]
    """Normalised, as `[[repo]]` names them."""
    roots: tuple[str, ...]
    """Ids of its root commits; empty where they were not asked for, or cannot be told."""
    problem: str
    """Why some of it cannot be told, one sentence."""


@frozen
class ClassTold:
    """The class of a file and what it means."""

    name: str
    layer: str
    source: str
    """`file:line` of what gave it; empty for the built-in default."""
    by: str
    """What gave it: the words of a `[[repo]]`, or the key of the default."""
    share: str
    """Action when the file is about to leave."""
    share_source: str
    copied_code: str
    copied_code_source: str
    owner: str = ""
    contact: str = ""
    allowed: str = ""
    others: tuple[Entry, ...] = ()
    """Entries that speak of the file too, and why they do not decide."""
    problem: str = ""
    """Why a stricter class may have been missed."""


@frozen
class FileExplained:
    """One file."""

    path: str
    """Absolute, symbolic links resolved."""
    unread: str
    """Why its text was not looked at, so that only its place is judged; empty where it was."""
    repository: RepositoryTold | None
    superprojects: tuple[RepositoryTold, ...]
    """Repositories it is a submodule of, innermost first."""
    classified: ClassTold
    fixture: bool
    """Whether it is a file of tests, examples or documentation, for which `fixtures` counts."""
    excluded: str
    """`file:line` that excludes it from being looked at; empty for none."""
    exceptions: tuple[Entry, ...]
    """All of the policy, each with why it does not count here."""
    decisions: Mapping[Surface, Decision]


def explain_file(
    path: str,
    policy: Policy,
    repository: Repository | None,
    classified: Classified,
    decisions: Mapping[Surface, Decision],
    *,
    unread: str,
    fixture: bool,
    counting: Sequence[ExceptionEntry],
    day: date,
) -> FileExplained:
    """Tell the way of the file at `path` (absolute, resolved).

    `policy` is the one for its folder, `decisions` what is decided about it by surface, `counting` the exceptions that
    count on `day` for it.
    """
    chain = [_repository(one) for one in repository.with_superprojects()] if repository is not None else []
    excluded = next((glob.source for glob in policy.exclude if glob.matches(path)), "")
    return FileExplained(
        path,
        unread,
        chain[0] if chain else None,
        tuple(chain[1:]),
        _class(path, policy, repository, classified),
        fixture,
        excluded,
        tuple(exception_entry(one, day, elsewhere=one not in counting) for one in policy.exceptions),
        decisions,
    )


def _repository(one: Repository) -> RepositoryTold:
    commits = one.roots.commits if one.roots is not None else ()
    problem = one.problem or (one.roots.problem if one.roots is not None else "")
    return RepositoryTold(one.name, one.root, one.remotes, tuple(commits), problem)


def _class(path: str, policy: Policy, repository: Repository | None, classified: Classified) -> ClassTold:
    level, entry = classified.origin.classification, classified.entry
    share, copied = policy.share_action(level), policy.copied_action(level)
    by, layer, source = "[defaults] class", policy.default_class.layer, policy.default_class.source
    if entry is not None:
        by, layer, source = _named(entry), entry.layer, entry.source
    return ClassTold(
        word(level), layer, source, by, word(share.value), share.source, word(copied.value), copied.source,
        owner=entry.owner if entry else "",
        contact=entry.contact if entry else "",
        allowed=entry.allowed if entry else "",
        others=tuple(_others(path, policy, repository, classified)),
        problem=classified.problem,
    )  # fmt: skip


def _others(path: str, policy: Policy, repository: Repository | None, classified: Classified) -> Iterator[Entry]:
    """Entries that speak of the file and do not decide its class, and the default."""
    for entry in policy.repos:
        if entry is classified.entry:
            continue
        alone = classify(path, repository, (entry,), Classification.PUBLIC)
        if alone.entry is entry:
            level = alone.origin.classification
            outcome = "not the strictest" if level < classified.origin.classification else "says the same"
            yield Entry(f"{word(level)}: {_named(entry)}", entry.layer, entry.source, counts=False, outcome=outcome)
    if classified.entry is not None:
        default = policy.default_class
        outcome = "for repositories that no entry names"
        yield Entry(
            f"{word(default.value)}: [defaults] class", default.layer, default.source, counts=False, outcome=outcome
        )


def _named(entry: RepoEntry) -> str:
    return f"[[repo]] of {matcher_of(entry.remotes, entry.roots, entry.paths)}"
