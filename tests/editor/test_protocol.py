"""The seam to pygls: its document path is cut out, and whatever a client sends is answered and survived."""

import asyncio
import json
import time
from typing import Any

import pygls.workspace.text_document
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lsprotocol import types as lsp
from pygls.protocol import LanguageServerProtocol

from tests.editor.wire import Wire
from tightlip.editor.protocol import REPLACED, TightlipProtocol
from tightlip.editor.server import COMMANDS, NOTIFICATIONS, REQUESTS, answering_function
from tightlip.editor.transport import Damaged
from tightlip.editor.watched import WATCHED
from tightlip.errors import TightlipError

URI = "file:///code/a.py"


@pytest.fixture
def wire():
    wire = Wire()
    yield wire
    wire.close()


@pytest.fixture(scope="module")
def fuzzed():
    wire = Wire()
    wire.initialize()
    yield wire
    wire.close()


def error_of(answers: list[dict[str, Any]]) -> tuple[Any, int]:
    (answer,) = answers
    assert set(answer) == {"jsonrpc", "id", "error"}
    return answer["id"], answer["error"]["code"]


def test_every_handler_that_is_replaced_exists_in_the_installed_pygls():
    theirs = {
        getattr(getattr(LanguageServerProtocol, name), "method_name", None) for name in dir(LanguageServerProtocol)
    }
    assert set(REPLACED) <= theirs
    for name in (
        "_register_builtin_features",
        "_handle_response",
        "structure_message",
        "handle_message",
        "lsp_initialize",
    ):
        assert callable(getattr(LanguageServerProtocol, name))
        assert name in vars(TightlipProtocol) or name in ("structure_message", "handle_message")


def test_pygls_never_makes_a_document_of_ours(wire: Wire, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("pygls made a document")

    monkeypatch.setattr(pygls.workspace.text_document.TextDocument, "__init__", refuse)
    wire.initialize()
    item = {"uri": URI, "languageId": "python", "version": 1, "text": "a\fb\u2028c\nd\n"}
    wire.notify("textDocument/didOpen", {"textDocument": item})
    place = {"line": 1, "character": 0}
    change = {"range": {"start": place, "end": place}, "text": "x"}
    wire.notify("textDocument/didChange", {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [change]})
    assert wire.server.session.documents[URI].text == "a\fb\u2028c\nxd\n"
    wire.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    assert wire.server.session.documents == {}
    assert wire.server.protocol.workspace.text_documents == {}


def test_every_request_of_the_table_has_its_function_and_every_command_too():
    for request in REQUESTS:
        assert asyncio.iscoroutinefunction(answering_function(request))
        assert answering_function(request).__doc__
    for notification in NOTIFICATIONS:
        assert notification.function.__doc__
    from tightlip.editor.execute_command import COMMANDS as DONE

    assert set(DONE) == set(COMMANDS)


def test_all_files_a_guard_reads_are_watched():
    from tightlip.guard import WATCHED as READ

    assert set(READ) <= set(WATCHED)


def test_the_encoding_is_the_clients_first_that_is_known(wire: Wire):
    result = wire.initialize({"general": {"positionEncodings": ["klingon-8", "utf-32", "utf-16"]}})
    assert result["capabilities"]["positionEncoding"] == "utf-32"
    assert wire.server.session.client.encoding == "utf-32"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700),
        (b"{", -32700),
        (b"\xff\xfe{}", -32700),
        (b"[" * 100_000, -32700),
        (b"[]", -32600),
        (b'"text"', -32600),
        (b"{}", -32600),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "shutdown"}', -32600),
        (b'{"jsonrpc": "2.0", "id": [1], "method": "shutdown"}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1.5, "method": "shutdown"}', -32600),
        (b'{"jsonrpc": "2.0", "id": true, "method": "shutdown"}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": 7}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "no/such"}', -32601),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "textDocument/hover"}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "textDocument/hover", "params": []}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "textDocument/hover", "params": {"textDocument": 5}}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}', -32600),
    ],
)
def test_a_message_that_is_none_gets_the_protocols_error(wire: Wire, body: bytes, code: int):
    wire.initialize()
    assert error_of(wire.send(body))[1] == code
    assert error_of(wire.send({"jsonrpc": "2.0", "id": 9, "method": "no/such"})) == (9, -32601)


def test_a_request_comes_too_early_or_too_late(wire: Wire):
    hover = {"jsonrpc": "2.0", "id": 3, "method": "textDocument/hover", "params": {}}
    assert error_of(wire.send(hover)) == (3, -32002)
    wire.initialize()
    wire.send({"jsonrpc": "2.0", "id": 4, "method": "shutdown"})
    assert error_of(wire.send(hover)) == (3, -32600)
    wire.send({"jsonrpc": "2.0", "method": "exit"})
    assert wire.stopped == [0]


def test_a_damaged_header_is_answered(wire: Wire):
    wire.server.protocol.receive(Damaged("a header without Content-Length"))
    assert error_of(wire.out) == (None, -32700)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("textDocument/didOpen", None),
        ("textDocument/didOpen", {"textDocument": {"uri": URI}}),
        (
            "textDocument/didChange",
            {"textDocument": {"uri": "file:///not/open", "version": 1}, "contentChanges": [{"text": ""}]},
        ),
        (
            "textDocument/didChange",
            {"textDocument": {"uri": URI, "version": 1}, "contentChanges": [{"range": 1, "text": ""}]},
        ),
        ("textDocument/didClose", {"textDocument": {"uri": "file:///not/open"}}),
        ("notebookDocument/didClose", {"notebookDocument": {"uri": "x"}, "cellTextDocuments": []}),
        ("window/workDoneProgress/cancel", {"token": "unknown"}),
        ("$/cancelRequest", {"id": 77}),
        ("$/cancelRequest", {"id": {}}),
        ("$/unknown", {}),
        ("workspace/didChangeConfiguration", {"settings": [1]}),
        ("workspace/didChangeWatchedFiles", {"changes": [{"uri": 1}]}),
        (
            "workspace/didChangeWorkspaceFolders",
            {"event": {"added": [{"uri": "nonsense:", "name": ""}], "removed": []}},
        ),
    ],
)
def test_a_notification_that_makes_no_sense_is_passed_over(wire: Wire, method: str, params: Any):
    wire.initialize()
    assert wire.send({"jsonrpc": "2.0", "method": method, "params": params}) == []
    assert error_of(wire.send({"jsonrpc": "2.0", "id": 9, "method": "no/such"})) == (9, -32601)


@pytest.mark.parametrize(
    "answer",
    [
        {"result": None},
        {"result": [1, 2]},
        {"error": {"code": 1, "message": "no"}},
        {"error": "no"},
        {"result": {"applied": "maybe"}},
    ],
)
def test_a_clients_answer_of_any_shape_ends_the_wait_and_nothing_else(wire: Wire, answer: dict[str, Any]):
    wire.initialize()
    future = wire.server.protocol.send_request("workspace/configuration", lsp.ConfigurationParams([]), msg_id="q")
    wire.send({"jsonrpc": "2.0", "id": "q", **answer})
    assert future.done()
    wire.send({"jsonrpc": "2.0", "id": "q", **answer})
    wire.send({"jsonrpc": "2.0", "id": "never-asked", **answer})


def test_an_answer_that_comes_after_its_task_was_cancelled_does_no_harm(wire: Wire):
    wire.initialize()
    future = wire.server.protocol.send_request("workspace/configuration", lsp.ConfigurationParams([]), msg_id="q")
    future.cancel()
    wire.send({"jsonrpc": "2.0", "id": "q", "result": []})
    assert error_of(wire.send({"jsonrpc": "2.0", "id": 9, "method": "no/such"})) == (9, -32601)


def test_shutting_down_while_a_check_runs_is_answered(wire: Wire):
    wire.initialize()
    item = {"uri": URI, "languageId": "python", "version": 1, "text": "x"}
    wire.notify("textDocument/didOpen", {"textDocument": item})
    pull = {"jsonrpc": "2.0", "id": 5, "method": "textDocument/diagnostic", "params": {"textDocument": {"uri": URI}}}
    wire.send(pull)
    wire.send({"jsonrpc": "2.0", "id": 6, "method": "shutdown"})
    wire.loop.run_until_complete(asyncio.sleep(0.05))
    assert {"jsonrpc": "2.0", "id": 6, "result": None} in wire.out


def test_an_error_of_the_server_itself_is_told_by_method_and_place_only(wire: Wire, monkeypatch: pytest.MonkeyPatch):
    wire.initialize()
    for error, code, message in (
        (ValueError("hush-hush"), -32603, "tightlip/restore failed (ValueError at"),
        (TightlipError("Do this instead."), -32803, "Do this instead."),
    ):

        async def fail(*_: Any, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr("tightlip.editor.restore.restored", fail)
        request = {"jsonrpc": "2.0", "id": 8, "method": "tightlip/restore", "params": {"text": "hush-hush"}}
        wire.out.clear()
        wire.send(request)
        while not wire.out:
            wire.loop.run_until_complete(asyncio.sleep(0.01))
        (answer,) = wire.out
        assert answer["error"]["code"] == code
        assert answer["error"]["message"].startswith(message)
        assert "hush" not in json.dumps(answer)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
methods = st.sampled_from(
    [request.method for request in REQUESTS]
    + [n.method for n in NOTIFICATIONS if n.method != "initialize"]
    + ["no/such", "", "$/cancelRequest", "window/workDoneProgress/cancel"]
)
keys = st.sampled_from(
    ["textDocument", "range", "position", "context", "contentChanges", "event", "text", "command", "arguments", "token"]
)
params = json_values | st.dictionaries(keys, json_values, max_size=4)


@settings(max_examples=150, deadline=None, phases=[Phase.explicit, Phase.generate])  # shrinking waits for each timeout
@given(method=methods, params=params)
def test_every_request_gets_exactly_one_answer_and_every_notification_none(fuzzed: Wire, method: str, params: Any):
    before = len(fuzzed.out)
    fuzzed.send({"jsonrpc": "2.0", "id": "f", "method": method, "params": params})
    deadline = time.monotonic() + 60  # the rules may be compiled meanwhile

    def answers() -> list[dict[str, Any]]:
        return [message for message in fuzzed.out[before:] if message.get("id") == "f" and "method" not in message]

    while not answers() and time.monotonic() < deadline:
        fuzzed.loop.run_until_complete(asyncio.sleep(0.001))
    assert len(answers()) == 1
    fuzzed.send({"jsonrpc": "2.0", "method": method, "params": params})


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_survived(fuzzed: Wire, body: bytes):
    fuzzed.send(body)
    assert error_of(fuzzed.send({"jsonrpc": "2.0", "id": 9, "method": "no/such"})) == (9, -32601)
