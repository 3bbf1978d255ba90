"""The effective policy: what every key says, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import IntEnum
from types import MappingProxyType
from typing import Generic, TypeVar

from attrs import field, frozen

from tightlip.errors import PolicyError
from tightlip.finding import Action, Category, Classification, Confidence, RuleId, Severity
from tightlip.provenance.classify import RepoEntry
from tightlip.provenance.glob import matches, relative

T = TypeVar("T")


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
class Setting(Generic[T]):
    """A value of the policy and where it comes from."""

    value: T
    layer: str = "builtin"
    source: str = ""
    """`file:line`, empty for a built-in default."""


@frozen
class DetectPolicy:
    """`[detect.secret]`, `[detect.pii]`, `[detect.term]`: what is done about findings of a category."""

    action: Setting[Action]
    min_confidence: Setting[Confidence] = Setting(Confidence.LOW)
    """Findings below it are not reported."""


@frozen
class RulePolicy:
    """`[detect.rule.<id>]`: what is different for one rule; None where its category decides."""

    action: Setting[Action] | None = None
    """Set by the outermost file: in place of the category's action."""
    severity: Setting[Severity] | None = None
    at_least: Setting[Action] | None = None
    """Asked by a file above: counts where it is stricter than the action."""


@frozen
class PathGlob:
    """One glob of `[scan] exclude`."""

    glob: str
    base: str
    """Absolute folder of the file it stands in, from which it counts."""
    source: str = ""

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

    def counts_on(self, day: date) -> bool:
        """Whether it has not expired."""
        return self.expires is None or day <= self.expires


@frozen
class FileReference:
    """A file the policy names."""

    path: str
    """Absolute."""
    layer: str = "repo"
    source: str = ""


@frozen
class Policy:
    """What may leave. Every key has a value: a file that does not set one leaves the built-in default."""

    detect: Mapping[Category, DetectPolicy]
    share: Mapping[Classification, Setting[Action]]
    """`[class.<name>] share`: what is done when a file of the class is about to leave."""
    default_class: Setting[Classification]
    """`[defaults] class`: class of files in repositories that no entry names."""
    inline_allow: Setting[bool]
    """`[inline] allow`: whether allow comments in the text count."""
    rules: Mapping[RuleId, RulePolicy] = MappingProxyType({})
    repos: tuple[RepoEntry, ...] = ()
    exclude: tuple[PathGlob, ...] = ()
    allows: tuple[AllowEntry, ...] = ()
    baseline: FileReference | None = None
    """`[detect.detect_secrets] baseline`; None means `.secrets.baseline` at the root, if there is one."""
    recognizers: FileReference | None = None
    """`[detect.presidio] recognizers`."""
    required: Mapping[str, str] = MappingProxyType({})
    """`[editor] required`: guards (of `EDITOR_GUARDS`) that may not be switched off, and where it says so."""
    files: tuple[str, ...] = ()
    """Absolute paths of the files it was read from, outermost first."""
    problems: PolicyProblems = field(default=(), eq=False)
    unreadable: tuple[str, ...] = ()
    """Those of its files that could not be read at all."""

    def rule_action(self, rule: RuleId, category: Category) -> Setting[Action]:
        """Action for findings of a rule, before the surface is looked at."""
        override = self.rules.get(rule)
        if override is None:
            return self.category_policy(category).action
        action = override.action or self.category_policy(category).action
        return override.at_least if override.at_least and override.at_least.value > action.value else action

    def share_action(self, level: Classification) -> Setting[Action]:
        """What is done when a file of the class is about to leave: never less than for a lower class."""
        strictest = self.share[Classification.PUBLIC]
        for lower, share in self.share.items():
            if lower <= level and share.value > strictest.value:
                strictest = share
        return strictest

    def category_policy(self, category: Category) -> DetectPolicy:
        """What is done about a category."""
        return self.detect.get(category) or self.detect[Category.TERM]


BUILTIN = Policy(
    detect=MappingProxyType(
        {
            Category.SECRET: DetectPolicy(Setting(Action.BLOCK)),
            Category.PII: DetectPolicy(Setting(Action.ASK)),
            Category.TERM: DetectPolicy(Setting(Action.WARN)),
        }
    ),
    share=MappingProxyType(
        {
            Classification.PUBLIC: Setting(Action.OFF),
            Classification.INTERNAL: Setting(Action.OFF),
            Classification.CONFIDENTIAL: Setting(Action.INFO),
            Classification.RESTRICTED: Setting(Action.BLOCK),
        }
    ),
    default_class=Setting(Classification.INTERNAL),
    inline_allow=Setting(True),
)
"""The defaults: a secret is blocked, personal data asked about, a term warned about; restricted code is blocked.

Code that no entry names is internal, and internal code may be shared; a secret has no use in a prompt, while personal
data can be the subject of one, so a person decides.
"""
