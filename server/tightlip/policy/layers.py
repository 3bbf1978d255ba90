"""Layers of policy files -> one effective policy.

Built-in defaults lie below everything, so that no key is ever unset. The outermost file that is there may set any key
over them; every file above it on the way to the text may only tighten: an action rises, a class rises, the least
confidence falls, allow comments are switched off, restrictions and excludes of its own folder are added. A refused
loosening is a problem that names both places.

A file of a workspace that its reader does not trust (`trusted=False`) may tighten the defaults and nothing else.

For now the layers are the built-in one and the repository's own files, and so a repository may exclude and allow by
itself, and set its actions. With an organisation's layer its file becomes the outermost one, and a repository's file
is then input from an attacker.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType
from typing import TypeVar

from attrs import evolve

from tightlip.errors import PolicyError
from tightlip.finding import Action, Category, Classification, Confidence, RuleId, Severity
from tightlip.policy.model import BUILTIN, DetectPolicy, FileReference, Policy, RulePolicy, Setting
from tightlip.policy.read import FilePolicy
from tightlip.policy.sets import rules_of

T = TypeVar("T")

NO_RULES: Mapping[RuleId, Category] = MappingProxyType({})


def fold(
    files: Sequence[FilePolicy],
    categories: Mapping[RuleId, Category] = NO_RULES,
    below: Policy = BUILTIN,
    *,
    trusted: bool = True,
) -> Policy:
    """One policy of files, on top of the defaults: lower layers first, and within a layer in the order given.

    `categories` says of which category a rule is, so that `[detect.rule.<id>]` of an inner file can be held against it;
    a rule that is not in it is held against the strictest category.
    """
    policy = below if trusted else evolve(below, inline_allow=Setting(False))
    for found in sorted(files, key=lambda found: found.layer):
        policy = _Merge(
            policy, found if trusted else _tightening(found), categories, free=trusted and not policy.files
        ).merged()
    return policy


class _Merge:
    def __init__(self, policy: Policy, found: FilePolicy, categories: Mapping[RuleId, Category], *, free: bool):
        self.policy = policy
        self.found = found
        self.categories = categories
        self.free = free
        self.problems = list(found.problems)

    def merged(self) -> Policy:
        policy, found = self.policy, self.found
        return evolve(
            policy,
            detect=MappingProxyType(
                {
                    category: DetectPolicy(
                        self._stricter(below.action, found.actions.get(category), _action),
                        self._stricter(below.min_confidence, found.confidences.get(category), _confidence),
                    )
                    for category, below in policy.detect.items()
                }
            ),
            share=MappingProxyType(
                {level: self._stricter(below, found.share.get(level), _action) for level, below in policy.share.items()}
            ),
            default_class=self._stricter(policy.default_class, found.default_class, _classification),
            inline_allow=self._stricter(policy.inline_allow, found.inline_allow, _denying),
            rules=MappingProxyType(self._rules()),
            repos=policy.repos + tuple(found.repos),
            exclude=policy.exclude + tuple(found.exclude),
            allows=policy.allows + tuple(found.allows),
            baseline=self._first(policy.baseline, found.baseline),
            recognizers=self._first(policy.recognizers, found.recognizers),
            required=MappingProxyType({**found.required, **policy.required}),
            files=(*policy.files, found.file),
            problems=policy.problems + tuple(self.problems),
            unreadable=policy.unreadable if found.readable else (*policy.unreadable, found.file),
        )

    def _rules(self) -> dict[RuleId, RulePolicy]:
        rules = dict(self.policy.rules)
        for rule, wanted in self._wanted_of_rules().items():
            below = rules.get(rule, RulePolicy())
            if wanted.action is not None and self.free:
                below = evolve(below, action=wanted.action)
            elif wanted.action is not None:
                # kept even when something else is stricter now, so that the order of the files does not matter
                self._stricter(self._rule_action(rule), wanted.action, _action)
                known = below.at_least or wanted.action
                below = evolve(below, at_least=max(known, wanted.action, key=lambda setting: setting.value))
            if wanted.severity is not None:
                below = evolve(
                    below, severity=self._stricter(below.severity or wanted.severity, wanted.severity, _loudness)
                )
            rules[rule] = below
        return rules

    def _wanted_of_rules(self) -> dict[RuleId, RulePolicy]:
        """What this file says of rules: of those it names, and of those of the sets it names, the strictest where several do."""
        wanted: dict[RuleId, RulePolicy] = {}
        for name, said in self.found.sets.items():
            for rule in rules_of(name, self.categories):
                before = wanted.get(rule, RulePolicy())
                wanted[rule] = RulePolicy(
                    _strictest(before.action, said.action, _action),
                    _strictest(before.severity, said.severity, _loudness),
                )
        return {**wanted, **self.found.rules}

    def _rule_action(self, rule: RuleId) -> Setting[Action]:
        category = self.categories.get(rule)
        candidates = self.policy.detect if category is None else (category,)
        return max((self.policy.rule_action(rule, name) for name in candidates), key=lambda setting: setting.value)

    def _stricter(self, below: Setting[T], wanted: Setting[T] | None, rank: Callable[[T], int]) -> Setting[T]:
        if wanted is None:
            return below
        if self.free or rank(wanted.value) > rank(below.value):
            return wanted
        if rank(wanted.value) < rank(below.value):
            who = f"{below.source} sets" if below.source else "the default is"
            self._refuse(wanted.source, f"ignored: {who} {_word(below.value)}, this asks {_word(wanted.value)}")
        return below

    def _first(self, below: FileReference | None, wanted: FileReference | None) -> FileReference | None:
        if below is not None and wanted is not None:
            self._refuse(wanted.source, f"ignored: {below.source} sets it already")
        return below or wanted

    def _refuse(self, source: str, message: str) -> None:
        file, _, line = source.rpartition(":")
        problem = PolicyError(message, file=file, line=int(line), column=1)
        if str(problem) not in map(str, self.problems):  # what is asked of a set is asked of many rules
            self.problems.append(problem)


def _strictest(one: Setting[T] | None, other: Setting[T] | None, rank: Callable[[T], int]) -> Setting[T] | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda setting: rank(setting.value))


def _tightening(found: FilePolicy) -> FilePolicy:
    """What a file nobody trusts may say: nothing that leaves a finding out, quietens it or names a file to read."""
    return evolve(
        found,
        rules={rule: RulePolicy(setting.action) for rule, setting in found.rules.items() if setting.action is not None},
        sets={name: RulePolicy(setting.action) for name, setting in found.sets.items() if setting.action is not None},
        exclude=[],
        allows=[],
        baseline=None,
        recognizers=None,
    )


def _action(action: Action) -> int:
    return action


def _confidence(least: Confidence) -> int:
    return -least


def _loudness(severity: Severity) -> int:
    return -severity


def _classification(level: Classification) -> int:
    return level


def _denying(allow: bool) -> int:
    return not allow


def _word(value: object) -> str:
    return value.name.lower() if isinstance(value, IntEnum) else str(value).lower()
