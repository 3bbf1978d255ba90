"""Which of the organisation's policies are in force at one moment, and what stands in for those that are not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from functools import cached_property

from tightlip.errors import PolicyError
from tightlip.policy.bundle import GRACE, Bundle, day, get_new, graced, lapse_of, read_bundle
from tightlip.policy.bundle_state import Good, Memory, recall, remember
from tightlip.policy.organisation import Organisation, OrgFile, State, looked_for, no_policy
from tightlip.policy.ownership import printable
from tightlip.policy.places import Places
from tightlip.policy.signature import Signed
from tightlip.policy.sources import Source, Sources, parsed_policy

_WORST_FIRST = (State.UNTRUSTED, State.STALE, State.SIGNED, State.TRUSTED, State.ABSENT)


def in_force(places: Places, now: datetime | None = None) -> Organisation:
    """As `organisation`, which calls it where there is something to read."""
    if now is not None and now.tzinfo is None:
        now = now.replace(tzinfo=timezone.utc)
    return _Reading(places, now).all()


class _Reading:
    def __init__(self, places: Places, now: datetime | None):
        self.places = places
        self.now = now or datetime.now(timezone.utc)
        self.sources = Sources(places, now)
        self.problems: list[PolicyError] = []
        self.why: dict[State, str] = {}
        self.broken = ""
        self.moments: list[datetime] = []
        self.files: list[OrgFile] = []
        self.tightening: list[OrgFile] = []
        self.bundles: list[Bundle] = []
        self.signed: list[Signed] = []
        self.good: list[Good] = []

    def all(self) -> Organisation:
        found = self.sources.all()
        for error in self.sources.missing:
            self._lose(error, State.UNTRUSTED)
        floors = self._floors(found)
        for source in found:
            self._judge(source, floors)
        if self.good and (problem := remember(self.memory, self.good, self.now)):
            self.problems.append(problem)
        state = min(self.why, key=_WORST_FIRST.index, default=State.ABSENT)
        return Organisation(
            state,
            tuple(self.files),
            tuple(self.tightening),
            (*self.problems, *self.sources.problems),
            bool(self.broken),
            self._sentence(state),
            self.bundles[0] if self.bundles else None,
            tuple(dict.fromkeys((*looked_for(self.places), *self.sources.watched))),
            min((moment for moment in self.moments if moment > self.now), default=None),
        )

    @cached_property
    def memory(self) -> Memory:
        memory = recall(self.places.state)
        if memory.problem is not None:
            self.problems.append(memory.problem)
        return memory

    def _floors(self, found: list[Source]) -> Mapping[str, int]:
        """The least revision of each id that counts: the highest that was seen, or is here and in force."""
        floors: dict[str, int] = {}
        for source in found:
            bundle = source.read.bundle
            if bundle is None or not bundle.id:
                continue
            here = bundle.revision if source.proof and not self._is_early(bundle) else None
            known = (self.memory.revisions.get(bundle.id), floors.get(bundle.id), here)
            revisions = [revision for revision in known if revision is not None]
            if revisions:
                floors[bundle.id] = max(revisions)
        return floors

    def _judge(self, source: Source, floors: Mapping[str, int]) -> None:
        bundle = source.read.bundle
        if bundle is not None:
            self._note_moments(bundle)
        failure = source.failure or self._refused(source, floors)
        if failure is not None:
            self._stand_in(source, failure, floors)
            return
        self._count(source, source.proof or State.UNTRUSTED)
        if source.signature or (bundle is not None and bundle.revision is not None):
            self.good.append(Good(source.place, bundle, source.data, source.signature))

    def _count(self, source: Source, state: State) -> None:
        if source.document is None:
            return
        self.files.append(OrgFile(source.document, source.place, source.document.file, source.base))
        self.problems += source.read.problems
        if source.read.doubtful:
            self.broken = self.broken or str(source.read.problems[0])
        if source.signed is not None:
            self.signed.append(source.signed)
        self.why.setdefault(state, "")
        bundle = source.read.bundle
        if bundle is None:
            return
        self.bundles.append(bundle)
        lapse = lapse_of(bundle, self.now)
        if lapse is not None and lapse.is_kept:
            self.problems.append(_at(bundle, lapse.sentence))
            self._say(State.STALE, lapse.sentence)

    def _refused(self, source: Source, floors: Mapping[str, int]) -> PolicyError | None:
        """Why a policy that is believed is not in force."""
        bundle = source.read.bundle
        if bundle is not None and (refusal := self._refusal(bundle, floors)):
            return _at(bundle, refusal)
        seen = self.memory.places.get(source.place) if source.signature else None
        if seen is not None and seen.id and (bundle is None or not bundle.id):
            message = (
                "this policy has no [bundle] id, but the last one here had: it may be an old one; get the newest one"
            )
            return PolicyError(message, file=printable(source.place))
        return None

    def _refusal(self, bundle: Bundle, floors: Mapping[str, int]) -> str:
        floor = floors.get(bundle.id) if bundle.id else None
        if floor is not None and bundle.revision is None:
            return f"policy {bundle.label} has no revision, but revision {floor} was seen; {get_new(bundle)}"
        if floor is not None and bundle.revision is not None and bundle.revision < floor:
            return f"policy {bundle.label} was rolled back: revision {floor} was seen; {get_new(bundle)}"
        lapse = lapse_of(bundle, self.now)
        return lapse.sentence if lapse is not None and not lapse.is_kept else ""

    def _is_early(self, bundle: Bundle) -> bool:
        return bundle.not_before is not None and bundle.not_before > self.now

    def _is_over(self, bundle: Bundle) -> bool:
        return bundle.expires is not None and self.now - bundle.expires > GRACE

    def _note_moments(self, bundle: Bundle) -> None:
        if bundle.not_before is not None:
            self.moments.append(bundle.not_before)
        if bundle.expires is not None:
            self.moments += (bundle.expires, graced(bundle.expires))

    def _stand_in(self, source: Source, failure: PolicyError, floors: Mapping[str, int]) -> None:
        """Put the last good copy in force; where there is none, what should be in force is missing."""
        copy = self._last_good(source, floors)
        if copy is not None:
            until = graced(self.memory.places[source.place].at)
            self.moments.append(until)
            which = f" ({copy.read.bundle.label})" if copy.read.bundle else ""
            message = f"{failure.message}; its last good copy{which} is kept until {day(until)}"
            self.problems.append(PolicyError(message, file=failure.file, line=failure.line, column=failure.column))
            self._say(State.STALE, str(self.problems[-1]))
            self._count(copy, State.STALE)
            return
        bundle = source.read.bundle
        if source.document is None and source.proof is not None:
            state = source.proof  # it is believed, as far as it can be read
        elif source.proof is not None and bundle is not None and self._is_over(bundle):
            state = State.STALE
        else:
            state = State.UNTRUSTED
        self._lose(failure, state)
        self.problems += source.read.problems
        if source.document is not None:
            self.tightening.append(OrgFile(source.document, source.place, source.document.file, source.base))

    def _last_good(self, source: Source, floors: Mapping[str, int]) -> Source | None:
        found = self.memory.copy(source.place)
        if found is None or self.now - self.memory.places[source.place].at > GRACE:
            return None
        path, data, signature = found
        try:
            signed = self.sources.checked(data, signature)
            document = parsed_policy(data, path)
        except PolicyError:
            return None
        read = read_bundle(document)
        if read.bundle is not None:
            floor = max(self.memory.revisions.get(read.bundle.id, 0), floors.get(read.bundle.id, 0))
            if self._refusal(read.bundle, {read.bundle.id: floor} if floor else {}):
                return None
            self._note_moments(read.bundle)
        return Source(path, source.base, None, State.SIGNED, signed, data, signature, document, read)

    def _lose(self, error: PolicyError, state: State) -> None:
        self.problems.append(error)
        self.broken = self.broken or str(error)
        self._say(state, str(error))

    def _say(self, state: State, why: str) -> None:
        self.why[state] = self.why.get(state) or why

    def _sentence(self, state: State) -> str:
        which = f"The organisation's policy{f' {self.bundles[0].label}' if self.bundles else ''}"
        if state is State.ABSENT:
            return no_policy(self.places)
        if state is State.UNTRUSTED:
            part = "Part of the" if self.files else "The"
            return f"{part} organisation's policy is not believed: {self.why[state]}."
        if state is State.STALE:
            return f"{which} is stale: {self.why[state]}."
        if self.broken:
            return f"{which} is {'in force only in part' if self.files else 'not in force'}: {self.broken}."
        if state is State.TRUSTED:
            return f"{which} is in force; only an administrator can have written it."
        signed = self.signed[0]
        where = "" if self.sources.is_inside(signed.signers) else "this account's "
        return f"{which} is in force, signed by {signed.principal}, as {where}{printable(signed.signers)} allows."


def _at(bundle: Bundle, message: str) -> PolicyError:
    file, _, line = bundle.source.rpartition(":")
    return PolicyError(message, file=file, line=int(line), column=1)
