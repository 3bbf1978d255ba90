"""Two policies -> what became stricter, what became looser, and what is only different."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import IntEnum
from typing import NamedTuple, TypeVar, cast

from tightlip.finding import Category, Classification, RuleId
from tightlip.policy.change import NOTHING, Change, Turn, by_rank, pairs, turn_of
from tightlip.policy.keys import KEYS
from tightlip.policy.layers import fold, kinds_of
from tightlip.policy.model import NO_RULES, AllowEntry, ExceptionEntry, FileReference, Layer, Policy, RulePolicy
from tightlip.policy.read import FilePolicy
from tightlip.policy.sets import rules_of
from tightlip.policy.words import matcher_of, plain, word
from tightlip.provenance.classify import RepoEntry

T = TypeVar("T")

_LAST = date.max
_ORDER = (Turn.LOOSENED, Turn.TIGHTENED, Turn.CHANGED)


def compare(
    before: FilePolicy,
    after: FilePolicy,
    words: Sequence[Change] = (),
    categories: Mapping[RuleId, Category] = NO_RULES,
) -> list[Change]:
    """What changed from one policy file to another, both read as the same layer, each alone over the built-in policy.

    `words` are what `compare_entries` gave for them, `categories` the rules that exist.
    Sorted: loosened first, then tightened, then changed.
    """
    old, new = fold([before], categories), fold([after], categories)
    both = _Both(before, after, old, new, categories)
    changes = [*_keys(old, new), *_rules(both), *_sets(both), *_repos(both)]
    changes += _allows(before, after)
    changes += _exceptions(before, after)
    changes += _lists(before, after)
    changes += words
    return sorted(changes, key=lambda change: _ORDER.index(change.turn))


def _keys(old: Policy, new: Policy) -> Iterator[Change]:
    for name, key in KEYS.items():
        was, now = old.settings[name], new.settings[name]
        source = now.source or was.source
        if key.path[-1] == "fixtures":
            if was.value is None and now.value is None:
                continue
            category = Category(key.path[1])
            was, now = old.rule_action("", category, fixture=True), new.rule_action("", category, fixture=True)
        if was.value != now.value:
            turn = turn_of(tighter=key.is_looser(was.value, now.value), looser=key.is_looser(now.value, was.value))
            yield Change(turn, name, plain(was.value), plain(now.value), source)


class _Both(NamedTuple):
    """Two policies, as they are written and as they hold alone."""

    before: FilePolicy
    after: FilePolicy
    old: Policy
    new: Policy
    categories: Mapping[RuleId, Category]

    def named(self, part: str) -> frozenset[RuleId]:
        """Rules of which either says a part (`action`, `severity`) by name: what it says of their sets does not count there."""
        said = (*self.before.rules.items(), *self.after.rules.items())
        return frozenset(rule for rule, one in said if getattr(one, part) is not None)

    @property
    def moved(self) -> frozenset[RuleId]:
        """Rules of the policies' own that are of another category now."""
        own, others = self.before.own_categories, self.after.own_categories
        return frozenset(rule for rule in own.keys() & others.keys() if own[rule] is not others[rule])

    def kinds(self, rule: RuleId) -> tuple[tuple[Category, ...], tuple[Category, ...]]:
        """The categories a rule may be of, before and after; as many of each."""
        if rule in self.before.own_categories and rule in self.after.own_categories:
            return (self.before.own_categories[rule],), (self.after.own_categories[rule],)
        kinds = kinds_of(rule, self.before.own_categories, self.after.own_categories, self.categories)
        return kinds, kinds

    def actions(self, rule: RuleId) -> Iterator[_Pair]:
        """What is done about a rule's findings of its own, in tests too; nothing where its category decides in both."""
        said = any(one.rules.get(rule, RulePolicy()).action for one in (self.old, self.new))
        if not said and rule not in self.moved:
            return
        for fixture, where in ((False, ""), (True, " in tests")):
            for one, other in zip(*self.kinds(rule), strict=True):
                was, now = (
                    policy.rule_action(rule, kind, fixture=fixture).value
                    for policy, kind in ((self.old, one), (self.new, other))
                )
                yield _Pair(by_rank(was, now), f"action{where}", was, now)

    def severities(self, rule: RuleId) -> Iterator[_Pair]:
        """How loud a rule's findings are; what is as loud as the rule itself says cannot be ranked."""
        was, now = (policy.rules.get(rule, RulePolicy()).severity for policy in (self.old, self.new))
        turn = Turn.CHANGED if was is None or now is None else by_rank(-was.value, -now.value)
        yield _Pair(turn, "severity", was and was.value, now and now.value)


class _Pair(NamedTuple):
    """One value that a change of a rule or set may move."""

    turn: Turn
    part: str
    before: IntEnum | None
    after: IntEnum | None


def _rules(both: _Both) -> Iterator[Change]:
    new_or_gone = both.before.own_categories.keys() ^ both.after.own_categories.keys()
    severities, actions = both.named("severity"), both.named("action") | both.moved
    for rule in sorted((severities | actions) - new_or_gone):  # those are told by their entries
        source = _source(both.after.rules.get(rule)) or _source(both.before.rules.get(rule)) or both.after.file
        for pairs_of, named in ((both.severities, severities), (both.actions, actions)):
            if rule in named:
                yield from _strongest(f"detect.rule.{rule}", pairs_of(rule), source)


def _sets(both: _Both) -> Iterator[Change]:
    """What sets say is told of the set, by all rules that it moves."""
    before, after = both.before.sets, both.after.sets
    for name in sorted({*before, *after}):
        said, says = before.get(name, RulePolicy()), after.get(name, RulePolicy())
        source = _source(says) or _source(said)
        for part, one, other, pairs_of in (
            ("action", said.action, says.action, both.actions),
            ("severity", said.severity, says.severity, both.severities),
        ):
            if (one and one.value) != (other and other.value):
                named = both.named(part)
                moved = [p for rule in rules_of(name, both.categories) if rule not in named for p in pairs_of(rule)]
                yield from _strongest(f"detect.set.{name}", moved, source)


def _strongest(name: str, found: Iterable[_Pair], source: str) -> Iterator[Change]:
    """Of several that moved, one: what is looser comes first."""
    moved = [pair for pair in found if pair.before is not pair.after]
    if moved:
        turn, part, before, after = min(moved, key=lambda pair: _ORDER.index(pair.turn))
        words = [NOTHING if one is None else word(one) for one in (before, after)]
        yield Change(turn, f"{name}.{part}", words[0], words[1], source)


def _repos(both: _Both) -> Iterator[Change]:
    """Of several entries that name a file the strictest counts, so that one that goes uncovers the loosest of the others."""
    default, left = both.old.default_class.value, both.new.default_class.value
    own = both.after.layer is Layer.REPO  # what a repository says of itself can only raise
    lowest = left if own else min([left, *(level for one in both.after.repos for level in _levels(one))])
    for _, was, now in pairs(_keyed(both.before.repos, _repo_key), _keyed(both.after.repos, _repo_key)):
        one = cast("RepoEntry", now or was)
        name = f"repo {_repo_name(one)}"
        if was is not None and now is not None:
            if was.classification != now.classification:
                turn = by_rank(was.classification, now.classification)
                yield Change(turn, f"{name} class", word(was.classification), word(now.classification), now.source)
            yield from _within(name, was, now)
            for field in ("owner", "contact", "allowed"):
                yield from _plain_field(name, field, was, now)
        else:
            for part, level in (("", one.classification), *((f" path {glob}", level) for glob, level in one.within)):
                if now is not None:
                    turn = by_rank(default, max(default, level) if own else level)
                    yield Change(turn, f"{name}{part}", NOTHING, word(level), one.source)
                else:
                    turn = by_rank(max(default, level) if own else level, lowest if level > lowest else left)
                    yield Change(turn, f"{name}{part}", word(level), NOTHING, one.source)
        yield from _index(name, was, now, one.source)


def _levels(one: RepoEntry) -> tuple[Classification, ...]:
    return (one.classification, *(level for _, level in one.within))


def _index(name: str, was: RepoEntry | None, now: RepoEntry | None, source: str) -> Iterator[Change]:
    """The lines of a repository that are known. What another index holds cannot be told."""
    before, after = (one.index if one is not None else "" for one in (was, now))
    part = "index"
    if before == after and was is not None and now is not None:
        before, after, part = was.index_key, now.index_key, "index_key"
    if before != after:
        turn = turn_of(tighter=not before, looser=not after) if part == "index" or not after else Turn.CHANGED
        words = [_beside(path, one) if one and path else NOTHING for path, one in ((before, was), (after, now))]
        yield Change(turn, f"{name} {part}", words[0], words[1], source)


def _beside(path: str, one: RepoEntry) -> str:
    """The name of a file as the policy that names it writes it."""
    return path.removeprefix(one.file.rpartition("/")[0] + "/")


def _within(name: str, was: RepoEntry, now: RepoEntry) -> Iterator[Change]:
    lowest = min(_levels(now))
    for glob, before, after in pairs(dict(was.within), dict(now.within)):
        if before == after:
            continue
        low = was.classification if before is None else before
        high = after
        if high is None:
            high = lowest if low > lowest else now.classification
        values = [NOTHING if one is None else word(one) for one in (before, after)]
        yield Change(by_rank(low, high), f"{name} path {glob}", values[0], values[1], now.source)


def _allows(before: FilePolicy, after: FilePolicy) -> Iterator[Change]:
    for _, was, now in pairs(_keyed(before.allows, _allow_key), _keyed(after.allows, _allow_key)):
        one = cast("AllowEntry", now or was)
        name = f"allow {one.name}"
        if was is None or now is None:
            words = (NOTHING, "allowed") if now else ("allowed", NOTHING)
            yield Change(Turn.LOOSENED if now else Turn.TIGHTENED, name, *words, one.source)
            continue
        if was.rule != now.rule:  # beside a fingerprint: that of this rule alone
            turn = Turn.TIGHTENED if not was.rule else Turn.LOOSENED
            yield Change(turn, f"{name} rule", was.rule or "all", now.rule or "all", now.source)
        yield from _until(name, was.expires, now.expires, now.source)
        yield from _plain_field(name, "reason", was, now)


def _exceptions(before: FilePolicy, after: FilePolicy) -> Iterator[Change]:
    for _, was, now in pairs(_keyed(before.exceptions, _exception_key), _keyed(after.exceptions, _exception_key)):
        one = cast("ExceptionEntry", now or was)
        name = f"exception {one.id}"
        if was is None or now is None:
            words = (NOTHING, _standing(one)) if now else (_standing(one), NOTHING)
            turn = Turn.CHANGED if not one.approved else Turn.LOOSENED if now else Turn.TIGHTENED
            yield Change(turn, name, *words, one.source)
            continue
        if was.approved != now.approved:
            turn = Turn.LOOSENED if now.approved else Turn.TIGHTENED
            yield Change(turn, f"{name} status", _standing(was), _standing(now), now.source)
        if was.action is not now.action:
            turn = by_rank(was.action, now.action) if now.approved else Turn.CHANGED
            yield Change(turn, f"{name} action", word(was.action), word(now.action), now.source)
        kinds = tuple(map(_value, was.categories)), tuple(map(_value, now.categories))
        for part, old, new in (("rule", was.rules, now.rules), ("category", *kinds)):
            yield from _scope(name, part, old, new, now, all_when_empty=False)
        for part, old, new in (("remote", was.remotes, now.remotes), ("path", was.paths, now.paths)):
            yield from _scope(name, part, old, new, now, all_when_empty=True)
        yield from _until(name, was.expires, now.expires, now.source, counts=now.approved)
        for field in ("reason", "approver"):
            yield from _plain_field(name, field, was, now)


def _scope(
    name: str, part: str, before: tuple[str, ...], after: tuple[str, ...], now: ExceptionEntry, *, all_when_empty: bool
) -> Iterator[Change]:
    if set(before) == set(after):
        return
    wider = all_when_empty and not after
    narrower = all_when_empty and not before
    looser = now.approved and not narrower and (wider or bool(set(after) - set(before)))
    tighter = now.approved and not looser
    values = [", ".join(one) or ("all" if all_when_empty else NOTHING) for one in (before, after)]
    yield Change(turn_of(tighter=tighter, looser=looser), f"{name} {part}", values[0], values[1], now.source)


def _lists(before: FilePolicy, after: FilePolicy) -> Iterator[Change]:
    """Lists whose entries have only a name."""
    excluded = [{glob.glob: glob.source for glob in found.exclude} for found in (before, after)]
    plugins = [{_inside(file, found): file.source for file in found.plugins} for found in (before, after)]
    for name, (was, now), came, went in (
        ("scan.exclude", excluded, Turn.LOOSENED, Turn.TIGHTENED),
        ("editor.required", [before.required, after.required], Turn.TIGHTENED, Turn.LOOSENED),
        ("detect.detect_secrets.plugins", plugins, Turn.CHANGED, Turn.LOOSENED),
    ):
        for entry, old, new in pairs(was, now):
            if old is None:
                yield Change(came, name, NOTHING, entry, str(new))
            elif new is None:
                yield Change(went, name, entry, NOTHING, old)
    for name, was, now, came, went in (
        ("detect.detect_secrets.baseline", before.baseline, after.baseline, Turn.LOOSENED, Turn.TIGHTENED),
        ("detect.presidio.recognizers", before.recognizers, after.recognizers, Turn.CHANGED, Turn.LOOSENED),
    ):
        old, new = _inside(was, before), _inside(now, after)
        if old != new:
            way = came if was is None else went if now is None else Turn.CHANGED
            yield Change(way, name, old, new, (now or cast("FileReference", was)).source)


def _inside(file: FileReference | None, found: FilePolicy) -> str:
    """The name of a file as its policy writes it."""
    return NOTHING if file is None else file.path.removeprefix(found.file.rpartition("/")[0] + "/")


def _until(name: str, before: date | None, after: date | None, source: str, *, counts: bool = True) -> Iterator[Change]:
    if before != after:
        turn = by_rank(after or _LAST, before or _LAST) if counts else Turn.CHANGED
        yield Change(turn, f"{name} expires", str(before or NOTHING), str(after or NOTHING), source)


def _plain_field(name: str, field: str, was: object, now: RepoEntry | AllowEntry | ExceptionEntry) -> Iterator[Change]:
    before, after = getattr(was, field), getattr(now, field)
    if before != after:
        yield Change(Turn.CHANGED, f"{name} {field}", before or NOTHING, after or NOTHING, now.source)


def _standing(one: ExceptionEntry) -> str:
    return f"{word(one.action)} until {one.expires}" if one.approved else "requested"


def _repo_key(one: RepoEntry) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    return frozenset(one.remotes), frozenset(one.roots), frozenset(one.paths)


def _repo_name(one: RepoEntry) -> str:
    return matcher_of(one.remotes, one.roots, one.paths)


def _allow_key(one: AllowEntry) -> str:
    return one.name


def _exception_key(one: ExceptionEntry) -> str:
    return one.id


def _value(category: Category) -> str:
    return category.value


def _source(said: RulePolicy | None) -> str:
    settings = (said.action, said.severity) if said is not None else ()
    return next((setting.source for setting in settings if setting is not None), "")


def _keyed(entries: Iterable[T], key: Callable[[T], object]) -> dict[tuple[object, int], T]:
    """Entries by their name; the second of one name is another entry."""
    found: dict[tuple[object, int], T] = {}
    for entry in entries:
        name, number = key(entry), 0
        while (name, number) in found:
            number += 1
        found[name, number] = entry
    return found
