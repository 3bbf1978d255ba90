"""Values of a policy as a person writes them."""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import cast

from tightlip.policy.keys import EVERY

Plain = str | int | bool | list[str]
"""A value as TOML and JSON write it."""

LAYERS = {"builtin": "built-in", "org": "organisation", "user": "user", "repo": "repository"}
"""The layers as a person calls them."""


def word(value: IntEnum) -> str:
    """An action, class, confidence or severity."""
    return value.name.lower()


def plain(value: object) -> Plain:
    """Any value of a key; `all` for a list of names that nobody has set."""
    if value is EVERY:
        return "all"
    if isinstance(value, IntEnum):
        return word(value)
    if isinstance(value, frozenset):
        return sorted(cast("frozenset[str]", value))
    return cast("Plain", value.value if isinstance(value, Enum) else value)


def matcher_of(remotes: tuple[str, ...], roots: tuple[str, ...], paths: tuple[str, ...]) -> str:
    """What a `[[repo]]` names, in one line."""
    named = [("remote", remotes), ("root", tuple(root[:12] for root in roots)), ("path", paths)]
    return ", ".join(f"{kind} {one}" for kind, each in named for one in each) or "the folder the file lies in"
