"""The one entrance: a document goes in, and what was found, where it comes from and whether it may leave come out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from attrs import field, frozen

from tightlip.detect.baseline import BASELINE, GITLEAKS_IGNORE
from tightlip.detect.detector import Detection, Document, candidates_of_all, detect
from tightlip.detect.found import Found
from tightlip.detect.gate import Candidates
from tightlip.detect.own import Own
from tightlip.detect.realistic import Realistic, realistic
from tightlip.detect.ruleset import Ruleset, builtin_ruleset
from tightlip.detect.suppress import Suppressed
from tightlip.errors import PolicyError, TightlipError
from tightlip.finding import (
    Action,
    Decision,
    Finding,
    Notice,
    Origin,
    Reason,
    Surface,
)
from tightlip.policy.allowed import Allowed
from tightlip.policy.decide import decide, effective_severity
from tightlip.policy.load import NAME, NOTHING_ABOVE, SHARED, Above, above_all, load_policy
from tightlip.policy.model import Layer, OwnEntries, Policy
from tightlip.policy.place import Place, RestrictedBy, packed_findings, restricted_by, unwanted
from tightlip.policy.places import Places, places
from tightlip.policy.surroundings import Surroundings
from tightlip.provenance.glob import relative
from tightlip.provenance.repository import Repositories
from tightlip.redact.key import Key

if TYPE_CHECKING:
    from tightlip.policy.draft import Draft
    from tightlip.policy.passages import Passage, Passages
    from tightlip.provenance.lines_seen import Memory

EXCLUDED = "excluded"
"""Code of the notice that a file is not looked at."""
BASELINES = (BASELINE, GITLEAKS_IGNORE)
"""Names of the files that say what was there before tightlip."""
WATCHED = (NAME, SHARED, *BASELINES)
"""Names of the files that change what a guard says; after a change of one, `Guard.reload`."""


@frozen
class Inspection:
    """All that is known about one document."""

    findings: Sequence[Finding]
    """Sorted by span, not overlapping, each with the severity the policy gives it."""
    suppressed: tuple[Suppressed, ...]
    """What is not reported, and why."""
    notices: tuple[Notice, ...]
    origin: Origin
    decision: Decision
    restricted: RestrictedBy | None = None
    approved_only: RestrictedBy | None = None
    """Where an entry of the policy names the file, and it may be shared, but with an approved assistant only."""
    realistic: Realistic | None = None
    """The rows of personal data that many of `findings` are, to be told as one; None where there are no such rows."""
    passages: tuple[Passage, ...] = ()
    """Parts that are restricted by where they come from. Findings may lie in them."""
    place: Place | None = field(default=None, eq=False, repr=False)
    """Where the document lies, and what holds there; None where nothing could be looked at."""

    @cached_property
    def everything(self) -> Sequence[Finding]:
        """Findings and passages, sorted by span; a passage may hold findings."""
        if not self.passages:
            return self.findings
        found, passages = self.findings, [one.finding for one in self.passages]
        if isinstance(found, Found):  # what is packed stays packed
            return Found(sorted([*found.loose, *passages], key=attrgetter("span")), found.packed)
        return tuple(sorted([*found, *passages], key=attrgetter("span")))


class Begun(NamedTuple):
    """A document whose inspection has begun."""

    document: Document
    place: Place
    candidates: Candidates | None
    """What the pass found; None where it was not asked, or the document is excluded."""


class Guard:
    """A policy, a ruleset and the folder they are for. One guard serves many threads."""

    def __init__(
        self,
        policy: Policy,
        ruleset: Ruleset,
        root: Path | None = None,
        *,
        top: Path | None = None,
        key: Key | None = None,
        trusted: bool = True,
        today: Callable[[], date] = date.today,
        above: Above = NOTHING_ABOVE,
        memory: Memory | None = None,
        repositories: Repositories | None = None,
    ):
        """`root` is the folder `policy` was read for (None: it holds everywhere, whatever policy files lie there), `top` the
        outermost one above it that was looked into, from which the paths of files in no repository count, `above` what
        lies above the folder's own files, `memory` what is known of restricted texts that were open, `repositories` who
        tells which repository a file is of (default: git's own files).

        Without a `key`, that of the workspace at `top` is read or made when one is first wanted. Of a folder that is not
        `trusted`, policy files only tighten, and neither baselines nor allow comments count.
        """
        self.ruleset = ruleset
        self.trusted = trusted
        self._surroundings = Surroundings(
            policy,
            ruleset.categories,
            root,
            top or root,
            repositories or Repositories(),
            trusted=trusted,
            today=today,
            above=above,
        )
        self._allowed = Allowed(top or root, policy, trusted=trusted, key=key, today=today)
        self._memory = memory
        self._passages: Passages | None = None
        self._index_problems: tuple[PolicyError, ...] = ()
        self._own: dict[int, tuple[OwnEntries, tuple[Own, ...]]] = {}

    @property
    def policy(self) -> Policy:
        """The policy of the root."""
        return self._surroundings.policy

    @property
    def root(self) -> Path | None:
        """The folder the policy was read for."""
        return self._surroundings.root

    @property
    def top(self) -> Path | None:
        """The outermost folder that is looked into."""
        return self._surroundings.top

    @property
    def above(self) -> Above:
        """What lies above the folder's own policy files."""
        return self._surroundings.above

    @property
    def repositories(self) -> Repositories:
        """The repositories that were met."""
        return self._surroundings.repositories

    @property
    def problems(self) -> tuple[TightlipError, ...]:
        """Every mistake in the policy and baseline files read so far, and why allowed fingerprints cannot be told."""
        found = (*self._surroundings.problems, *self._allowed.problems, *self._index_problems)
        return tuple({str(problem): problem for problem in found}.values())

    @property
    def key(self) -> Key:
        """The key of the workspace. Raises TightlipError where the key file cannot be used."""
        return self._allowed.key

    def inspect(self, document: Document, surface: Surface = Surface.EDITOR) -> Inspection:
        """Look at a document with the fast lane. `document.path` is absolute, or counts from the working directory."""
        return self.finish(Begun(document, self._surroundings.place(document.path), None), surface)

    def begin(self, documents: Sequence[Document]) -> list[Begun]:
        """The first half of `inspect` for many documents, in their order: the pass over their texts.

        It is quicker than one document after the other: the pass and all that comes behind it put each other out of the
        processor's caches.
        """
        places = [self._surroundings.place(document.path) for document in documents]
        wanted = [document for document, place in zip(documents, places, strict=True) if self._excluded(place) is None]
        found = dict(zip(map(id, wanted), candidates_of_all(wanted, self.ruleset), strict=True))
        return [
            Begun(document, place, found.get(id(document))) for document, place in zip(documents, places, strict=True)
        ]

    def finish(self, begun: Begun, surface: Surface = Surface.EDITOR) -> Inspection:
        """The second half of `inspect`."""
        return self._judge(begun.document, self._detect(begun), surface, begun.place)

    def judge(self, document: Document, detection: Detection, surface: Surface = Surface.EDITOR) -> Inspection:
        """What the policy says about findings that are there already: those of both lanes, merged."""
        return self._judge(document, detection, surface, self._surroundings.place(document.path))

    def restricted(self, path: str | Path) -> RestrictedBy | None:
        """Why a file or folder may not simply be shared, whatever is in it; None where it may. Reads nothing of it."""
        place = self._surroundings.place(str(path), is_file=False)
        by = restricted_by(place)
        return by if by is not None and by.action >= Action.WARN else None

    def draft(self, path: str, text: str) -> Draft:
        """What a policy file would say, and what would then hold, if this text stood in it. Never raises."""
        from tightlip.policy.draft import read_draft  # only an editor writes policies

        if self.above.layer_of(path) is Layer.REPO:
            path = self.repositories.resolve(path)
        top = self.top or Path(path).parent
        return read_draft(path, text, top, self.ruleset.categories, trusted=self.trusted, above=self.above)

    def file_named(self, name: str) -> str | None:
        """Absolute path of a policy file by what messages call it, or None where there is no such file."""
        path = Path(name) if self.top is None else self.top / name
        return str(path) if name and path.is_absolute() and path.is_file() else None

    def remember(self, document: Document) -> None:
        """Keep in mind the lines of an open document whose class says so: where they are pasted, they are known again."""
        memory = self._memory
        if memory is None or document.path is None:
            return
        place = self._surroundings.place(document.path)
        origin = place.classified.origin
        if place.policy.copied_action(origin.classification).value > Action.OFF:
            name = relative(place.path or "", origin.root or "") or os.path.basename(document.path)  # noqa: PTH119
            repository, entry = place.repository, place.classified.entry
            names = () if repository is None else repository.remotes or (repository.name,)
            common_dir = "" if repository is None else repository.common_dir
            memory.remember(place.path or "", document.text, name, names, origin.classification, entry, common_dir)
        elif len(memory):
            memory.forget(place.path or "")

    def whereabouts(self, path: str | Path) -> Place:
        """What is known of a file or folder, which need not exist, without looking into it; its repository with its roots."""
        return self._surroundings.whereabouts(path)

    def policy_for(self, path: str | Path | None) -> Policy:
        """The policy for a file: that of the root, and what policy files between the root and the file add."""
        return self.policy if path is None else self._surroundings.policy_at(path)

    def fingerprint(self, finding: Finding) -> str:
        """Name of a finding's value, as `[[allow]] fingerprint` takes it. Raises TightlipError as `key` does."""
        return self._allowed.fingerprint(finding)

    def reload(self) -> None:
        """Read policy and baselines again.

        Where a file that could be read cannot be read any more, what it said stays in force: a slip while typing must not
        lift a restriction.
        """
        self._surroundings.reload()
        self._allowed.forget(self.policy)
        self._own = {}

    def is_stale(self, folders: Iterable[str] | None = None) -> bool:
        """Whether a policy file of the folders has changed since it was read: as `Surroundings.is_stale`."""
        return self._surroundings.is_stale(folders)

    def _excluded(self, place: Place) -> Notice | None:
        for glob in place.policy.exclude if place.path is not None else ():
            if glob.matches(place.path or ""):
                return Notice(EXCLUDED, f"Not checked: {glob.source} excludes this file.")
        return None

    def _detect(self, begun: Begun) -> Detection:
        notice = self._excluded(begun.place)
        if notice is not None:
            return Detection((), (), (notice,))
        strict = not begun.place.policy.inline_allow.value
        own = self.own(begun.place.policy)
        return detect(begun.document, self.ruleset, strict=strict, candidates=begun.candidates, own=own)

    def own(self, policy: Policy) -> tuple[Own, ...]:
        """The terms and rules of a policy, compiled once, for `detect`."""
        return tuple(own for entries in policy.own for own in self._compiled(entries)) if policy.own else ()

    def _compiled(self, entries: OwnEntries) -> tuple[Own, ...]:
        known = self._own.get(id(entries))
        if known is None:
            from tightlip.detect.custom import CustomRules
            from tightlip.detect.terms import Terms

            compiled: list[Own] = [Terms.build(entries.terms)] if entries.terms else []
            compiled += [CustomRules.build(entries.rules)] if entries.rules else []
            known = self._own[id(entries)] = (entries, tuple(compiled))
        return known[1]

    def _judge(self, document: Document, detection: Detection, surface: Surface, place: Place) -> Inspection:
        policy, classified = place.policy, place.classified
        findings: list[Finding] = []
        suppressed = [*detection.suppressed]
        known = self._allowed.known(document.text, place) if detection.findings else None
        packed, loose = (
            packed_findings(detection.findings, place, surface) if known is None else (None, detection.findings)
        )
        for finding in loose:
            why = unwanted(finding, place, surface) or (known(finding) if known is not None else None)
            if why is not None:
                suppressed.append(why)
                continue
            severity = effective_severity(finding, policy, fixture=place.fixture, exceptions=place.exceptions)
            findings.append(finding if severity is None else finding.with_severity(severity))
        by = restricted_by(place)
        told: Sequence[Finding] = tuple(findings) if packed is None else Found(findings, packed)
        passages, further, about = self._restricted_parts(document, detection, place)
        if classified.problem:
            about = (*about, Notice("unknown-root", classified.problem))
        return Inspection(
            told,
            tuple(suppressed),
            (*detection.notices, *about) if about else detection.notices,
            classified.origin,
            decide(
                told,
                classified.origin,
                policy,
                surface,
                classified.entry,
                fixture=place.fixture,
                exceptions=place.exceptions,
                further=further,
            ),
            by if by is not None and by.action >= Action.WARN else None,
            by if by is not None and by.action < Action.WARN and by.entry is not None else None,
            realistic(told, document.text, place.path),
            passages,
            place,
        )

    def _restricted_parts(
        self, document: Document, detection: Detection, place: Place
    ) -> tuple[tuple[Passage, ...], tuple[Reason, ...], tuple[Notice, ...]]:
        """Passages, reasons of the decision besides them, and what is wrong with the fences."""
        # nearly every text has nothing of the kind, and a command's start pays for every import
        knows_lines = (self._memory is not None and len(self._memory)) or place.policy.names_indexes
        if not (knows_lines or detection.may_be_fenced):
            return (), (), ()
        if any(notice.code == EXCLUDED for notice in detection.notices):
            return (), (), ()
        from tightlip.policy.passages import Passages
        from tightlip.provenance.copied import own_of
        from tightlip.provenance.fences import section_notices

        if self._passages is None:
            self._passages = Passages(self._memory)
        own = own_of(place.repository, place.path or "", self.repositories.with_roots)
        passages, reasons, problems = self._passages.of(document.text, place.policy, own, place.exceptions)
        if problems or self._index_problems:
            self._index_problems = problems
        fences = tuple(section_notices(document.text))
        return passages, (*reasons, *(passage.reason for passage in passages)), fences


def load_guard(root: Path, *, trusted: bool = True, where: Places | None = None, memory: Memory | None = None) -> Guard:
    """A guard for the folder `root`: the organisation's policy and the user's (`where`: default, where this system keeps
    them), the policy files from its repository's root down to it, and the built-in rules.

    A folder that is not `trusted` cannot weaken anything. Raises RuleError when the rules of this installation cannot be
    used. Mistakes in policy files are in `problems`.
    """
    root = Path(Repositories().resolve(root))
    ruleset = builtin_ruleset()
    repository = Repositories().of(root)
    top = Path(repository.root) if repository is not None else root
    above = above_all(places() if where is None else where)
    policy = load_policy(root, top, ruleset.categories, trusted=trusted, above=above)
    return Guard(policy, ruleset, root, top=top, trusted=trusted, above=above, memory=memory)


def rootless_guard(where: Places | None = None, memory: Memory | None = None) -> Guard:
    """A guard for texts that lie in no folder: the organisation's policy and the user's, and the built-in rules."""
    ruleset = builtin_ruleset()
    above = above_all(places() if where is None else where)
    policy = load_policy(None, None, ruleset.categories, above=above)
    return Guard(policy, ruleset, above=above, memory=memory)


def workspace_root(path: Path) -> Path:
    """The folder a file or folder is looked at in: its repository's root, else the nearest one with a `tightlip.toml`.

    Where there is neither, the folder itself.
    """
    repositories = Repositories()
    resolved = Path(repositories.resolve(path))
    repository = repositories.of(resolved)
    if repository is not None:
        return Path(repository.root)
    folder = resolved if resolved.is_dir() else resolved.parent
    return next((above for above in (folder, *folder.parents) if (above / NAME).is_file()), folder)
