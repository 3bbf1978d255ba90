"""What became of a policy: one change, its direction, and how directions are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, TypeVar

from attrs import frozen

from tightlip.policy.words import Plain

T = TypeVar("T")
K = TypeVar("K")

NOTHING = "-"


class Turn(str, Enum):
    """Which way a change goes."""

    LOOSENED = "loosened"
    """It may let through what was stopped, whatever else it does."""
    TIGHTENED = "tightened"
    CHANGED = "changed"
    """Neither: a reason, a contact; or what cannot be told."""


@frozen
class Change:
    """One difference between two policies."""

    turn: Turn
    name: str
    """The key, or the entry and what of it: `detect.pii.action`, `repo github.com/acme/pay class`."""
    before: Plain
    """`-` where it was not there."""
    after: Plain
    source: str
    """`file:line` in the newer file, or in the older one for what is gone."""


def turn_of(*, tighter: bool, looser: bool) -> Turn:
    """What is both, as a list of which something is gone and something is new, may let something through."""
    return Turn.LOOSENED if looser else Turn.TIGHTENED if tighter else Turn.CHANGED


def by_rank(before: Any, after: Any) -> Turn:
    """Of two values of which the greater is the stricter."""
    return turn_of(tighter=after > before, looser=after < before)


def pairs(before: Mapping[K, T], after: Mapping[K, T]) -> Iterator[tuple[K, T | None, T | None]]:
    """Every name of either, with what each has of it."""
    for name in dict.fromkeys((*before, *after)):
        yield name, before.get(name), after.get(name)
