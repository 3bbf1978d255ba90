"""Random policy files and stacks of them."""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import strategies as st

from tightlip.finding import Action, Category, Classification, Severity
from tightlip.policy.keys import KEYS, PHASES, Key
from tightlip.policy.model import BUILTIN, AllowEntry, ExceptionEntry, Layer, PathGlob, RulePolicy, Setting
from tightlip.policy.read import FilePolicy
from tightlip.provenance.classify import RepoEntry

RULES = {"aws-access-key-id": Category.SECRET, "us-ssn": Category.PII, "acme-term": Category.TERM}
ENTITIES = ("EMAIL_ADDRESS", "US_SSN", "PERSON")


def random_value(random: Random, key: Key) -> object:
    """Any value a key may have."""
    if key.is_list:
        names = tuple(PHASES) if key.words else ENTITIES
        return frozenset(random.sample(names, random.randint(0, len(names))))
    if key.words:
        return random.choice(list(key.words.values()))
    return random.random() < 0.5 if isinstance(key.default, bool) else random.randint(0, 1000)


def random_files(random: Random, layer: Layer, count: int) -> list[FilePolicy]:
    """Files of a layer, each of which says something of about a third of the keys."""
    return [_random_file(random, layer, f"{layer.label}{index}.toml") for index in range(count)]


def _random_file(random: Random, layer: Layer, name: str) -> FilePolicy:
    line = iter(range(1, 1000))

    def said(value: object) -> Setting[object]:
        return Setting(value, layer.label, f"{name}:{next(line)}")

    found = FilePolicy(f"/x/{name}", layer)
    found.settings = {key.name: said(random_value(random, key)) for key in KEYS.values() if random.random() < 0.35}
    for rule in RULES:
        if random.random() < 0.4:
            action = said(random.choice(list(Action))) if random.random() < 0.7 else None
            severity = said(random.choice(list(Severity))) if random.random() < 0.3 else None
            found.rules[rule] = RulePolicy(action, severity)  # pyright: ignore[reportArgumentType]
    if random.random() < 0.2:
        found.exclude.append(PathGlob("**", "/x", f"{name}:{next(line)}"))
    if random.random() < 0.2:
        found.allows.append(AllowEntry("mine", "tl1:x", layer=layer.label, source=f"{name}:{next(line)}"))
    if random.random() < 0.2:
        found.exceptions.append(
            ExceptionEntry("E", "r", "me", date(2030, 1, 1), layer=layer.label, source=f"{name}:{next(line)}")
        )
    if random.random() < 0.3:
        source = f"{name}:{next(line)}"
        within = (("docs/**", random.choice(list(Classification))),) if random.random() < 0.3 else ()
        level, glob = random.choice(list(Classification)), random.choice(["**", "pay/**"])
        found.repos.append(RepoEntry(level, paths=(glob,), base="/x", within=within, layer=layer.label, source=source))
    return found


def evolve_file(layer: Layer, settings: dict[str, Setting[object]]) -> FilePolicy:
    """A file that says these keys."""
    return FilePolicy(f"/x/{layer.label}.toml", layer, settings=settings)


@st.composite
def said_by(draw: st.DrawFn, layer: str, source: str, *, every_key: bool = False) -> dict[str, Setting[object]]:
    """Keys and values; with `every_key` all of them, as an effective policy has them."""
    random = Random(draw(st.integers(0, 2**32)))
    said = {
        key.name: Setting(random_value(random, key), layer, source) for key in KEYS.values() if random.random() < 0.4
    }
    return {**BUILTIN.settings, **said} if every_key else said


exceptions = st.builds(
    ExceptionEntry,
    st.just("EX-1"),
    st.just("because"),
    st.just("ciso"),
    st.just(date(2030, 1, 1)),
    st.sampled_from(Action),
    st.lists(st.sampled_from(["a", "b"]), max_size=1).map(tuple),
    st.lists(st.sampled_from(Category), max_size=1).map(tuple),
)
