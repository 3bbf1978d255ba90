"""Every key of `tightlip.toml` that holds one value: what it means, what it may say, its default, and its direction.

A direction says what a lower layer may do to the key: only move it the one way, towards stricter. This table is what the
reader, the merge, the JSON schema, `tightlip policy explain` and the editor's hover and completion agree on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, IntEnum
from types import MappingProxyType
from typing import Any

from attrs import frozen

from tightlip.finding import Action, Classification, Confidence, Surface

KeyPath = tuple[str, ...]


class OnError(IntEnum):
    """What is decided while a policy that should be in force cannot be used."""

    OPEN = 0
    """It is shown, and nothing more."""
    WARN = 1
    CLOSED = 2
    """Nothing leaves."""


class Direction(str, Enum):
    """What a lower layer may do to a key."""

    RISES = "a lower layer may only raise it"
    FALLS = "a lower layer may only lower it"
    GROWS = "a lower layer may only add to it"
    SWITCHES_OFF = "a lower layer may only switch it off"
    AUTHORITY = "only the organisation may set it; where there is none, the user or the project"
    ORGANISATION = "only the organisation may set it"


EVERY: frozenset[str] | None = None
"""All there are, those of later versions too; what a list of names is that nobody has set."""

ACTIONS = {action.name.lower(): action for action in Action}
CLASSES = {level.name.lower(): level for level in Classification}
CONFIDENCES = {level.name.lower(): level for level in Confidence}
ON_ERROR = {each.name.lower(): each for each in OnError}
PHASES = {surface.value: surface.value for surface in Surface}


@frozen
class Key:
    """One key."""

    path: KeyPath
    description: str
    direction: Direction
    default: object
    """Its built-in value, which lies below every layer, so that no key is ever unset."""
    words: Mapping[str, object] = MappingProxyType({})
    """What it may say; empty for a number, a flag or a list of any names."""
    is_list: bool = False

    @property
    def name(self) -> str:
        """As a person writes it: `detect.secret.action`."""
        return ".".join(self.path)

    def rank(self, value: object) -> Any:
        """How strict a value is; of two, the greater rank is the stricter. For keys with one value."""
        return _RANKS[self.direction](value)

    def is_looser(self, value: object, than: object) -> bool:
        """Whether a value would let through what the other does not."""
        if self.direction is Direction.GROWS:
            return _lacks(value, than)
        return bool(self.rank(value) < self.rank(than))

    def stricter(self, one: object, other: object) -> object:
        """Of two values the stricter; of two lists, what is in either."""
        if self.direction is Direction.GROWS:
            if one is EVERY or other is EVERY:
                return EVERY
            return frozenset(one) | frozenset(other)  # pyright: ignore[reportArgumentType, reportUnknownVariableType]
        return other if self.rank(other) > self.rank(one) else one


def _lacks(value: object, than: object) -> bool:
    if value is EVERY:
        return False
    return than is EVERY or not frozenset(than) <= frozenset(value)  # pyright: ignore[reportArgumentType, reportUnknownArgumentType]


_RANKS: Mapping[Direction, Callable[[Any], Any]] = MappingProxyType(
    {
        Direction.RISES: lambda value: value,
        Direction.FALLS: lambda value: -value,
        Direction.SWITCHES_OFF: lambda value: not value,
    }
)

_CATEGORIES = {
    "secret": ("secrets", Action.BLOCK),
    "pii": ("personal data", Action.ASK),
    "term": ("the organisation's own words", Action.WARN),
}
_SHARES = {
    Classification.PUBLIC: (Action.OFF, Action.OFF),
    Classification.INTERNAL: (Action.OFF, Action.OFF),
    Classification.CONFIDENTIAL: (Action.INFO, Action.INFO),
    Classification.RESTRICTED: (Action.BLOCK, Action.ASK),
}


def _all() -> list[Key]:
    keys = [
        Key(("defaults", "class"), "Class of repositories that no [[repo]] names.", Direction.RISES,
            Classification.INTERNAL, CLASSES),
        Key(("defaults", "on_error"),
            "What is decided while the organisation's policy cannot be used: open shows it, warn warns, closed stops everything.",
            Direction.RISES, OnError.CLOSED, ON_ERROR),
        Key(("inline", "allow"), "Whether allow comments in the text count.", Direction.SWITCHES_OFF, True),
        Key(("retention", "evidence_days"), "Days for which the record of decisions is kept at least.", Direction.RISES, 400),
        Key(("retention", "personal_days"), "Days for which what names a person is kept at most.", Direction.FALLS, 400),
    ]  # fmt: skip
    for level, (share, copied) in _SHARES.items():
        name = level.name.lower()
        keys += [
            Key(("class", name, "share"), f"What is done when a file of class {name} is about to leave.",
                Direction.RISES, share, ACTIONS),
            Key(("class", name, "copied_code"), f"What is done when lines copied from code of class {name} are about to leave.",
                Direction.RISES, copied, ACTIONS),
        ]  # fmt: skip
    for name, (what, action) in _CATEGORIES.items():
        keys += [
            Key(("detect", name, "action"), f"What is done about {what}.", Direction.RISES, action, ACTIONS),
            Key(("detect", name, "min_confidence"), "Findings that are less sure are not reported.",
                Direction.FALLS, Confidence.LOW, CONFIDENCES),
            Key(("detect", name, "phases"), f"Surfaces on which to look for {what}.",
                Direction.GROWS, EVERY, PHASES, is_list=True),
            Key(("detect", name, "fixtures"),
                f"What is done about {what} in tests, examples and documentation; as elsewhere, unless it is set.",
                Direction.RISES, None, ACTIONS),
        ]  # fmt: skip
    keys.append(
        Key(("detect", "pii", "entities"), "Which kinds of personal data are looked for, by Presidio's names: EMAIL_ADDRESS.",
            Direction.GROWS, EVERY, is_list=True)
    )  # fmt: skip
    return keys


KEYS: Mapping[str, Key] = MappingProxyType({key.name: key for key in _all()})
"""All of them, by name."""

LISTS: Mapping[str, tuple[str, Direction]] = MappingProxyType(
    {
        "repo": ("A repository and its class; the strictest that matches counts.", Direction.GROWS),
        "term": ("The organisation's own words: customers, code names, internal hosts.", Direction.GROWS),
        "rule": ("A detector of your own, with the fields of the built-in rules.", Direction.GROWS),
        "allow": ("A value, or a rule in some files, that a person has looked at and allows.", Direction.AUTHORITY),
        "exception": ("What the organisation lets through for a while, for a reason.", Direction.ORGANISATION),
        "scan.exclude": ("Files that are not looked at.", Direction.AUTHORITY),
        "editor.required": ("Guards of the editor that nobody may switch off.", Direction.GROWS),
        "detect.rule": ("What is different for one rule.", Direction.RISES),
        "detect.set": ("What is different for all rules of a named set.", Direction.RISES),
        "detect.detect_secrets.baseline": ("A .secrets.baseline of detect-secrets.", Direction.AUTHORITY),
        "detect.detect_secrets.plugins": ("Plugin files of detect-secrets, which are run.", Direction.AUTHORITY),
        "detect.presidio.recognizers": ("A recognizers.yaml of presidio-analyzer.", Direction.AUTHORITY),
        "bundle": ("What this policy is: id, revision, expiry, contact.", Direction.ORGANISATION),
    }
)
"""Tables and lists of entries: what they are, and their direction."""
