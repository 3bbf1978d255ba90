"""The guard a command works with: the policy of the workspace a file lies in, or the one policy file it was given."""

from __future__ import annotations

import os
from pathlib import Path

from tightlip.errors import PolicyError, TightlipError
from tightlip.guard import Guard, load_guard, workspace_root
from tightlip.policy.model import Layer


def guard_for(root: Path, config: str | None = None, layer: Layer = Layer.REPO, *, trusted: bool = True) -> Guard:
    """A guard for the workspace at `root`, under its own policy files or under the file `config` alone.

    `config` is read as of `layer`. Files of a workspace that is not `trusted` only tighten.

    Raises TightlipError for a `config` that cannot be read or holds mistakes: who names a file means it.
    """
    if config is None:
        return load_guard(root, trusted=trusted)
    from tightlip.detect.ruleset import builtin_ruleset
    from tightlip.policy.layers import fold
    from tightlip.policy.read import read_policy
    from tightlip.redact.key import workspace_key
    from tightlip.syntax.toml import read_toml

    path = Path(config)
    ruleset = builtin_ruleset()
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
    policy = fold([found], ruleset.categories)
    if policy.problems:
        raise policy.problems[0]
    return Guard(policy, ruleset, key=workspace_key(root))


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
