"""A policy file as it is being written: its mistakes, and what would hold if it were saved as it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from attrs import evolve, frozen

from tightlip.errors import PolicyError, RefusedError
from tightlip.finding import Category, RuleId
from tightlip.policy.bundle import Bundle, read_bundle
from tightlip.policy.known import unknown_rules
from tightlip.policy.load import NOTHING_ABOVE, Above, load_policy, name_of, parse_draft
from tightlip.policy.model import NO_RULES, Layer, Policy
from tightlip.policy.read import FilePolicy, read_policy


@frozen
class Draft:
    """One policy file whose text need not be that on disk."""

    file: str
    """Absolute path."""
    name: str
    """What messages call it."""
    layer: Layer
    found: FilePolicy | None
    """What it says; None where it says nothing of tightlip, or is no TOML."""
    bundle: Bundle | None
    """What it says of itself; of the organisation's alone."""
    policy: Policy
    """What would hold for texts in its folder."""
    problems: tuple[PolicyError, ...]
    """Its own mistakes, then what it asks for and may not have."""
    doubts: tuple[PolicyError, ...] = ()
    """Rules it names that may be another repository's, and are called nearly as one that is known."""


def read_draft(
    path: str,
    text: str,
    top: Path,
    categories: Mapping[RuleId, Category] = NO_RULES,
    *,
    trusted: bool = True,
    above: Above = NOTHING_ABOVE,
) -> Draft:
    """Read `text` as the policy file at `path` (absolute), of the layer that has its files there. Never raises.

    `top`, `trusted` and `above` are as in `load_policy`; a file that does not lie under `top` is taken for its own.
    """
    layer, place = above.layer_of(path), Path(path)
    name, base = name_of(place, layer, top), str(place.parent)
    named = above.organisation if layer is Layer.ORG else None
    for one in (*named.files, *named.tightening) if named is not None else ():
        if one.path == path:
            name, base = one.name, one.base
    found: FilePolicy | None = None
    bundle: Bundle | None = None
    try:
        document = parse_draft(text, name)
    except PolicyError as error:
        problems = [error]
    else:
        globs = None if layer is Layer.REPO else str(top)
        found = read_policy(document, file=path, base=base, layer=layer, rule_ids=categories, globs=globs)
        problems = [one for one in found.problems if not isinstance(one, RefusedError)] if found is not None else []
        if layer is Layer.ORG:
            read = read_bundle(document)
            bundle = read.bundle
            problems = sorted([*problems, *read.problems], key=lambda one: (one.line or 0, one.column or 0))
    if layer is Layer.USER:
        above = evolve(above, user=place)
    folder = place.parent if layer is Layer.REPO else top
    policy = load_policy(folder, top, categories, trusted=trusted, above=above, drafts={path: text})
    refused = [one for one in policy.problems if isinstance(one, RefusedError) and one.file == name]
    mentions = found.mentions if found is not None else ()
    unknown = unknown_rules((one for one in mentions if not one.elsewhere), categories, policy)
    doubts = unknown_rules((one for one in mentions if one.elsewhere), categories, policy)
    return Draft(path, name, layer, found, bundle, policy, (*problems, *unknown, *refused), tuple(doubts))
