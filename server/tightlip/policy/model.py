"""The effective policy: what every key says, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar, cast

from attrs import field, frozen

from tightlip.errors import PolicyError
from tightlip.finding import Action, Category, Classification, Confidence, RuleId, Severity, Surface
from tightlip.policy.keys import KEYS, OnError
from tightlip.provenance.classify import RepoEntry
from tightlip.provenance.glob import matches, relative

if TYPE_CHECKING:
    from tightlip.detect.rule import Rule
    from tightlip.detect.terms import TermSpec
    from tightlip.policy.read import FilePolicy
    from tightlip.provenance.repository import Repository

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Layer(IntEnum):
    """Where a policy file comes from, from the bottom up."""

    BUILTIN = 0
    ORG = 1
    USER = 2
    REPO = 3

    @property
    def label(self) -> str:
        """The layer's name in reasons and reports."""
        return self.name.lower()


EDITOR_GUARDS = ("copy", "paste", "send")
"""What an editor does when text is about to leave; `[editor] required` names those nobody may switch off."""

PolicyProblems = tuple[PolicyError, ...]
"""Every mistake of the files read, each with file, line and column; what is not mistaken stays in force."""


@frozen
class Setting(Generic[T_co]):
    """A value of the policy and where it comes from."""

    value: T_co
    layer: str = "builtin"
    source: str = ""
    """`file:line`, empty for a built-in default."""


@frozen
class Claim:
    """What one place of one file asks of a key, and what came of it."""

    key: str
    value: object
    layer: str
    source: str
    ignored: str = ""
    """Why it does not count; empty where it was accepted, be it that a stricter one came to be in force."""


@frozen
class RulePolicy:
    """`[detect.rule.<id>]`: what is different for one rule; None where its category decides."""

    action: Setting[Action] | None = None
    """Set by who has the say: in place of the category's action."""
    severity: Setting[Severity] | None = None
    at_least: Setting[Action] | None = None
    """Asked by a layer below: counts where it is stricter than the action."""


@frozen
class PathGlob:
    """One glob of files."""

    glob: str
    base: str
    """Absolute folder from which it counts."""
    source: str = ""
    layer: str = "repo"

    def matches(self, path: str) -> bool:
        """Whether it names an absolute path or a folder above it; only what lies under `base` can be named."""
        inside = relative(path, self.base)
        return inside is not None and matches(self.glob, inside)


@frozen
class AllowEntry:
    """`[[allow]]`: a value, or a rule in some files, that a person has looked at and allows."""

    reason: str
    fingerprint: str = ""
    """Fingerprint of the value; empty where `rule` and `path` say what is allowed."""
    rule: RuleId = ""
    path: PathGlob | None = None
    expires: date | None = None
    """Last day on which it counts."""
    layer: str = "repo"
    source: str = ""

    @property
    def name(self) -> str:
        """What it allows, in one line: `us-ssn in docs/**`, or the fingerprint."""
        return " ".join(filter(None, [self.fingerprint or self.rule, f"in {self.path.glob}" if self.path else ""]))

    def counts_on(self, day: date) -> bool:
        """Whether it has not expired."""
        return self.expires is None or day <= self.expires


@frozen
class ExceptionEntry:
    """`[[exception]]`: what the organisation lets through for a while although its policy is stricter."""

    id: str
    reason: str
    approver: str
    expires: date
    """Last day on which it counts."""
    action: Action = Action.INFO
    """What is done instead, where more would be."""
    rules: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    """Findings of these; `restricted` is the class of the file, whatever stands in it."""
    remotes: tuple[str, ...] = ()
    """Globs for remotes of the repository; empty for all."""
    paths: tuple[str, ...] = ()
    """Globs for files, from their repository's root; empty for all."""
    approved: bool = True
    """False for one that is only asked for: it has no effect."""
    layer: str = "org"
    source: str = ""

    def counts_on(self, day: date) -> bool:
        """Whether it is approved and has not expired."""
        return self.approved and day <= self.expires

    def covers(self, rule: RuleId | None, category: Category) -> bool:
        """Whether it speaks of a rule's findings; of the class of a file for None and `restricted`."""
        return category in self.categories or (rule is not None and rule in self.rules)

    def speaks_of(self, path: str | None, root: str | None, repository: Repository | None) -> bool:
        """Whether a file lies in its scope: absolute path, folder from which paths count, and the file's repository.

        All remotes of the repository must match, a fork's and its upstream's: one that was added opens nothing.
        """
        if self.remotes and (repository is None or not repository.is_nothing_but(self._names)):
            return False
        if not self.paths:
            return True
        inside = relative(path, root) if path is not None and root is not None else None
        return inside is not None and any(matches(glob, inside) for glob in self.paths)

    def _names(self, remote: str) -> bool:
        return any(matches(glob, remote, fold=True) for glob in self.remotes)


@frozen
class FileReference:
    """A file the policy names."""

    path: str
    """Absolute."""
    layer: str = "repo"
    source: str = ""


@frozen
class Unusable:
    """An entry of the organisation that was to stop something, and cannot be looked for."""

    what: str
    """One sentence."""
    category: Category
    """What it was to find; `restricted` for a `[[repo]]`."""
    source: str
    rule: RuleId = ""
    action: Action | None = None
    """What it asked for itself."""
    level: Classification | None = None
    """Of a `[[repo]]`: the class it was to give."""


class OwnEntry(NamedTuple):
    """Where a term or rule of a policy's own stands."""

    layer: str
    source: str
    """`file:line`."""
    says: str = ""
    """Why it must not leave and whom to ask, for a person; empty where the entry does not say."""


@frozen
class OwnEntries:
    """The terms and rules of one file; the same object for as long as the file is not read again."""

    terms: tuple[TermSpec, ...] = ()
    rules: tuple[Rule, ...] = ()
    by_id: Mapping[RuleId, OwnEntry] = MappingProxyType({})


@frozen
class Policy:
    """What may leave. Every key has a value: a file that does not set one leaves the built-in default."""

    settings: Mapping[str, Setting[object]]
    """Every key of `tightlip.policy.keys.KEYS` by its name."""
    rules: Mapping[RuleId, RulePolicy] = MappingProxyType({})
    fixtures_at_least: Mapping[Category, Setting[Action]] = MappingProxyType({})
    """Asked by a layer below for tests and examples: counts where it is stricter than what is set."""
    repos: tuple[RepoEntry, ...] = ()
    exclude: tuple[PathGlob, ...] = ()
    allows: tuple[AllowEntry, ...] = ()
    exceptions: tuple[ExceptionEntry, ...] = ()
    baseline: FileReference | None = None
    """`[detect.detect_secrets] baseline`; None means `.secrets.baseline` at the root, if there is one."""
    plugins: tuple[FileReference, ...] = ()
    """`[detect.detect_secrets] plugins`: files of code."""
    recognizers: FileReference | None = None
    """`[detect.presidio] recognizers`."""
    names_roots: bool = False
    """Whether an entry of `repos` names a root commit, so that git must be asked for them."""
    names_indexes: bool = False
    """Whether an entry of `repos` names an index of its lines."""
    required: Mapping[str, str] = MappingProxyType({})
    """`[editor] required`: guards (of `EDITOR_GUARDS`) that may not be switched off, and where it says so."""
    files: tuple[str, ...] = ()
    """Absolute paths of the files it was read from, outermost first."""
    names: Mapping[str, str] = field(default=MappingProxyType({}), eq=False)
    """Those of its files that could be read, by what messages call them."""
    problems: PolicyProblems = field(default=(), eq=False)
    unreadable: tuple[str, ...] = ()
    """Those of its files that could not be read at all."""
    governed: bool = False
    """Whether an organisation has the say: then nothing below it may loosen anything."""
    failure: str = ""
    """Why the organisation's policy is not wholly in force, one sentence; `on_error` says what is decided meanwhile."""
    unusable: tuple[Unusable, ...] = ()
    own: tuple[OwnEntries, ...] = ()
    """`[[term]]` and `[[rule]]` of every file that has some, the strongest layer first."""
    said: tuple[FilePolicy, ...] = field(default=(), eq=False, repr=False)
    """What each of its files says; of one that cannot be read any more, what it said before."""
    claims: tuple[Claim, ...] = field(default=(), eq=False)
    """All that was asked of keys with one value and of sets, and the entries of lists that were refused."""

    _strictest: dict[str, Setting[Action]] = field(init=False, factory=dict, eq=False, repr=False)
    """What was found out of the settings of each class; it is asked for with every document."""

    @property
    def default_class(self) -> Setting[Classification]:
        """`[defaults] class`: class of files in repositories that no entry names."""
        return cast("Setting[Classification]", self.settings["defaults.class"])

    @property
    def on_error(self) -> Setting[OnError]:
        """`[defaults] on_error`."""
        return cast("Setting[OnError]", self.settings["defaults.on_error"])

    @property
    def inline_allow(self) -> Setting[bool]:
        """`[inline] allow`: whether allow comments in the text count."""
        return cast("Setting[bool]", self.settings["inline.allow"])

    def own_entry(self, rule: RuleId) -> OwnEntry | None:
        """The `[[term]]` or `[[rule]]` of that id; None for a rule of another kind."""
        return next((own.by_id[rule] for own in self.own if rule in own.by_id), None)

    def action(self, category: Category) -> Setting[Action]:
        """What is done about findings of a category."""
        return cast("Setting[Action]", self.settings[_ACTION[category]])

    def min_confidence(self, category: Category) -> Setting[Confidence]:
        """Findings of the category that are less sure are not reported."""
        return cast("Setting[Confidence]", self.settings[_CONFIDENCE[category]])

    def phases(self, category: Category) -> Setting[frozenset[str] | None]:
        """Surfaces on which the category is looked for; None for all."""
        return cast("Setting[frozenset[str] | None]", self.settings[_PHASES[category]])

    @property
    def entities(self) -> Setting[frozenset[str] | None]:
        """Kinds of personal data that are looked for; None for all."""
        return cast("Setting[frozenset[str] | None]", self.settings["detect.pii.entities"])

    def rule_action(self, rule: RuleId, category: Category, *, fixture: bool = False) -> Setting[Action]:
        """Action for findings of a rule, before the surface is looked at; `fixture` for a file of tests or examples."""
        usual = self._fixture_action(category) if fixture else self.action(category)
        override = self.rules.get(rule)
        if override is None:
            return usual
        action = override.action or usual
        return override.at_least if override.at_least and override.at_least.value > action.value else action

    def _fixture_action(self, category: Category) -> Setting[Action]:
        own = cast("Setting[Action | None]", self.settings[_FIXTURES[category]])
        setting = self.action(category) if own.value is None else cast("Setting[Action]", own)
        asked = self.fixtures_at_least.get(category)
        return asked if asked is not None and asked.value > setting.value else setting

    def share_action(self, level: Classification) -> Setting[Action]:
        """What is done when a file of the class is about to leave: never less than for a lower class."""
        return self._strictest_up_to(level, _SHARE)

    def copied_action(self, level: Classification) -> Setting[Action]:
        """What is done when lines copied from code of the class are about to leave: never less than for a lower class."""
        return self._strictest_up_to(level, _COPIED)

    def _strictest_up_to(self, level: Classification, names: Mapping[Classification, str]) -> Setting[Action]:
        known = self._strictest.get(names[level])
        if known is not None:
            return known
        strictest = cast("Setting[Action]", self.settings[names[Classification.PUBLIC]])
        for lower, name in names.items():
            setting = cast("Setting[Action]", self.settings[name])
            if lower <= level and setting.value >= strictest.value:  # of two that say the same, the class's own
                strictest = setting
        self._strictest[names[level]] = strictest
        return strictest

    def looks_for(self, category: Category, surface: Surface) -> bool:
        """Whether a category is looked for on a surface."""
        phases = self.phases(category).value
        return phases is None or surface.value in phases


def _names(key: str) -> dict[Category, str]:
    # what is restricted is decided by its class; where a category is asked for all the same, as the organisation's words
    return {
        category: f"detect.{'term' if category is Category.RESTRICTED else category.value}.{key}"
        for category in Category
    }


_ACTION, _CONFIDENCE, _PHASES, _FIXTURES = map(_names, ("action", "min_confidence", "phases", "fixtures"))
_SHARE = {level: f"class.{level.name.lower()}.share" for level in Classification}
_COPIED = {level: f"class.{level.name.lower()}.copied_code" for level in Classification}

NO_RULES: Mapping[RuleId, Category] = MappingProxyType({})
"""Categories of the rules there are, where nobody says."""

BUILTIN = Policy(MappingProxyType({name: Setting(key.default) for name, key in KEYS.items()}))
"""The defaults: a secret is blocked, personal data asked about, a term warned about; restricted code is blocked.

Code that no entry names is internal, and internal code may be shared; a secret has no use in a prompt, while personal
data can be the subject of one, so a person decides.
"""
