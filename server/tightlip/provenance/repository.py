"""Which repository a path belongs to: read from `.git`, and asked of git once per repository for what only git knows.

Paths are strings here: a look-up may cost 50 µs when warm, and a handful of `Path` objects alone cost that.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import evolve, frozen

from tightlip.provenance.remote import normalise_remote
from tightlip.syntax.lazy import lazy

TIME_LIMIT = 2.0
"""Seconds git may take to answer; a configuration that makes it wait (a pipe as an include) costs no more."""

FRESH = 0.25
"""Seconds for which the repository of a folder is not looked for again: a scan asks for every file in turn."""

_Stamp = tuple[tuple[int, int, int], ...]


@frozen
class Repository:
    """One working tree."""

    root: str
    """Absolute path of the working tree, symbolic links resolved."""
    common_dir: str
    """Absolute path of the git directory that all worktrees of the repository share."""
    remotes: tuple[str, ...] = ()
    """Every address of every remote, normalised, as written and after `insteadOf`; `origin` first."""
    superproject: Repository | None = None
    """The repository this one is a submodule of."""
    problem: str = ""
    """Why git could not be asked, one sentence; the remotes are then only those written in the configuration file."""

    @property
    def name(self) -> str:
        """What a person calls it: its first remote, or the folder's name where there is none."""
        return self.remotes[0] if self.remotes else os.path.basename(self.root)

    def with_superprojects(self) -> Iterable[Repository]:
        """The repository and those it is a submodule of, innermost first."""
        current: Repository | None = self
        while current is not None:
            yield current
            current = current.superproject


@frozen
class _Known:
    repository: Repository
    watched: tuple[str, ...]
    stamp: _Stamp


class Repositories:
    """Finds repositories and remembers what git said, until the configuration or `HEAD` of the repository changes."""

    def __init__(self, git: str = "git"):
        """`git` is the program's name or absolute path."""
        self._git = git
        self._directories: dict[str, tuple[int, int, str]] = {}
        self._known: dict[str, _Known] = {}
        self._seen: dict[str, tuple[float, Repository | None]] = {}

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

    def resolve(self, path: str | Path) -> str:
        """Absolute path with symbolic links and `..` resolved; folders are looked up once."""
        text = os.path.abspath(path)
        if os.path.islink(text):
            return os.path.realpath(text)
        folder, name = os.path.split(text)
        real = self._real(folder)
        return text if real == folder else os.path.join(real, name)

    def forget(self) -> None:
        """Drop everything remembered."""
        self._directories.clear()
        self._known.clear()
        self._seen.clear()

    def _real(self, folder: str) -> str:
        try:
            status = os.stat(folder)
        except (OSError, ValueError):
            return _realpath(folder)
        known = self._directories.get(folder)
        if known is not None and known[:2] == (status.st_dev, status.st_ino):
            return known[2]
        real = _realpath(folder)
        self._directories[folder] = (status.st_dev, status.st_ino, real)
        return real

    def _of(self, path: str) -> Repository | None:
        for root in _candidates(path):
            known = self._known.get(root)
            if known is not None and known.stamp == _stamp(known.watched):
                repository = known.repository
            elif _is_repository(root):
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
        if outer is None or outer.common_dir == repository.common_dir:
            return None
        absorbed = repository.common_dir.startswith(os.path.join(outer.common_dir, "modules", ""))
        return outer if absorbed or _lists_submodule(outer.root, repository.root) else None

    def _ask(self, root: str) -> Repository:
        git_dir, common = _git_directories(root)
        watched = (
            os.path.join(common, "config"),
            os.path.join(common, "config.worktree"),
            os.path.join(git_dir, "HEAD"),
            *_user_configurations(),
        )
        stamp = _stamp(watched)
        written = _written_urls(os.path.join(common, "config"))
        told, problem = self._told_urls(root, git_dir)
        named = sorted([*told, *written], key=lambda pair: pair[0] != "origin")
        remotes = dict.fromkeys(normalise_remote(url) for _, url in named if url)
        repository = Repository(root, common, tuple(remotes), None, problem)
        self._known[root] = _Known(repository, watched, stamp)
        return repository

    def _told_urls(self, root: str, git_dir: str) -> tuple[list[tuple[str, str]], str]:
        """Remote names and addresses as git would use them, and why it could not be asked."""
        try:
            lines = _URL_LINE.findall(self._run(root, git_dir, "remote", "-v"))
            told = [(name, url) for name, url, _ in lines]
            fetch = {name: url for name, url, way in lines if way == "fetch"}
            # with a push address, `remote -v` shows only the first of several fetch addresses
            for name in {name for name, url, way in lines if way == "push" and fetch.get(name) != url}:
                told.extend(
                    (name, url) for url in self._run(root, git_dir, "remote", "get-url", "--all", name).splitlines()
                )
        except FileNotFoundError:
            return [], "git is not installed"
        except subprocess.TimeoutExpired:
            return [], f"git did not answer within {TIME_LIMIT:g} s"
        except (OSError, subprocess.CalledProcessError):
            return [], "git cannot read this repository"
        return told, ""

    def _run(self, root: str, git_dir: str, *arguments: str) -> str:
        # the folder may be hostile, so nothing its configuration names is run; and a folder of another owner
        # (a container's mount) still has remotes that count
        program = shutil.which(self._git)
        if program is None or not os.path.isabs(program):
            # a relative answer comes from "." in PATH: it would be the folder's own program
            raise FileNotFoundError(self._git)
        command = [program, "--no-pager", f"--git-dir={git_dir}", *_HARMLESS, *arguments]
        done = subprocess.run(
            command,
            cwd=root,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=TIME_LIMIT,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=True,
        )
        return done.stdout.decode("utf-8", "replace")


_URL_LINE = lazy(r"^([^\t\n]+)\t(.+?) \((fetch|push)\)", re.MULTILINE)
_HARMLESS = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "safe.directory=*",
)
_SECTION = lazy(r'\s*\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]')
_URL = lazy(r"\s*(?:\[[^\]]*\]\s*)?(?:push)?url\s*=\s*(.*)", re.IGNORECASE)


def _environment() -> dict[str, str]:
    """Ours without `GIT_*`: a hook that starts us names another repository there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def _realpath(path: str) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return path


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


def _is_repository(folder: str) -> bool:
    """Whether the folder's `.git` is a git directory or points at one; an empty `.git` folder is neither."""
    return os.path.exists(os.path.join(_git_directories(folder)[0], "HEAD"))


def _git_directories(root: str) -> tuple[str, str]:
    """Git directory of a working tree and the one all its worktrees share (gitrepository-layout(5))."""
    git_dir = os.path.join(root, ".git")
    if os.path.isfile(git_dir):
        pointer = _first_line(git_dir)
        if pointer.startswith("gitdir:"):
            git_dir = _realpath(os.path.join(root, pointer[7:].strip()))
    else:
        git_dir = _realpath(git_dir)
    common = _first_line(os.path.join(git_dir, "commondir"))
    return git_dir, _realpath(os.path.join(git_dir, common)) if common else git_dir


def _first_line(path: str) -> str:
    return _text(path, 8192).partition("\n")[0].strip()


def _text(path: str, limit: int = 1_000_000) -> str:
    """The first characters of a regular file; empty for anything else, so that a pipe cannot hold us up."""
    if not os.path.isfile(path):
        return ""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read(limit)
    except (OSError, ValueError):
        return ""


def _stamp(paths: Iterable[str]) -> _Stamp:
    return tuple(_file_stamp(path) for path in paths)


def _file_stamp(path: str) -> tuple[int, int, int]:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return (0, 0, 0)
    return status.st_mtime_ns, status.st_size, status.st_ino


def _user_configurations() -> tuple[str, ...]:
    """Files in which a person keeps `insteadOf` (git-config(1), "FILES")."""
    home = os.path.expanduser("~")
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    return os.path.join(home, ".gitconfig"), os.path.join(base, "git", "config")


def _written_urls(path: str) -> list[tuple[str, str]]:
    """Remote names and addresses as the configuration file has them, before `insteadOf`.

    A policy may name either form, and this one is known without git, too.
    """
    urls: list[tuple[str, str]] = []
    remote: str | None = None
    for line in _text(path).split("\n"):
        section = _SECTION.match(line)
        if section is not None:
            remote = section[2] if section[1].lower() == "remote" else None
        if remote is not None and (url := _URL.match(line)) is not None:
            urls.append((remote, re.sub(r"\s+[#;].*", "", url[1]).strip().strip('"')))
    return urls


def _lists_submodule(outer: str, inner: str) -> bool:
    """Whether `.gitmodules` of the outer working tree names the inner one."""
    lines = _text(os.path.join(outer, ".gitmodules")).split("\n")
    wanted = os.path.relpath(inner, outer).replace("\\", "/")
    paths = (re.match(r'\s*path\s*=\s*"?(.*?)"?\s*$', line) for line in lines)
    return any(match is not None and match[1].rstrip("/") == wanted for match in paths)
