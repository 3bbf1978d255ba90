"""Why a key of the policy says what it says: its value, the layer that gave it, and what the others asked in vain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from typing import Any

from attrs import frozen

from tightlip.errors import TightlipError
from tightlip.finding import Category, Classification, RuleId
from tightlip.policy.bundle import Bundle
from tightlip.policy.explain_entries import SET, Entry, bundle_entries, entries_of
from tightlip.policy.keys import KEYS, LISTS, Direction, Key
from tightlip.policy.known import category_of, known_rules, may_be_of_a_file
from tightlip.policy.load import Above
from tightlip.policy.model import NO_RULES, Layer, Policy, RulePolicy, Setting
from tightlip.policy.organisation import State
from tightlip.policy.table import did_you_mean, shown
from tightlip.policy.words import Plain, plain, word

_RULE = "detect.rule."
_UNSET = "not set"
_TAKES_NOTHING = ", and takes nothing from what others ask for"


class Part(str, Enum):
    """What became of what one place asks."""

    IN_FORCE = "in force"
    COUNTS = "counts"
    """It is a part of what is in force, or the same."""
    LOST = "lost"
    DEFAULT = "default"
    """It would be in force if nobody had asked."""


@frozen
class Voice:
    """What one place asks."""

    value: Plain
    layer: str
    source: str
    """`file:line`, empty for a built-in default."""
    part: Part
    why: str = ""
    """For a person; empty for what is in force."""


@frozen
class Explained:
    """One key."""

    name: str
    description: str
    direction: str
    """What a lower layer may do to it."""
    words: tuple[str, ...]
    """What it may say; empty for a number, a flag, or any names."""
    default: Plain
    value: Plain
    """In force."""
    layer: str
    source: str
    voices: tuple[Voice, ...]
    """All who asked, the one in force first."""
    notes: tuple[str, ...] = ()

    @property
    def is_default(self) -> bool:
        """Whether nobody has asked for anything."""
        return self.layer == Layer.BUILTIN.label and len(self.voices) == 1


@frozen
class ExplainedList:
    """One list of entries, or table of them."""

    name: str
    description: str
    direction: str
    entries: tuple[Entry, ...]

    @property
    def is_default(self) -> bool:
        """Whether nobody has written an entry."""
        return not self.entries


@frozen
class Standing:
    """How the files of one layer stand."""

    layer: str
    state: str
    """Of the organisation trusted, signed, untrusted, stale or absent; of others read or absent."""
    files: tuple[str, ...] = ()
    """Absolute paths."""
    sentence: str = ""
    """What is wrong with it; empty where nothing is."""


Answer = list["Explained | ExplainedList"]


def explain_all(policy: Policy, day: date, categories: Mapping[RuleId, Category] = NO_RULES) -> Answer:
    """Every key, every rule that a file names, and every list."""
    known = known_rules(categories, policy.own)
    of_sets = {claim.source for claim in policy.claims if claim.key.startswith(SET)}
    found: Answer = [_key(policy, key) for key in KEYS.values()]
    rules = [one for rule in sorted(policy.rules) for one in _rule(policy, rule, known)]
    found += [one for one in rules if not one.is_default and one.source not in of_sets]
    return [*found, *(_list(policy, name, day) for name in LISTS if name != "detect.rule")]


def explain(
    policy: Policy,
    name: str,
    day: date,
    categories: Mapping[RuleId, Category] = NO_RULES,
    bundle: Bundle | None = None,
) -> Answer:
    """What a dotted name means: one key, a list, the keys of a table (`detect.secret`), or a rule (`detect.rule.us-ssn`).

    `categories` are the built-in rules, `bundle` is what the organisation's policy says of itself. Raises TightlipError
    for another name, with the nearest that exists.
    """
    known = known_rules(categories, policy.own)
    if name in KEYS:
        return [_key(policy, KEYS[name])]
    if name == _RULE.rstrip("."):
        named = [one for rule in sorted(policy.rules) for one in _rule(policy, rule, known) if not one.is_default]
        return [*named] or [_list(policy, name, day)]
    if name == "bundle" and bundle is not None:
        description, direction = LISTS[name]
        return [ExplainedList(name, description, direction.value, tuple(bundle_entries(bundle)))]
    if name in LISTS:
        return [_list(policy, name, day)]
    if name.startswith(_RULE):
        rule, _, part = name.removeprefix(_RULE).partition(".")
        _check_rule(rule, part, policy, known if categories else NO_RULES)
        return [one for one in _rule(policy, rule, known) if part in ("", one.name.rpartition(".")[2])]
    inside = f"{name}."
    found: Answer = [_key(policy, key) for key in KEYS.values() if key.name.startswith(inside)]
    found += [_list(policy, key, day) for key in LISTS if key.startswith(inside)]
    if not found:
        near = did_you_mean(name, (*KEYS, *LISTS, *_TABLES))
        raise TightlipError(
            f'there is no key "{shown(name)}"' + (near or "; `tightlip policy explain --all` names all")
        )
    return found


def standings(policy: Policy, above: Above) -> list[Standing]:
    """The layers from the top: how the organisation's policy stands, the user's file, and the repository's."""
    organisation, user = above.organisation, str(above.user) if above.user is not None else ""
    state = organisation.state if organisation is not None else State.ABSENT
    own = [file.path for file in (*organisation.files, *organisation.tightening)] if organisation is not None else []
    rest = tuple(file for file in policy.files if file not in own and file != user)
    return [
        Standing("org", state.value, tuple(own), organisation.sentence if organisation is not None else ""),
        _of_files("user", (user,) if user in policy.files else (), policy),
        _of_files("repo", rest, policy),
    ]


def _of_files(layer: str, files: tuple[str, ...], policy: Policy) -> Standing:
    broken = [file for file in files if file in policy.unreadable]
    sentence = f"cannot be read: {', '.join(broken)}" if broken else ""
    return Standing(layer, "read" if files else "absent", files, sentence)


def _key(policy: Policy, key: Key) -> Explained:
    setting, notes = policy.settings[key.name], list(_notes(policy, key))
    if key.path[-1] == "fixtures":
        category = Category(key.path[1])
        asked, effective = policy.fixtures_at_least.get(category), policy.rule_action("", category, fixture=True)
        if asked is not None and effective is asked:
            setting = asked
        elif setting.value is None:
            notes.append(f"{word(effective.value)} holds, as detect.{category.value}.action says")
    default = _plain(key, key.default)
    voices = _voices(policy, key.name, setting, grows=key.direction is Direction.GROWS)
    if setting.layer != Layer.BUILTIN.label:
        voices.append(Voice(default, Layer.BUILTIN.label, "", Part.DEFAULT, "where no file says it"))
    return Explained(
        key.name, key.description, key.direction.value, tuple(key.words), default, _plain(key, setting.value),
        setting.layer, setting.source, tuple(voices), tuple(notes),
    )  # fmt: skip


def _plain(key: Key, value: object) -> Plain:
    return _UNSET if value is None and not key.is_list else plain(value)


def _voices(policy: Policy, name: str, in_force: Setting[Any], *, grows: bool = False) -> list[Voice]:
    """All who asked for a key, and the value in force first."""
    value = _UNSET if in_force.value is None and not grows else plain(in_force.value)
    voices = [Voice(value, in_force.layer, in_force.source, Part.IN_FORCE)]
    for claim in policy.claims:
        place = (claim.layer, claim.source)
        if claim.key != name or (place == (in_force.layer, in_force.source) and claim.value == in_force.value):
            continue
        if grows and (claim.ignored or in_force.value != claim.value):
            part, why = Part.COUNTS, f"part of what is in force{_TAKES_NOTHING if claim.ignored else ''}"
        elif claim.ignored:
            part, why = Part.LOST, claim.ignored
        elif claim.value == in_force.value:
            part, why = Part.COUNTS, "asks for the same"
        else:
            part, why = Part.LOST, f"{in_force.source or 'the default'} is stricter"
        voice = Voice(plain(claim.value), *place, part, why)
        if voice not in voices:
            voices.append(voice)
    return voices


def _notes(policy: Policy, key: Key) -> Iterator[str]:
    if key.path[0] == "class":
        level = Classification.parse(key.path[1])
        action = policy.share_action(level) if key.path[2] == "share" else policy.copied_action(level)
        own: Any = policy.settings[key.name].value
        if action.value > own:
            names = [f"class.{word(one)}.{key.path[2]}" for one in Classification]
            lower = next(name for name in names if policy.settings[name] is action)
            yield f"{word(action.value)} counts all the same: {lower} says so, and a higher class has no less"
    if key.name == "defaults.on_error" and policy.failure:
        yield f"counts now: {policy.failure}"


def _rule(policy: Policy, rule: RuleId, known: Mapping[RuleId, Category]) -> Iterator[Explained]:
    category = category_of(rule, known)
    usual, said = policy.action(category), policy.rules.get(rule, RulePolicy())
    action = policy.rule_action(rule, category)
    in_tests = policy.rule_action(rule, category, fixture=True).value
    notes = [f"{word(in_tests)} in tests, examples and documentation"] if in_tests is not action.value else []
    name = f"{_RULE}{rule}.action"
    voices = _voices(policy, name, action)
    if action is not usual:
        why = f"for rules that no file names (detect.{category.value}.action)"
        voices.append(Voice(plain(usual.value), usual.layer, usual.source, Part.DEFAULT, why))
    else:
        notes.append(f"as detect.{category.value}.action says")
    key = KEYS["detect.secret.action"]
    yield Explained(
        name, "What is done about findings of this rule.", key.direction.value, tuple(key.words), plain(usual.value),
        plain(action.value), action.layer, action.source, tuple(voices), tuple(notes),
    )  # fmt: skip
    own = "as the rule says"
    name = f"{_RULE}{rule}.severity"
    severity: Setting[Any] = said.severity or Setting(own)
    yield Explained(
        name, "How loud an editor shows findings of this rule.", "a lower layer may only make it louder",
        ("hint", "information", "warning", "error"), own, plain(severity.value), severity.layer, severity.source,
        tuple(_voices(policy, name, severity)),
    )  # fmt: skip


def _check_rule(rule: str, part: str, policy: Policy, known: Mapping[RuleId, Category]) -> None:
    if part not in ("", "action", "severity"):
        raise TightlipError(f'a rule has no "{shown(part)}"; it has action and severity')
    if known and rule not in known and rule not in policy.rules and not may_be_of_a_file(rule, policy):
        near = did_you_mean(rule, (*known, *policy.rules))
        raise TightlipError(f'there is no rule "{shown(rule)}"' + (near or "; `tightlip rules list` names all"))


def _list(policy: Policy, name: str, day: date) -> ExplainedList:
    description, direction = LISTS[name]
    return ExplainedList(name, description, direction.value, tuple(entries_of(policy, name, day)))


_TABLES = tuple(dict.fromkeys(".".join(key.path[:size]) for key in KEYS.values() for size in range(1, len(key.path))))
