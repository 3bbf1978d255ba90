"""Class of a file, by the repository and the path it belongs to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache

from attrs import frozen

from tightlip.finding import Classification, Origin
from tightlip.provenance.glob import FOLDS_CASE, matches, may_match_in, path_matches, relative
from tightlip.provenance.repository import Repository


@frozen
class RepoEntry:
    """One `[[repo]]` of a policy, as plain data: which files it speaks of, and their class.

    It speaks of what any of its remotes, roots or paths match. An entry without any of them speaks of everything under
    `base`: the mark a repository sets on itself.
    """

    classification: Classification
    remotes: tuple[str, ...] = ()
    """Globs for normalised remotes (`github.com/acme/*`), compared without regard to case."""
    roots: tuple[str, ...] = ()
    """Ids of root commits, or their first 12 digits or more, as `root_problem` accepts them."""
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
    may_lower: bool = False
    """Whether it may give a class below the default: an entry of who has the say. Any other may only raise."""
    index: str = ""
    """Absolute path of an index of its lines, or empty."""
    index_key: str = ""
    """Absolute path of the key file the index was built with; empty for one that holds its key."""

    @property
    def line(self) -> int:
        """Line of the policy file, from 1."""
        line = self.source.rpartition(":")[2]
        return int(line) if line.isdigit() else 1

    @property
    def speaks_of_itself(self) -> bool:
        """Whether it names nothing, and so means the folder it stands in."""
        return not (self.remotes or self.roots or self.paths)


@frozen
class Classified:
    """The class of a file and the entry that gave it; None where it is the default of unknown repositories."""

    origin: Origin
    entry: RepoEntry | None = None
    problem: str = ""
    """Why a stricter class may have been missed, for a person; empty where it cannot have been."""


def classify(
    path: str | None,
    repository: Repository | None,
    entries: Sequence[RepoEntry],
    default: Classification = Classification.INTERNAL,
) -> Classified:
    """Class of the file at `path` (absolute, resolved), which lies in `repository`.

    Of several entries that match, the one with the strictest class counts, in whatever order they stand; of equals the
    first. One that may not lower can only raise what the others, or else the default, give. A submodule is also what its
    superproject is. A text without a path has no class of its own.

    What git could not tell (the root of a shallow clone) never counts as a match, and never silently as none: `problem` says
    so.
    """
    if path is None:
        return Classified(Origin())
    strictest: dict[bool, tuple[Classification, RepoEntry]] = {}
    for entry in entries:
        found = _class_by(entry, path, repository)
        lowers = entry.may_lower
        if found is not None and (lowers not in strictest or found > strictest[lowers][0]):
            strictest[lowers] = found, entry
    level, by = strictest.get(True, (default, None))
    if False in strictest and (strictest[False][0] > level or (by is None and strictest[False][0] == level)):
        level, by = strictest[False]
    origin = Origin(
        path=path,
        repository=repository.name if repository else None,
        root=repository.root if repository else None,
        classification=level,
    )
    return Classified(origin, by, _missed(entries, path, repository, level))


def relevant(
    entries: Sequence[RepoEntry], repository: Repository | None, folder: str | None = None
) -> tuple[RepoEntry, ...]:
    """The entries that can speak of a file of the repository that lies in the folder; the others name another one."""
    fold = _folds(repository)
    return tuple(
        entry
        for entry in entries
        if entry.speaks_of_itself
        or any(folder is None or may_match_in(glob, folder, entry.base, fold=fold) for glob in entry.paths)
        or _matching_tree(entry, repository) is not None
        or _unsure_tree(entry, repository) is not None
    )


def _class_by(entry: RepoEntry, path: str, repository: Repository | None) -> Classification | None:
    """Class an entry gives a file, or None where it does not speak of it."""
    fold = _folds(repository)
    tree = _matching_tree(entry, repository)
    if tree is None:
        if not _matches_path(entry, path, fold):
            return None
        tree = repository.root if repository and relative(path, repository.root, fold=fold) else entry.base
    return _class_in(entry, path, tree, fold)


def _class_in(entry: RepoEntry, path: str, tree: str, fold: bool) -> Classification:
    """Class an entry gives a file of the tree it speaks of."""
    inside = relative(path, tree, fold=fold) if tree and entry.within else None
    classes = [level for glob, level in entry.within if inside is not None and matches(glob, inside, fold=fold)]
    return max(classes) if classes else entry.classification


def _matching_tree(entry: RepoEntry, repository: Repository | None) -> str | None:
    """Root of the repository or superproject one of whose remotes or root commits the entry names."""
    if repository is None or not (entry.remotes or entry.roots):
        return None
    for candidate in repository.with_superprojects():
        if entry.remotes and _names_one(entry.remotes, candidate.remotes):
            return candidate.root
        commits = candidate.roots.commits if candidate.roots is not None else ()
        if any(commit.startswith(root.lower()) for root in entry.roots for commit in commits):
            return candidate.root
    return None


@lru_cache(maxsize=65_536)
def _names_one(globs: tuple[str, ...], remotes: tuple[str, ...]) -> bool:
    return any(matches(glob, remote, fold=True) for glob in globs for remote in remotes)


def _unsure_tree(entry: RepoEntry, repository: Repository | None) -> tuple[str, str] | None:
    """Root of the repository or superproject that the entry may name, and why that cannot be told."""
    if repository is None or not (entry.remotes or entry.roots):
        return None
    for candidate in repository.with_superprojects():
        if entry.roots and (candidate.roots is None or candidate.roots.problem):
            reason = candidate.roots.problem if candidate.roots is not None else "git was not asked"
            return (
                candidate.root,
                f"{reason}: the root commit of this repository cannot be told; its remotes and paths count",
            )
        if entry.remotes and candidate.problem:
            return candidate.root, f"{candidate.problem}: only remotes as its configuration file has them count"
    return None


def _missed(entries: Sequence[RepoEntry], path: str, repository: Repository | None, level: Classification) -> str:
    """Why an entry that would give a stricter class than `level` cannot be told to match or not; empty for none."""
    for entry in entries:
        unsure = _unsure_tree(entry, repository)
        if unsure is not None and _class_in(entry, path, unsure[0], _folds(repository)) > level:
            place = f" ({entry.source})" if entry.source else ""
            return f"{unsure[1][:1].upper()}{unsure[1][1:]}{place}."
    return ""


def _matches_path(entry: RepoEntry, path: str, fold: bool) -> bool:
    if entry.speaks_of_itself:
        return path == entry.base or relative(path, entry.base, fold=fold) is not None
    follow = entry.classification > Classification.INTERNAL
    return any(path_matches(glob, path, entry.base, fold=fold, follow=follow) for glob in entry.paths)


def _folds(repository: Repository | None) -> bool:
    return repository.folds_case if repository is not None else FOLDS_CASE


def short_name(origin: Origin) -> str:
    """What a message calls the origin: `acme/pay` for a remote, else the folder's or the file's name."""
    if origin.repository is None:
        return os.path.basename(origin.path or "") or "this text"
    host, _, rest = origin.repository.partition("/")
    return rest if rest and "." in host else origin.repository
