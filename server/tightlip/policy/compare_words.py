"""The tables of two policy files that are compared word by word: `bundle`, `term` and `rule`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import cast

from tightlip.finding import Confidence, Severity
from tightlip.policy.change import NOTHING, Change, Turn, by_rank, pairs, turn_of
from tightlip.policy.words import Plain


def compare_entries(before: Mapping[str, object], after: Mapping[str, object], file: str) -> list[Change]:
    """What changed in the tables `bundle`, `term` and `rule` of two policies, as TOML has them.

    A term or rule is named by its `id`, or by its number; of its texts and patterns only how many there are is told.
    """
    changes: list[Change] = []
    for name in ("term", "rule"):
        for id_, one, other in pairs(*_entries(before.get(name), after.get(name))):
            if one is None or other is None:
                turn = Turn.TIGHTENED if one is None else Turn.LOOSENED
                words = (NOTHING, "added") if one is None else ("there", "removed")
                changes.append(Change(turn, f"{name} {id_}", *words, file))
            else:
                changes += _of_entry(f"{name} {id_}", one, other, file)
    for key, old, new in pairs(_table(before.get("bundle")), _table(after.get("bundle"))):
        if old != new:
            changes.append(Change(Turn.CHANGED, f"bundle.{key}", _written(old), _written(new), file))
    return changes


def _of_entry(name: str, before: dict[str, object], after: dict[str, object], file: str) -> Iterator[Change]:
    untold: list[str] = []
    for key, *pair in pairs(before, after):
        one, other = pair
        if one == other:
            continue
        if key in _LISTS:
            gone, new = _texts(one) - _texts(other), _texts(other) - _texts(one)
            if gone or new:
                yield Change(_LISTS[key](_texts(one), _texts(other)), f"{name} {key}", *_counted(one, other), file)
        elif key in _WORDS and (turn := _WORDS[key](one, other)) is not Turn.CHANGED:
            yield Change(turn, f"{name} {key}", *_shown(one, other), file)
        else:
            untold.append(key)
    if untold:
        yield Change(Turn.CHANGED, name, "", f"other {', '.join(untold)}", file)


def _more(before: frozenset[str], after: frozenset[str]) -> Turn:
    """Each finds something."""
    return turn_of(tighter=bool(after - before), looser=bool(before - after))


def _fewer(before: frozenset[str], after: frozenset[str]) -> Turn:
    """Each lets something through."""
    return turn_of(tighter=bool(before - after), looser=bool(after - before))


def _any_of(before: frozenset[str], after: frozenset[str]) -> Turn:
    """One of them must be there; without any, nothing must."""
    if not before or not after:
        return turn_of(tighter=not after, looser=not before)
    return _more(before, after)


_LISTS: dict[str, Callable[[frozenset[str], frozenset[str]], Turn]] = {
    "text": _more,
    "fields": _more,
    "validators": _fewer,
    "keywords": _any_of,
}
"""Fields that are lists, of which no entry has an order."""


def _is_found(before: object, after: object) -> Turn:
    return turn_of(tighter=before is None, looser=after is None)


def _is_asked(before: object, after: object) -> Turn:
    return turn_of(tighter=after is None, looser=before is None)


def _flag(default: bool) -> Callable[[object, object], Turn]:
    """A condition, which the fewer texts meet."""

    def turn(before: object, after: object) -> Turn:
        one, other = (default if value is None else value for value in (before, after))
        return turn_of(tighter=one is True and other is False, looser=one is False and other is True)

    return turn


def _ranked(ranks: Mapping[str, int], default: int) -> Callable[[object, object], Turn]:
    def turn(before: object, after: object) -> Turn:
        one, other = (ranks.get(str(value), default) for value in (before, after))
        return by_rank(one, other)

    return turn


_WORDS: dict[str, Callable[[object, object], Turn]] = {
    "pattern": _is_found,
    "value": _is_asked,
    "case": _flag(default=False),
    "word": _flag(default=True),
    "confidence": _ranked({level.name.lower(): level.value for level in Confidence}, Confidence.MEDIUM.value),
    "severity": _ranked({level.name.lower(): -level.value for level in Severity}, -Severity.WARNING.value),
}
"""Fields with one value of which the direction can be told."""


def _shown(before: object, after: object) -> tuple[Plain, Plain]:
    """Words and flags as they are; of what may say what is looked for, only whether it is there."""
    told = [NOTHING if value is None else value if isinstance(value, bool) else "there" for value in (before, after)]
    if isinstance(before, str) and isinstance(after, str):
        return before, after
    return told[0], told[1]


def _counted(before: object, after: object) -> tuple[Plain, Plain]:
    one, other = _texts(before), _texts(after)
    told = [f"{len(names)} {word}" for names, word in ((one - other, "gone"), (other - one, "new")) if names]
    return len(one), f"{len(other)}, {', '.join(told)}"


def _texts(value: object) -> frozenset[str]:
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    return frozenset(item for item in items if isinstance(item, str))


def _entries(before: object, after: object) -> tuple[dict[str, dict[str, object]], dict[str, dict[str, object]]]:
    """Entries by their names; those without an id that are the same in both are left out, wherever they stand."""
    one, other = _named(before), _named(after)
    unnamed: dict[str, list[str]] = {}
    for name, entry in other.items():
        if "id" not in entry:
            unnamed.setdefault(_content(entry), []).append(name)
    for name, entry in [*one.items()]:
        if "id" not in entry and (same := unnamed.get(_content(entry))):
            del one[name], other[same.pop()]
    return one, other


def _content(entry: dict[str, object]) -> str:
    return json.dumps(entry, sort_keys=True, default=str)


def _named(value: object) -> dict[str, dict[str, object]]:
    entries = cast("list[object]", value) if isinstance(value, list) else [value]
    named: dict[str, dict[str, object]] = {}
    for number, table in enumerate((table for entry in entries if (table := _table(entry))), 1):
        id_ = str(table.get("id", number))
        name = str(number) if _says(id_, table.get("text")) else id_
        named[f"{name} (number {number})" if name in named else name] = table
    return named


def _says(id_: str, texts: object) -> bool:
    """Whether an id says what is looked for."""
    letters = _letters(id_)
    return any(bool(said := _letters(text)) and said in letters for text in _texts(texts))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _table(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _written(value: object) -> Plain:
    if isinstance(value, (str, int, bool)):
        return value
    return NOTHING if value is None else str(value) if isinstance(value, date) else "other"
