"""Layers of policy files -> one effective policy.

Built-in defaults lie below everything, so that no key is ever unset. Who has the say may set any key over them; every
layer below it may only tighten: an action rises, a class rises, the least confidence falls, allow comments are switched
off, what is looked for grows, restrictions and words are added. A refused loosening is a problem that names both places.

- Where there is an organisation it has the say, and of several files of its own the strictest value counts, whatever
  their order. A file that may be somebody else's (`believed=False`) only tightens. A user's file and a repository's are
  then input from an attacker: they exclude nothing, allow nothing, lower no class, name no file to read.
- Where there is none, the user has the say, and the outermost file of the repository about what the user left open.
- A file of a workspace that its reader does not trust (`trusted=False`) may tighten and nothing else, and allow comments
  do not count in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType
from typing import Any, cast

from attrs import evolve

from tightlip.errors import RefusedError
from tightlip.finding import Action, Category, Classification, RuleId, Severity
from tightlip.policy.keys import KEYS, Direction, Key, KeyPath
from tightlip.policy.model import BUILTIN, NO_RULES, Claim, FileReference, Layer, Policy, RulePolicy, Setting
from tightlip.policy.read import FilePolicy
from tightlip.policy.sets import rules_of
from tightlip.provenance.classify import RepoEntry

_BASELINE = "detect.detect_secrets.baseline"
_PLUGINS = "detect.detect_secrets.plugins"
_RECOGNIZERS = "detect.presidio.recognizers"
_DEEP_PII = "presidio-"
"""Before the names of the deep lane's rules for personal data, which no ruleset has."""


def fold(
    files: Sequence[FilePolicy],
    categories: Mapping[RuleId, Category] = NO_RULES,
    below: Policy = BUILTIN,
    *,
    trusted: bool = True,
    governed: bool = False,
) -> Policy:
    """One policy of files, on top of the defaults: lower layers first, and within a layer in the order given.

    `categories` says of which category a rule is, so that `[detect.rule.<id>]` of an inner file can be held against it;
    a rule that is not in it is held against the strictest category. `trusted` is about the repository's files. `governed`
    says that there is an organisation, even where none of its files can be used.
    """
    own = [found for found in files if found.layer is Layer.ORG and found.believed]
    governed = governed or any(found.layer is Layer.ORG for found in files)
    policy = evolve(below, governed=governed)
    for found in sorted(own, key=lambda found: found.file):
        policy = _Merge(policy, found, categories, _Say.AMONG_EQUALS).merged()
    outermost = True
    for found in sorted(files, key=lambda found: found.layer):
        if found in own:
            continue
        say = _Say.TIGHTENS
        if found.layer is Layer.USER and not governed:
            say = _Say.FREE
        elif found.layer is Layer.REPO and trusted and not governed:
            say = _Say.FREE if outermost else _Say.INNER
            outermost = False
        policy = _Merge(policy, found, categories, say).merged()
    return policy if trusted else without_comments(policy)


def without_comments(policy: Policy) -> Policy:
    """The policy for texts that nobody trusts: whoever lets allow comments count, these are somebody else's."""
    if not policy.inline_allow.value:
        return policy
    return evolve(policy, settings=MappingProxyType({**policy.settings, "inline.allow": Setting(False)}))


def kinds_of(rule: RuleId, *known: Mapping[RuleId, Category]) -> tuple[Category, ...]:
    """The categories a rule may be of; more than one where none of `known` says."""
    category = next((categories[rule] for categories in known if rule in categories), None)
    if category is None and rule.startswith(_DEEP_PII):
        category = Category.PII
    return (Category.SECRET, Category.PII, Category.TERM) if category is None else (category,)


class _Say(IntEnum):
    """What a file may do."""

    TIGHTENS = 0
    INNER = 1
    """Tighten; and exclude, allow and name files, for what it lies in is trusted."""
    FREE = 2
    """Set what no layer above it has set."""
    AMONG_EQUALS = 3
    """Set anything; where an equal has set it, the stricter counts."""


class _Merge:
    """One file on top of what lies above it."""

    def __init__(self, policy: Policy, found: FilePolicy, categories: Mapping[RuleId, Category], say: _Say):
        self.policy = policy
        self.found = found
        self.categories = categories
        self.say = say
        self.problems = list(found.problems)
        self._refused: set[str] = set()
        self.claims: list[Claim] = []
        self.fixtures = dict(policy.fixtures_at_least)

    def merged(self) -> Policy:
        policy, found = self.policy, self.found
        loosens = self.say >= _Say.INNER
        approves = self.say is _Say.AMONG_EQUALS
        if not loosens:
            self._refuse_lists()
        if not approves:
            self._refuse_exceptions()
        settings = {**policy.settings, **self._settings()}
        repos = self._repos(cast("Setting[Classification]", settings["defaults.class"]))
        return evolve(
            policy,
            settings=MappingProxyType(settings),
            fixtures_at_least=MappingProxyType(self.fixtures),
            rules=MappingProxyType(self._rules()),
            repos=policy.repos + repos,
            names_roots=policy.names_roots or any(repo.roots for repo in found.repos),
            names_indexes=policy.names_indexes or any(repo.index for repo in found.repos),
            exclude=policy.exclude + tuple(found.exclude if loosens else ()),
            allows=policy.allows + tuple(found.allows if loosens else ()),
            exceptions=policy.exceptions + tuple(one for one in found.exceptions if approves or not one.approved),
            baseline=self._first(_BASELINE, policy.baseline, found.baseline if loosens else None),
            plugins=policy.plugins + tuple(found.plugins if loosens and found.layer is not Layer.REPO else ()),
            recognizers=self._first(_RECOGNIZERS, policy.recognizers, found.recognizers if loosens else None),
            required=MappingProxyType({**found.required, **policy.required}),
            own=policy.own if found.own is None else (*policy.own, found.own),
            unusable=policy.unusable + tuple(found.unusable if found.layer is Layer.ORG else ()),
            files=(*policy.files, found.file),
            names=MappingProxyType({**policy.names, found.name: found.file}),
            problems=policy.problems + tuple(self.problems),
            unreadable=policy.unreadable if found.readable else (*policy.unreadable, found.file),
            claims=policy.claims + tuple(self.claims),
        )

    def _repos(self, default: Setting[Classification]) -> tuple[RepoEntry, ...]:
        """Its entries. Those of a repository, and those of a file that may only tighten, lower nobody's class."""
        if self.say is _Say.AMONG_EQUALS or (self.say is _Say.FREE and self.found.layer is Layer.USER):
            return tuple(evolve(repo, may_lower=True) for repo in self.found.repos)
        for repo in self.found.repos:
            asked = min(repo.classification, *(level for _, level in repo.within), repo.classification)
            if asked < default.value:
                why = f"ignored: {_setter(default)} {_word(default.value)}, this asks {_word(asked)}"
                self._refuse_entry("repo", asked, repo.source, why, against=default.source)
        return tuple(self.found.repos)

    def _settings(self) -> dict[str, Setting[object]]:
        changed: dict[str, Setting[object]] = {}
        for name, wanted in self.found.settings.items():
            key = KEYS[name]
            before = self.policy.settings[name]
            merge = self._fixtures if key.path[-1] == "fixtures" else self._kept
            kept = merge(key, before, wanted)
            if kept is not before:
                changed[name] = kept
        return changed

    def _kept(self, key: Key, before: Setting[object], wanted: Setting[object]) -> Setting[object]:
        """What a key says when this file has spoken."""
        if self._may_set(before):
            self._claim(key.name, wanted)
            return wanted
        if self.say is _Say.AMONG_EQUALS:
            self._claim(key.name, wanted)
            return before if not key.is_looser(before.value, wanted.value) else _joined(key, before, wanted)
        if key.is_looser(wanted.value, before.value):
            self._ignore(key, before, wanted)
        else:
            self._claim(key.name, wanted)
        return before if not key.is_looser(before.value, wanted.value) else _joined(key, before, wanted)

    def _may_set(self, before: Setting[object]) -> bool:
        return self.say >= _Say.FREE and before.layer == Layer.BUILTIN.label

    def _fixtures(self, key: Key, before: Setting[object], wanted: Setting[object]) -> Setting[object]:
        """An action for tests and examples, which is the category's until it is set: a layer below may only raise it."""
        category = Category(key.path[1])
        usual = self.policy.action(category)
        if self._may_set(before) and (self.say is _Say.AMONG_EQUALS or self._may_set(usual)):
            self._claim(key.name, wanted)
            return wanted
        if self.say is _Say.AMONG_EQUALS:
            self._claim(key.name, wanted)
            return before if cast("Action", before.value) >= cast("Action", wanted.value) else wanted
        asked = cast("Setting[Action]", wanted)
        in_force = self.policy.rule_action("", category, fixture=True)
        if asked.value < in_force.value:
            self._ignore(key, in_force, wanted)
        else:
            self._claim(key.name, wanted)
        # kept even when something else is stricter now, so that the order of the files does not matter
        known = self.fixtures.get(category)
        self.fixtures[category] = asked if known is None or asked.value > known.value else known
        return before

    def _rules(self) -> dict[RuleId, RulePolicy]:
        rules = dict(self.policy.rules)
        for rule, wanted in self._wanted_of_rules().items():
            below = rules.get(rule, RulePolicy())
            if wanted.action is not None:
                below = self._with_action(rule, below, wanted.action)
            if wanted.severity is not None:
                below = evolve(below, severity=self._severity(rule, below.severity, wanted.severity))
            rules[rule] = below
        return {rule: said for rule, said in rules.items() if said != RulePolicy()}

    def _with_action(self, rule: RuleId, below: RulePolicy, wanted: Setting[Action]) -> RulePolicy:
        name = f"detect.rule.{rule}.action"
        in_force = self._rule_action(rule)
        if self.say is _Say.AMONG_EQUALS:
            self._claim(name, wanted)
            known = below.action or wanted
            return evolve(below, action=max(known, wanted, key=lambda setting: setting.value))
        if self.say is _Say.FREE and below.action is None and self._may_set(self._usual_action(rule)):
            self._claim(name, wanted)
            return evolve(below, action=wanted)
        if wanted.value < in_force.value:
            self._ignore_action(name, in_force, wanted, self._path_of(wanted))
        else:
            self._claim(name, wanted)
        # kept even when something else is stricter now, so that the order of the files does not matter
        known = below.at_least or wanted
        return evolve(below, at_least=max(known, wanted, key=lambda setting: setting.value))

    def _severity(
        self, rule: RuleId, before: Setting[Severity] | None, wanted: Setting[Severity]
    ) -> Setting[Severity] | None:
        name = f"detect.rule.{rule}.severity"
        if before is None and self.say is _Say.TIGHTENS:
            why = f"ignored: only {self._who()} may set a severity"
            self._refuse_entry(name, wanted.value, wanted.source, why, path=self._path_of(wanted))
            return None
        if before is None or wanted.value <= before.value:
            self._claim(name, wanted)
            return wanted if before is None or wanted.value < before.value else before
        if self.say is _Say.AMONG_EQUALS:
            self._claim(name, wanted)
        else:
            self._ignore_action(name, before, wanted, self._path_of(wanted))
        return before

    def _wanted_of_rules(self) -> dict[RuleId, RulePolicy]:
        """What this file says of rules: what it says of their sets, the strictest where several do, and over it of themselves."""
        wanted: dict[RuleId, RulePolicy] = {}
        for name, said in self.found.sets.items():
            for part, setting in (("action", said.action), ("severity", said.severity)):
                if setting is not None:
                    self._claim(f"detect.set.{name}.{part}", setting)
            for rule in rules_of(name, self.categories):
                before = wanted.get(rule, RulePolicy())
                wanted[rule] = RulePolicy(
                    _strictest(before.action, said.action), _loudest(before.severity, said.severity)
                )
        for rule, said in self.found.rules.items():
            of_set = wanted.get(rule, RulePolicy())
            wanted[rule] = RulePolicy(said.action or of_set.action, said.severity or of_set.severity)
        return wanted

    def _rule_action(self, rule: RuleId) -> Setting[Action]:
        return max(
            (
                self.policy.rule_action(rule, name)
                for name in kinds_of(rule, self.found.own_categories, self.categories)
            ),
            key=_value,
        )

    def _usual_action(self, rule: RuleId) -> Setting[Action]:
        """What is done about the rule's category: of several it may be of, one that a layer has set."""
        found = [self.policy.action(name) for name in kinds_of(rule, self.found.own_categories, self.categories)]
        return max(found, key=lambda setting: (setting.layer != Layer.BUILTIN.label, setting.value))

    def _first(self, name: str, below: FileReference | None, wanted: FileReference | None) -> FileReference | None:
        if below is not None and wanted is not None:
            message = f"ignored: {below.source} sets it already"
            path = tuple(name.split("."))
            self._refuse_entry(name, wanted.path, wanted.source, message, path=path, against=below.source)
        return below or wanted

    def _refuse_lists(self) -> None:
        """Tell what a file that may only tighten asks for besides."""
        found = self.found
        who = self._who()
        for glob in found.exclude:
            why = f"ignored: only {who} may exclude files"
            self._refuse_entry("scan.exclude", glob.glob, glob.source, why, path=("scan", "exclude"))
        for allow in found.allows:
            self._refuse_entry("allow", allow.name, allow.source, f"ignored: only {who} may allow a value")
        for name, file in ((_BASELINE, found.baseline), (_RECOGNIZERS, found.recognizers)):
            if file is not None:
                what = name.rpartition(".")[2]
                path, why = tuple(name.split(".")), f'ignored: only {who} may name "{what}"'
                self._refuse_entry(name, file.path, file.source, why, path=path)
        for plugin in found.plugins:
            why = f"ignored: only {who} may name code to run"
            self._refuse_entry(_PLUGINS, plugin.path, plugin.source, why, path=tuple(_PLUGINS.split(".")))

    def _who(self) -> str:
        return "the organisation" if self.policy.governed else "a trusted workspace"

    def _refuse_exceptions(self) -> None:
        for one in self.found.exceptions:
            if one.approved:
                self._refuse_entry(
                    "exception",
                    one.id,
                    one.source,
                    'ignored: only the organisation approves exceptions; write status = "requested" to ask for one',
                )
        if self.found.layer is Layer.REPO and self.say >= _Say.INNER:
            for plugin in self.found.plugins:
                why = "ignored: a repository may not name code to run"
                self._refuse_entry(_PLUGINS, plugin.path, plugin.source, why, path=tuple(_PLUGINS.split(".")))

    def _ignore(self, key: Key, before: Setting[object], wanted: Setting[object]) -> None:
        if key.direction is Direction.GROWS:
            missing = "everything" if before.value is None else ", ".join(sorted(cast("frozenset[str]", before.value)))
            who = f"{before.source} asks for" if before.source else "the default is"
            why = f"ignored: {who} {missing}, and this may only add to it"
            self._refuse(wanted.source, why, path=key.path, against=before.source)
            self.claims.append(Claim(key.name, wanted.value, wanted.layer, wanted.source, why))
            return
        self._ignore_action(key.name, before, wanted, key.path)

    def _ignore_action(self, name: str, before: Setting[Any], wanted: Setting[Any], path: KeyPath = ()) -> None:
        why = f"ignored: {_setter(before)} {_word(before.value)}, this asks {_word(wanted.value)}"
        self._refuse(wanted.source, why, path=path, against=before.source)
        self.claims.append(Claim(name, wanted.value, wanted.layer, wanted.source, why))

    def _claim(self, name: str, wanted: Setting[Any]) -> None:
        self.claims.append(Claim(name, wanted.value, wanted.layer, wanted.source))

    def _path_of(self, wanted: Setting[Any]) -> KeyPath:
        """Where the file says it: of a rule, or of a set of rules."""
        for table, tables in (("rule", self.found.rules), ("set", self.found.sets)):
            for name, said in tables.items():
                for part, setting in (("action", said.action), ("severity", said.severity)):
                    if setting is wanted:
                        return "detect", table, name, part
        return ()

    def _refuse_entry(
        self, name: str, value: object, source: str, message: str, *, path: KeyPath = (), against: str = ""
    ) -> None:
        self._refuse(source, message, path=path, against=against)
        self.claims.append(Claim(name, value, self.found.layer.label, source, message))

    def _refuse(self, source: str, message: str, *, path: KeyPath = (), against: str = "") -> None:
        file, _, line = source.rpartition(":")
        places = self.found.places
        column = places.column(int(line), path) if places is not None else 1
        whole = (*places.root, *path) if places is not None and path else path
        problem = RefusedError(message, file=file, line=int(line), column=column, path=whole, against=against)
        if str(problem) not in self._refused:  # what is asked of a set is asked of many rules
            self._refused.add(str(problem))
            self.problems.append(problem)


def _joined(key: Key, before: Setting[object], wanted: Setting[object]) -> Setting[object]:
    """The stricter of two; of two lists both, told with the place of the last that added to it."""
    return Setting(key.stricter(before.value, wanted.value), wanted.layer, wanted.source)


def _strictest(one: Setting[Action] | None, other: Setting[Action] | None) -> Setting[Action] | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=_value)


def _loudest(one: Setting[Severity] | None, other: Setting[Severity] | None) -> Setting[Severity] | None:
    if one is None or other is None:
        return one or other
    return min(one, other, key=_value)


def _value(setting: Setting[Any]) -> Any:
    return setting.value


def _setter(setting: Setting[Any]) -> str:
    return f"{_whose(setting)} sets" if setting.source else "the default is"


def _whose(setting: Setting[Any]) -> str:
    """`organisation (tightlip.toml:3)`, or only the place where it is of the same kind as every other."""
    return f"the organisation ({setting.source})" if setting.layer == Layer.ORG.label else setting.source


def _word(value: object) -> str:
    return value.name.lower() if isinstance(value, IntEnum) else str(value).lower()
