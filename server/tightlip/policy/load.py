"""Finds and reads the policy files of a folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from tightlip.errors import PolicyError
from tightlip.finding import Category, RuleId
from tightlip.policy.layers import NO_RULES, fold
from tightlip.policy.model import Layer, Policy
from tightlip.policy.read import FilePolicy, read_policy
from tightlip.syntax.toml import read_toml

NAME = "tightlip.toml"
SHARED = "pyproject.toml"
"""Read for its table `[tool.tightlip]`."""

MAX_SIZE = 1_000_000
"""Bytes of a policy file that is read; a larger one is a mistake, or an attack."""


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
) -> Policy:
    """The effective policy for texts in `folder`: built-in defaults, then every policy file from `top` down to it.

    Files are named in messages as seen from `top` (default: `folder`). Never raises: a file that cannot be read, or is
    not TOML, is a problem and leaves what lies below it in force; so does every single mistaken entry. Files that are not
    `trusted` can only tighten the defaults.
    """
    top = folder if top is None else top
    files = [_read(path, top, categories) for path in policy_files(folder, top)]
    return fold([found for found in files if found is not None], categories, trusted=trusted)


def _read(path: Path, top: Path, categories: Mapping[RuleId, Category]) -> FilePolicy | None:
    name = path.relative_to(top).as_posix() if top in path.parents else path.name
    try:
        problem = _why_not_read(path)
        if problem:
            raise PolicyError(problem, file=name)
        document = read_toml(path, PolicyError, name)
    except PolicyError as error:
        return FilePolicy(str(path), Layer.REPO, problems=[error], readable=False)
    return read_policy(document, file=str(path), base=str(path.parent), rule_ids=categories)


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
