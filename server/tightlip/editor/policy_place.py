"""A policy file as a text in an editor: which documents are one, where its keys stand, what the schema says of a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import Any, cast

from attrs import frozen

from tightlip.editor.documents import LinedText, OpenDocument
from tightlip.editor.uris import name_of
from tightlip.finding import Span
from tightlip.guard import Guard
from tightlip.policy.load import MAX_SIZE, NAME, SHARED
from tightlip.policy.model import Layer
from tightlip.policy.schema import policy_schema
from tightlip.syntax.toml_tokens import Kind, Token, scan

Schema = Mapping[str, Any]
Place = tuple[str | int, ...]

_IN_PYPROJECT = ("tool", "tightlip")


def is_policy(document: OpenDocument, guard: Guard | None) -> bool:
    """Whether a document is a policy file, of whichever layer."""
    if document.notebook is not None or len(document.text) > MAX_SIZE:
        return False
    name = name_of(document.uri)
    if name == SHARED:
        return "tightlip" in document.text
    if name == NAME:
        return True
    return guard is not None and document.path is not None and guard.above.layer_of(document.path) is not Layer.REPO


def root_of(uri: str) -> tuple[str, ...]:
    """The table a policy file's own tables lie in: `[tool.tightlip]` in a `pyproject.toml`, else none."""
    return _IN_PYPROJECT if name_of(uri) == SHARED else ()


def names_of(path: Place, uri: str) -> tuple[str, ...] | None:
    """A place as the schema calls it: without the numbers of entries; None for one that is not tightlip's."""
    root = root_of(uri)
    if path[: len(root)] != root:
        return None
    return tuple(part for part in path[len(root) :] if isinstance(part, str))


@cache
def schema() -> Schema:
    """The schema of a policy file."""
    return policy_schema()


def schema_at(names: Sequence[str]) -> Schema | None:
    """The schema of a table or key; of an array, that of its entries."""
    found = schema()
    for name in names:
        inner = properties_of(found).get(name, found.get("additionalProperties"))
        if not isinstance(inner, Mapping):
            return None
        found = cast("Schema", inner)
        if found.get("type") == "array":
            found = {**cast("Schema", found["items"]), "description": found.get("description", "")}
    return found


def properties_of(found: Schema) -> Mapping[str, Schema]:
    """The keys of a table."""
    return cast("Mapping[str, Schema]", found.get("properties", {}))


def words_of(found: Schema) -> Sequence[str]:
    """The words a value may be, or one of a list of them."""
    one = next(iter(cast("Sequence[Schema]", found.get("anyOf", ()))), found)
    if one.get("type") == "boolean":
        return ("true", "false")
    return cast("Sequence[str]", one.get("enum", ()))


@frozen(eq=False)
class Outline:
    """The keys and values of a policy file, by their places."""

    lined: LinedText
    tokens: tuple[Token, ...]
    by_path: Mapping[Place, tuple[Token, ...]]
    by_line: Mapping[int, tuple[Token, ...]]
    """Lines count from 1."""

    @cached_property
    def _listed(self) -> Mapping[tuple[Place, str], Token]:
        """The strings of lists, each the first of its kind, by the list's place."""
        found: dict[tuple[Place, str], Token] = {}
        for token in self.tokens:
            if token.kind is Kind.VALUE and token.path and isinstance(token.path[-1], int):
                found.setdefault((token.path[:-1], token.text), token)
        return found

    def name(self, path: Place) -> Token | None:
        """The key or the last part of the header that a path leads to."""
        return next((token for token in self.by_path.get(path, ()) if token.kind is not Kind.VALUE), None)

    def value(self, path: Place) -> Token | None:
        """The value a path leads to."""
        return next((token for token in self.by_path.get(path, ()) if token.kind is Kind.VALUE), None)

    def word(self, path: Place, word: str) -> Token | None:
        """The string a value is, or the one of a list of them."""
        value = self.value(path)
        return value if value is not None and value.text == word else self._listed.get((path, word))

    def entry(self, line: int) -> Place | None:
        """The place of what stands first on a line."""
        found = self.by_line.get(line)
        if not found:
            return None
        headers = [token for token in found if token.kind is Kind.TABLE]
        return (headers[-1] if headers else found[0]).path

    def at(self, offset: int) -> Token | None:
        """The innermost key or value an offset lies in."""
        found = [token for token in self.tokens if token.span.start <= offset <= token.span.end]
        return min(found, key=lambda token: token.span.end - token.span.start, default=None)


def outline(lined: LinedText) -> Outline:
    """Read the outline of a text. Never raises."""
    by_path: dict[Place, list[Token]] = {}
    by_line: dict[int, list[Token]] = {}
    tokens = scan(lined.text)
    for token in tokens:
        by_path.setdefault(token.path, []).append(token)
        by_line.setdefault(lined.starts.line_at(token.span.start) + 1, []).append(token)
    return Outline(
        lined,
        tokens,
        {path: tuple(found) for path, found in by_path.items()},
        {line: tuple(found) for line, found in by_line.items()},
    )


def line_span(lined: LinedText, line: int, column: int = 1) -> Span:
    """What stands on a line (from 1) from a column on (from 1); where nothing does, the whole line."""
    index = min(max(line, 1), lined.line_count) - 1
    start, end = lined.starts[index], lined.line_end(index)
    place = min(start + max(column, 1) - 1, end)
    return Span(place, end) if place < end else Span(start, end)
