"""JSON Schema of `[[term]]` and `[[rule]]`, for `tightlip.policy.schema`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tightlip.detect.linear import LONGEST
from tightlip.detect.terms import LONGEST_TEXT
from tightlip.finding import Action, Confidence, Severity
from tightlip.policy.read_custom import RULE_CATEGORIES
from tightlip.redact.synthetic import KINDS

Schema = dict[str, Any]

_ID = "^[a-z0-9]+(-[a-z0-9]+)*$"
_UPPER = "^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$"
_SYNTAX = "RE2's syntax: no look-around, no backreferences; (?P<value>...) marks what is to be redacted."


def term_schema() -> Schema:
    """The schema of one `[[term]]`."""
    texts = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
    return {
        **_object(
            {
                "id": _id("Name of the entry in warnings and exceptions; it must not say the term."),
                "text": {
                    "description": "Customers, code names, host names. Case, and what joins several words, do not matter.",
                    "anyOf": [texts, {"type": "array", "minItems": 1, "items": texts}],
                },
                "pattern": _pattern("A regular expression instead of texts."),
                "title": _text("What it is called in warnings; it must not say the term."),
                "placeholder": _upper("Type of the placeholder: CUSTOMER becomes TL_CUSTOMER_7F3K2Q."),
                "action": _words(Action, "What is done about it at least."),
                "case": _flag("Whether upper and lower case differ; without it they do not."),
                "word": _flag("Whether a text counts only where it is no part of a longer word; without it, it does."),
                "owner": _text("Who is responsible."),
                "contact": _text("Whom to ask; shown in the warning."),
                "reason": _text("Why it must not leave."),
            },
            "A word of the organisation's own that must not leave.",
        ),
        "oneOf": [{"required": ["text"]}, {"required": ["pattern"]}],
    }


def rule_schema() -> Schema:
    """The schema of one `[[rule]]`."""
    return {
        **_object(
            {
                "id": _id("Name of the rule; that of a built-in rule is taken."),
                "title": _text("What it finds, as a person says it."),
                "category": {"description": "What kind of thing it finds.", "enum": list(RULE_CATEGORIES)},
                "severity": _words(Severity, "How loud an editor shows it."),
                "confidence": _words(Confidence, "How sure it is."),
                "placeholder": _upper("Type of the placeholder: BADGE becomes TL_BADGE_7F3K2Q."),
                "entity": _upper("Presidio's name for personal data, as in EMAIL_ADDRESS."),
                "pattern": _pattern("What a value looks like."),
                "gate": _text("Not needed here: the whole pattern is looked for."),
                "window": {"description": "Not needed here.", "type": "integer", "minimum": 1, "maximum": 65536},
                "fields": _list("Names of fields that hold such a value, in snake_case."),
                "value": _pattern("What the whole value of such a field looks like."),
                "validators": _list("Checks that must all pass, as in luhn or entropy>=3.2."),
                "checksum": _text("A check that makes a finding sure."),
                "keywords": _list("Words, one of which must stand near the value."),
                "advice": _text("What to do when it was ever sent, one sentence."),
                "revoke": _text("Page where it can be revoked or rotated."),
                "references": _list("Pages the format is taken from."),
                "criteria": _list("SOC 2 criteria it serves, as in CC6.1."),
                "synthetic": {"description": "Kind of value that may stand in.", "enum": sorted(KINDS)},
                "matches": _list("Texts that must be found once each; {digits:6} and the like are filled in."),
                "misses": _list("Texts that must not be found."),
            },
            "A detector of the organisation's own, with the keys of a rule file.",
        ),
        "required": ["category"],
        "anyOf": [{"required": ["pattern"]}, {"required": ["fields"]}],
    }


def _object(properties: Schema, description: str) -> Schema:
    return {"description": description, "type": "object", "additionalProperties": False, "properties": properties}


def _text(description: str) -> Schema:
    return {"description": description, "type": "string", "minLength": 1}


def _id(description: str) -> Schema:
    return {"description": description, "type": "string", "pattern": _ID}


def _upper(description: str) -> Schema:
    return {"description": description, "type": "string", "pattern": _UPPER, "maxLength": 40}


def _pattern(description: str) -> Schema:
    return {"description": f"{description} {_SYNTAX}", "type": "string", "minLength": 1, "maxLength": LONGEST}


def _flag(description: str) -> Schema:
    return {"description": description, "type": "boolean"}


def _list(description: str) -> Schema:
    one = {"type": "string", "minLength": 1}
    return {"description": description, "anyOf": [one, {"type": "array", "items": one}]}


def _words(words: Iterable[Action | Severity | Confidence], description: str) -> Schema:
    return {"description": description, "enum": [word.name.lower() for word in words]}
