"""Which repository a path belongs to: read from `.git`, and asked of git once per repository for what only git knows.

Paths are strings here: a look-up may cost 50 µs when warm, and a handful of `Path` objects alone cost that.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from attrs import evolve, frozen

from tightlip.provenance.addresses import read_addresses
from tightlip.provenance.files import Stamp, real_path, stamp
from tightlip.provenance.git import GitError, ask_git
from tightlip.provenance.git_folder import Place, git_directories, has_git_folder, is_sound, lists_submodule
from tightlip.provenance.glob import FOLDS_CASE
from tightlip.provenance.roots import Roots, head_files, roots_of
from tightlip.provenance.ssh_config import SshHosts, ssh_hosts

FRESH = 0.25
"""Seconds for which a folder's real path and repository are not looked for again: a scan asks for every file in turn."""


@frozen
class Repository:
    """One working tree."""

    root: str
    """Absolute path of the working tree, symbolic links resolved."""
    common_dir: str
    """Absolute path of the git directory that all worktrees of the repository share."""
    remotes: tuple[str, ...] = ()
    """Every address of every remote, normalised, as written, after `insteadOf` and with the host ssh connects to; `origin`
    first. For one on this disk, also those of the repository there."""
    superproject: Repository | None = None
    """The repository this one is a submodule of, or that git would find in its place because this one is broken."""
    problem: str = ""
    """Why git could not be asked, one sentence; the remotes are then only those written in the configuration file."""
    folds_case: bool = FOLDS_CASE
    """Whether names that differ only in case are one file in it."""
    roots: Roots | None = None
    """Its root commits, None until `Repositories.with_roots` asked for them."""
    addresses: tuple[tuple[str, ...], ...] = ()
    """The names of each address by itself; empty where `remotes` are all that is known."""

    @property
    def name(self) -> str:
        """What a person calls it: its first remote, or the folder's name where there is none."""
        return self.remotes[0] if self.remotes else os.path.basename(self.root)

    def is_nothing_but(self, is_meant: Callable[[str], bool]) -> bool:
        """Whether every address has a name that is meant, and there is one: what loosens asks so, for anybody can add a remote.

        What restricts asks whether any name of any address is meant.
        """
        addresses = self.addresses or tuple((remote,) for remote in self.remotes)
        return bool(addresses) and all(any(map(is_meant, names)) for names in addresses)

    def with_superprojects(self) -> Iterable[Repository]:
        """The repository and those it is a submodule of, innermost first."""
        current: Repository | None = self
        while current is not None:
            yield current
            current = current.superproject


@frozen
class _Known:
    repository: Repository
    git_dir: str
    """Absolute path of the working tree's own git directory."""
    watched: tuple[str, ...]
    stamp: Stamp
    is_sound: bool
    """Whether git takes it for a repository. One that is broken keeps its addresses, and is what lies around it, too."""


@frozen
class _Rooted:
    bare: Repository
    """The repository as it was before its roots were asked for."""
    repository: Repository
    watched: tuple[str, ...]
    stamp: Stamp


class Repositories:
    """Finds repositories and remembers what git said, until the configuration or `HEAD` of the repository changes."""

    def __init__(self, git: str = "git"):
        """`git` is the program's name or absolute path."""
        self._git = git
        self._directories: dict[str, tuple[float, int, int, str]] = {}
        self._known: dict[str, _Known] = {}
        self._seen: dict[str, tuple[float, Repository | None]] = {}
        self._submodules: dict[tuple[str, str], tuple[Stamp, bool]] = {}
        self._rooted: dict[str, _Rooted] = {}
        self._roots: dict[str, Roots] = {}
        self._ssh: tuple[Stamp, SshHosts] | None = None

    def of(self, path: str | Path) -> Repository | None:
        """The innermost repository of a file or folder, after symbolic links; None outside of any. Never raises.

        The file need not exist. Costs one git process for a repository not seen before, else a few `stat` calls.
        """
        return self.at(self.resolve(path))

    def at(self, resolved: str, *, is_file: bool = False) -> Repository | None:
        """The same as `of` for a path that `resolve` gave; a file is no repository itself, and need not be asked."""
        if not is_file and _holds_git(resolved):
            return self._of(resolved)
        folder = os.path.dirname(resolved)
        now = time.monotonic()
        seen = self._seen.get(folder)
        if seen is not None and now - seen[0] < FRESH:
            return seen[1]
        found = self._of(folder)
        self._seen[folder] = (now, found)
        return found

    def with_roots(self, repository: Repository) -> Repository:
        """The repository and its superprojects with their root commits; the same object until something changes.

        Costs a walk through the history, so it is for policies that name roots. What was told is remembered until `HEAD`
        names another commit.
        """
        outer = self.with_roots(repository.superproject) if repository.superproject is not None else None
        last = self._rooted.get(repository.root)
        if last is None or last.bare.common_dir != repository.common_dir or last.stamp != stamp(last.watched):
            last = self._ask_roots(repository)
        elif (repository is last.bare or repository is last.repository) and outer is last.repository.superproject:
            return last.repository
        rooted = evolve(repository, roots=last.repository.roots, superproject=outer)
        self._rooted[repository.root] = evolve(last, bare=repository, repository=rooted)
        return rooted

    def resolve(self, path: str | Path) -> str:
        """Absolute path with symbolic links and `..` resolved, as opening it would; folders are looked up once while fresh."""
        text = os.fspath(path)
        if os.sep == "/" and ".." in text and ".." in text.split("/"):
            # "link/.." is the folder above what the link names
            return real_path(text)
        text = os.path.abspath(text)
        if os.path.islink(text):
            return real_path(text)
        folder, name = os.path.split(text)
        real = self._real(folder)
        return text if real == folder else os.path.join(real, name)

    def forget(self) -> None:
        """Drop everything remembered."""
        self._directories.clear()
        self._known.clear()
        self._seen.clear()
        self._submodules.clear()
        self._rooted.clear()

    def _real(self, folder: str) -> str:
        try:
            status = os.stat(folder)
        except (OSError, ValueError):
            return real_path(folder)
        now = time.monotonic()
        known = self._directories.get(folder)
        # a link may lead to the same folder by another way than before: that is seen when the answer is no longer fresh
        if known is not None and now - known[0] < FRESH and known[1:3] == (status.st_dev, status.st_ino):
            return known[3]
        real = real_path(folder)
        self._directories[folder] = (now, status.st_dev, status.st_ino, real)
        return real

    def _of(self, path: str) -> Repository | None:
        for root in _candidates(path):
            known = self._known.get(root)
            if known is not None and known.stamp == stamp(known.watched):
                repository = known.repository
            elif has_git_folder(root):
                repository = self._ask(root)
            else:
                continue
            outer = self._superproject(repository)
            if outer is not repository.superproject:
                repository = evolve(repository, superproject=outer)
                if (known := self._known.get(root)) is not None:
                    self._known[root] = evolve(known, repository=repository)
            return repository
        return None

    def _superproject(self, repository: Repository) -> Repository | None:
        above = os.path.dirname(repository.root)
        if above == repository.root:
            return None
        outer = self._of(above)
        if outer is None:
            return None
        if outer.common_dir == repository.common_dir:  # a worktree that lies in another one of the same repository
            return outer.superproject
        asked = self._known.get(repository.root)
        is_part = asked is None or not asked.is_sound or self._is_submodule(repository, outer)
        return outer if is_part else None

    def _is_submodule(self, inner: Repository, outer: Repository) -> bool:
        """Whether a repository that lies in another one's working tree belongs to it (gitsubmodules(7))."""
        # "modules/" lies in the git directory of the worktree the submodule was added in
        head, _, inside = inner.common_dir.partition(outer.common_dir)
        if not head and inside.startswith(os.sep) and _MODULES in inside:
            return True
        asked = self._known.get(outer.root)
        git_dir = asked.git_dir if asked is not None else git_directories(outer.root)[0]
        now = stamp((os.path.join(outer.root, ".gitmodules"), os.path.join(git_dir, "index")))
        known = self._submodules.get((outer.root, inner.root))
        if known is not None and known[0] == now:
            return known[1]
        found = lists_submodule(outer.root, inner.root) or self._has_commit_at(outer.root, git_dir, inner.root)
        self._submodules[outer.root, inner.root] = now, found
        return found

    def _has_commit_at(self, outer: str, git_dir: str, inner: str) -> bool:
        """Whether the outer repository records a commit at the inner one's folder, with or without `.gitmodules`."""
        try:
            entry = self._run(outer, git_dir, "ls-files", "--stage", "--", os.path.relpath(inner, outer))
        except GitError:
            return False
        return entry.startswith("160000 ")

    def _ask(self, root: str) -> Repository:
        git_dir, common = git_directories(root)
        hosts, pointer = self._ssh_hosts(), os.path.join(root, ".git")
        watched = (os.path.join(git_dir, "HEAD"), *((pointer,) if os.path.isfile(pointer) else ()), *hosts.files)
        before = stamp(watched)
        read = read_addresses(self._run, Place(root, git_dir, common), hosts)
        remotes = tuple(dict.fromkeys(name for names in read.names for name in names))
        folds = FOLDS_CASE or _folds_case(root)
        repository = Repository(root, common, remotes, None, read.problem, folds, addresses=read.names)
        self._known[root] = _Known(
            repository, git_dir, watched + read.files, before + read.stamp, is_sound(git_dir, common)
        )
        return repository

    def _ssh_hosts(self) -> SshHosts:
        if self._ssh is None or self._ssh[0] != stamp(self._ssh[1].files):
            hosts = ssh_hosts()
            self._ssh = stamp(hosts.files), hosts
        return self._ssh[1]

    def _ask_roots(self, repository: Repository) -> _Rooted:
        git_dir, common = git_directories(repository.root)
        files = head_files(git_dir, common)
        before = stamp(files)
        roots = roots_of(partial(self._run, repository.root, git_dir), common, self._roots)
        return _Rooted(repository, evolve(repository, roots=roots), files, before)

    def _run(self, root: str, git_dir: str, *arguments: str) -> str:
        return ask_git(self._git, root, git_dir, *arguments)


_MODULES = f"{os.sep}modules{os.sep}"


def _candidates(path: str) -> Iterator[str]:
    """Folders at or above a resolved path that hold `.git`, innermost first."""
    folder = path
    while True:
        if _holds_git(folder):
            yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above


def _holds_git(folder: str) -> bool:
    try:
        os.lstat(folder + "/.git")
    except (OSError, ValueError):
        return False
    return True


def _folds_case(root: str) -> bool:
    """Whether the folder holds names without regard to case, as a mounted disk of Windows does: then `.GIT` is `.git`."""
    try:
        return os.path.samestat(os.lstat(os.path.join(root, ".GIT")), os.lstat(os.path.join(root, ".git")))
    except OSError:
        return False
