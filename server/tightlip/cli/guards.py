"""The guard a command works with: under the policy of the workspace a file lies in, or under a file that it was given."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tightlip.detect.ruleset import Ruleset, builtin_ruleset
from tightlip.errors import PolicyError, TightlipError
from tightlip.guard import Guard, load_guard, workspace_root
from tightlip.policy.model import Layer, Policy
from tightlip.policy.places import places

if TYPE_CHECKING:
    from tightlip.policy.known import Mention
    from tightlip.policy.read import FilePolicy


def guard_for(root: Path, config: str | None = None, *, trusted: bool = True) -> Guard:
    """A guard for the workspace at `root`, under its own policy files; or under the file `config`, which takes the place of
    the user's and the workspace's, never of the organisation's.

    Files of a workspace that is not `trusted` only tighten. Raises TightlipError for a `config` that cannot be read or
    holds mistakes: who names a file means it. What it may not loosen is among the guard's problems.
    """
    if config is None:
        return load_guard(root, trusted=trusted)
    from tightlip.policy.known import unknown_rules
    from tightlip.policy.load import Above, under
    from tightlip.policy.organisation import organisation

    ruleset = builtin_ruleset()
    above = Above(organisation(places()))
    found = _read(config, Layer.REPO, ruleset)
    policy = under([found], root, ruleset.categories, above=above)
    for mistake in unknown_rules(_meant(found), ruleset.categories, policy):
        raise mistake
    return _guard(policy, ruleset, root)


def guard_of_file(root: Path, config: str, layer: Layer) -> Guard:
    """A guard for the workspace at `root` under the file `config` alone, read as of `layer`, whatever is in force here.

    Raises TightlipError as `guard_for` does, and for what the file may not ask for.
    """
    from tightlip.policy.known import unknown_rules
    from tightlip.policy.layers import fold

    ruleset = builtin_ruleset()
    found = _read(config, layer, ruleset)
    policy = fold([found], ruleset.categories)
    mistakes = [*policy.problems, *unknown_rules(_meant(found), ruleset.categories, policy)]
    if mistakes:
        raise mistakes[0]
    return _guard(policy, ruleset, root)


def _guard(policy: Policy, ruleset: Ruleset, root: Path) -> Guard:
    from tightlip.redact.key import workspace_key

    return Guard(policy, ruleset, key=workspace_key(root))


def _meant(found: FilePolicy) -> list[Mention]:
    """The rules that a file names and that must be there."""
    return [one for one in found.mentions if not one.elsewhere]


def _read(config: str, layer: Layer, ruleset: Ruleset) -> FilePolicy:
    from tightlip.policy.read import read_policy
    from tightlip.syntax.toml import read_toml

    path = Path(config)
    absolute = path.resolve()
    name = os.path.relpath(path)
    found = read_policy(
        read_toml(path, PolicyError, name),
        file=str(absolute),
        base=str(absolute.parent),
        layer=layer,
        rule_ids=ruleset.categories,
    )
    if found is None:
        raise TightlipError(
            'this file says nothing about tightlip; name a tightlip.toml, or add "[tool.tightlip]"', file=name
        )
    if found.problems:
        raise found.problems[0]
    return found


class Guards:
    """Guards for texts that may lie in several workspaces; each is made once."""

    def __init__(self, base: Path, config: str | None = None, *, trusted: bool = True):
        """`base` is the file or folder whose workspace counts for a text without a path; the others are as in `guard_for`."""
        self._config = config
        self._trusted = trusted
        self._root = workspace_root(base)
        self._guards = {str(self._root): guard_for(self._root, config, trusted=trusted)}
        self._by_folder: dict[str, Guard] = {}

    def of(self, path: str | None) -> Guard:
        """The guard for a file, which need not exist; `path` counts from the working directory."""
        folder = os.path.dirname(os.path.abspath(path)) if path is not None else str(self._root)  # noqa: PTH100, PTH120
        guard = self._by_folder.get(folder)
        if guard is None:
            root = workspace_root(Path(folder)) if os.path.isdir(folder) else self._root  # noqa: PTH112
            guard = self._guards.get(str(root))
            if guard is None:
                guard = self._guards[str(root)] = guard_for(root, self._config, trusted=self._trusted)
            self._by_folder[folder] = guard
        return guard

    @property
    def problems(self) -> list[str]:
        """Every mistake in the policies read so far, each a sentence with its place."""
        return list(dict.fromkeys(str(problem) for guard in self._guards.values() for problem in guard.problems))
