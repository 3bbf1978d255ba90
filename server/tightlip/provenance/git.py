"""Git itself, asked about a folder that may be hostile: nothing its configuration names is run, nothing is fetched."""

from __future__ import annotations

import os
import subprocess
import sys

TIME_LIMIT = 2.0
"""Seconds git may take to answer; a configuration that makes it wait (a pipe as an include) costs no more."""

SAFE = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
"""Options before every command: no program that the repository names watches or hooks in."""

OWNED_BY_ANYONE = ("-c", "safe.directory=*")
"""For commands that run nothing a repository names: a folder of another owner (a container's mount) still has remotes that
count, and git's refusal protects from nothing there."""

QUIET = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    # a missing object is not fetched: what fetches may be a program the folder names (`ext::`), which its own
    # `protocol.<name>.allow` would let run, and an older git does not know the second name
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    # grafts and replacements (gitglossary(7)) tell another history than the one the commit ids stand for
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "LC_ALL": "C",
}
"""Environment of every command: git neither asks, nor fetches, nor writes."""

_KEPT = frozenset({"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"})
"""Where a person's own configuration lies, with its `insteadOf`."""


class GitError(Exception):
    """Git gave no answer; the text is the reason, a clause that can stand in a sentence."""


class GitRefusal(GitError):
    """Git was there and said no."""


class GitSlow(GitError):
    """Git was there and said nothing in time."""


def git_program(name: str = "git") -> str:
    """Absolute path of git: `name` if it is one, else from PATH. Raises GitError where there is none.

    Neither the current folder, where Windows looks first, nor a relative folder of PATH counts: it may be the one that is
    looked at, and the program its own.
    """
    file = name if sys.platform != "win32" or name.lower().endswith(".exe") else f"{name}.exe"
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    for candidate in [file] if os.path.isabs(file) else [os.path.join(folder, file) for folder in folders]:
        if os.path.isabs(candidate) and os.path.isfile(candidate) and os.access(candidate, os.X_OK):
            return candidate
    raise GitError("git is not installed")


def ask_git(program: str, root: str, git_dir: str, *arguments: str) -> str:
    """What git prints about the repository at `git_dir`, with the working directory `root`.

    `program` is git's name or absolute path. Raises GitError where git is missing, too slow or fails.
    """
    options = ("--literal-pathspecs", f"--git-dir={git_dir}")
    return _answer(program, root, TIME_LIMIT, *options, *arguments).decode("utf-8", "replace")


def ask_git_in(folder: str, *arguments: str, time_limit: float = TIME_LIMIT) -> bytes:
    """What git prints in a folder of a work tree, within some seconds. Raises GitError as `ask_git` does."""
    return _answer("git", folder, time_limit, *arguments)


def _answer(program: str, folder: str, time_limit: float, *arguments: str) -> bytes:
    found = git_program(program)
    try:
        done = subprocess.run(
            [found, "--no-pager", *SAFE, *OWNED_BY_ANYONE, *arguments],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=time_limit,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise GitSlow(f"git did not answer within {time_limit:g} s") from None
    except (OSError, ValueError, subprocess.CalledProcessError):
        raise GitRefusal("git cannot read this repository") from None
    return done.stdout


def configuration_files() -> tuple[str, ...]:
    """Files outside of a repository in which a person or a machine keeps `insteadOf` (git-config(1), "FILES")."""
    own = os.environ.get("GIT_CONFIG_GLOBAL")
    home = os.path.expanduser("~")
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    person = (own,) if own else (os.path.join(home, ".gitconfig"), os.path.join(base, "git", "config"))
    return (*person, os.environ.get("GIT_CONFIG_SYSTEM") or "/etc/gitconfig")


def _environment() -> dict[str, str]:
    """Ours without the `GIT_*` that name a repository: a hook that starts us names another one there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT}
    return {**kept, **QUIET}
