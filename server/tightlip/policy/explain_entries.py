"""The entries of a policy's lists, a line for each, with where they stand and whether they count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from attrs import frozen

from tightlip.policy.bundle import Bundle
from tightlip.policy.model import ExceptionEntry, FileReference, Policy
from tightlip.policy.words import matcher_of, plain, word

SET = "detect.set."
"""Before the name of a set in the key of a claim."""

_Entries = Callable[[Policy, date], Iterator["Entry"]]


@frozen
class Entry:
    """One entry of a list."""

    text: str
    """One line, without any value that an entry allows."""
    layer: str
    """Empty where only the place is known."""
    source: str
    counts: bool = True
    outcome: str = ""
    """Why it does not count, or what is to be known of it."""


def entries_of(policy: Policy, name: str, day: date) -> list[Entry]:
    """The entries of a list of `tightlip.policy.keys.LISTS`: those that are in the policy, and those that were refused."""
    make = _ENTRIES.get(name)
    entries = list(make(policy, day)) if make is not None else []
    refused = [claim for claim in policy.claims if claim.key == name and claim.ignored]
    return entries + [
        Entry(str(one.value), one.layer, one.source, counts=False, outcome=one.ignored) for one in refused
    ]


def bundle_entries(bundle: Bundle) -> Iterator[Entry]:
    """What the organisation's policy says of itself."""
    for name in ("id", "revision", "not_before", "expires", "incident_contact"):
        value = getattr(bundle, name)
        if value not in ("", None):
            yield Entry(f"{name} = {value}", "org", bundle.source)


def exception_entry(one: ExceptionEntry, day: date, *, elsewhere: bool = False) -> Entry:
    """An exception in one line; `elsewhere` where it does not speak of the file in question."""
    what = ", ".join([*one.rules, *(category.value for category in one.categories)])
    where = ", ".join([*one.remotes, *one.paths])
    text = f"{one.id}: {word(one.action)} for {what}{f' in {where}' if where else ''}, until {one.expires}"
    approver = f" ({one.approver})" if one.approver else ""
    outcome = "it speaks of other files" if elsewhere else ""
    if not one.counts_on(day):
        outcome = "expired" if one.approved else "only asked for: it has no effect"
    return Entry(f"{text}: {one.reason}{approver}", one.layer, one.source, not outcome, outcome)


def _repos(policy: Policy, _: date) -> Iterator[Entry]:
    for one in policy.repos:
        parts = [f"{glob}: {plain(level)}" for glob, level in one.within]
        within = f" (within: {', '.join(parts)})" if parts else ""
        yield Entry(
            f"{plain(one.classification)}: {matcher_of(one.remotes, one.roots, one.paths)}{within}",
            one.layer,
            one.source,
        )


def _terms(policy: Policy, _: date) -> Iterator[Entry]:
    """The terms by their ids: what they look for is itself not to be told."""
    for term in (term for own in policy.own for term in own.terms):
        texts = f"{len(term.texts)} text{'' if len(term.texts) == 1 else 's'}"
        yield Entry(f"{term.id}: {term.title}, {'an expression' if term.pattern else texts}", term.layer, term.source)


def _rules(policy: Policy, _: date) -> Iterator[Entry]:
    for rule in (rule for own in policy.own for rule in own.rules):
        yield Entry(f"{rule.id}: {rule.title}, {rule.category.value}", "", rule.source)


def _allows(policy: Policy, day: date) -> Iterator[Entry]:
    for one in policy.allows:
        until = f" until {one.expires}" if one.expires else ""
        counts = one.counts_on(day)
        yield Entry(f"{one.name}{until}: {one.reason}", one.layer, one.source, counts, "" if counts else "expired")


def _exceptions(policy: Policy, day: date) -> Iterator[Entry]:
    return (exception_entry(one, day) for one in policy.exceptions)


def _sets(policy: Policy, _: date) -> Iterator[Entry]:
    for claim in policy.claims:
        if claim.key.startswith(SET):
            yield Entry(f"{claim.key.removeprefix(SET)} = {plain(claim.value)}", claim.layer, claim.source)


def _excluded(policy: Policy, _: date) -> Iterator[Entry]:
    for glob in policy.exclude:
        yield Entry(glob.glob, glob.layer, glob.source)


def _required(policy: Policy, _: date) -> Iterator[Entry]:
    for guard, source in policy.required.items():
        yield Entry(guard, "", source)


def _files(named: Callable[[Policy], Sequence[FileReference | None]]) -> _Entries:
    def entries(policy: Policy, _: date) -> Iterator[Entry]:
        for one in named(policy):
            if one is not None:
                yield Entry(one.path, one.layer, one.source)

    return entries


_ENTRIES: Mapping[str, _Entries] = {
    "repo": _repos,
    "term": _terms,
    "rule": _rules,
    "allow": _allows,
    "exception": _exceptions,
    "scan.exclude": _excluded,
    "detect.set": _sets,
    "editor.required": _required,
    "detect.detect_secrets.baseline": _files(lambda policy: (policy.baseline,)),
    "detect.detect_secrets.plugins": _files(lambda policy: policy.plugins),
    "detect.presidio.recognizers": _files(lambda policy: (policy.recognizers,)),
}
