"""Root commits: the ids a repository keeps when it is renamed, mirrored, forked or given other remotes."""

from __future__ import annotations

import os
from typing import Protocol

from attrs import frozen

from tightlip.provenance.files import first_line, text_of
from tightlip.provenance.git import GitError, GitRefusal, GitSlow
from tightlip.syntax.lazy import lazy

SHALLOW = "this clone is shallow (git fetch --unshallow completes it)"
LEAST = 12
"""Hexadecimal digits of a root id that no other commit shares by chance: 48 bits."""

_DIGITS = lazy(r"[0-9a-fA-F]+")
_SHALLOW_FILE = 100_000_000
"""Code points read of the list of boundary commits, 41 for each."""


class Ask(Protocol):
    """Runs git in one repository: `ask("rev-list", "HEAD")` -> what it printed. Raises GitError."""

    def __call__(self, *arguments: str) -> str:
        """What git printed."""
        ...


@frozen
class Roots:
    """The commits without parents that the checked-out commit comes from."""

    commits: tuple[str, ...] = ()
    """Full ids, in lower case. Never the boundary of a shallow clone, which git takes for a root."""
    problem: str = ""
    """Why some may be missing, a clause that can stand in a sentence; empty where all are known."""


def root_problem(text: str) -> str | None:
    """Why a text cannot name a root commit in a policy, or None.

    It can be an id of SHA-1 or SHA-256, in lower or upper case, or the first 12 digits or more of one.
    """
    how = "`git rev-list --max-parents=0 HEAD` tells it"
    if _DIGITS.fullmatch(text) is None:
        return f"a root is the id of a commit, in hexadecimal digits: {how}"
    if len(text) < LEAST:
        return f"a root needs at least {LEAST} digits of the commit's id: {how}"
    if len(text) > 64:
        return f"a root has at most 64 digits: {how}"
    return None if text.strip("0") else f"a row of zeros is no commit's id: {how}"


def roots_of(ask: Ask, common_dir: str, known: dict[str, Roots]) -> Roots:
    """Root commits of `HEAD`, in some 90 ms for 8,000 commits. Never raises.

    `known` holds the answers for commits that were asked about, and is added to: what a commit comes from never changes.
    On a branch without a commit, all branches and tags count: the files are still theirs.
    """
    boundary = _boundary(common_dir)
    try:
        head = _head(ask)
        if head in known:
            return known[head]
        commits = ask("rev-list", "--max-parents=0", head or "--all").split()
    except GitSlow as reason:
        return Roots(problem=f"{reason} (git commit-graph write --reachable makes it faster)")
    except GitError as reason:
        return Roots(problem=str(reason))
    boundary |= _boundary(common_dir)  # a fetch may have moved it since
    cut = not boundary.isdisjoint(commits)
    found = Roots(tuple(commit for commit in commits if commit not in boundary), SHALLOW if cut else "")
    if head and not cut:
        known[head] = found
    return found


def head_files(git_dir: str, common_dir: str) -> tuple[str, ...]:
    """Files of which one changes when `HEAD` comes to name another commit, or the clone gets more history."""
    head = os.path.join(git_dir, "HEAD")
    branch = first_line(head).removeprefix("ref:").strip()
    # worktrees share most references but not all, and "reftable" keeps them elsewhere (gitrepository-layout(5))
    names = ("packed-refs", "shallow", "reftable/tables.list", *((branch,) if branch.startswith("refs/") else ()))
    return (head, *(os.path.join(folder, name) for folder in dict.fromkeys((git_dir, common_dir)) for name in names))


def _head(ask: Ask) -> str:
    """Id of the checked-out commit, empty on a branch without one. A broken branch is told by the next question."""
    try:
        return ask("rev-parse", "--quiet", "--verify", "HEAD").strip()
    except GitRefusal:
        return ""


def _boundary(common_dir: str) -> frozenset[str]:
    return frozenset(text_of(os.path.join(common_dir, "shallow"), _SHALLOW_FILE).split())
