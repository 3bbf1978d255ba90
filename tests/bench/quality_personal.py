"""The corpus of personal data: every entity in every kind of row, and the same rows with values that are nobody's."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.bench.quality_entities import ENTITIES, Entity
from tests.bench.quality_rows import BARE, CARDS, ROWS
from tests.bench.quality_sample import Sample
from tests.bench.quality_syntax import Syntax

_WORDS_ONLY = frozenset(
    {"csv", "csv title", "json", "jsonl", "yaml", "sql insert", "markdown table", "python dict", "js json", "prompt"}
)
"""Pages whose field may have a name beyond ASCII."""


_PEOPLE = 12
"""Values drawn of each entity."""


def personal_data(seed: int = 3, *, per_entity: int | None = None) -> list[Sample]:
    """Every entity in every kind of row, or in `per_entity` kinds each."""
    rng = random.Random(seed)
    found: list[Sample] = []
    for entity in ENTITIES:
        pages = list(ROWS)
        rng.shuffle(pages)
        pages = pages[:per_entity] + (list(BARE) if entity.proves_itself else [])
        pages += [Syntax(name, path, page) for field, name, path, page in CARDS if field in entity.fields]
        found.extend(_written(rng, entity, pages))
    return _numbered("p", found)


def reserved_data(seed: int = 4) -> list[Sample]:
    """Rows with values set aside for documentation and tests: nothing in them is anybody's."""
    rng = random.Random(seed)
    found: list[Sample] = []
    for entity in ENTITIES:
        for value in entity.reserved:
            for page in [*rng.sample(ROWS, 12), *BARE]:
                sample = page.write(rng.choice([f for f in entity.fields if f.isascii()]), value, label="", kind="")
                if sample is not None:
                    found.append(Sample(sample.path, sample.text, (), f"reserved {entity.name}"))
    return _numbered("r", found)


def _written(rng: random.Random, entity: Entity, pages: list[Syntax]) -> Iterator[Sample]:
    # some numbers are drawn until their check digits fit, which takes a while
    people = [entity.make(rng) for _ in range(_PEOPLE)]
    for page in pages:
        fields = [name for name in entity.fields if name.isascii() or page.name in _WORDS_ONLY]
        field = rng.choice(fields)
        values = rng.sample(people, page.page.count("${value}"))
        sample = page.write(field, *values, label=entity.name, kind=field)
        if sample is not None:
            yield sample


def _numbered(letter: str, samples: list[Sample]) -> list[Sample]:
    return [one.moved_to(f"{letter}{number:05}/{one.path}") for number, one in enumerate(samples)]
