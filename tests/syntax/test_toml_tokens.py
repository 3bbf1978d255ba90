from __future__ import annotations

from collections.abc import Iterable

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from tightlip.syntax import toml_tokens
from tightlip.syntax.toml import parse_toml
from tightlip.syntax.toml_tokens import Cursor, Kind, cursor_at, scan

WHOLE = """\
[detect.secret]  # what is done
action = "warn"
phases = ["editor", 'cli']

[[repo]]
match = { remote = "github.com/acme/pay", path = ["a", "b"] }
paths."docs/**" = "internal"

[[repo]]
class = "restricted"
[repo.match]
root = [
  "aaaaaaaaaaaa",  # the first
  "bbbbbbbbbbbb",
]

[detect.rule."a-b"]
action = 'off'
expires = 2027-01-31
note = \"\"\"
[not.a.table]
action = 1
\"\"\"
"""


def leaves(value: object, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return set().union(*({(*path, k)} | leaves(v, (*path, k)) for k, v in value.items())) if value else set()
    if isinstance(value, list):
        return set().union(*({(*path, i)} | leaves(v, (*path, i)) for i, v in enumerate(value))) if value else set()
    return set()


def test_every_key_and_value_of_a_document_has_its_place():
    tokens = scan(WHOLE)
    paths = {token.path for token in tokens}
    assert leaves(tomli.loads(WHOLE)) <= paths | {path[:-1] for path in paths}
    for path, place in parse_toml(WHOLE, "t").places.items():
        assert any(
            token.path == path and WHOLE.count("\n", 0, token.span.start) + 1 == place.line for token in tokens
        ), path


def test_a_value_stands_where_it_is_written():
    written = {(token.kind, token.path): WHOLE[token.span.start : token.span.end] for token in scan(WHOLE)}
    assert written[Kind.VALUE, ("detect", "secret", "action")] == '"warn"'
    assert written[Kind.VALUE, ("detect", "secret", "phases")] == "[\"editor\", 'cli']"
    assert written[Kind.VALUE, ("detect", "secret", "phases", 1)] == "'cli'"
    assert written[Kind.KEY, ("repo", 0, "match", "remote")] == "remote"
    assert written[Kind.VALUE, ("repo", 1, "match", "root", 1)] == '"bbbbbbbbbbbb"'
    assert written[Kind.TABLE, ("detect", "rule", "a-b")] == '"a-b"'
    assert written[Kind.VALUE, ("detect", "rule", "a-b", "expires")] == "2027-01-31"
    assert ("not", "a", "table") not in {path for _, path in written}


def test_what_is_broken_costs_its_own_line():
    for broken in (
        'action = "blo',
        "phases = [",
        'phases = ["a", ',
        "match = { remote = ",
        "x = ",
        "[detect",
        "???",
        "= 3",
    ):
        paths = {token.path for token in scan(f'{broken}\n[detect.pii]\naction = "ask"\n')}
        assert ("detect", "pii", "action") in paths, broken


def at_end(text: str) -> Cursor | None:
    return cursor_at(text, len(text))


def test_what_is_being_written_is_known_from_what_stands_before_it():
    for text, kind, path, start in (
        ("", Kind.KEY, (), 0),
        ("[", Kind.TABLE, (), 1),
        ("[[", Kind.TABLE, (), 2),
        ("[detect.se", Kind.TABLE, (), 8),
        ("[detect.pii]\nac", Kind.KEY, ("detect", "pii"), 13),
        ("detect.pii.ac", Kind.KEY, ("detect", "pii"), 11),
        ("[a]\nb = ", Kind.VALUE, ("a", "b"), 8),
        ('[a]\nb = "wa', Kind.VALUE, ("a", "b"), 9),
        ('[a]\nb = ["x", "y', Kind.VALUE, ("a", "b"), 15),
        ('[a]\nb = [\n  "x",\n  ', Kind.VALUE, ("a", "b"), 19),
        ("[[repo]]\nmatch = { re", Kind.KEY, ("repo", 0, "match"), 19),
        ('[[repo]]\nmatch = { remote = "', Kind.VALUE, ("repo", 0, "match", "remote"), 29),
        ('[[x]]\n[[x]]\ny = [{ z = "', Kind.VALUE, ("x", 1, "y", 0, "z"), 24),
    ):
        cursor = at_end(text)
        assert cursor is not None, text
        assert (cursor.kind, cursor.path, cursor.start) == (kind, path, start), text


def test_nothing_is_written_in_a_comment_or_behind_a_value():
    for text in ("# a", 'a = "b" ', 'a = "b"', "a = 1 # b", "[a]", "[a] # b", "a = [ # b", 'a = """b'):
        assert at_end(text) is None, text
    assert at_end('a = ["b#", ') is not None


def test_names_and_words_that_are_there_already_are_known():
    text = "a = 1\nb = 2\n\n[c]\n"
    cursor = cursor_at(text, 12)
    assert cursor is not None
    assert cursor.known == {"a", "b"}
    listed = at_end('a = ["x", "')
    assert listed is not None
    assert listed.known == {"x"}


PIECES = st.sampled_from(
    [
        *"[]{}=,.#\"'\\ \n\r\t-",
        "[[",
        '"""',
        "'''",
        "a",
        "detect",
        "secret",
        "action",
        '"warn"',
        "2027-01-31",
        "true",
        "é",
        "\x00",
        "\u2028",
    ]
)


@settings(max_examples=600, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join), st.data())
def test_any_text_is_scanned_to_its_end(text: str, data: st.DataObject):
    for token in scan(text):
        assert 0 <= token.span.start <= token.span.end <= len(text)
    offset = data.draw(st.integers(0, len(text)))
    cursor = cursor_at(text, offset)
    assert cursor is None or 0 <= cursor.start <= offset


@settings(max_examples=200, deadline=None)
@given(st.integers(WHOLE.index("\n") + 1, len(WHOLE)), st.text(max_size=5))
def test_a_policy_that_is_being_typed_keeps_the_tables_above(place: int, typed: str):
    text = WHOLE[:place] + typed
    assert ("detect", "secret") in {token.path for token in scan(text)}
    cursor_at(text, len(text))


def test_deep_nesting_and_a_long_line_end():
    assert scan("a = " + "[" * 20_000)
    assert scan("a = " + '{ b = "c", ' * 5_000)
    assert len(scan("a = [" + '"x", ' * 50_000)) > 50_000


def test_a_carriage_return_ends_a_line_as_it_does_in_an_editor() -> None:
    text = 'action = "bl\raction = '
    cursor = cursor_at(text, 13)
    assert cursor is not None
    assert (cursor.kind, cursor.start) == (Kind.KEY, 13)
    text = 'a = "b\r\nc = "d"\r'
    assert [text[slice(*token.span)] for token in scan(text)] == ["a", '"b', "c", '"d"']


def test_the_strings_of_a_long_list_are_frozen_for_who_writes_one_and_not_for_each(monkeypatch: pytest.MonkeyPatch):
    frozen: list[int] = []

    def counted(words: Iterable[str] = ()) -> frozenset[str]:
        frozen.append(1)
        return frozenset(words)

    monkeypatch.setattr(toml_tokens, "frozenset", counted, raising=False)
    text = "a = [" + "".join(f'"w{number}", ' for number in range(500))
    cursor = cursor_at(text, len(text))
    assert cursor is not None
    assert cursor.known == {f"w{number}" for number in range(500)}
    assert len(frozen) < 5
