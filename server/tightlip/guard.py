"""The one entrance: a document goes in, and what was found, where it comes from and whether it may leave come out."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from attrs import evolve, frozen

from tightlip.detect.baseline import BASELINE, GITLEAKS_IGNORE, Baselines
from tightlip.detect.confirm import is_test_path
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
from tightlip.policy.decide import decide, effective_severity
from tightlip.policy.load import NAME, NOTHING_ABOVE, SHARED, Above, above_all, load_policy, policy_files
from tightlip.policy.model import AllowEntry, ExceptionEntry, Layer, OwnEntries, Policy
from tightlip.policy.place import Place, RestrictedBy, packed_findings, restricted_by, unwanted
from tightlip.policy.places import Places, places
from tightlip.provenance.classify import Classified, RepoEntry, classify, relevant
from tightlip.provenance.glob import relative
from tightlip.provenance.repository import FRESH, Repositories, Repository
from tightlip.redact.fingerprint import fingerprint
from tightlip.redact.key import Key, workspace_key
from tightlip.syntax.lines import LineIndex

if TYPE_CHECKING:
    from tightlip.policy.draft import Draft
    from tightlip.policy.passages import Passage, Passages
    from tightlip.provenance.lines_seen import Memory

EXCLUDED = "excluded"
"""Code of the notice that a file is not looked at."""
WATCHED = (NAME, SHARED, BASELINE, GITLEAKS_IGNORE)
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

    @property
    def everything(self) -> Sequence[Finding]:
        """Findings and passages, sorted by span; a passage may hold findings."""
        if not self.passages:
            return self.findings
        return tuple(sorted([*self.findings, *(one.finding for one in self.passages)], key=attrgetter("span")))


class Begun(NamedTuple):
    """A document whose inspection has begun."""

    document: Document
    place: Place
    candidates: Candidates | None
    """What the pass found; None where it was not asked, or the document is excluded."""


class _Around(NamedTuple):
    """What the files of a folder share."""

    seen: float
    folder: str
    """With symbolic links resolved."""
    policy: Policy
    repository: Repository | None
    entries: tuple[RepoEntry, ...]


@frozen
class Whereabouts:
    """Where a file lies, and what the policy says of that place."""

    path: str
    """Absolute, symbolic links resolved."""
    policy: Policy
    repository: Repository | None
    classified: Classified
    fixture: bool
    """Whether it is a file of tests, examples or documentation."""
    exceptions: tuple[ExceptionEntry, ...]
    """Those that count today and here."""


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
    ):
        """`root` is the folder `policy` was read for, `top` the outermost one above it that was looked into, `above` what
        lies above the folder's own files, `memory` what is known of restricted texts that were open.

        Without a `key`, that of the workspace at `top` is read or made when one is first wanted. Of a folder that is not
        `trusted`, policy files only tighten, and neither baselines nor allow comments count.
        """
        self.policy = policy
        self.ruleset = ruleset
        self.root = root
        self.repositories = Repositories()
        self.top = top or root
        self.trusted = trusted
        self._key = key
        self._key_problem: TightlipError | None = None
        self._today = today
        self.above = above
        self._memory = memory
        self._passages: Passages | None = None
        self._index_problems: tuple[PolicyError, ...] = ()
        self._files = policy_files(root, self.top) if root and self.top else ()
        self._inner: dict[str, Policy] = {}
        self._before: dict[str, Policy] = {}
        self._relevant: dict[tuple[int, int, str], tuple[Policy, Repository | None, tuple[RepoEntry, ...]]] = {}
        self._around: dict[str, _Around] = {}
        self._own: dict[int, tuple[OwnEntries, tuple[Own, ...]]] = {}
        self._baselines: Baselines | None = None

    @property
    def problems(self) -> tuple[TightlipError, ...]:
        """Every mistake in the policy and baseline files read so far, and why allowed fingerprints cannot be told."""
        found: list[TightlipError] = [
            problem for policy in (self.policy, *self._inner.values()) for problem in policy.problems
        ]
        found += [PolicyError(notice.message) for notice in self.baselines.notices]
        found += [self._key_problem] if self._key_problem else []
        found += self._index_problems
        return tuple({str(problem): problem for problem in found}.values())

    @property
    def key(self) -> Key:
        """The key of the workspace. Raises TightlipError where the key file cannot be used."""
        if self._key is None:
            self._key = workspace_key(self.top)
        return self._key

    @property
    def baselines(self) -> Baselines:
        """What the baselines of the folder suppress; read when first wanted."""
        if self._baselines is None:
            named = self.policy.baseline
            wanted = self.top if self.trusted else None
            self._baselines = Baselines.load(wanted, Path(named.path) if named else None) if wanted else Baselines()
        return self._baselines

    def inspect(self, document: Document, surface: Surface = Surface.EDITOR) -> Inspection:
        """Look at a document with the fast lane. `document.path` is absolute, or counts from the working directory."""
        return self.finish(Begun(document, self._place(document), None), surface)

    def begin(self, documents: Sequence[Document]) -> list[Begun]:
        """The first half of `inspect` for many documents, in their order: the pass over their texts.

        It is quicker than one document after the other: the pass and all that comes behind it put each other out of the
        processor's caches.
        """
        places = list(map(self._place, documents))
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
        return self._judge(document, detection, surface, self._place(document))

    def restricted(self, path: str | Path) -> RestrictedBy | None:
        """Why a file or folder may not simply be shared, whatever is in it; None where it may. Reads nothing of it."""
        place = self._place(Document("", str(path)), is_file=False)
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
        place = self._place(document)
        origin = place.classified.origin
        if place.policy.copied_action(origin.classification).value > Action.OFF:
            name = relative(place.path or "", origin.root or "") or os.path.basename(document.path)  # noqa: PTH119
            names, entry = _names(place.repository), place.classified.entry
            memory.remember(place.path or "", document.text, name, names, origin.classification, entry)
        elif len(memory):
            memory.forget(place.path or "")

    def whereabouts(self, path: str | Path) -> Whereabouts:
        """What is known of a file or folder, which need not exist, without looking into it."""
        place = self._place(Document("", str(path)), is_file=False)
        resolved = place.path or str(path)
        repository = self.repositories.at(resolved)
        if repository is not None:
            repository = self.repositories.with_roots(repository)
        return Whereabouts(resolved, place.policy, repository, place.classified, place.fixture, place.exceptions)

    def policy_for(self, path: str | Path | None) -> Policy:
        """The policy for a file: that of the root, and what policy files between the root and the file add."""
        return self.policy if path is None else self._policy_at(self.repositories.resolve(path))

    def fingerprint(self, finding: Finding) -> str:
        """Name of a finding's value, as `[[allow]] fingerprint` takes it. Raises TightlipError as `key` does."""
        return fingerprint(self.key.secret, finding.rule, finding.value)

    def reload(self) -> None:
        """Read policy and baselines again.

        Where a file that could be read cannot be read any more, what it said stays in force: a slip while typing must not
        lift a restriction.
        """
        self.repositories.forget()
        self._relevant = {}
        self._around = {}
        self._own = {}
        self._baselines = None
        self._key_problem = None
        if self.above.places is not None:
            self.above = above_all(self.above.places)
        if self.root is not None and self.top is not None:
            self._files = policy_files(self.root, self.top)
            self._before.update(self._inner)
            self._inner = {}
        if self.root is not None or self.above is not NOTHING_ABOVE:
            self.policy = _last_good(self.policy, self._load(self.root, self.top))

    def _load(self, folder: Path | None, top: Path | None) -> Policy:
        return load_policy(folder, top, self.ruleset.categories, trusted=self.trusted, above=self.above)

    def _policy_at(self, path: str) -> Policy:
        if self.top is None:
            return self.policy
        folder = os.path.dirname(path)  # noqa: PTH120
        known = self._inner.get(folder)
        if known is None:
            known = self._inner[folder] = self._read_at(folder, self.top)
        return known

    def _read_at(self, folder: str, top: Path) -> Policy:
        inside = folder == str(top) or relative(folder, str(top)) is not None
        if not inside:
            # a file of another repository: what that one says of itself, and what is restricted here
            repository = self.repositories.of(folder)
            if repository is None:
                return self.policy
            top = Path(repository.root)
        files = policy_files(Path(folder), top)
        if files == self._files or (not inside and not files):
            return self.policy
        policy = _last_good(self._before.get(folder), self._load(Path(folder), top))
        if inside:
            return policy
        return evolve(
            policy,
            repos=policy.repos + self.policy.repos,
            names_roots=policy.names_roots or self.policy.names_roots,
            names_indexes=policy.names_indexes or self.policy.names_indexes,
        )

    def _place(self, document: Document, *, is_file: bool = True) -> Place:
        if document.path is None:
            exceptions = self._exceptions_for(self.policy, None, None) if self.policy.exceptions else ()
            return Place(None, self.policy, classify(None, None, ()), exceptions=exceptions)
        path, around = self._around_of(document.path, is_file=is_file)
        policy, repository = around.policy, around.repository
        classified = classify(path, repository, around.entries, policy.default_class.value)
        exceptions = self._exceptions_for(policy, path, repository) if policy.exceptions else ()
        return Place(path, policy, classified, repository, is_test_path(path), exceptions)

    def _around_of(self, name: str, *, is_file: bool) -> tuple[str, _Around]:
        """Absolute path of a file or folder, links resolved, and what it shares with the files beside it."""
        # "link/.." is the folder above what the link names, so that what holds ".." is not cut short
        text = name if ".." in name else os.path.abspath(name)  # noqa: PTH100
        folder, last = os.path.split(text)
        around = self._around.get(folder) if is_file and not os.path.islink(text) else None  # noqa: PTH114
        if around is not None and time.monotonic() - around.seen < FRESH:
            return text if folder == around.folder else os.path.join(around.folder, last), around  # noqa: PTH118
        path = self.repositories.resolve(text)
        around = self._look_around(path, is_file=is_file)
        if is_file and (path == text or (".." not in text and not os.path.islink(text))):  # noqa: PTH114
            self._around[folder] = around
        return path, around

    def _look_around(self, path: str, *, is_file: bool) -> _Around:
        policy = self._policy_at(path)
        repository = self.repositories.at(path, is_file=is_file)
        if repository is not None and policy.names_roots:
            repository = self.repositories.with_roots(repository)
        folder = os.path.dirname(path)  # noqa: PTH120
        entries = self._entries_for(policy, repository, folder if is_file else path)
        return _Around(time.monotonic(), folder, policy, repository, entries)

    def _exceptions_for(
        self, policy: Policy, path: str | None, repository: Repository | None
    ) -> tuple[ExceptionEntry, ...]:
        day, root = self._today(), repository.root if repository is not None else None
        remotes = repository.remotes if repository is not None else ()
        return tuple(
            one
            for one in policy.exceptions
            if one.counts_on(day) and one.speaks_of(path, root or str(self.top), remotes)
        )

    def _entries_for(self, policy: Policy, repository: Repository | None, folder: str) -> tuple[RepoEntry, ...]:
        """The policy's entries for the files of a folder, found once: policy and repository stay the same object until
        they change."""
        known = self._relevant.get((id(policy), id(repository), folder))
        if known is None:
            if len(self._relevant) > 1000:
                self._relevant = {}
            known = (policy, repository, relevant(policy.repos, repository, folder))
            self._relevant[id(policy), id(repository), folder] = known
        return known[2]

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
        known = self._known(document, place) if detection.findings else None
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
        )

    def _restricted_parts(
        self, document: Document, detection: Detection, place: Place
    ) -> tuple[tuple[Passage, ...], tuple[Reason, ...], tuple[Notice, ...]]:
        """Passages, reasons of the decision besides them, and what is wrong with the fences."""
        # nearly every text has nothing of the kind, and a command's start pays for every import
        knows_lines = (self._memory is not None and len(self._memory)) or place.policy.names_indexes
        if not (knows_lines or _may_be_fenced(document.text)):
            return (), (), ()
        if any(notice.code == EXCLUDED for notice in detection.notices):
            return (), (), ()
        from tightlip.policy.passages import Passages
        from tightlip.provenance.copied import own_of
        from tightlip.provenance.fences import section_notices

        if self._passages is None:
            self._passages = Passages(self._memory)
        own = own_of(place.repository, place.path or "")
        passages, reasons, problems = self._passages.of(document.text, place.policy, own, place.exceptions)
        if problems or self._index_problems:
            self._index_problems = problems
        fences = tuple(section_notices(document.text))
        return passages, (*reasons, *(passage.reason for passage in passages)), fences

    def _known(self, document: Document, place: Place) -> Callable[[Finding], Suppressed | None] | None:
        """Tells whether a person has already allowed a finding of the document; None where nothing is allowed."""
        day = self._today()
        allows = [allow for allow in place.policy.allows if allow.counts_on(day) and _speaks_of(allow, place.path)]
        name = relative(place.path, str(self.top)) if place.path is not None and self.top is not None else None
        covered = name is not None and self.baselines.covers(name)
        if not allows and not covered:
            return None
        by_rule = {allow.rule: allow for allow in allows if not allow.fingerprint}
        by_value = {allow.fingerprint: allow for allow in allows if allow.fingerprint and self._has_key()}
        lines = LineIndex(document.text) if covered else None

        def known(finding: Finding) -> Suppressed | None:
            allow = by_rule.get(finding.rule)
            if allow is None and by_value:
                allow = by_value.get(self.fingerprint(finding))
                if allow is not None and allow.rule not in ("", finding.rule):
                    allow = None
            if allow is not None:
                return Suppressed(finding, "allow", f"{allow.reason} ({allow.source})")
            if name is not None and lines is not None:
                line = lines.line_column(finding.span.start)[0] + 1
                reason = self.baselines.suppresses(name, line, finding.rule, finding.value)
                if reason is not None:
                    return Suppressed(finding, "baseline", reason)
            return None

        return known

    def _has_key(self) -> bool:
        """Whether fingerprints can be told; where not, what they allow is reported, and so is the reason."""
        try:
            return bool(self.key.secret)
        except TightlipError as problem:
            self._key_problem = problem
            return False


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


def _last_good(before: Policy | None, now: Policy) -> Policy:
    """`now`, unless a file that was read for `before` cannot be read any more: then `before`, with the problems of both."""
    broken = [
        file for file in now.unreadable if before is not None and file in before.files and file not in before.unreadable
    ]
    if before is None or not broken:
        return now
    kept = [
        PolicyError("the policy read before stays in force until this file can be read", file=file) for file in broken
    ]
    return evolve(before, problems=(*now.problems, *kept))


def _may_be_fenced(text: str) -> bool:
    """Whether a marker of a private section may be in a text: a search through memory, which costs next to nothing."""
    return "rivate-" in text or "RIVATE-" in text


def _names(repository: Repository | None) -> tuple[str, ...]:
    return () if repository is None else repository.remotes or (repository.name,)


def _speaks_of(allow: AllowEntry, path: str | None) -> bool:
    return allow.path is None or (path is not None and allow.path.matches(path))
