"""Mistakes in a policy are told at the word that is wrong; what does not count is told too, and why."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lsprotocol import types as lsp

from tests.editor.policies import document, guard_of, marked, organised
from tightlip.editor.policy_completion import policy_completions
from tightlip.editor.policy_hover import policy_hover
from tightlip.editor.policy_notes import notes_on
from tightlip.guard import Guard

TODAY = date(2026, 11, 22)
ERROR, WARNING = lsp.DiagnosticSeverity.Error, lsp.DiagnosticSeverity.Warning
INFORMATION, HINT = lsp.DiagnosticSeverity.Information, lsp.DiagnosticSeverity.Hint


@pytest.fixture
def guard(tmp_path: Path) -> Guard:
    return guard_of(tmp_path)


@pytest.mark.parametrize(
    ("text", "word", "fixed"),
    [
        ('[detect.secret]\nacton = "warn"\n', "acton", "action"),
        ('[detect.secret]\naction = "blok"\n', '"blok"', "block"),
        ('[detect.secret]\naction = "action"\n', '"action"', None),
        ("[detect.secret]\naction = 3\n", "3", None),
        ('[detct]\nsecret = { action = "warn" }\n', "detct", "detect"),
        ('[detect]\nsecret = { action = "warm" }\n', '"warm"', "warn"),
        ('[detect.secret]\nphases = [\n  "editor",\n  "promt",\n]\n', '"promt"', "prompt"),
        ('[detect.rule.aws-acces-key-id]\naction = "off"\n', "aws-acces-key-id", "aws-access-key-id"),
        ('[[repo]]\nmatch = { remot = "a/b", path = "c" }\n', "remot", "remote"),
        ('[[repo]]\nclass = "restricted"\nmatch = { root = "abc" }\n', '"abc"', None),
        ('[[allow]]\nrule = "aws-acces-key-id"\npath = "a"\nreason = "b"\n', '"aws-acces-key-id"', "aws-access-key-id"),
        ('[editor]\nrequired = ["copy", "sent"]\n', '"sent"', "send"),
        ("[inline]\nallow = 'no'\n", "'no'", None),
        ("[[allow]]\nreason = 'x'\n", "allow", None),
    ],
)
def test_a_mistake_is_told_at_the_word_that_is_wrong(guard: Guard, text: str, word: str, fixed: str | None):
    assert guard.root is not None
    note = notes_on(document(guard.root / "tightlip.toml", text), guard, TODAY)[0]
    assert (marked(text, note), note.severity, note.code) == (word, ERROR, "policy")
    if fixed is None:
        assert note.fix is None
        return
    assert note.fix is not None
    mended = text[: note.fix.span.start] + note.fix.new_text + text[note.fix.span.end :]
    assert notes_on(document(guard.root / "tightlip.toml", mended), guard, TODAY) == ()


def test_the_table_of_a_pyproject_is_read_and_nothing_else_of_it(guard: Guard):
    assert guard.root is not None
    text = '[project]\nnam = "x"\n[tool.tightlip.detect.secret]\naction = "blok"\n'
    (note,) = notes_on(document(guard.root / "pyproject.toml", text), guard, TODAY)
    assert marked(text, note) == '"blok"'
    other = '[project\nname = "x"\n'
    assert notes_on(document(guard.root / "pyproject.toml", other), guard, TODAY) == ()
    assert notes_on(document(guard.root / "other.toml", text), guard, TODAY) == ()


def test_what_is_not_toml_is_told_where_it_ceases_to_be(guard: Guard):
    assert guard.root is not None
    text = '[detect.secret]\naction = "warn"\nphases = [\n'
    (note,) = notes_on(document(guard.root / "tightlip.toml", text), guard, TODAY)
    assert note.severity == ERROR
    assert "not TOML" in note.message
    text = "a = \n[detect.secret]\n"
    (note,) = notes_on(document(guard.root / "tightlip.toml", text), guard, TODAY)
    assert marked(text, note).startswith("a = ")


def test_a_refused_loosening_is_told_at_its_value_with_the_line_that_refuses_it(tmp_path: Path):
    guard = guard_of(tmp_path, organised(tmp_path, '[bundle]\nid = "acme"\n[detect.secret]\naction = "block"\n'))
    for text, word in (
        ('[detect.secret]\naction = "warn"\n', '"warn"'),
        ('detect = { secret = { action = "info" } }\n', '"info"'),
        ('[detect.rule.aws-access-key-id]\naction = "off"\n', '"off"'),
    ):
        (note,) = notes_on(document(tmp_path / "tightlip.toml", text), guard, TODAY)
        assert (marked(text, note), note.severity, note.code) == (word, WARNING, "policy-ignored"), text
        assert note.against == (str(tmp_path / "etc" / "tightlip.toml"), 4)
    in_pyproject = '[tool.tightlip]\ndetect.secret.action = "warn"\n'
    (note,) = notes_on(document(tmp_path / "pyproject.toml", in_pyproject), guard, TODAY)
    assert marked(in_pyproject, note) == '"warn"'


def test_what_only_an_organisation_may_say_is_told_to_a_repository(tmp_path: Path):
    guard = guard_of(tmp_path, organised(tmp_path, '[bundle]\nid = "acme"\n'))
    text = '[scan]\nexclude = ["a/"]\n[[allow]]\nrule = "aws-access-key-id"\npath = "a"\nreason = "b"\n'
    notes = notes_on(document(tmp_path / "tightlip.toml", text), guard, TODAY)
    assert [(marked(text, note), note.code, note.severity) for note in notes] == [
        ('["a/"]', "policy-ignored", WARNING),
        ("allow", "policy-ignored", WARNING),
    ]
    assert {note.against for note in notes} == {(str(tmp_path / "etc" / "tightlip.toml"), 1)}
    as_organisation = tmp_path / "etc" / "tightlip.toml"
    assert notes_on(document(as_organisation, text), guard, TODAY) == ()


def test_what_has_ended_or_soon_will_is_told_at_its_date(tmp_path: Path):
    guard = guard_of(tmp_path, organised(tmp_path, '[bundle]\nid = "acme"\n'))
    entry = '[[exception]]\nid = "E"\nscope = {{ category = "pii" }}\nreason = "a"\napprover = "b"\nexpires = {}\n'
    for day, expected in (
        ("2026-11-21", (WARNING, "policy-expired")),
        ("2026-11-22", (HINT, "policy-expires")),
        ("2026-12-22", (HINT, "policy-expires")),
        ("2026-12-23", None),
    ):
        text = entry.format(day)
        notes = notes_on(document(tmp_path / "etc" / "tightlip.toml", text), guard, TODAY)
        assert [(note.severity, note.code) for note in notes] == ([expected] if expected else [])
        assert [marked(text, note) for note in notes] == ([day] if expected else [])


def test_what_a_policy_says_of_itself_is_read_while_it_is_written(tmp_path: Path):
    guard = guard_of(tmp_path, organised(tmp_path, '[bundle]\nid = "acme"\n'))
    text = '[bundle]\nid = "acme"\nexpire = 2020-01-01\nrevision = "x"\n'
    notes = notes_on(document(tmp_path / "etc" / "tightlip.toml", text), guard, TODAY)
    assert [(marked(text, note), note.severity) for note in notes] == [("expire", ERROR), ('"x"', ERROR)]
    assert notes[0].fix is not None
    assert notes[0].fix.new_text == "expires"
    for day, expected in (("2020-01-01", "policy-expired"), ("2026-12-01", "policy-expires")):
        text = f'[bundle]\nid = "acme"\nexpires = {day}\n'
        (note,) = notes_on(document(tmp_path / "etc" / "tightlip.toml", text), guard, TODAY)
        assert (marked(text, note), note.code) == (day, expected)


def test_an_exception_that_is_asked_for_says_that_it_has_no_effect(tmp_path: Path):
    guard = guard_of(tmp_path, organised(tmp_path, '[bundle]\nid = "acme"\n'))
    text = '[[exception]]\nid = "R"\nscope = { category = "pii" }\nreason = "a"\nexpires = 2027-06-01\nstatus = "requested"\n'
    (note,) = notes_on(document(tmp_path / "tightlip.toml", text), guard, TODAY)
    assert (marked(text, note), note.severity, note.code) == ('"requested"', INFORMATION, "policy-requested")
    assert "no effect until the organisation approves it" in note.message


def test_a_hover_on_a_rules_action_tells_the_one_in_force_whoever_set_it(tmp_path: Path):
    text = (
        '[detect.rule.github-personal-access-token]\naction = "warn"\n[detect.rule.presidio-person]\naction = "block"\n'
    )
    above = organised(tmp_path, '[detect.secret]\naction = "block"\n')
    opened = document(tmp_path / "tightlip.toml", text)
    for place, here in (
        (text.index("action"), "Here: `block`, set by the organisation"),
        (text.rindex("action"), "Here: `block`, set by the repository (tightlip.toml:4)."),
    ):
        told = policy_hover(opened, guard_of(tmp_path, above), place)
        assert told is not None
        (said,) = [one for one in told.paragraphs if one.startswith("Here: ")]
        assert said.startswith(here)
    loosened = document(tmp_path / "tightlip.toml", text.replace('"block"', '"info"'))
    told = policy_hover(loosened, guard_of(tmp_path), text.rindex("action"))
    assert told is not None
    assert "Here: `info`, set by the repository (tightlip.toml:4)." in told.paragraphs


SEED = """\
[defaults]
class = "internal"
[detect.secret]
action = "ask"
phases = ["editor", "cli"]
[detect.rule.aws-access-key-id]
severity = "hint"
[[repo]]
match = { remote = "github.com/acme/pay", path = ["a/**"] }
paths = { "docs/**" = "public" }
[[allow]]
fingerprint = "tl1:abc"
reason = "x"
expires = 2027-01-31
[[exception]]
id = "R"
scope = { rule = "us-ssn", path = "/a" }
reason = "é😀"
expires = 2027-01-31
status = "requested"
"""


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, len(SEED)),
    st.integers(0, 40),
    st.text(st.one_of(st.sampled_from("[]{}=,.\"'#\\\n\r\t a"), st.characters()), max_size=12),
    st.data(),
)
def test_a_half_typed_policy_is_taken_as_it_is(guard: Guard, place: int, cut: int, typed: str, data: st.DataObject):
    assert guard.root is not None
    text = SEED[:place] + typed + SEED[place + cut :]
    opened = document(guard.root / "tightlip.toml", text)
    text = opened.text
    for note in notes_on(opened, guard, TODAY):
        assert 0 <= note.span.start <= note.span.end <= len(text)
        range_ = opened.lined.range(note.span)
        assert (range_.start.line, range_.start.character) <= (range_.end.line, range_.end.character)
    offset = data.draw(st.integers(0, len(text)))
    policy_hover(opened, guard, offset)
    for item in policy_completions(opened, guard, offset):
        assert isinstance(item.text_edit, lsp.TextEdit)
        assert item.text_edit.range.start.line == item.text_edit.range.end.line
