"""The rules a policy may speak of: the built-in ones, the deep lane's, and those of all files of the stack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from tightlip.errors import PolicyError
from tightlip.finding import Category, RuleId
from tightlip.policy.model import OwnEntries, Policy
from tightlip.policy.sets import DEEP
from tightlip.policy.table import did_you_mean, shown

_MOST = 100
"""Rules that are not known after which none is compared with all that are, for that takes some milliseconds each."""


class Mention(NamedTuple):
    """A rule that a file names, and where."""

    rule: RuleId
    file: str
    line: int
    column: int
    path: tuple[str | int, ...]
    """The keys that lead to it."""
    on_key: bool
    """Whether it is the last of them."""
    elsewhere: bool
    """Whether it may be a rule of another repository: where the organisation or the user lets through what it finds."""


def known_rules(categories: Mapping[RuleId, Category], own: Iterable[OwnEntries]) -> dict[RuleId, Category]:
    """All rules that may be named, with what they find. `categories` are the built-in ones, `own` those of policy files."""
    from tightlip.detect.deep.catalog import deep_rules  # only a name that is not built in needs it

    known = dict.fromkeys(DEEP, Category.PII)
    known |= {rule.id: rule.category for rule in deep_rules()}
    for entries in own:
        known |= dict.fromkeys((term.id for term in entries.terms), Category.TERM)
        known |= {rule.id: rule.category for rule in entries.rules}
    return {**known, **categories}


def category_of(rule: RuleId, known: Mapping[RuleId, Category]) -> Category:
    """What a rule finds; one that is not known is taken for the deep lane's where it is called so, else for a secret's."""
    return known.get(rule, Category.PII if rule.startswith(_PRESIDIO) else Category.SECRET)


def may_be_of_a_file(rule: RuleId, policy: Policy) -> bool:
    """Whether it may be a rule of the recognizers or plugins that a policy names, which only the deep lane reads."""
    if rule.startswith(_DETECT_SECRETS):
        return bool(policy.plugins or policy.baseline)
    return rule.startswith(_PRESIDIO) and policy.recognizers is not None


def unknown_rules(
    mentions: Iterable[Mention], categories: Mapping[RuleId, Category], policy: Policy
) -> Iterator[PolicyError]:
    """A problem for every rule that is named and not known, but called nearly as one that is. What names it counts all
    the same; another may be of a later version.

    `categories` are the built-in rules (none: nothing is said), `policy` has those of the files.
    """
    asked = [one for one in mentions if one.rule not in categories]
    if not asked or not categories:
        return
    known = known_rules(categories, policy.own)
    names = tuple(known)
    unknown = [one for one in asked if one.rule not in known and not may_be_of_a_file(one.rule, policy)]
    for one in unknown[:_MOST]:
        if near := did_you_mean(one.rule, names):
            yield PolicyError(
                f'unknown rule "{shown(one.rule)}"{near}',
                file=one.file,
                line=one.line,
                column=one.column,
                path=one.path,
                word=one.rule,
                on_key=one.on_key,
            )


_PRESIDIO = "presidio-"
_DETECT_SECRETS = "detect-secrets-"
