"""JSON Schema (draft-07) of `tightlip.toml`, made from the words the reader knows; editors complete and check with it.

python -m tightlip.policy.schema FILE    write it
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tightlip.policy.model import EDITOR_GUARDS
from tightlip.policy.read import ACTIONS, CATEGORIES, CLASSES, CONFIDENCES, SEVERITIES
from tightlip.policy.sets import SETS

Schema = dict[str, Any]

_CATEGORY_NAMES = {
    "secret": "Secrets: vendor tokens, private keys, passwords.",
    "pii": "Personal data: names, addresses, identifiers of people.",
    "term": "The organisation's own words.",
}


def policy_schema() -> Schema:
    """The schema of a policy file."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "tightlip policy",
        "description": "What may go to an AI assistant: restricted repositories, actions, excludes, allowed values.",
        **_object(
            {
                "defaults": _object(
                    {"class": _words(CLASSES, "Class of repositories that no [[repo]] names.")},
                    "What holds where nothing else is said.",
                ),
                "class": _object(
                    {
                        name: _object({"share": _action("What is done when a file of this class is about to leave.")})
                        for name in CLASSES
                    },
                    "What each class of files may do.",
                ),
                "detect": _detect(),
                "inline": _object(
                    {"allow": {"type": "boolean", "description": "Whether allow comments in the text count."}},
                    "Comments of the form `tightlip: allow[rule] reason`.",
                ),
                "editor": _object(
                    {
                        "required": {
                            "description": "Guards of the editor that nobody may switch off.",
                            **_one_or_more({"enum": list(EDITOR_GUARDS)}),
                        }
                    },
                    "What an editor does when text is about to leave.",
                ),
                "scan": _object({"exclude": _globs("Files that are not looked at.")}, "What is looked at."),
                "repo": {"description": "A repository and its class.", "type": "array", "items": _repo()},
                "allow": {
                    "description": "A value, or a rule in some files, that a person has looked at and allows.",
                    "type": "array",
                    "items": _allow(),
                },
            }
        ),
    }


def _detect() -> Schema:
    categories = {
        name: _object(
            {
                "action": _action("What is done about findings of this category."),
                "min_confidence": _words(CONFIDENCES, "Findings that are less sure are not reported."),
            },
            _CATEGORY_NAMES[name],
        )
        for name in CATEGORIES
    }
    rule = _object(
        {
            "action": _action("What is done about findings of this rule."),
            "severity": _words(SEVERITIES, "How loud an editor shows them."),
        }
    )
    return _object(
        {
            **categories,
            "rule": {
                "description": "What is different for one rule; `tightlip rules list` names them.",
                "type": "object",
                "additionalProperties": rule,
            },
            "set": _object(
                dict.fromkeys(SETS, rule),
                "What is different for all rules of a named set: pci, hipaa, gdpr, soc2.",
            ),
            "detect_secrets": _object({"baseline": _file("A .secrets.baseline of detect-secrets.")}),
            "presidio": _object({"recognizers": _file("A recognizers.yaml of presidio-analyzer.")}),
        },
        "What is done about findings.",
    )


def _repo() -> Schema:
    match = _object(
        {
            "remote": _globs("Addresses of the repository, as in github.com/acme/pay; * stands for one part."),
            "path": _globs("Folders, counted from this file."),
        },
        "Which repository; without it, the one this file lies in.",
    )
    return _object(
        {
            "match": match,
            "class": _words(CLASSES, "Its class."),
            "paths": {
                "description": "Other classes for parts of it.",
                "type": "object",
                "additionalProperties": _words(CLASSES, "Class of the files this glob names."),
            },
            "owner": _text("Who is responsible."),
            "contact": _text("Whom to ask; shown in the warning."),
            "allowed": _text("Which way is allowed, one sentence; shown in the warning."),
        }
    )


def _allow() -> Schema:
    return {
        **_object(
            {
                "fingerprint": _text("Fingerprint of the value; the editor's action writes it."),
                "rule": _text("Id of the rule."),
                "path": _text("Glob of the files."),
                "reason": _text("Why it is allowed."),
                "expires": {"description": "Last day on which it counts, as in 2027-01-31."},
            }
        ),
        "required": ["reason"],
        "anyOf": [{"required": ["fingerprint"]}, {"required": ["rule", "path"]}],
    }


def _object(properties: Mapping[str, Schema], description: str = "") -> Schema:
    told: Schema = {"description": description} if description else {}
    return {**told, "type": "object", "additionalProperties": False, "properties": dict(properties)}


def _action(description: str) -> Schema:
    return _words(ACTIONS, description)


def _words(words: Iterable[str], description: str) -> Schema:
    return {"description": description, "enum": list(words)}


def _text(description: str) -> Schema:
    return {"description": description, "type": "string", "minLength": 1}


def _file(description: str) -> Schema:
    return _text(f"{description} In this folder or below it.")


def _globs(description: str) -> Schema:
    return {"description": description, **_one_or_more({"type": "string", "minLength": 1})}


def _one_or_more(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "items": item}]}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(policy_schema(), indent=2) + "\n", encoding="utf-8")
