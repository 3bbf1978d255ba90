"""Completion in a policy file: tables, keys, words, rule ids; by what stands before the cursor, however broken the rest is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import cast

from lsprotocol import types as lsp

from tightlip.detect.ruleset import builtin_ruleset
from tightlip.editor.documents import OpenDocument
from tightlip.editor.policy_hover import SET_TITLES
from tightlip.editor.policy_place import Schema, names_of, properties_of, root_of, schema, schema_at, words_of
from tightlip.finding import Span
from tightlip.policy.load import MAX_SIZE
from tightlip.syntax.toml_tokens import Cursor, Kind, cursor_at

_RULES = ("detect", "rule")
_ENTITIES = "detect.pii.entities"


def policy_completions(document: OpenDocument, offset: int) -> list[lsp.CompletionItem]:
    """What can stand at an offset (code points) of a policy file."""
    if len(document.text) > MAX_SIZE:
        return []
    cursor = cursor_at(document.text, offset)
    if cursor is None:
        return []
    offered = {Kind.TABLE: _tables, Kind.KEY: _keys, Kind.VALUE: _values}[cursor.kind](cursor, document.uri)
    place = document.lined.range(Span(cursor.start, offset))
    return [
        lsp.CompletionItem(label, kind=kind, detail=told or None, text_edit=lsp.TextEdit(place, new), filter_text=label)
        for label, kind, told, new in offered
    ]


_Offered = Iterable[tuple[str, lsp.CompletionItemKind, str, str]]
"""Label, kind, description, and what is written."""


def _tables(cursor: Cursor, uri: str) -> _Offered:
    """Tables, by what follows the last dot."""
    root = root_of(uri)
    if cursor.written[: len(root)] != root:
        rest = root[len(cursor.written) :] if root[: len(cursor.written)] == cursor.written else ()
        if rest and not cursor.repeated:
            yield ".".join(rest), lsp.CompletionItemKind.Module, str(schema()["description"]), ".".join(rest)
        return
    done = cursor.written[len(root) :]
    if done == _RULES and not cursor.repeated:
        for rule, title in titles():
            yield rule, lsp.CompletionItemKind.Value, title, rule
        return
    before = "".join(f"{part}." for part in done)
    for name, told, is_array in _headers():
        if is_array is cursor.repeated and name.startswith(before):
            rest = name[len(before) :]
            yield rest, lsp.CompletionItemKind.Module, told, rest


@cache
def _headers() -> tuple[tuple[str, str, bool], ...]:
    """Every table of the schema with a name of its own, what it is for, and whether it is written `[[so]]`."""

    def walk(found: Schema, path: str) -> Iterator[tuple[str, str, bool]]:
        for name, inner in properties_of(found).items():
            full, told = f"{path}.{name}" if path else name, str(inner.get("description", ""))
            if inner.get("type") == "array":
                yield full, told, True
                yield from walk(cast("Schema", inner["items"]), full)
            elif inner.get("type") == "object":
                yield full, SET_TITLES.get(name, told) if path == "detect.set" else told, False
                yield from walk(inner, full)

    return tuple(walk(schema(), ""))


def _keys(cursor: Cursor, uri: str) -> _Offered:
    names = names_of(cursor.path, uri)
    found = schema_at(names) if names is not None else None
    if names is None or found is None:
        return
    assign = "" if cursor.quote else " = "
    if names == _RULES:
        for rule, title in titles():
            yield rule, lsp.CompletionItemKind.Property, title, rule + assign
    for name, inner in properties_of(found).items():
        if name not in cursor.known and (names or inner.get("type") not in ("object", "array")):
            yield name, lsp.CompletionItemKind.Property, str(inner.get("description", "")), name + assign


def _values(cursor: Cursor, uri: str) -> _Offered:
    names = names_of(cursor.path, uri)
    found = schema_at(names) if names else None
    if not names or found is None:
        return
    words: Iterable[tuple[str, str]] = [(word, "") for word in words_of(found)]
    bare = found.get("type") == "boolean"
    if names[-1] == "rule" and names[0] in ("allow", "exception"):
        words = titles()
    elif ".".join(names) == _ENTITIES:
        words = _entities()
    for word, told in words:
        if word not in cursor.known and not (bare and cursor.quote):
            yield word, lsp.CompletionItemKind.Value, told, word if cursor.quote or bare else f'"{word}"'


def titles() -> list[tuple[str, str]]:
    """Ids and titles of the rules."""
    return sorted((rule.id, rule.title) for rule in builtin_ruleset().rules)


@cache
def _entities() -> tuple[tuple[str, str], ...]:
    """Kinds of personal data, each with the title of a rule that finds it."""
    return tuple(sorted({rule.entity: rule.title for rule in builtin_ruleset().rules if rule.entity}.items()))
