"""textDocument/completion: tables, keys and words of `tightlip.toml`, and rule ids where one is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from lsprotocol import types as lsp

from tightlip.detect.ruleset import builtin_ruleset
from tightlip.editor.checked import Checked
from tightlip.editor.session import Session
from tightlip.editor.uris import name_of
from tightlip.policy.load import NAME
from tightlip.policy.schema import policy_schema

Schema = Mapping[str, Any]

_ALLOW = re.compile(r"tightlip:\s*allow\[(?:[\w-]+\s*,\s*)*([\w-]*)$")
_HEADER = re.compile(r"^\s*(\[\[?)([\w.\"-]*)$")
_KEY = re.compile(r"^\s*([\w-]*)$")
_VALUE = re.compile(r"^\s*([\w-]+)\s*=\s*(?:\[.*?)?([\"']?)([\w-]*)$")
_TABLE = re.compile(r"^\s*\[\[?\s*([\w.\" -]+?)\s*\]\]?\s*(?:#.*)?$")
_SET_KEY = re.compile(r"^\s*([\w-]+)\s*=")
_RULE = "rule"


async def completions(session: Session, params: lsp.CompletionParams) -> list[lsp.CompletionItem]:
    """What can stand here; nothing in other texts but in an allow comment."""
    uri = params.text_document.uri
    document = session.documents.get(uri)
    if document is None:
        return []
    lined = document.lined
    place = lined.offset(params.position.line, params.position.character)
    start = lined.offset(params.position.line, 0)
    before = lined.text[start:place]
    allow = _ALLOW.search(before)
    if allow is not None:
        return await session.worker.run(_rules, await session.checked(uri))
    if name_of(uri) != NAME:
        return []
    above = re.split(r"\r\n|\n|\r", lined.text[:start])
    return await session.worker.run(_of_policy, before, above)


def _of_policy(before: str, above: Sequence[str]) -> list[lsp.CompletionItem]:
    if (header := _HEADER.match(before)) is not None:
        return _tables(repeated=header[1] == "[[", written=header[2])
    path, keys = _table_above(above)
    if (value := _VALUE.match(before)) is not None:
        return _words(path, value[1], quoted=bool(value[2]))
    if _KEY.match(before) is not None:
        return _keys(path, keys)
    return []


def _tables(*, repeated: bool, written: str) -> list[lsp.CompletionItem]:
    """Table headers; what follows the last dot is offered, for that is the word an editor replaces."""
    done = written.rpartition(".")[0]
    items: dict[str, lsp.CompletionItem] = {}
    for name, description, is_array in _headers():
        if is_array is repeated and name.startswith(f"{done}." if done else ""):
            rest = name[len(done) + 1 :] if done else name
            items[rest] = _item(rest, lsp.CompletionItemKind.Module, description)
    if not repeated and done == "detect.rule":
        return [_item(rule, lsp.CompletionItemKind.Value, title) for rule, title in _titles()]
    return list(items.values())


@cache
def _headers() -> tuple[tuple[str, str, bool], ...]:
    """Every table of the schema with a name of its own, what it is for, and whether it is written `[[so]]`."""
    found: list[tuple[str, str, bool]] = []

    def walk(schema: Schema, path: str) -> None:
        for name, inner in cast("Mapping[str, Schema]", schema.get("properties", {})).items():
            full = f"{path}.{name}" if path else name
            described = str(inner.get("description", ""))
            if inner.get("type") == "array":
                found.append((full, described, True))
            elif inner.get("type") == "object":
                found.append((full, described, False))
                walk(inner, full)

    walk(policy_schema(), "")
    return tuple(found)


def _table_above(lines: Sequence[str]) -> tuple[tuple[str, ...], set[str]]:
    """The table a line lies in, and the keys it has already."""
    keys: set[str] = set()
    for line in reversed(lines):
        if (table := _TABLE.match(line)) is not None:
            return tuple(part.strip().strip('"') for part in table[1].split(".")), keys
        if (key := _SET_KEY.match(line)) is not None:
            keys.add(key[1])
    return (), keys


def _keys(path: Sequence[str], known: set[str]) -> list[lsp.CompletionItem]:
    properties = cast("Mapping[str, Schema]", (_at(path) or {}).get("properties", {}))
    return [
        _item(name, lsp.CompletionItemKind.Property, str(inner.get("description", "")), f"{name} = ")
        for name, inner in properties.items()
        if name not in known and (path or inner.get("type") not in ("object", "array"))
    ]


def _words(path: Sequence[str], key: str, *, quoted: bool) -> list[lsp.CompletionItem]:
    schema = _at((*path, key))
    if schema is None:
        return []
    if key == _RULE and path[:1] == ("allow",):
        return [_quoted(rule, title, quoted) for rule, title in _titles()]
    if schema.get("type") == "boolean":
        return [_item(word, lsp.CompletionItemKind.Value, "") for word in ("true", "false")]
    one = next(iter(cast("Sequence[Schema]", schema.get("anyOf", ()))), schema)
    return [_quoted(word, "", quoted) for word in cast("Sequence[str]", one.get("enum", ()))]


def _at(path: Sequence[str]) -> Schema | None:
    """The schema of a table or key; inside of an array, that of its entries."""
    schema: Schema = policy_schema()
    for part in path:
        properties = cast("Mapping[str, Schema]", schema.get("properties", {}))
        inner = properties.get(part, schema.get("additionalProperties"))
        if not isinstance(inner, Mapping):
            return None
        schema = cast("Schema", inner)
        if schema.get("type") == "array":
            schema = cast("Schema", schema["items"])
    return schema


def _rules(checked: Checked | None) -> list[lsp.CompletionItem]:
    """Rule ids; those with findings in the document come first."""
    here = {finding.rule for finding in checked.findings} if checked is not None else set[str]()
    return [
        _item(rule, lsp.CompletionItemKind.Value, title, sort=f"{'0' if rule in here else '1'}{rule}")
        for rule, title in _titles()
    ]


def _titles() -> Iterable[tuple[str, str]]:
    return sorted((rule.id, rule.title) for rule in builtin_ruleset().rules)


def _quoted(word: str, description: str, quoted: bool) -> lsp.CompletionItem:
    return _item(word, lsp.CompletionItemKind.Value, description, word if quoted else f'"{word}"')


def _item(
    label: str, kind: lsp.CompletionItemKind, description: str, insert: str | None = None, sort: str | None = None
) -> lsp.CompletionItem:
    return lsp.CompletionItem(label, kind=kind, detail=description or None, insert_text=insert, sort_text=sort)
