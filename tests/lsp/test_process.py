"""The server's process: starts quickly, survives bad bytes, keeps its channel clean and ends when it should."""

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.lsp.samples import SECRET_FILE
from tightlip.editor.transport import Frames, Message

START = "import sys; from tightlip.editor.server import serve; sys.exit(serve(None, 'info'))"
TIME_LIMIT = 30
URI = "file:///nowhere/a.py"


def framed(message: object) -> bytes:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


class Server:
    """A server process at the ends of two pipes."""

    def __init__(self, code: str = START):
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        self.messages: queue.Queue[Any] = queue.Queue()
        self.stderr = b""
        self.threads = [threading.Thread(target=work, daemon=True) for work in (self._read, self._read_stderr)]
        for thread in self.threads:
            thread.start()

    def _read(self) -> None:
        frames = Frames()
        while data := os.read(self.process.stdout.fileno(), 65536):
            for frame in frames.feed(data):
                assert isinstance(frame, Message), "something else than messages on standard output"
                self.messages.put(json.loads(frame.body))

    def _read_stderr(self) -> None:
        while data := os.read(self.process.stderr.fileno(), 65536):
            self.stderr += data

    def send(self, message: object) -> None:
        self.raw(framed(message))

    def raw(self, data: bytes) -> None:
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def answer(self, message_id: Any) -> dict[str, Any]:
        """The answer with this id; what comes before it is passed over."""
        deadline = time.monotonic() + TIME_LIMIT
        while True:
            message = self.messages.get(timeout=max(deadline - time.monotonic(), 0.01))
            if "method" not in message and message.get("id") == message_id:
                return message

    def ask(self, message_id: Any, method: str, params: Any = None) -> dict[str, Any]:
        self.send({"jsonrpc": "2.0", "id": message_id, "method": method, "params": params})
        return self.answer(message_id)

    def initialize(self, **params: Any) -> dict[str, Any]:
        options = {"settings": {"deep": False}}
        whole = {"processId": None, "rootUri": None, "capabilities": {}, "initializationOptions": options, **params}
        return self.ask("init", "initialize", whole)

    def pull(self, message_id: Any) -> dict[str, Any]:
        return self.ask(message_id, "textDocument/diagnostic", {"textDocument": {"uri": URI}})

    def end(self) -> int:
        code = self.process.wait(TIME_LIMIT)
        for thread in self.threads:
            thread.join(TIME_LIMIT)
        return code


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.process.kill()
    server.process.wait()
    for stream in (server.process.stdin, server.process.stdout, server.process.stderr):
        stream.close()


def test_bad_bytes_are_answered_and_the_server_stays_up(server: Server):
    server.initialize()
    for bad in (
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"Content-Length: many\r\n\r\n",
        framed(b"{not json"),
        framed(b"\xff\xff"),
        framed(b"[1, 2]"),
        b"Content-Length: 2\r\n\r\n{}{}",
    ):
        server.raw(bad)
        assert server.answer(None)["error"]["code"] in (-32700, -32600)
    item = {"uri": URI, "languageId": "python", "version": 1, "text": SECRET_FILE}
    server.send({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": item}})
    assert len(server.pull(1)["result"]["items"]) == 1


def test_the_exit_code_says_whether_the_client_said_goodbye(server: Server):
    server.initialize()
    assert server.ask(1, "shutdown")["result"] is None
    server.send({"jsonrpc": "2.0", "method": "exit"})
    assert server.end() == 0


def test_an_exit_without_shutdown_is_an_error(server: Server):
    server.initialize()
    server.send({"jsonrpc": "2.0", "method": "exit"})
    assert server.end() == 1


def test_a_client_that_closes_the_pipe_ends_the_server(server: Server):
    server.initialize()
    server.process.stdin.close()
    assert server.end() == 1


def test_a_client_that_dies_ends_the_server_though_the_pipe_stays_open(server: Server):
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    server.initialize(processId=parent.pid)
    time.sleep(2.5)
    parent.kill()
    parent.communicate()
    assert server.end() == 1


def test_a_client_whose_process_cannot_be_seen_is_served(server: Server):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    server.initialize(processId=gone.pid)
    time.sleep(2.5)
    assert server.ask(1, "shutdown")["result"] is None


def test_it_ends_on_a_signal_without_a_word(server: Server):
    server.initialize()
    server.process.send_signal(signal.SIGTERM)
    server.end()
    assert b"Traceback" not in server.stderr


def test_what_a_library_prints_does_not_get_into_the_protocol():
    code = (
        "import sys, os, tightlip.editor.session as s\n"
        "warm = s.Session.warm_up\n"
        "def noisy(self): print('noise'); os.write(1, b'more noise'); sys.stdout.flush(); warm(self)\n"
        "s.Session.warm_up = noisy\n" + START
    )
    server = Server(code)
    server.initialize()
    server.send({"jsonrpc": "2.0", "method": "initialized", "params": {}})
    assert server.ask(1, "shutdown")["result"] is None
    server.send({"jsonrpc": "2.0", "method": "exit"})
    assert server.end() == 0
    assert b"noise" in server.stderr


def test_nothing_heavy_is_loaded_before_initialize_is_answered():
    code = "import sys, tightlip.editor.server as s; s.TightlipServer(); print(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    loaded = set(done.stdout.split())
    heavy = {
        "hyperscan",
        "presidio_analyzer",
        "detect_secrets",
        "rich",
        "click",
        "pathspec",
        "phonenumbers",
        "tightlip.guard",
    }
    assert heavy & loaded == set()


def test_a_whole_session_opens_no_connection():
    code = (
        "import socket, sys\n"
        "def refuse(*_, **__): sys.stderr.write('CONNECTION'); raise OSError('no network here')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n" + START
    )
    server = Server(code)
    server.initialize(initializationOptions={"settings": {"deep": False}})
    server.send({"jsonrpc": "2.0", "method": "initialized", "params": {}})
    item = {
        "uri": URI,
        "languageId": "python",
        "version": 1,
        "text": SECRET_FILE + "see https://example.org and a@example.org\n",
    }
    server.send({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": item}})
    assert server.pull(1)["result"]["items"]
    server.ask(2, "workspace/executeCommand", {"command": "tightlip.copyRedacted", "arguments": [URI]})
    server.ask(3, "shutdown")
    server.send({"jsonrpc": "2.0", "method": "exit"})
    assert server.end() == 0
    assert b"CONNECTION" not in server.stderr


def test_it_serves_one_client_over_tcp():
    code = "import sys; from tightlip.editor.server import serve; sys.exit(serve(('127.0.0.1', 0), 'error'))"
    server = Server(code)
    while b"\n" not in server.stderr:
        time.sleep(0.02)
    port = int(server.stderr.split(b"\n")[0].rpartition(b":")[2])
    with socket.create_connection(("127.0.0.1", port), TIME_LIMIT) as connection:
        frames, seen = Frames(), []

        def ask(message_id: int, method: str, params: Any) -> dict[str, Any]:
            connection.sendall(framed({"jsonrpc": "2.0", "id": message_id, "method": method, "params": params}))
            while not (found := [m for m in seen if m.get("id") == message_id]):
                seen.extend(json.loads(frame.body) for frame in frames.feed(connection.recv(65536)))
            return found[0]

        assert (
            "capabilities" in ask(1, "initialize", {"processId": None, "rootUri": None, "capabilities": {}})["result"]
        )
        assert ask(2, "shutdown", None)["result"] is None
        connection.sendall(framed({"jsonrpc": "2.0", "method": "exit"}))
        assert server.end() == 0


def test_an_unknown_log_level_is_an_error_that_names_the_known_ones():
    from tightlip.editor.logs import start_logging

    with pytest.raises(ValueError, match="error, warning, info, debug"):
        start_logging("loud")
