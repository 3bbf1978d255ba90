"""Reads policy files to tell their mistakes: what cannot be read, what does not count, and what does not count for long."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from attrs import evolve, frozen

from tightlip.errors import PolicyError, RuleError
from tightlip.finding import Category, RuleId
from tightlip.policy.bundle import Bundle, read_bundle
from tightlip.policy.expiry import expiry_of
from tightlip.policy.known import unknown_rules
from tightlip.policy.layers import fold
from tightlip.policy.load import AS_ON_DISK, NAME, Above, policy_files, read_file
from tightlip.policy.model import AllowEntry, ExceptionEntry, Layer, OwnEntries
from tightlip.policy.read import FilePolicy
from tightlip.provenance.repository import Repositories
from tightlip.syntax.toml import read_toml


@frozen
class Remark:
    """One mistake, or something to be known that is none."""

    message: str
    """One sentence without the place."""
    file: str
    line: int
    column: int
    is_error: bool = True

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {'' if self.is_error else 'note: '}{self.message}"


def layer_of(path: Path, above: Above) -> Layer:
    """The layer a policy file (absolute) is of, by its place: the organisation's folder, the user's file, or else a
    repository's."""
    where = above.places
    if where is not None and where.folder and Path(where.folder) in path.parents:
        return Layer.ORG
    return Layer.USER if path == above.user else Layer.REPO


def check_file(
    path: Path,
    name: str,
    layer: Layer,
    categories: Mapping[RuleId, Category],
    above: Above,
    day: date,
) -> list[Remark] | None:
    """The mistakes of one file (absolute), called `name` in them, under the layers that lie above it on this machine.

    None where it says nothing of tightlip. Raises PolicyError for a file that cannot be opened.
    """
    try:
        if stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for
            path.open("rb").close()
    except OSError as problem:
        raise PolicyError(f"cannot read this file: {problem.strerror}", file=name) from None
    top = _top(path)
    found = read_file(path, str(path), categories, layer, str(top) if layer is not Layer.REPO else None)
    if found is None:
        return None
    files: list[FilePolicy | None] = [found]
    if layer is not Layer.ORG:
        files += [
            one
            for one in above.files(top, categories, AS_ON_DISK)
            if one is not None and one.file != found.file and one.layer < layer
        ]
    if layer is Layer.REPO:
        files = [*(read_file(one, one.relative_to(top).as_posix(), categories) for one in _outer(path, top)), *files]
    policy = fold(
        [one for one in files if one is not None], categories, governed=above.governs and layer is not Layer.ORG
    )
    remarks = [remark_of(problem) for problem in policy.problems if problem.file == str(path)]
    # a file may name what another of its layer looks for
    beside = [one.own for one in above.files(top, categories, AS_ON_DISK) if one is not None and one.own is not None]
    policy = evolve(policy, own=(*policy.own, *beside))
    for elsewhere in (False, True):
        mentions = [one for one in found.mentions if one.elsewhere is elsewhere]
        unknown = unknown_rules(mentions, categories, policy)
        remarks += [evolve(remark_of(problem), is_error=not elsewhere) for problem in unknown]
    remarks += [remark for test in _FURTHER for remark in test(found, day)]
    remarks = [evolve(one, message=one.message.replace(str(path), name), file=name) for one in remarks]
    return sorted(remarks, key=lambda one: (one.line, one.column, one.message))


def remark_of(problem: PolicyError) -> Remark:
    """A mistake that was told while a policy was loaded."""
    return Remark(problem.message, problem.file or NAME, problem.line or 1, problem.column or 1)


def expiries(entries: Iterable[AllowEntry | ExceptionEntry | Bundle], day: date) -> Iterator[Remark]:
    """What has expired, and what will soon."""
    for one in entries:
        told = expiry_of(one, day)
        if told is not None:
            yield _at(told.source, told.message, is_error=told.is_over)


def examples(own: OwnEntries) -> Iterator[Remark]:
    """Examples of a policy's own rules that do not hold."""
    from tightlip.detect.custom import check_examples

    for rule in own.rules:
        try:
            for failure in check_examples([rule]):
                yield _at(rule.source, f'rule "{rule.id}": {failure.message}')
        except RuleError as problem:
            yield _at(rule.source, problem.message)


def _examples_of(found: FilePolicy, _: date) -> Iterator[Remark]:
    if found.own is not None:
        yield from examples(found.own)


def _expiries_of(found: FilePolicy, day: date) -> Iterator[Remark]:
    yield from expiries([*found.exceptions, *found.allows], day)


def _bundle(found: FilePolicy, day: date) -> Iterator[Remark]:
    """Mistakes of `[bundle]`, and its end."""
    if found.layer is not Layer.ORG or not found.readable:
        return
    read = read_bundle(read_toml(Path(found.file), PolicyError, found.file))
    yield from map(remark_of, read.problems)
    if read.bundle is not None:
        yield from expiries([read.bundle], day)


_FURTHER: tuple[Callable[[FilePolicy, date], Iterator[Remark]], ...] = (_expiries_of, _bundle, _examples_of)
"""What is looked at besides what reading tells; each test gets one file."""


def _top(path: Path) -> Path:
    repository = Repositories().of(path)
    return Path(repository.root) if repository is not None else path.parent


def _outer(path: Path, top: Path) -> tuple[Path, ...]:
    """The policy files of the same repository that lie above one, which may be a draft of another name."""
    files = policy_files(path.parent, top)
    return files[: files.index(path)] if path in files else tuple(one for one in files if one.parent != path.parent)


def _at(source: str, message: str, *, is_error: bool = True) -> Remark:
    file, _, line = source.rpartition(":")
    return Remark(message, file, int(line), 1, is_error)
