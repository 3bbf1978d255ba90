"""Finds and reads the policy files of a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from attrs import evolve, field, frozen

from tightlip.errors import PolicyError
from tightlip.finding import Category, RuleId
from tightlip.policy.layers import NO_RULES, fold
from tightlip.policy.model import Layer, Policy
from tightlip.policy.organisation import Organisation, State, organisation
from tightlip.policy.places import Places, user_file
from tightlip.policy.read import FilePolicy, read_policy
from tightlip.syntax.toml import read_toml

NAME = "tightlip.toml"
SHARED = "pyproject.toml"
"""Read for its table `[tool.tightlip]`."""

MAX_SIZE = 1_000_000
"""Bytes of a policy file that is read; a larger one is a mistake, or an attack."""


@frozen
class Above:
    """What lies above the policy files of a folder."""

    organisation: Organisation | None = None
    user: Path | None = None
    """The user's own policy file."""
    places: Places | None = None
    """Where both were looked for."""
    _read: dict[str, list[FilePolicy | None]] = field(factory=dict, eq=False, repr=False)

    @property
    def governs(self) -> bool:
        """Whether there is an organisation that has the say."""
        return self.organisation is not None and (
            self.organisation.state is not State.ABSENT or self.organisation.broken
        )

    def is_past(self, now: datetime) -> bool:
        """Whether something has come into force, or expired, since it was read."""
        until = self.organisation.until if self.organisation is not None else None
        return until is not None and now >= until

    def files(self, top: Path, categories: Mapping[RuleId, Category]) -> list[FilePolicy | None]:
        """What both say, read once; `top` is the folder from which their globs count."""
        known = self._read.get(str(top))
        if known is None:
            known = list(_of_organisation(self.organisation, categories, str(top))) if self.organisation else []
            if self.user is not None:
                known.append(read_file(self.user, str(self.user), categories, Layer.USER, str(top)))
            self._read[str(top)] = known
        return known


NOTHING_ABOVE = Above()


def above_all(where: Places) -> Above:
    """The organisation's policy and the user's, as they are now. Never raises."""
    return Above(organisation(where), user_file(where), where)


def policy_files(folder: Path, top: Path) -> tuple[Path, ...]:
    """Policy files of `folder` and of every folder above it up to `top`, outermost first.

    A `pyproject.toml` is among them when it names tightlip. Both folders are absolute; one that does not lie under
    `top` has only its own.
    """
    folders = [folder]
    while folders[-1] != top and top in folders[-1].parents:
        folders.append(folders[-1].parent)
    found: list[Path] = []
    for candidate in reversed(folders):
        if os.path.lexists(candidate / NAME):
            found.append(candidate / NAME)
        if _speaks_of_tightlip(candidate / SHARED):
            found.append(candidate / SHARED)
    return tuple(found)


def load_policy(
    folder: Path,
    top: Path | None = None,
    categories: Mapping[RuleId, Category] = NO_RULES,
    *,
    trusted: bool = True,
    above: Above = NOTHING_ABOVE,
) -> Policy:
    """The effective policy for texts in `folder`: built-in defaults, the organisation's files, the user's, then every
    policy file from `top` down to the folder.

    Files of the folder are named in messages as seen from `top` (default: `folder`), and from there the globs of the
    organisation and the user count. Never raises: a file that cannot be read, or is not TOML, is a problem and leaves what
    lies below it in force; so does every single mistaken entry. Files that are not `trusted` can only tighten the defaults.
    """
    top = folder if top is None else top
    files = [read_file(path, _name(path, top), categories) for path in policy_files(folder, top)]
    return _folded(files, above, top, categories, trusted=trusted)


def above_policy(above: Above, categories: Mapping[RuleId, Category] = NO_RULES) -> Policy:
    """The policy for texts that lie in no folder."""
    return _folded([], above, Path("/"), categories, trusted=True)


def _folded(
    own: Sequence[FilePolicy | None], above: Above, top: Path, categories: Mapping[RuleId, Category], *, trusted: bool
) -> Policy:
    files = [*own, *above.files(top, categories)]
    policy = fold([found for found in files if found is not None], categories, trusted=trusted, governed=above.governs)
    named = above.organisation
    if named is None:
        return policy
    failure = named.sentence if named.broken else ""
    return evolve(policy, failure=failure, problems=(*named.problems, *policy.problems))


def read_file(
    path: Path,
    name: str,
    categories: Mapping[RuleId, Category] = NO_RULES,
    layer: Layer = Layer.REPO,
    globs: str | None = None,
) -> FilePolicy | None:
    """What the policy file at `path` (absolute) says, called `name` in messages; None where it says nothing of tightlip.

    `globs` is the folder from which its globs count (default: its own). Never raises; mistakes are in `problems`.
    """
    try:
        problem = _why_not_read(path)
        if problem:
            raise PolicyError(problem, file=name)
        document = read_toml(path, PolicyError, name)
    except PolicyError as error:
        return FilePolicy(str(path), layer, problems=[error], readable=False)
    return read_policy(document, file=str(path), base=str(path.parent), layer=layer, rule_ids=categories, globs=globs)


def _of_organisation(
    above: Organisation, categories: Mapping[RuleId, Category], globs: str
) -> Iterator[FilePolicy | None]:
    for believed, files in ((True, above.files), (False, above.tightening)):
        for one in files:
            found = read_policy(
                one.document, file=one.path, base=one.base, layer=Layer.ORG, rule_ids=categories, globs=globs
            )
            if found is not None:
                found.believed = believed
            yield found


def _name(path: Path, top: Path) -> str:
    return path.relative_to(top).as_posix() if top in path.parents else path.name


def _why_not_read(path: Path) -> str:
    try:
        if not path.is_file():
            return "this is not a file"
        if path.stat().st_size > MAX_SIZE:
            return f"this file is larger than {MAX_SIZE // 1000} kB"
    except OSError as error:
        return f"cannot read this file: {error.strerror}"
    return ""


def _speaks_of_tightlip(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size <= MAX_SIZE and b"tightlip" in path.read_bytes()
    except OSError:
        return False
