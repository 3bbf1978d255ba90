"""What holds for a file by where it lies: the policy, the repository and the exceptions, read once for each folder."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from attrs import evolve

from tightlip.detect.confirm import is_test_path
from tightlip.errors import PolicyError
from tightlip.finding import Category, RuleId
from tightlip.policy.load import (
    NAME,
    NEVER_READ,
    NOTHING_ABOVE,
    SHARED,
    Above,
    above_all,
    load_policy,
    policy_files,
)
from tightlip.policy.model import ExceptionEntry, Layer, Policy
from tightlip.policy.place import Place
from tightlip.policy.stamp import Stamp, stamp_of
from tightlip.provenance.classify import RepoEntry, classify, relevant
from tightlip.provenance.glob import relative
from tightlip.provenance.repository import FRESH, Repositories, Repository

if TYPE_CHECKING:
    from tightlip.policy.read import FilePolicy


class _Around(NamedTuple):
    """What the files of a folder share."""

    seen: float
    folder: str
    """With symbolic links resolved."""
    policy: Policy
    repository: Repository | None
    entries: tuple[RepoEntry, ...]


_DOTS = frozenset(("", ".", ".."))
_Relevant = dict[tuple[int, int, str], tuple[Policy, Repository | None, tuple[RepoEntry, ...]]]


class _Read:
    """What was read since the last reload. A reload begins another, so that who reads meanwhile keeps nothing old in it."""

    def __init__(self) -> None:
        self.inner: dict[str, Policy] = {}
        self.around: dict[str, _Around] = {}
        self.relevant: _Relevant = {}
        self.stamps: dict[str, tuple[Stamp, ...]] = {}
        """How the policy files of each folder were, there or not, before they were read."""

    def stamp(self, folder: str, top: str) -> None:
        """Keep in mind how the policy files are that hold in a folder, up to `top`."""
        while folder not in self.stamps:
            self.stamps[folder] = _stamps_of(folder)
            if folder != top:
                folder = os.path.dirname(folder)  # noqa: PTH120


class Surroundings:
    """The folder a guard is for, and whatever policy holds at each place in it. It serves many threads."""

    def __init__(
        self,
        policy: Policy,
        categories: Mapping[RuleId, Category],
        root: Path | None,
        top: Path | None,
        repositories: Repositories,
        *,
        trusted: bool,
        today: Callable[[], date],
        above: Above,
    ):
        """As `tightlip.guard.Guard` takes them; `categories` are those of the rules that policies may speak of."""
        self.policy = policy
        self.root = root
        self.top = top
        self.above = above
        self.repositories = repositories
        self._categories = categories
        self._trusted = trusted
        self._today = today
        self._files = policy_files(root, top) if root and top else ()
        self._good: dict[Path | None, dict[str, FilePolicy]] = {}
        self._keep(policy, root, top)
        self._read = _Read()
        if root and top:
            self._read.stamp(str(root), str(top))

    @property
    def problems(self) -> tuple[PolicyError, ...]:
        """Every mistake in the policy files read so far."""
        return tuple(
            problem for policy in (self.policy, *tuple(self._read.inner.values())) for problem in policy.problems
        )

    def reload(self) -> None:
        """Read the policies again. What a file said that cannot be read any more stays in force."""
        self.repositories.forget()
        read = _Read()
        if self.above.places is not None:
            self.above = above_all(self.above.places)
        if self.root is not None and self.top is not None:
            read.stamp(str(self.root), str(self.top))
            self._files = policy_files(self.root, self.top)
        if self.root is not None or self.above is not NOTHING_ABOVE:
            self.policy = self._load(self.root, self.top)
        self._read = read

    def is_stale(self, folders: Iterable[str] | None = None) -> bool:
        """Whether a policy file has come, changed or gone since it was read: the root's, and one that holds in some
        folders (absolute), or in any that was met."""
        stamps = self._read.stamps
        if folders is None:
            return any(known != _stamps_of(folder) for folder, known in tuple(stamps.items()))
        own = (str(self.root),) if self.root is not None else ()
        compared: set[str] = set()
        for folder in (*own, *map(self.repositories.resolve, folders)):
            one, above = folder, os.path.dirname(folder)  # noqa: PTH120
            while one != above and one not in compared:
                if one in stamps and stamps[one] != _stamps_of(one):
                    return True
                compared.add(one)
                one, above = above, os.path.dirname(above)  # noqa: PTH120
        return False

    def policy_at(self, path: str | Path) -> Policy:
        """The policy for a file, links resolved: that of the root, and what policy files between the root and it add."""
        return self._policy_at(self.repositories.resolve(path))

    def place(self, name: str | None, *, is_file: bool = True) -> Place:
        """What holds for a file or folder, or for a text that lies nowhere."""
        if name is None:
            exceptions = self._exceptions_for(self.policy, None, None) if self.policy.exceptions else ()
            return Place(None, self.policy, classify(None, None, ()), exceptions=exceptions)
        path, around = self._around_of(name, is_file=is_file)
        policy, repository = around.policy, around.repository
        classified = classify(path, repository, around.entries, policy.default_class.value)
        exceptions = self._exceptions_for(policy, path, repository) if policy.exceptions else ()
        return Place(path, policy, classified, repository, is_test_path(path), exceptions)

    def whereabouts(self, path: str | Path) -> Place:
        """What is known of a file or folder, which need not exist, without looking into it; its repository with its roots."""
        place = self.place(str(path), is_file=False)
        repository = self.repositories.at(place.path or str(path))
        return evolve(place, repository=repository and self.repositories.with_roots(repository))

    def _load(self, folder: Path | None, top: Path | None) -> Policy:
        # who trusts a folder trusts no other one
        trusted = self._trusted and top == self.top
        before = self._good.get(top, NEVER_READ)
        policy = load_policy(folder, top, self._categories, trusted=trusted, above=self.above, before=before)
        self._keep(policy, folder, top)
        return policy

    def _keep(self, policy: Policy, folder: Path | None, top: Path | None) -> None:
        """Keep what each file said: not what came of it, for that is decided anew whenever one of them changes."""
        said = {one.file: one for one in policy.said}
        known = self._good.get(top, {})
        gone = {file for file, one in known.items() if file not in said and _was_read_for(folder, one)}
        good = {file: one for file, one in said.items() if one.readable}
        self._good[top] = {**{file: one for file, one in known.items() if file not in gone}, **good}

    def _policy_at(self, path: str) -> Policy:
        if self.root is None or self.top is None:  # it was read for no folder, and holds everywhere
            return self.policy
        folder, read = os.path.dirname(path), self._read  # noqa: PTH120
        known = read.inner.get(folder)
        if known is None:
            known = read.inner[folder] = self._read_at(folder, self.top, read)
        return known

    def _read_at(self, folder: str, top: Path, read: _Read) -> Policy:
        inside = folder == str(top) or relative(folder, str(top)) is not None
        if not inside:
            # a file of another repository: what that one says of itself, and what is restricted here
            repository = self.repositories.of(folder)
            if repository is None:
                return self.policy
            top = Path(repository.root)
        read.stamp(folder, str(top))
        files = policy_files(Path(folder), top)
        if inside and files == self._files:
            return self.policy
        if not inside and not files:
            from tightlip.policy.layers import without_comments

            return without_comments(self.policy)
        policy = self._load(Path(folder), top)
        if inside:
            return policy
        return evolve(
            policy,
            repos=policy.repos + self.policy.repos,
            names_roots=policy.names_roots or self.policy.names_roots,
            names_indexes=policy.names_indexes or self.policy.names_indexes,
        )

    def _around_of(self, name: str, *, is_file: bool) -> tuple[str, _Around]:
        """Absolute path of a file or folder, links resolved, and what it shares with the files beside it."""
        known = self._read.around
        text = name
        folder, _, last = name.rpartition("/")
        if folder not in known or last in _DOTS:  # a name as those that were looked at is plain
            # "link/.." is the folder above what the link names, so that what holds ".." is not cut short
            text = name if ".." in name else os.path.abspath(name)  # noqa: PTH100
            folder, last = os.path.split(text)
        around = known.get(folder) if is_file and not os.path.islink(text) else None  # noqa: PTH114
        if around is not None and time.monotonic() - around.seen < FRESH:
            return text if folder == around.folder else os.path.join(around.folder, last), around  # noqa: PTH118
        path = self.repositories.resolve(text)
        around = self._look_around(path, is_file=is_file)
        if is_file and (path == text or (".." not in text and not os.path.islink(text))):  # noqa: PTH114
            known[folder] = around
        return path, around

    def _look_around(self, path: str, *, is_file: bool) -> _Around:
        policy = self._policy_at(path)
        repository = self.repositories.at(path, is_file=is_file)
        if repository is not None and policy.names_roots:
            repository = self.repositories.with_roots(repository)
        folder = os.path.dirname(path)  # noqa: PTH120
        entries = self._entries_for(policy, repository, folder if is_file else path)
        return _Around(time.monotonic(), folder, policy, repository, entries)

    def _exceptions_for(
        self, policy: Policy, path: str | None, repository: Repository | None
    ) -> tuple[ExceptionEntry, ...]:
        top = str(self.top) if self.top is not None else None
        day, root = self._today(), repository.root if repository is not None else top
        return tuple(one for one in policy.exceptions if one.counts_on(day) and one.speaks_of(path, root, repository))

    def _entries_for(self, policy: Policy, repository: Repository | None, folder: str) -> tuple[RepoEntry, ...]:
        """The policy's entries for the files of a folder, found once: policy and repository stay the same object until
        they change."""
        entries = self._read.relevant
        known = entries.get((id(policy), id(repository), folder))
        if known is None:
            if len(entries) > 1000:
                entries.clear()
            known = (policy, repository, relevant(policy.repos, repository, folder))
            entries[id(policy), id(repository), folder] = known
        return known[2]


def _was_read_for(folder: Path | None, said: FilePolicy) -> bool:
    """Whether a file is among those that are read for a folder."""
    parent = Path(said.file).parent
    return said.layer is not Layer.REPO or (folder is not None and (parent == folder or parent in folder.parents))


def _stamps_of(folder: str) -> tuple[Stamp, ...]:
    return stamp_of(os.path.join(folder, NAME)), stamp_of(os.path.join(folder, SHARED))  # noqa: PTH118
