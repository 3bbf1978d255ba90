"""The words every room shares. Imports nothing of ours."""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import NamedTuple

import attrs
from attrs import frozen

RuleId = str

POLICY = "policy"
"""`Finding.detector` of what a policy's own terms and rules find. Such a finding may lie on others: each is decided alone."""


class Severity(IntEnum):
    """How loud an editor shows a finding; the numbers are the Language Server Protocol's (1 is loudest)."""

    ERROR = 1
    WARNING = 2
    INFORMATION = 3
    HINT = 4

    @classmethod
    def parse(cls, name: str) -> Severity:
        """Severity of a lower-case name as it stands in a rule or policy file; raises KeyError for another word."""
        return cls[name.upper()]


class Confidence(IntEnum):
    """How sure the detector is. `HIGH` means a checksum or an unmistakable format, not merely a likely one."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @classmethod
    def parse(cls, name: str) -> Confidence:
        """Confidence of a lower-case name; raises KeyError for another word."""
        return cls[name.upper()]


class Category(str, Enum):
    """What kind of thing a finding is."""

    SECRET = "secret"  # noqa: S105
    PII = "pii"
    RESTRICTED = "restricted"
    TERM = "term"


class Classification(IntEnum):
    """Class of a repository or file, from least to most protected."""

    PUBLIC = 0
    INTERNAL = 1
    CONFIDENTIAL = 2
    RESTRICTED = 3

    @classmethod
    def parse(cls, name: str) -> Classification:
        """Classification of a lower-case name; raises KeyError for another word."""
        return cls[name.upper()]


class Action(IntEnum):
    """What is done about a finding, from weakest to strictest."""

    OFF = 0
    INFO = 1
    WARN = 2
    ASK = 3
    BLOCK = 4

    @classmethod
    def parse(cls, name: str) -> Action:
        """Action of a lower-case name; raises KeyError for another word."""
        return cls[name.upper()]


class Surface(str, Enum):
    """Where a text is about to be shown or sent."""

    EDITOR = "editor"
    PROMPT = "prompt"
    TOOL_INPUT = "tool_input"
    TOOL_OUTPUT = "tool_output"
    CLI = "cli"


class Span(NamedTuple):
    """Half-open range [start, end) in code points of one text snapshot."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two ranges share a code point."""
        return self.start < other.end and other.start < self.end


@frozen
class Finding:
    """One value that should not leave.

    `value` is the text under `span`; it never appears in `repr`, so that a log line cannot carry it.
    """

    rule: RuleId
    title: str
    """What it is, as a person says it: "AWS access key id"."""
    category: Category
    span: Span
    severity: Severity
    confidence: Confidence
    value: str = attrs.field(repr=False)
    placeholder: str
    """Type part of the typed placeholder: `AWS_KEY` becomes `TL_AWS_KEY_7F3K2Q`."""
    entity: str | None = None
    """Presidio's upper-case entity name for personal data (`EMAIL_ADDRESS`, `US_SSN`), else None."""
    evidence: str = ""
    """Why it was believed, without the value: `checksum valid`, `format only`, `column "ssn"`."""
    detector: str = "tightlip"
    """`tightlip` (fast lane), `policy` (its terms and rules), `presidio` or `detect-secrets` (deep lane)."""
    field: str = ""
    """Name of the column, key or variable that holds it, as it stands in the text; empty where none is known."""

    def with_severity(self, severity: Severity) -> Finding:
        """The same finding, as loud as this."""
        return self if severity is self.severity else attrs.evolve(self, severity=severity)


@frozen
class Notice:
    """Something that was not checked, or not fully; shown to the user so that silence is never mistaken for safety."""

    code: str
    """Stable name: `too-large`, `too-many`, `binary`, `timeout`, `undecodable`, `unknown-root`."""
    message: str
    span: Span = Span(0, 0)


@frozen
class Origin:
    """Where a text comes from."""

    path: str | None = None
    """Absolute path, or None for a text without one (prompt, untitled buffer, standard input)."""
    repository: str | None = None
    """Normalised remote (`github.com/acme/pay`), or the root folder's name where there is no remote."""
    root: str | None = None
    """Absolute path of the repository's working tree."""
    classification: Classification = Classification.INTERNAL


@frozen
class Reason:
    """One ground of a decision, with the place a person can go and read it."""

    action: Action
    text: str
    rule: RuleId | None = None
    layer: str = "builtin"
    source: str = ""
    """`file:line` of the policy entry, empty for built-in defaults."""
    exception: str = ""
    """Id of the exception that let it through or lowered it, empty where none did."""


@frozen
class Decision:
    """Whether a text may leave, and every reason for the answer."""

    action: Action
    reasons: tuple[Reason, ...] = ()
