"""What a scan says, in plain values. None of them holds text of a document, so no format can leak any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from tightlip.finding import Category, Confidence, Notice, RuleId, Severity


class ReportedTable(NamedTuple):
    """Rows of personal data that are reported as one."""

    rows: int
    columns: Mapping[str, str]
    """Names of the columns, and what each holds."""
    reasons: tuple[str, ...]
    """What speaks for real people."""


class ReportedFinding(NamedTuple):
    """A finding at its place. Lines and columns count from 1, columns and offsets in code points."""

    rule: RuleId
    title: str
    category: Category
    entity: str | None
    severity: Severity
    confidence: Confidence
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int
    fingerprint: str
    """Keyed HMAC of the value: the same for the same value of one workspace, and of no use without its key."""
    message: str
    """What it is and what would happen, one sentence."""
    evidence: str = ""
    detector: str = "tightlip"
    values: int = 1
    """Findings it stands for."""
    table: ReportedTable | None = None
    """The rows it stands for, where it is more than one finding."""


class FileResult(NamedTuple):
    """One text that was checked."""

    path: str
    """As reported: relative to the working directory where it lies below it; `a.zip!/b.txt` inside an archive."""
    size: int
    """Bytes."""
    findings: tuple[ReportedFinding, ...] = ()
    hidden: int = 0
    """Findings below the wanted severity."""
    suppressed: tuple[str, ...] = ()
    """Kind of each finding that is not reported (`inline`, `placeholder`, `baseline`, ...)."""
    notices: tuple[Notice, ...] = ()
    blob: str = ""
    """Id of the blob, where the text was read from git."""
    commit: str | None = None
    """Commit that brought this text in (`--history`), else None."""
    restricted: str = ""
    """Why the file as a whole may not leave, one sentence; empty for a file of an open repository."""


class Skipped(NamedTuple):
    """A file or an archive's member that was not checked."""

    path: str
    reason: str
    """One of `SKIPPED`."""
    detail: str = ""


Outcome = FileResult | Skipped

SKIPPED: Mapping[str, str] = {
    "binary": "binary",
    "archive": "archived (--archives looks inside)",
    "too-large": "larger than --max-size",
    "unreadable": "unreadable",
    "link": "linked (checked where they lie)",
    "special": "not regular files",
    "damaged": "damaged",
    "encrypted": "encrypted",
    "limit": "beyond the limits for archives",
    "excluded": "excluded by policy",
    "failed": "given up after an error",
}
"""Reasons for not checking a file, as the summary says them."""

UNEXPECTED = frozenset({"unreadable", "failed"})
"""Reasons that make a scan incomplete: it ends with exit code 2."""


class Rule(NamedTuple):
    """What formats tell of a rule."""

    id: RuleId
    title: str
    category: Category
    severity: Severity
    advice: str = ""
    revoke: str = ""
    help: str = ""
    """First reference page, empty where there is none."""
    criteria: tuple[str, ...] = ()


class ScanReport(NamedTuple):
    """A finished scan."""

    results: tuple[FileResult, ...]
    """Texts with findings or notices, sorted by path and commit."""
    skipped: tuple[Skipped, ...]
    rules: Mapping[RuleId, Rule]
    """The rules of all findings in `results`."""
    files: int
    """Texts checked."""
    size: int
    """Bytes checked."""
    hidden: int
    """Findings below the wanted severity; they are in no list."""
    suppressed: Mapping[str, int]
    """Findings that are not reported, by kind."""
    restricted: Mapping[str, int]
    """Number of files that may not leave as a whole, by the sentence that says why. They are no findings: a scan tells
    what should not be in a repository, and its own class is no mistake of it."""
    started: datetime
    seconds: float
    mode: str = "files"
    """`files`, `staged`, `diff` or `history`."""
    prefix: str = ""
    """The working directory as seen from the repository's root (`server/`, "" at the root): CI formats count from there."""
    messages: tuple[str, ...] = ()
    """What else must be said: a path that does not exist, an incomplete history."""

    @property
    def findings(self) -> Iterable[tuple[FileResult, ReportedFinding]]:
        """All findings with their files, in order."""
        return ((result, finding) for result in self.results for finding in result.findings)

    @property
    def by_category(self) -> dict[Category, int]:
        """Number of findings of every category that has some."""
        counted: Counter[Category] = Counter()
        for _, finding in self.findings:
            counted[finding.category] += finding.values
        return {category: counted[category] for category in Category if counted[category]}

    @property
    def complete(self) -> bool:
        """Whether everything that was meant to be checked was."""
        return not any(item.reason in UNEXPECTED for item in self.skipped)

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not any(result.findings for result in self.results)
