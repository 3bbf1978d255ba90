"""Finds and reads the policy files of a folder."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from stat import S_ISREG
from types import MappingProxyType
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from tightlip.errors import PolicyError
from tightlip.finding import Category, RuleId
from tightlip.policy.model import BUILTIN, NO_RULES, FileReference, Layer, Policy
from tightlip.policy.organisation import Organisation, State, organisation
from tightlip.policy.places import Places, user_file
from tightlip.syntax.toml import TomlDocument, parse_toml, read_toml

if TYPE_CHECKING:
    from tightlip.policy.read import FilePolicy

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

    def files(
        self, top: Path | None, categories: Mapping[RuleId, Category], drafts: Mapping[str, str]
    ) -> list[FilePolicy | None]:
        """What both say, read once but for `drafts`; `top` is the folder from which their globs count."""
        globs = str(top) if top is not None else ""
        known = None if drafts else self._read.get(globs)
        if known is None:
            known = list(_of_organisation(self.organisation, categories, globs, drafts)) if self.organisation else []
            if self.user is not None:
                known.append(read_file(self.user, str(self.user), categories, Layer.USER, globs, drafts))
            if not drafts:
                self._read[globs] = known
        return known

    @property
    def watched(self) -> tuple[str, ...]:
        """Absolute paths; when one of them appears, changes or goes, the policy does."""
        found = () if self.organisation is None else self.organisation.watched
        user = self.user_place
        return (*found, user) if user is not None else found

    @property
    def user_place(self) -> str | None:
        """Where the user's own policy file is, or would be."""
        if self.user is not None:
            return str(self.user)
        user = self.places.user if self.places is not None else ""
        return os.path.join(user, NAME) if user else None  # noqa: PTH118

    def layer_of(self, path: str) -> Layer:
        """Of which layer the policy file at an absolute path is, or would be."""
        if self.organisation is not None:
            files = {one.path for one in (*self.organisation.files, *self.organisation.tightening)}
            if path in files or (path in self.organisation.watched and path.endswith(".toml")):
                return Layer.ORG
        if self.places is not None:
            folder, parent = self.places.folder, os.path.dirname(path)  # noqa: PTH120
            if folder and parent in (folder, os.path.join(folder, "policy.d")):  # noqa: PTH118
                return Layer.ORG
        return Layer.USER if path == self.user_place else Layer.REPO


NOTHING_ABOVE = Above()
AS_ON_DISK: Mapping[str, str] = MappingProxyType({})
NEVER_READ: Mapping[str, FilePolicy] = MappingProxyType({})


def above_all(where: Places) -> Above:
    """The organisation's policy and the user's, as they are now. Never raises."""
    return Above(organisation(where), user_file(where), where)


def policy_files(folder: Path, top: Path, drafts: Collection[str] = ()) -> tuple[Path, ...]:
    """Policy files of `folder` and of every folder above it up to `top`, outermost first.

    A `pyproject.toml` is among them when it names tightlip, and so are those of `drafts` (absolute paths) that lie there.
    Both folders are absolute; one that does not lie under `top` has only its own.
    """
    folders = [str(folder)]
    last = os.path.normcase(top)
    while os.path.normcase(folders[-1]) != last:
        parent = os.path.dirname(folders[-1])  # noqa: PTH120
        if parent == folders[-1]:
            del folders[1:]
            break
        folders.append(parent)
    found: list[str] = []
    for candidate in reversed(folders):
        own, shared = os.path.join(candidate, NAME), os.path.join(candidate, SHARED)  # noqa: PTH118
        if own in drafts or os.path.lexists(own):
            found.append(own)
        if shared in drafts or _speaks_of_tightlip(shared):
            found.append(shared)
    return tuple(map(Path, found))


def load_policy(
    folder: Path | None,
    top: Path | None = None,
    categories: Mapping[RuleId, Category] = NO_RULES,
    *,
    trusted: bool = True,
    above: Above = NOTHING_ABOVE,
    drafts: Mapping[str, str] = AS_ON_DISK,
    before: Mapping[str, FilePolicy] = NEVER_READ,
) -> Policy:
    """The effective policy for texts in `folder`: built-in defaults, the organisation's files, the user's, then every
    policy file from `top` down to the folder. Without a folder, what lies above all of them.

    `drafts` are texts by absolute paths, read in place of what is on disk. Files of the folder are named in messages as
    seen from `top` (default: `folder`), and from there the globs of the organisation and the user count. Never raises: a
    file that cannot be read, or is not TOML, is a problem and leaves what lies below it in force; so does every single
    mistaken entry. Files that are not `trusted` can only tighten the defaults. `before` is what files of the user and the
    folder, by their absolute paths, said for the same `top` when they could be read: it stands in for one that cannot be.
    """
    top = folder if top is None else top
    files: list[FilePolicy | None] = []
    if folder is not None and top is not None:
        for path in policy_files(folder, top, drafts):
            if above.layer_of(str(path)) is Layer.REPO:
                files.append(read_file(path, name_of(path, Layer.REPO, top), categories, drafts=drafts))
    return under(files, top, categories, trusted=trusted, above=above, drafts=drafts, before=before)


def under(
    files: Sequence[FilePolicy | None],
    top: Path | None,
    categories: Mapping[RuleId, Category] = NO_RULES,
    *,
    trusted: bool = True,
    above: Above = NOTHING_ABOVE,
    drafts: Mapping[str, str] = AS_ON_DISK,
    before: Mapping[str, FilePolicy] = NEVER_READ,
) -> Policy:
    """The effective policy of files that were read, under the built-in defaults and what lies `above`; the rest is as in
    `load_policy`."""
    read = (*files, *above.files(top, categories, drafts))
    said = [_last_good(found, before.get(found.file)) for found in read if found is not None]
    if not said and trusted and not above.governs:
        policy = BUILTIN  # a start without a policy does not pay for reading one
    else:
        from tightlip.policy.known import unknown_rules
        from tightlip.policy.layers import fold

        policy = fold(said, categories, trusted=trusted, governed=above.governs)
        mentions = [one for found in said for one in found.mentions if not one.elsewhere]
        policy = evolve(
            policy, problems=(*policy.problems, *unknown_rules(mentions, categories, policy)), said=tuple(said)
        )
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
    drafts: Mapping[str, str] = AS_ON_DISK,
) -> FilePolicy | None:
    """What the policy file at `path` (absolute) says, called `name` in messages; None where it says nothing of tightlip.

    `globs` is the folder from which its globs count (default: its own); `drafts` are as in `load_policy`. Never raises;
    mistakes are in `problems`.
    """
    from tightlip.policy.read import FilePolicy, read_policy

    try:
        document = _document(path, name, drafts.get(str(path)))
    except PolicyError as error:
        return FilePolicy(str(path), layer, problems=[error], readable=False)
    return read_policy(document, file=str(path), base=str(path.parent), layer=layer, rule_ids=categories, globs=globs)


def parse_draft(text: str, name: str) -> TomlDocument:
    """Parse a policy's text as an editor has it. Raises PolicyError."""
    return parse_toml(text.removeprefix("\ufeff").replace("\r\n", "\n"), name, PolicyError)


def name_of(path: Path, layer: Layer, top: Path) -> str:
    """What messages call a policy file."""
    if layer is not Layer.REPO:
        return str(path)
    return path.relative_to(top).as_posix() if top in path.parents else path.name


def _last_good(found: FilePolicy, before: FilePolicy | None) -> FilePolicy:
    """What a file says, or said before it could not be read. What is the organisation's has its own last good copies."""
    if found.readable or found.layer is Layer.ORG or before is None:
        return found
    kept = PolicyError("the policy read before stays in force until this file can be read", file=found.file)
    return evolve(before, problems=[*found.problems, kept], readable=False)


def _of_organisation(
    above: Organisation, categories: Mapping[RuleId, Category], globs: str, drafts: Mapping[str, str]
) -> Iterator[FilePolicy | None]:
    if not (above.files or above.tightening):
        return
    from tightlip.policy.read import FilePolicy, read_policy

    for believed, files in ((True, above.files), (False, above.tightening)):
        for one in files:
            draft = drafts.get(one.path)
            try:
                document = one.document if draft is None else parse_draft(draft, one.name)
            except PolicyError as error:
                yield FilePolicy(one.path, Layer.ORG, problems=[error], readable=False, believed=believed)
                continue
            found = read_policy(
                document, file=one.path, base=one.base, layer=Layer.ORG, rule_ids=categories, globs=globs
            )
            if found is not None:
                found.believed = believed
                _doubt_named(found)
            yield found


def _doubt_named(found: FilePolicy) -> None:
    """Tell which files that a policy of the organisation names may be somebody else's; such code is not run, and such a
    baseline lets nothing through.

    A signature proves the policy and nothing that lies beside it. Recognizers and indexes only add to what is found, so
    they are still used.
    """
    stranger = "it may be somebody else's"
    plugins = found.plugins
    found.plugins = [one for one in plugins if not _doubted(one, found, f"this code is not run: {stranger}")]
    baseline = found.baseline
    if baseline is not None and _doubted(baseline, found, f"this baseline lets nothing through: {stranger}"):
        found.baseline = None
    adding = [FileReference(repo.index, repo.layer, repo.source) for repo in found.repos if repo.index]
    if found.recognizers is not None:
        adding.append(found.recognizers)
    for one in adding:
        _doubted(one, found, "what this names may be somebody else's")


def _doubted(named: FileReference, found: FilePolicy, what: str) -> bool:
    from tightlip.policy.ownership import doubt_about

    try:
        doubt = doubt_about(named.path)
    except OSError as problem:
        doubt = f"{named.path} cannot be looked at: {problem.strerror}"
    except ValueError:
        doubt = "this is no path"
    if doubt:
        file, _, line = named.source.rpartition(":")
        found.problems.append(PolicyError(f"{what}: {doubt}", file=file, line=int(line), column=1))
    return bool(doubt)


def _document(path: Path, name: str, draft: str | None) -> TomlDocument:
    if draft is not None:
        return parse_draft(draft, name)
    problem = _why_not_read(path)
    if problem:
        raise PolicyError(problem, file=name)
    return read_toml(path, PolicyError, name)


def _why_not_read(path: Path) -> str:
    try:
        if not path.is_file():
            return "this is not a file"
        if path.stat().st_size > MAX_SIZE:
            return f"this file is larger than {MAX_SIZE // 1000} kB"
    except OSError as error:
        return f"cannot read this file: {error.strerror}"
    return ""


def _speaks_of_tightlip(path: str) -> bool:
    try:
        status = os.stat(path)  # noqa: PTH116
        return S_ISREG(status.st_mode) and status.st_size <= MAX_SIZE and b"tightlip" in Path(path).read_bytes()
    except (OSError, ValueError):
        return False
