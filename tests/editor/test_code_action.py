"""Edits and actions have the form the client takes."""

import pytest
from lsprotocol import types as lsp

from tests.editor.wire import Wire
from tightlip.detect.sample import fill
from tightlip.editor.client import Client
from tightlip.editor.documents import LinedText, OpenDocument
from tightlip.editor.edits import edit_of, workspace_edit
from tightlip.finding import Span
from tightlip.redact.edit import Edit

URI = "file:///code/a.py"
TOKEN = fill("ghp_{crc32-base62:30}")
EDITS = [Edit(Span(0, 1), "A"), Edit(Span(5, 6), "B"), Edit(Span(0, 0), "import x\n")]
DOCUMENT = OpenDocument(URI, "python", 4, LinedText("😀bcdefg"), 1)


@pytest.fixture
def wire():
    wire = Wire()
    yield wire
    wire.close()


def test_edits_go_from_the_end_to_the_beginning_and_name_the_version_where_that_is_known():
    edit = workspace_edit(Client(document_changes=True), DOCUMENT, EDITS)
    (change,) = edit.document_changes
    assert change.text_document.version == 4
    assert [(e.new_text, e.range.start.character, e.range.end.character) for e in change.edits] == [
        ("B", 6, 7),
        ("A", 0, 2),
        ("import x\n", 0, 0),
    ]


def test_a_client_without_document_changes_gets_plain_ones():
    edit = workspace_edit(Client(), DOCUMENT, EDITS[:1])
    assert edit.document_changes is None
    assert [e.new_text for e in edit.changes[URI]] == ["A"]


def test_a_file_that_is_not_there_is_made_before_it_is_edited():
    edit = edit_of(Client(document_changes=True), URI, None, [], create=True)
    assert [type(change) for change in edit.document_changes] == [lsp.CreateFile, lsp.TextDocumentEdit]


def open_and_ask(wire: Wire, code_action: dict[str, object]) -> list[dict[str, object]]:
    wire.initialize({"textDocument": {"codeAction": code_action}})
    text = f'token = "{TOKEN}"\n'
    item = {"uri": URI, "languageId": "python", "version": 1, "text": text}
    wire.notify("textDocument/didOpen", {"textDocument": item})
    place = {"line": 0, "character": 12}
    params = {"textDocument": {"uri": URI}, "range": {"start": place, "end": place}, "context": {"diagnostics": []}}
    return wire.ask("textDocument/codeAction", params)


def test_a_client_that_knows_commands_only_gets_commands(wire: Wire):
    actions = open_and_ask(wire, {})
    assert [action["command"] for action in actions] == ["tightlip.redactSelection", "tightlip.redactDocument"]


def test_a_client_that_resolves_nothing_gets_every_edit_at_once(wire: Wire):
    actions = open_and_ask(wire, {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}})
    assert actions[0]["title"] == "Redact this value"
    assert all("edit" in action or "command" in action for action in actions)
    assert all("data" not in action for action in actions)
    assert TOKEN not in str(actions)
