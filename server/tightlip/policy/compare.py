"""Two policies -> what became stricter, what became looser, and what is only different."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, TypeVar, cast

from attrs import frozen

from tightlip.finding import Category, RuleId
from tightlip.policy.keys import KEYS
from tightlip.policy.known import category_of, known_rules
from tightlip.policy.layers import fold
from tightlip.policy.model import NO_RULES, AllowEntry, ExceptionEntry, FileReference, Policy, RulePolicy
from tightlip.policy.read import FilePolicy
from tightlip.policy.words import Plain, matcher_of, plain, word
from tightlip.provenance.classify import RepoEntry

T = TypeVar("T")
K = TypeVar("K")


class Turn(str, Enum):
    """Which way a change goes."""

    TIGHTENED = "tightened"
    LOOSENED = "loosened"
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


NOTHING = "-"
_LAST = date.max


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
    changes = [*_keys(old, new), *_rules(before, after, old, new, categories), *_sets(before, after, old, new)]
    changes += _repos(before, after, old, new)
    changes += _allows(before, after)
    changes += _exceptions(before, after)
    changes += _lists(before, after)
    changes += words
    order = (Turn.LOOSENED, Turn.TIGHTENED, Turn.CHANGED)
    return sorted(changes, key=lambda change: order.index(change.turn))


def compare_entries(before: Mapping[str, object], after: Mapping[str, object], file: str) -> list[Change]:
    """What changed in the tables of two policy files that are compared word by word: `bundle`, `term` and `rule`.

    A term or rule is named by its `id`, or by its number; nothing else of it is told.
    """
    changes: list[Change] = []
    for name in ("term", "rule"):
        for id_, one, other in _pairs(_by_id(before.get(name)), _by_id(after.get(name))):
            if one is None or other is None:
                turn = Turn.TIGHTENED if one is None else Turn.LOOSENED
                changes.append(
                    Change(turn, f"{name} {id_}", *(("-", "added") if one is None else ("there", "removed")), file)
                )
            elif one != other:
                fields = [key for key, *pair in _pairs(one, other) if pair[0] != pair[1]]
                changes.append(Change(Turn.CHANGED, f"{name} {id_}", "", f"other {', '.join(fields)}", file))
    one, other = before.get("bundle"), after.get("bundle")
    for key, old, new in _pairs(_table(one), _table(other)):
        if old != new:
            changes.append(Change(Turn.CHANGED, f"bundle.{key}", _written(old), _written(new), file))
    return changes


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
            turn = _turn(key.is_looser(was.value, now.value), key.is_looser(now.value, was.value))
            yield Change(turn, name, plain(was.value), plain(now.value), source)


def _turn(tighter: bool, looser: bool) -> Turn:
    """What is both, as a list of which something is gone and something is new, may let something through."""
    return Turn.LOOSENED if looser else Turn.TIGHTENED if tighter else Turn.CHANGED


def _rules(
    before: FilePolicy, after: FilePolicy, old: Policy, new: Policy, categories: Mapping[RuleId, Category]
) -> Iterator[Change]:
    known = known_rules(categories, [found.own for found in (before, after) if found.own is not None])
    for rule in sorted({*before.rules, *after.rules}):
        said, says = before.rules.get(rule), after.rules.get(rule)
        source = _source(says) or _source(said)
        category = category_of(rule, known)
        if (said and said.action) or (says and says.action):
            was, now = old.rule_action(rule, category).value, new.rule_action(rule, category).value
            if was is not now:
                yield Change(_by_rank(was, now), f"detect.rule.{rule}.action", word(was), word(now), source)
        loud, louder = said and said.severity, says and says.severity
        if (loud and loud.value) != (louder and louder.value):
            turn = Turn.CHANGED if loud is None or louder is None else _by_rank(-loud.value, -louder.value)
            values = [NOTHING if one is None else word(one.value) for one in (loud, louder)]
            yield Change(turn, f"detect.rule.{rule}.severity", values[0], values[1], source)


def _sets(before: FilePolicy, after: FilePolicy, old: Policy, new: Policy) -> Iterator[Change]:
    for name in sorted({*before.sets, *after.sets}):
        said, says = before.sets.get(name), after.sets.get(name)
        source = _source(says) or _source(said)
        was = (said and said.action) or old.action(Category.PII)
        now = (says and says.action) or new.action(Category.PII)
        if was.value is not now.value:
            yield Change(
                _by_rank(was.value, now.value), f"detect.set.{name}.action", word(was.value), word(now.value), source
            )
        loud, louder = said and said.severity, says and says.severity
        if (loud and loud.value) != (louder and louder.value):
            values = [NOTHING if one is None else word(one.value) for one in (loud, louder)]
            yield Change(Turn.CHANGED, f"detect.set.{name}.severity", values[0], values[1], source)


def _repos(before: FilePolicy, after: FilePolicy, old: Policy, new: Policy) -> Iterator[Change]:
    for _, was, now in _pairs(_keyed(before.repos, _repo_key), _keyed(after.repos, _repo_key)):
        one = cast("RepoEntry", now or was)
        name = f"repo {_repo_name(one)}"
        if was is None or now is None:
            default = (old if was is None else new).default_class.value
            level, other = (one.classification, default) if now else (default, one.classification)
            words = (NOTHING, word(one.classification)) if now else (word(one.classification), NOTHING)
            yield Change(_by_rank(other, level), name, *words, one.source)
            continue
        if was.classification != now.classification:
            turn = _by_rank(was.classification, now.classification)
            yield Change(turn, f"{name} class", word(was.classification), word(now.classification), now.source)
        yield from _within(name, was, now)
        for field in ("owner", "contact", "allowed", "index"):
            yield from _plain_field(name, field, was, now)


def _within(name: str, was: RepoEntry, now: RepoEntry) -> Iterator[Change]:
    for glob, before, after in _pairs(dict(was.within), dict(now.within)):
        low = was.classification if before is None else before
        high = now.classification if after is None else after
        if before != after:
            values = [NOTHING if one is None else word(one) for one in (before, after)]
            yield Change(_by_rank(low, high), f"{name} path {glob}", values[0], values[1], now.source)


def _allows(before: FilePolicy, after: FilePolicy) -> Iterator[Change]:
    for _, was, now in _pairs(_keyed(before.allows, _allow_key), _keyed(after.allows, _allow_key)):
        one = cast("AllowEntry", now or was)
        name = f"allow {one.name}"
        if was is None or now is None:
            words = (NOTHING, "allowed") if now else ("allowed", NOTHING)
            yield Change(Turn.LOOSENED if now else Turn.TIGHTENED, name, *words, one.source)
            continue
        yield from _until(name, was.expires, now.expires, now.source)
        yield from _plain_field(name, "reason", was, now)


def _exceptions(before: FilePolicy, after: FilePolicy) -> Iterator[Change]:
    for _, was, now in _pairs(_keyed(before.exceptions, _exception_key), _keyed(after.exceptions, _exception_key)):
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
            turn = _by_rank(was.action, now.action) if now.approved else Turn.CHANGED
            yield Change(turn, f"{name} action", word(was.action), word(now.action), now.source)
        kinds = tuple(map(_value, was.categories)), tuple(map(_value, now.categories))
        for part, old, new in (("rule", was.rules, now.rules), ("category", *kinds)):
            yield from _scope(name, part, old, new, now, all_when_empty=False)
        for part, old, new in (("remote", was.remotes, now.remotes), ("path", was.paths, now.paths)):
            yield from _scope(name, part, old, new, now, all_when_empty=True)
        yield from _until(name, was.expires, now.expires, now.source)
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
    yield Change(_turn(tighter, looser), f"{name} {part}", values[0], values[1], now.source)


def _lists(before: FilePolicy, after: FilePolicy) -> Iterator[Change]:
    """Lists whose entries have only a name."""
    excluded = [{glob.glob: glob.source for glob in found.exclude} for found in (before, after)]
    plugins = [{_inside(file, found): file.source for file in found.plugins} for found in (before, after)]
    for name, (was, now), turn in (
        ("scan.exclude", excluded, Turn.LOOSENED),
        ("editor.required", [before.required, after.required], Turn.TIGHTENED),
        ("detect.detect_secrets.plugins", plugins, Turn.CHANGED),
    ):
        for entry, old, new in _pairs(was, now):
            if old is None:
                yield Change(turn, name, NOTHING, entry, str(new))
            elif new is None:
                yield Change(_opposite(turn), name, entry, NOTHING, old)
    for name, was, now, turn in (
        ("detect.detect_secrets.baseline", before.baseline, after.baseline, Turn.LOOSENED),
        ("detect.presidio.recognizers", before.recognizers, after.recognizers, Turn.CHANGED),
    ):
        old, new = _inside(was, before), _inside(now, after)
        if old != new:
            way = turn if was is None else _opposite(turn) if now is None else Turn.CHANGED
            yield Change(way, name, old, new, (now or cast("FileReference", was)).source)


def _opposite(turn: Turn) -> Turn:
    return {Turn.LOOSENED: Turn.TIGHTENED, Turn.TIGHTENED: Turn.LOOSENED}.get(turn, Turn.CHANGED)


def _inside(file: FileReference | None, found: FilePolicy) -> str:
    """The name of a file as its policy writes it."""
    return NOTHING if file is None else file.path.removeprefix(found.file.rpartition("/")[0] + "/")


def _until(name: str, before: date | None, after: date | None, source: str) -> Iterator[Change]:
    if before != after:
        turn = _by_rank(after or _LAST, before or _LAST)
        yield Change(turn, f"{name} expires", str(before or NOTHING), str(after or NOTHING), source)


def _plain_field(name: str, field: str, was: object, now: RepoEntry | AllowEntry | ExceptionEntry) -> Iterator[Change]:
    before, after = getattr(was, field), getattr(now, field)
    if before != after:
        yield Change(Turn.CHANGED, f"{name} {field}", before or NOTHING, after or NOTHING, now.source)


def _by_rank(before: Any, after: Any) -> Turn:
    """Of two values of which the greater is the stricter."""
    return _turn(after > before, after < before)


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


def _pairs(before: Mapping[K, T], after: Mapping[K, T]) -> Iterator[tuple[K, T | None, T | None]]:
    """Every name of either, with what each has of it."""
    for name in dict.fromkeys((*before, *after)):
        yield name, before.get(name), after.get(name)


def _by_id(value: object) -> dict[str, dict[str, object]]:
    entries = cast("list[object]", value) if isinstance(value, list) else [value]
    tables = [table for entry in entries if (table := _table(entry))]
    return {str(table.get("id", number)): table for number, table in enumerate(tables, 1)}


def _table(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _written(value: object) -> Plain:
    if isinstance(value, (str, int, bool)):
        return value
    return NOTHING if value is None else str(value) if isinstance(value, date) else "other"
