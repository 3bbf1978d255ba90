"""JSON Schema (draft-07) of `tightlip.toml`, made from the words the reader knows; editors complete and check with it.

python -m tightlip.policy.schema FILE    write it
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tightlip.policy.keys import ACTIONS, CLASSES, KEYS, LISTS, Key
from tightlip.policy.model import EDITOR_GUARDS
from tightlip.policy.read import SEVERITIES
from tightlip.policy.read_entries import CATEGORIES
from tightlip.policy.schema_custom import rule_schema, term_schema
from tightlip.policy.sets import SETS

Schema = dict[str, Any]

_TABLES = {
    "defaults": "What holds where nothing else is said.",
    "class": "What each class of files may do.",
    "detect": "What is done about findings.",
    "detect.secret": "Secrets: vendor tokens, private keys, passwords.",
    "detect.pii": "Personal data: names, addresses, identifiers of people.",
    "detect.term": "The organisation's own words.",
    "inline": "Comments of the form `tightlip: allow[rule] reason`.",
    "retention": "How long what is recorded is kept.",
}


def policy_schema() -> Schema:
    """The schema of a policy file."""
    schema: Schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "tightlip policy",
        "description": "What may go to an AI assistant: restricted repositories, actions, excludes, allowed values.",
        **_object({}),
    }
    for key in KEYS.values():
        table = _table(schema, key.path[:-1])
        table["properties"][key.path[-1]] = _key(key)
    rule = _object(
        {
            "action": _words(ACTIONS, "What is done about findings of this rule."),
            "severity": _words(SEVERITIES, "How loud an editor shows them."),
        }
    )
    detect: Schema = _table(schema, ("detect",))["properties"]
    detect["rule"] = {
        "description": "What is different for one rule; `tightlip rules list` names them.",
        "type": "object",
        "additionalProperties": rule,
    }
    detect["set"] = _object(
        dict.fromkeys(SETS, rule), "What is different for all rules of a named set: pci, hipaa, gdpr, soc2."
    )
    detect["detect_secrets"] = _object(
        {
            "baseline": _file(_told("detect.detect_secrets.baseline")),
            "plugins": {
                "description": _told("detect.detect_secrets.plugins"),
                **_one_or_more({"type": "string", "minLength": 1}),
            },
        }
    )
    detect["presidio"] = _object({"recognizers": _file(_told("detect.presidio.recognizers"))})
    properties: Schema = schema["properties"]
    properties["bundle"] = _bundle()
    properties["editor"] = _object(
        {"required": {"description": _told("editor.required"), **_one_or_more({"enum": list(EDITOR_GUARDS)})}},
        "What an editor does when text is about to leave.",
    )
    properties["scan"] = _object({"exclude": _globs(_told("scan.exclude"))}, "What is looked at.")
    entries = {
        "repo": _repo(),
        "term": term_schema(),
        "rule": rule_schema(),
        "allow": _allow(),
        "exception": _exception(),
    }
    for name, entry in entries.items():
        properties[name] = {"description": _told(name), "type": "array", "items": entry}
    return schema


def _told(name: str) -> str:
    return LISTS[name][0]


def _table(schema: Schema, path: tuple[str, ...]) -> Schema:
    """The schema of a table, which is made where it is not there yet."""
    for size, name in enumerate(path, 1):
        dotted = ".".join(path[:size])
        told = _TABLES.get(dotted) or f"Code of class {name}."
        schema = schema["properties"].setdefault(name, _object({}, told))
    return schema


def _key(key: Key) -> Schema:
    told = {"description": f"{key.description} In layers: {key.direction.value}."}
    item: Schema = {"enum": list(key.words)} if key.words else {"type": "string", "minLength": 1}
    if key.is_list:
        return {**told, **_one_or_more(item)}
    if key.words:
        return {**told, **item}
    return {**told, **({"type": "boolean"} if isinstance(key.default, bool) else {"type": "integer", "minimum": 0})}


def _bundle() -> Schema:
    day = {"description": "A day or a time with its offset, as in 2027-02-01T00:00:00Z."}
    return _object(
        {
            "id": _text("Name of the policy, the same in every revision."),
            "revision": {"description": "Number that only rises.", "type": "integer", "minimum": 0},
            "not_before": day,
            "expires": day,
            "incident_contact": _text("Whom to tell when something was sent that should not have been."),
        },
        _told("bundle"),
    )


def _repo() -> Schema:
    match = _object(
        {
            "remote": _globs("Addresses of the repository, as in github.com/acme/pay; * stands for one part."),
            "root": {
                "description": "Ids of root commits, whole or at least 12 digits of them.",
                **_one_or_more({"type": "string", "pattern": "^[0-9a-fA-F]{12,64}$"}),
            },
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
            "index": _file(
                "An index of its lines, as `tightlip index build` writes it: where they are copied is told."
            ),
            "index_key": _file("The key file the index was built with, where it does not hold its key."),
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


def _exception() -> Schema:
    scope = _object(
        {
            "rule": {"description": "Ids of rules.", **_one_or_more({"type": "string", "minLength": 1})},
            "category": {
                "description": "Categories; `restricted` is the class of the file.",
                **_one_or_more({"enum": list(CATEGORIES)}),
            },
            "remote": _globs("Repositories, as in github.com/acme/pay; without it, all."),
            "path": _globs("Files, from the root of their repository; without it, all."),
        },
        "What it speaks of.",
    )
    return {
        **_object(
            {
                "id": _text("Its name in reports."),
                "scope": scope,
                "action": _words(ACTIONS, "What is done instead; info, unless it says so."),
                "reason": _text("Why."),
                "approver": _text("Who approved it."),
                "expires": {"description": "Last day on which it counts, as in 2027-01-31."},
                "status": {"description": "`requested` has no effect.", "enum": ["approved", "requested"]},
            }
        ),
        "required": ["id", "scope", "reason", "expires"],
    }


def _object(properties: Mapping[str, Schema], description: str = "") -> Schema:
    told: Schema = {"description": description} if description else {}
    return {**told, "type": "object", "additionalProperties": False, "properties": dict(properties)}


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
