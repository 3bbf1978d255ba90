"""What a folder's `.git` says without git: where the git directory is, and whether git would take it for one."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from tightlip.provenance.files import first_line, real_path, text_of
from tightlip.syntax.lazy import lazy

_COMMIT = lazy(r"[0-9a-fA-F]{40,64}")


class Place(NamedTuple):
    """Where a repository lies."""

    root: str
    """Working tree, or the git directory of one that has none."""
    git_dir: str
    common_dir: str


def place_at(path: str) -> Place | None:
    """The repository at a path as an address names it: a working tree, a git directory, either without its `.git`."""
    for folder in (path, path + ".git"):
        if has_git_folder(folder):
            return Place(folder, *git_directories(folder))
        if is_sound(folder, folder):
            return Place(folder, real_path(folder), real_path(folder))
    return None


def git_directories(root: str) -> tuple[str, str]:
    """Git directory of a working tree and the one all its worktrees share (gitrepository-layout(5))."""
    git_dir = os.path.join(root, ".git")
    if os.path.isfile(git_dir):
        pointer = first_line(git_dir)
        if pointer.startswith("gitdir:"):
            git_dir = real_path(os.path.join(root, pointer[7:].strip()))
    else:
        git_dir = real_path(git_dir)
    common = first_line(os.path.join(git_dir, "commondir"))
    return git_dir, real_path(os.path.join(git_dir, common)) if common else git_dir


def has_git_folder(folder: str) -> bool:
    """Whether the folder's `.git` is a git directory or points at one; an empty `.git` folder is neither."""
    return os.path.exists(os.path.join(git_directories(folder)[0], "HEAD"))


def is_sound(git_dir: str, common: str) -> bool:
    """Whether git takes these for the directories of a repository (gitrepository-layout(5)), or looks on in the folder above."""
    if not all(os.path.isdir(os.path.join(common, name)) for name in ("objects", "refs")):
        return False
    head = os.path.join(git_dir, "HEAD")
    named = first_line(head)
    if named.startswith("ref:"):
        return named[4:].strip().startswith("refs/")
    return _COMMIT.match(named) is not None or _link(head).startswith("refs/")


def _link(path: str) -> str:
    try:
        return os.readlink(path)
    except (OSError, ValueError):
        return ""


def lists_submodule(outer: str, inner: str) -> bool:
    """Whether `.gitmodules` of the outer working tree names the inner one."""
    lines = text_of(os.path.join(outer, ".gitmodules")).split("\n")
    wanted = os.path.relpath(inner, outer).replace("\\", "/")
    paths = (re.match(r'\s*path\s*=\s*"?(.*?)"?\s*$', line) for line in lines)
    return any(match is not None and match[1].rstrip("/") == wanted for match in paths)
