"""Class of a file, by the repository and the path it belongs to."""

from __future__ import annotations

import os
from collections.abc import Sequence

from attrs import frozen

from tightlip.finding import Classification, Origin
from tightlip.provenance.glob import matches, path_matches, relative
from tightlip.provenance.repository import Repository
from tightlip.syntax.lazy import lazy


@frozen
class RepoEntry:
    """One `[[repo]]` of a policy, as plain data: which files it speaks of, and their class.

    An entry with neither `remotes` nor `paths` speaks of everything under `base`: the mark a repository sets on itself.
    """

    classification: Classification
    remotes: tuple[str, ...] = ()
    """Globs for normalised remotes (`github.com/acme/*`), compared without regard to case."""
    roots: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """Globs for paths, counted from `base`; `~/...` from the home folder, absolute ones as they are."""
    base: str = ""
    """Absolute folder from which `paths` count: that of the policy file, or the workspace for a policy of other layers."""
    within: tuple[tuple[str, Classification], ...] = ()
    """Classes of paths inside what the entry matches: globs from the repository's root, the strictest match counts."""
    owner: str = ""
    contact: str = ""
    allowed: str = ""
    """What may be done instead, one sentence."""
    layer: str = "repo"
    source: str = ""
    """`file:line` the entry stands at."""
    file: str = ""
    """Absolute path of the policy file."""
    index: str = ""
    """Absolute path of an index of its lines, or empty."""


@frozen
class Classified:
    """The class of a file and the entry that gave it; None where it is the default of unknown repositories."""

    origin: Origin
    entry: RepoEntry | None = None


def classify(
    path: str | None,
    repository: Repository | None,
    entries: Sequence[RepoEntry],
    default: Classification = Classification.INTERNAL,
) -> Classified:
    """Class of the file at `path` (absolute, resolved), which lies in `repository`.

    Of several entries that match, the one with the strictest class counts, in whatever order they stand; of equals the
    first. A submodule is also what its superproject is. A text without a path has no class of its own.
    """
    if path is None:
        return Classified(Origin())
    strictest: tuple[Classification, RepoEntry] | None = None
    for entry in entries:
        found = _class_by(entry, path, repository)
        if found is not None and (strictest is None or found > strictest[0]):
            strictest = (found, entry)
    origin = Origin(
        path=path,
        repository=repository.name if repository else None,
        root=repository.root if repository else None,
        classification=strictest[0] if strictest else default,
    )
    return Classified(origin, strictest[1] if strictest else None)


def relevant(entries: Sequence[RepoEntry], repository: Repository | None) -> tuple[RepoEntry, ...]:
    """The entries that can speak of a file of the repository; the others name another one."""
    return tuple(
        entry for entry in entries if entry.paths or not entry.remotes or _matching_tree(entry, repository) is not None
    )


def _class_by(entry: RepoEntry, path: str, repository: Repository | None) -> Classification | None:
    """Class an entry gives a file, or None where it does not speak of it."""
    tree = _matching_tree(entry, repository)
    if tree is None:
        if not _matches_path(entry, path):
            return None
        tree = repository.root if repository and relative(path, repository.root) else entry.base
    inside = relative(path, tree) if tree else None
    classes = [level for glob, level in entry.within if inside is not None and matches(glob, inside)]
    return max(classes) if classes else entry.classification


def _matching_tree(entry: RepoEntry, repository: Repository | None) -> str | None:
    """Root of the repository or superproject one of whose remotes the entry names."""
    for candidate in repository.with_superprojects() if repository and entry.remotes else ():
        if any(matches(glob, remote, fold=True) for glob in entry.remotes for remote in candidate.remotes):
            return candidate.root
    return None


def _matches_path(entry: RepoEntry, path: str) -> bool:
    if not entry.remotes and not entry.paths:
        return path == entry.base or relative(path, entry.base) is not None
    return any(path_matches(glob, path, entry.base) for glob in entry.paths)


def short_name(origin: Origin) -> str:
    """What a message calls the origin: `acme/pay` for a remote, else the folder's or the file's name."""
    if origin.repository is None:
        return os.path.basename(origin.path or "") or "this text"
    host, _, rest = origin.repository.partition("/")
    return rest if rest and "." in host else origin.repository


_ROOT = lazy("[0-9a-fA-F]{12,64}")


def root_problem(text: str) -> str | None:
    """Why a text is no id of a root commit, or None: whole, or at least twelve digits of it."""
    return None if _ROOT.fullmatch(text) else "a root commit is named by at least 12 hexadecimal digits"
