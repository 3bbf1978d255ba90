"""Hover in a policy file: what a key means, what it may say, what holds here and who says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import cast

from attrs import frozen

from tightlip.detect.rule import Rule
from tightlip.editor.documents import OpenDocument
from tightlip.editor.policy_place import Outline, Place, is_policy, names_of, outline, schema_at, words_of
from tightlip.finding import Category, Classification, RuleId, Span
from tightlip.guard import Guard
from tightlip.policy.draft import Draft
from tightlip.policy.keys import EVERY, KEYS, LISTS, Key
from tightlip.policy.known import category_of, known_rules
from tightlip.policy.model import Layer, Policy, Setting
from tightlip.policy.table import shown
from tightlip.syntax.toml_tokens import Kind, Token

SET_TITLES = {
    "pci": "Cardholder and sensitive authentication data (PCI DSS)",
    "hipaa": "The identifiers of HIPAA's safe harbour, and health conditions",
    "gdpr": "All personal data (GDPR)",
    "soc2": "Personal information of SOC 2's Privacy criteria",
}
_WHOSE = {Layer.ORG.label: "the organisation", Layer.USER.label: "the user", Layer.REPO.label: "the repository"}


@frozen
class Told:
    """What is told of a place: paragraphs, in which words that stand in a file are quoted with backticks."""

    span: Span
    paragraphs: tuple[str, ...]


def policy_hover(document: OpenDocument, guard: Guard, offset: int) -> Told | None:
    """What the key or rule at an offset (code points) of a policy file means and does; None where there is nothing to say."""
    if not is_policy(document, guard):
        return None
    shape = outline(document.lined)
    token = shape.at(offset)
    names = names_of(token.path, document.uri) if token is not None else None
    if token is None or not names:
        return None
    rule = _rule_named(token, names, guard)
    if rule is not None:
        return Told(token.span, tuple(_of_rule(rule)))
    if names[:2] == ("detect", "set") and len(names) == 3 and names[2] in SET_TITLES:
        return Told(token.span, (f"**`{names[2]}`**", f"{SET_TITLES[names[2]]}."))
    path = document.path
    draft = guard.draft(path, document.text) if path is not None else None
    paragraphs = [*_of_key(names)]
    if paragraphs and draft is not None:
        paragraphs += _holds(names, guard.ruleset.categories, draft.policy)
        paragraphs += _refused(token.path, names, draft, shape)
    return Told(token.span, tuple(paragraphs)) if paragraphs else None


def _rule_named(token: Token, names: Sequence[str], guard: Guard) -> Rule | None:
    if names[:2] == ("detect", "rule") and len(names) == 3:
        return guard.ruleset.by_id.get(names[2])
    if token.kind is Kind.VALUE and names[-1] == "rule" and names[0] in ("allow", "exception"):
        return guard.ruleset.by_id.get(token.text)
    return None


def _of_rule(rule: Rule) -> Iterator[str]:
    yield f"**{rule.title}**"
    entity = f", {rule.entity}" if rule.entity else ""
    yield f"Rule `{rule.id}`: {_CATEGORIES[rule.category]}{entity}; severity {rule.severity.name.lower()}."
    if rule.criteria:
        yield f"SOC 2 criteria: {', '.join(rule.criteria)}"


_CATEGORIES = {
    Category.SECRET: "a secret",
    Category.PII: "personal data",
    Category.TERM: "the organisation's own words",
    Category.RESTRICTED: "restricted code",
}


def _of_key(names: tuple[str, ...]) -> Iterator[str]:
    name = ".".join(names)
    key = KEYS.get(name)
    found = schema_at(names)
    if found is None:
        return
    yield f"**`{shown(name)}`**"
    if key is not None:
        yield key.description
    elif name in LISTS:
        yield LISTS[name][0]
    elif found.get("description"):
        yield str(found["description"])
    words = words_of(found)
    if words:
        yield f"One{' or more' if key is not None and key.is_list else ''} of {', '.join(f'`{word}`' for word in words)}."
    if key is not None:
        yield f"Default: {_value(key, key.default)}.  \nIn layers: {key.direction.value}."
    elif name in LISTS:
        yield f"In layers: {LISTS[name][1].value}."


def _holds(names: tuple[str, ...], categories: Mapping[RuleId, Category], policy: Policy) -> Iterator[str]:
    """What a key comes to in the end, and who says so."""
    key = KEYS.get(".".join(names))
    setting, why = _in_force(names, key, policy, categories)
    if setting is not None:
        yield f"Here: {_value(key, setting.value)}, {_who(setting)}{why}."


def _refused(path: Place, names: tuple[str, ...], draft: Draft, shape: Outline) -> Iterator[str]:
    """Why the line under the cursor has no part in it, where it has none."""
    name = shape.name(path)
    if name is None:
        return
    line = shape.lined.starts.line_at(name.span.start) + 1
    for claim in draft.policy.claims:
        if claim.key == ".".join(names) and claim.source == f"{draft.name}:{line}" and claim.ignored:
            yield f"**This line does not count**: {claim.ignored.removeprefix('ignored: ')}."
            return


def _in_force(
    names: tuple[str, ...], key: Key | None, policy: Policy, categories: Mapping[RuleId, Category]
) -> tuple[Setting[object] | None, str]:
    """What a key comes to in the end, and what besides it had a part in that."""
    if key is not None and names[0] == "class":
        level = Classification[names[1].upper()]
        setting = policy.share_action(level) if names[2] == "share" else policy.copied_action(level)
        lower = setting is not policy.settings[key.name]
        return setting, " for a lower class, which no higher one may undercut" if lower else ""
    if key is not None and names[-1] == "fixtures":
        return policy.rule_action("", Category(names[1]), fixture=True), ""
    if key is not None:
        return policy.settings[key.name], ""
    if names[:2] == ("detect", "rule") and len(names) == 4:
        rule = policy.rules.get(names[2])
        if names[3] == "severity":
            return rule.severity if rule is not None else None, ""
        if names[3] == "action":
            category = category_of(names[2], known_rules(categories, policy.own))
            return policy.rule_action(names[2], category), ""
    return None, ""


def _who(setting: Setting[object]) -> str:
    if not setting.source:
        return "the built-in default"
    return f"set by {_WHOSE.get(setting.layer, setting.layer)} ({setting.source})"


def _value(key: Key | None, value: object) -> str:
    if key is not None and key.is_list:
        return (
            "all"
            if value is EVERY
            else ", ".join(f"`{word}`" for word in sorted(cast("frozenset[str]", value))) or "none"
        )
    if value is None:
        return "as elsewhere"
    if isinstance(value, Enum):
        return f"`{value.name.lower()}`"
    return f"`{str(value).lower()}`"
