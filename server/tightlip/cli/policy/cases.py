"""Cases for `tightlip policy test`: a text or file at a place, and what the policy is expected to decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import evolve, frozen

from tightlip.cli.decode import decode
from tightlip.detect.detector import Document
from tightlip.detect.sample import fill
from tightlip.errors import TightlipError
from tightlip.finding import Action, Category, Classification, Decision, Surface
from tightlip.guard import Guard
from tightlip.policy.keys import ACTIONS, CLASSES
from tightlip.policy.model import Layer
from tightlip.policy.table import Table
from tightlip.provenance.classify import RepoEntry
from tightlip.provenance.remote import normalise_remote
from tightlip.provenance.repository import Repositories, Repository
from tightlip.syntax.toml import read_toml

CLASS = Category.RESTRICTED.value
"""What `reasons` calls the class of the file, which has no rule."""

_KEYS = ("name", "surface", "text", "file", "path", "remote", "class", "expect", "reasons")
_SURFACES = {surface.value: surface for surface in Surface}
_SOMEWHERE = "file.txt"


@frozen
class Case:
    """One `[[case]]`."""

    name: str
    surface: Surface
    text: str
    """With its samples filled in; it is never shown."""
    path: str | None
    """Absolute, or None for a text without a place, as a prompt is."""
    remote: str
    """Normalised; empty where the path tells the repository."""
    classification: Classification | None
    """Class that an entry of the policy would give it; None where the policy tells it."""
    expect: Action
    reasons: tuple[str, ...]
    """Rules that must be among the reasons, `restricted` for the class of the file."""
    source: str
    """`file:line`."""


@frozen
class Outcome:
    """What was decided about a case."""

    case: Case
    decision: Decision

    @property
    def found(self) -> tuple[str, ...]:
        """The rules of the reasons, `restricted` for the class of the file."""
        return tuple(dict.fromkeys(reason.rule or CLASS for reason in self.decision.reasons))

    @property
    def missing(self) -> tuple[str, ...]:
        """Expected reasons that are none."""
        return tuple(reason for reason in self.case.reasons if reason not in self.found)

    @property
    def passed(self) -> bool:
        """Whether it is what was expected."""
        return self.decision.action is self.case.expect and not self.missing


def read_cases(file: str) -> list[Case]:
    """The cases of a file. Raises TightlipError at the first mistake: a case that cannot be read proves nothing."""
    path = Path.cwd() / file
    document = read_toml(path, TightlipError, file)
    problems: list[TightlipError] = []
    root = Table(document, (), document.data, problems)  # pyright: ignore[reportArgumentType]
    root.known("case")
    cases = [_case(table, path.parent) for table in root.tables("case") if not problems]
    if problems:
        raise problems[0]
    if not cases:
        raise TightlipError("there is no [[case]] in this file", file=file)
    return [case for case in cases if case is not None]


def run_cases(cases: Sequence[Case], guard: Guard, folder: str) -> Iterator[Outcome]:
    """What `guard` decides about each case. A pretended repository has its root at `folder` (absolute)."""
    for case in cases:
        inspection = _guard_for(case, guard, folder).inspect(Document(case.text, case.path), case.surface)
        yield Outcome(case, inspection.decision)


def _guard_for(case: Case, guard: Guard, folder: str) -> Guard:
    if case.path is None or not (case.remote or case.classification is not None):
        return guard
    policy = guard.policy_for(case.path)
    if case.classification is not None:
        entry = RepoEntry(case.classification, base=folder, layer=Layer.ORG.label, source=case.source, may_lower=True)
        policy = evolve(policy, repos=(*policy.repos, entry))
    pretended = _Pretended(Repository(folder, folder, (case.remote,))) if case.remote else None
    # the policy is the one of the place already; without a root no policy file is looked for again
    key = guard.key if guard.top is None else None  # that of the workspace at `top` is found when it is wanted
    top = guard.top or Path(folder)
    return Guard(policy, guard.ruleset, top=top, key=key, above=guard.above, repositories=pretended)


class _Pretended(Repositories):
    """Every path lies in the one repository."""

    def __init__(self, repository: Repository):
        super().__init__()
        self.repository = repository

    def of(self, path: str | Path) -> Repository | None:
        return self.repository

    def at(self, resolved: str, *, is_file: bool = False) -> Repository | None:
        return self.repository

    def with_roots(self, repository: Repository) -> Repository:
        return repository


def _case(table: Table, folder: Path) -> Case | None:
    before = len(table.problems)
    table.known(*_KEYS)
    for key in ("name", "expect"):
        if key not in table.data:
            table.problem(f'a [[case]] needs "{key}"')
    if len({"text", "file"} & table.data.keys()) != 1:
        table.problem('a [[case]] needs a "text" or a "file"')
    name, file, path, remote = (table.text(key) for key in ("name", "file", "path", "remote"))
    surface = table.choice("surface", _SURFACES) if "surface" in table.data else Surface.PROMPT
    expect, level = table.choice("expect", ACTIONS), table.choice("class", CLASSES)
    reasons = table.texts("reasons") or ()
    text = _of_file(table, folder / file) if file is not None else _filled(table)
    if len(table.problems) > before or surface is None or expect is None:
        return None
    place = path or file or (_SOMEWHERE if remote or level is not None else None)
    return Case(
        name or "",
        surface,
        text,
        str(folder / place) if place is not None else None,
        normalise_remote(remote) if remote is not None else "",
        level,
        expect,
        reasons,
        table.source(),
    )


def _filled(table: Table) -> str:
    """The text with values made for its samples. What is wrong with one is told without the text."""
    text = table.data.get("text", "")
    if not isinstance(text, str):
        table.problem('"text" must be a text', "text")
        return ""
    try:
        return fill(text)
    except (KeyError, ValueError):
        table.problem(
            '"text" has a sample that is not known; `tightlip rules show` and the rule files have examples', "text"
        )
        return ""


def _of_file(table: Table, path: Path) -> str:
    try:
        decoded = decode(path.read_bytes())
    except OSError as problem:
        table.problem(f"cannot read this file: {problem.strerror}", "file")
        return ""
    if decoded is None:
        table.problem("this file is not text", "file")
    return decoded.text if decoded is not None else ""
