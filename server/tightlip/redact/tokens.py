"""Hands out tokens for the values of one text, so that none stands for two and the order of the values does not matter."""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import count
from typing import NamedTuple

from attrs import field, frozen

from tightlip.redact.mapping import Form, Mapping
from tightlip.redact.placeholder import SIZES, number_for, token_of_normal, variant_of_normal

BARE_NUMBER = re.compile(r"(?<![\w.])[0-9](?:[0-9_]*[0-9])?(?:\.[0-9]+)?(?=[uUlLnN]{0,3}(?!\w))(?!\.[0-9])")
"""A number that stands alone, as redaction leaves it and restoring looks for it."""

_Group = tuple[str, str]


class Wanted(NamedTuple):
    """Characters that need a replacement, and its form."""

    original: str
    form: Form

    def __repr__(self) -> str:
        return f"Wanted({self.form.value})"


@frozen
class Meaning:
    """What wanted characters are."""

    type: str
    normal: str = field(repr=False)
    plain: bool
    """Whether they are the value itself in some spelling, not an encoding of it; only then its shortest token may be theirs."""


def allocate(wanted: dict[Wanted, Meaning], key: bytes, mapping: Mapping, text: str) -> dict[Wanted, str]:
    """A token for everything wanted.

    What `mapping` knows keeps its token. A new value gets the token of `token_for`; where two values share its first six
    characters both get more. One spelling of a value (the normalised one, else the first by code points) gets the value's
    own token, every other one a token that begins with it.
    """
    tokens: dict[Wanted, str] = {}
    groups: dict[_Group, list[tuple[Wanted, Meaning]]] = {}
    for want, meaning in wanted.items():
        known = mapping.token_of(want.original, want.form)
        if known is not None:
            tokens[want] = known
        elif want.form is not Form.NUMBER:
            groups.setdefault((meaning.type, meaning.normal), []).append((want, meaning))
    used: set[str] = set(tokens.values())
    own = _own_tokens(sorted(groups), key, mapping)
    for (name, normal), members in sorted(groups.items(), key=lambda item: item[0]):
        token = own[name, normal]
        free = token not in mapping and token not in used
        for want, meaning in sorted(members, key=lambda pair: (pair[0].original != normal, pair[0])):
            if free and meaning.plain:
                tokens[want], free = token, False
            else:
                tokens[want] = _variant(key, name, normal, f"{want.form.value} {want.original}", mapping, used)
            used.add(tokens[want])
    _allocate_numbers(wanted, tokens, key, mapping, text)
    return tokens


def _own_tokens(groups: list[_Group], key: bytes, mapping: Mapping) -> dict[_Group, str]:
    own: dict[_Group, str] = {}
    rest: list[_Group] = groups
    size = SIZES[0]
    while rest:
        shared: dict[str, list[_Group]] = {}
        for group in rest:
            shared.setdefault(token_of_normal(key, *group, size), []).append(group)
        rest = []
        for token, members in shared.items():
            entry = mapping.lookup(token)
            if (
                len(members) == 1
                and (entry is None or entry.normal == members[0][1])
                and token not in mapping.ambiguous
            ):
                own[members[0]] = token
            elif size < SIZES[-1]:
                rest += members
            else:
                own.update((member, token) for member in members)
        size += 2
    return own


def _variant(key: bytes, name: str, normal: str, spelling: str, mapping: Mapping, used: Container[str]) -> str:
    for attempt in count():
        salted = spelling + "\0" * attempt
        for size in SIZES[1:]:
            token = variant_of_normal(key, name, normal, salted, size)
            if token not in mapping and token not in used:
                return token
    raise AssertionError("unreachable")


def _allocate_numbers(
    wanted: dict[Wanted, Meaning], tokens: dict[Wanted, str], key: bytes, mapping: Mapping, text: str
) -> None:
    missing = [(want, meaning) for want, meaning in wanted.items() if want not in tokens]
    if not missing:
        return
    taken = {match[0] for match in BARE_NUMBER.finditer(text)}
    for want, meaning in missing:
        number = next(
            number
            for number in (number_for(key, meaning.type, want.original, attempt) for attempt in count())
            if number not in taken and number not in mapping
        )
        taken.add(number)
        tokens[want] = number
