"""The corpus of planted secrets: values of three tiers in every syntax."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from tests.bench.quality_code import CODE
from tests.bench.quality_config import TEXTS
from tests.bench.quality_sample import Sample
from tests.bench.quality_syntax import Syntax
from tests.bench.quality_values import PASSWORDS, RANDOM
from tests.bench.quality_vendors import ADDRESSES, BLOCKS, TOKENS, Kind

SYNTAXES = CODE + TEXTS
KINDS = TOKENS + ADDRESSES + BLOCKS + RANDOM + PASSWORDS


def planted_secrets(seed: int = 1, *, per_kind: int | None = None) -> list[Sample]:
    """Every kind in every syntax that can hold it, or in `per_kind` syntaxes each, drawn so that all syntaxes have their turn.

    Every sample is in a folder of its own, so that a tool's report says which one it means.
    """
    rng = random.Random(seed)
    found: list[Sample] = []
    for kind in KINDS:
        syntaxes = list(SYNTAXES)
        rng.shuffle(syntaxes)
        found.extend(_written(rng, kind, syntaxes, per_kind or len(syntaxes)))
    return [one.moved_to(f"s{number:05}/{one.path}") for number, one in enumerate(found)]


def _written(rng: random.Random, kind: Kind, syntaxes: Sequence[Syntax], most: int) -> Iterator[Sample]:
    for syntax in syntaxes:
        if most and syntax.tells(kind.tier):
            sample = syntax.write(rng.choice(kind.fields), kind.make(rng), label=kind.tier, kind=kind.name)
            if sample is not None:
                most -= 1
                yield sample
