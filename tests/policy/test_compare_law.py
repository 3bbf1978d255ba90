"""What `compare` does not call loosened lets nothing through that was stopped, whatever the two policies are."""

from __future__ import annotations

from datetime import date
from itertools import product
from random import Random
from typing import cast

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy.stacks import RULES, random_files
from tightlip.detect.confirm import is_test_path
from tightlip.finding import Action, Category, Classification, Confidence, Finding, Severity, Span, Surface
from tightlip.policy.allowed import Allowed
from tightlip.policy.change import Turn
from tightlip.policy.compare import compare
from tightlip.policy.decide import decide
from tightlip.policy.layers import fold
from tightlip.policy.model import AllowEntry, ExceptionEntry, Layer, PathGlob, Policy, RulePolicy, Setting
from tightlip.policy.place import Place, unwanted
from tightlip.policy.read import FilePolicy
from tightlip.policy.sets import SETS
from tightlip.provenance.classify import RepoEntry, classify
from tightlip.provenance.repository import Repository

DAYS = (date(2027, 1, 1), date(2028, 1, 1), date(2029, 1, 1))
GLOBS = ("src/**", "**/*.md", "tests/**", "**")
REMOTES = ("github.com/acme/pay", "github.com/acme/*", "github.com/oss/*")
TREES = tuple(
    Repository(f"/x/{name}", f"/x/{name}", (f"github.com/{name}",)) for name in ("acme/pay", "acme/web", "oss/lib")
)
FILES = ("src/a.py", "src/a.md", "tests/a.py", "b.txt")
FINDINGS = [
    Finding(rule, "t", category, Span(0, 1), Severity.ERROR, confidence, "v", "P", entity=entity)
    for rule, category in RULES.items()
    for confidence in (Confidence.LOW, Confidence.HIGH)
    for entity in ("US_SSN",)
]  # fmt: skip
PARTS = ("settings", "rules", "sets", "repos", "exclude", "allows", "exceptions")


def random_file(random: Random, layer: Layer) -> FilePolicy:
    """A policy that says something of everything, so that entries speak of the same files in several ways."""
    (found,) = random_files(random, layer, 1)
    found.exclude = [PathGlob(glob, "/x/acme/pay", "p:1") for glob in GLOBS[:3] if random.random() < 0.1]
    for name in SETS:
        if random.random() < 0.3:
            action = Setting(random.choice([*Action]), layer.label, "p:1") if random.random() < 0.7 else None
            found.sets[name] = RulePolicy(action, Setting(random.choice([*Severity]), layer.label, "p:1"))
    found.repos = [random_repo(random, layer) for _ in range(random.randint(0, 3))]
    found.allows = [random_allow(random, layer) for _ in range(random.randint(0, 2))]
    found.exceptions = [random_exception(random, layer) for _ in range(random.randint(0, 2))]
    return found


def random_repo(random: Random, layer: Layer) -> RepoEntry:
    levels = [*Classification]
    return RepoEntry(
        random.choice(levels),
        remotes=(random.choice(REMOTES),),
        base="/x",
        within=tuple((glob, random.choice(levels)) for glob in GLOBS if random.random() < 0.3),
        layer=layer.label,
        source="p:1",
    )


def random_allow(random: Random, layer: Layer) -> AllowEntry:
    return AllowEntry(
        "r",
        rule=random.choice([*RULES]),
        path=PathGlob(random.choice(GLOBS), "/x/acme/pay"),
        expires=random.choice([None, *DAYS]),
        layer=layer.label,
        source="p:1",
    )


def random_exception(random: Random, layer: Layer) -> ExceptionEntry:
    return ExceptionEntry(
        random.choice(["E", "F"]),
        "r",
        "me",
        random.choice(DAYS),
        random.choice([*Action]),
        tuple(rule for rule in RULES if random.random() < 0.3),
        tuple(category for category in Category if random.random() < 0.2),
        tuple(remote for remote in REMOTES if random.random() < 0.3),
        tuple(glob for glob in GLOBS if random.random() < 0.3),
        approved=random.random() < 0.7,
        layer=layer.label,
        source="p:1",
    )


def changed(random: Random, found: FilePolicy) -> FilePolicy:
    """Another policy that says the same but for one or two parts, or entries of them."""
    other, new = random_file(random, found.layer), evolve(found)
    for part in random.sample(PARTS, random.randint(1, 2)):
        value = getattr(found, part)
        if isinstance(value, list) and value and random.random() < 0.7:
            entries = cast("list[object]", [*value])
            entries[random.randrange(len(entries))] = random.choice([*getattr(other, part), *entries])
            setattr(new, part, entries[: random.randint(len(entries) - 1, len(entries))])
        elif isinstance(value, dict) and value and random.random() < 0.7:
            said = dict(cast("dict[str, object]", value))
            key = random.choice([*said])
            instead = getattr(other, part).get(key)
            setattr(new, part, {**said, key: instead} if instead else {k: v for k, v in said.items() if k != key})
        else:
            setattr(new, part, getattr(other, part))
    return new


def decisions(policy: Policy, day: date) -> list[Action]:
    """What is decided about every finding at every place on every surface."""
    found: list[Action] = []
    allowed = Allowed(None, policy, trusted=True, key=None, today=lambda: day)
    for tree, file in product(TREES, FILES):
        path = f"{tree.root}/{file}"
        classified = classify(path, tree, policy.repos, policy.default_class.value)
        exceptions = tuple(
            one for one in policy.exceptions if one.counts_on(day) and one.speaks_of(path, tree.root, tree)
        )
        place = Place(path, policy, classified, tree, is_test_path(path), exceptions)
        excluded = any(glob.matches(path) for glob in policy.exclude)
        known = allowed.known("", place)
        for finding, surface in product(FINDINGS, (Surface.EDITOR, Surface.PROMPT)):
            gone = excluded or unwanted(finding, place, surface) or (known is not None and known(finding))
            decision = decide(
                [] if gone else [finding],
                classified.origin,
                policy,
                surface,
                classified.entry,
                fixture=place.fixture,
                exceptions=exceptions,
            )
            found.append(decision.action)
    return found


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32), st.sampled_from([Layer.ORG, Layer.USER, Layer.REPO]))
def test_where_nothing_is_called_loosened_no_decision_is_lower(seed: int, layer: Layer):
    random = Random(seed)
    before = random_file(random, layer)
    for _ in range(8):
        after = changed(random, before)
        if any(change.turn is Turn.LOOSENED for change in compare(before, after, categories=RULES)):
            continue
        for day in (DAYS[0], DAYS[2]):
            one, other = decisions(fold([before], RULES), day), decisions(fold([after], RULES), day)
            assert all(now >= was for was, now in zip(one, other, strict=True))


@settings(deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([Layer.ORG, Layer.REPO]))
def test_a_policy_with_entries_differs_in_nothing_from_itself(seed: int, layer: Layer):
    found = random_file(Random(seed), layer)
    assert compare(found, evolve(found), categories=RULES) == []
