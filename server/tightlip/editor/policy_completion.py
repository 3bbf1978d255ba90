"""Completion in a policy file: tables, keys, words, rule ids; by what stands before the cursor, however broken the rest is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import cast

from lsprotocol import types as lsp

from tightlip.detect.ruleset import builtin_ruleset
from tightlip.editor.documents import OpenDocument
from tightlip.editor.policy_hover import SET_TITLES
from tightlip.editor.policy_place import Schema, names_of, outline, properties_of, root_of, schema, schema_at, words_of
from tightlip.finding import Span
from tightlip.guard import Guard
from tightlip.policy.known import known_rules
from tightlip.policy.load import MAX_SIZE
from tightlip.policy.model import Policy
from tightlip.syntax.toml_tokens import Cursor, Kind, cursor_at

_RULES = ("detect", "rule")
_ENTITIES = "detect.pii.entities"


def policy_completions(document: OpenDocument, guard: Guard | None, offset: int) -> list[lsp.CompletionItem]:
    """What can stand at an offset (code points) of a policy file; without a guard, only this file's own rules are offered
    beside those that always exist."""
    if len(document.text) > MAX_SIZE:
        return []
    cursor = cursor_at(document.text, offset)
    if cursor is None:
        return []
    offers = {Kind.TABLE: _tables, Kind.KEY: _keys, Kind.VALUE: _values}[cursor.kind]
    offered = offers(cursor, document.uri, partial(_rules, document, guard))
    place = document.lined.range(Span(cursor.start, offset))
    return [
        lsp.CompletionItem(label, kind=kind, detail=told or None, text_edit=lsp.TextEdit(place, new), filter_text=label)
        for label, kind, told, new in offered
    ]


_Offered = Iterable[tuple[str, lsp.CompletionItemKind, str, str]]
"""Label, kind, description, and what is written."""
_Rules = Callable[[], "list[tuple[str, str]]"]
"""Gives ids and titles of the rules that can be named here."""


def _tables(cursor: Cursor, uri: str, rules: _Rules) -> _Offered:
    """Tables, by what follows the last dot."""
    root = root_of(uri)
    if cursor.written[: len(root)] != root:
        rest = root[len(cursor.written) :] if root[: len(cursor.written)] == cursor.written else ()
        if rest and not cursor.repeated:
            yield ".".join(rest), lsp.CompletionItemKind.Module, str(schema()["description"]), ".".join(rest)
        return
    done = cursor.written[len(root) :]
    if done == _RULES and not cursor.repeated:
        for rule, title in rules():
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


def _keys(cursor: Cursor, uri: str, rules: _Rules) -> _Offered:
    names = names_of(cursor.path, uri)
    found = schema_at(names) if names is not None else None
    if names is None or found is None:
        return
    assign = "" if cursor.quote else " = "
    if names == _RULES:
        for rule, title in rules():
            yield rule, lsp.CompletionItemKind.Property, title, rule + assign
    for name, inner in properties_of(found).items():
        if name not in cursor.known and (names or inner.get("type") not in ("object", "array")):
            yield name, lsp.CompletionItemKind.Property, str(inner.get("description", "")), name + assign


def _values(cursor: Cursor, uri: str, rules: _Rules) -> _Offered:
    names = names_of(cursor.path, uri)
    found = schema_at(names) if names else None
    if not names or found is None:
        return
    words: Iterable[tuple[str, str]] = [(word, "") for word in words_of(found)]
    bare = found.get("type") == "boolean"
    if names[-1] == "rule" and names[0] in ("allow", "exception"):
        words = rules()
    elif ".".join(names) == _ENTITIES:
        words = _entities()
    for word, told in words:
        if word not in cursor.known and not (bare and cursor.quote):
            yield word, lsp.CompletionItemKind.Value, told, word if cursor.quote or bare else f'"{word}"'


def titles(policy: Policy | None = None) -> dict[str, str]:
    """Titles of the rules by their ids, sorted: the built-in ones, the deep lane's, and those of a policy's files."""
    from tightlip.detect.deep.catalog import deep_rules

    found = dict.fromkeys(known_rules({}, policy.own if policy is not None else ()), "")
    found |= {rule.id: rule.title for rule in deep_rules()}
    for own in policy.own if policy is not None else ():
        found |= {one.id: one.title for one in (*own.terms, *own.rules)}
    found |= {rule.id: rule.title for rule in builtin_ruleset().rules}
    return dict(sorted(found.items()))


def _rules(document: OpenDocument, guard: Guard | None) -> list[tuple[str, str]]:
    """Those a policy file can name: of its own ones, those that stand in the text as it is."""
    shape = outline(document.lined)
    here: dict[str, str] = {}
    for token in shape.tokens:
        names = names_of(token.path, document.uri) if token.kind is Kind.VALUE else None
        if names in (("term", "id"), ("rule", "id")):
            title = shape.value((*token.path[:-1], "title"))
            here[token.text] = title.text if title is not None else ""
    known = titles(guard.policy_for(document.path) if guard is not None else None)
    return sorted({**here, **known}.items())


@cache
def _entities() -> tuple[tuple[str, str], ...]:
    """Kinds of personal data, each with the title of a rule that finds it."""
    return tuple(sorted({rule.entity: rule.title for rule in builtin_ruleset().rules if rule.entity}.items()))
