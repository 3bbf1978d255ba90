"""A bare JSON-RPC client over a server's pipes: no LSP library in between, so that only the server is measured."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.bench.surroundings import as_installed

Message = dict[str, Any]

CAPABILITIES: Message = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {"publishDiagnostics": {"versionSupport": True}, "codeAction": {}},
    "workspace": {"workspaceFolders": True},
}


class Client:
    """One server process. Messages arrive on a thread and are stamped when they are read."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str] | None = None):
        self.process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=env or as_installed(),
        )
        self._number = 0
        self._inbox: queue.Queue[tuple[float, Message]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, method: str, params: object, *, request: bool = False) -> int:
        """Send a notification or request; returns the request's id."""
        message: Message = {"jsonrpc": "2.0", "method": method, "params": params}
        if request:
            self._number += 1
            message["id"] = self._number
        self._write(message)
        return self._number

    def request(self, method: str, params: object, timeout: float = 60) -> Message:
        """Send a request and wait for its answer. Raises TimeoutError."""
        number = self.send(method, params, request=True)
        return self.wait(lambda message: message.get("id") == number and "method" not in message, timeout)[1]

    def wait(self, wanted: Callable[[Message], bool], timeout: float = 60) -> tuple[float, Message]:
        """The next message that is wanted and when it came (perf_counter seconds); the server's own requests are answered."""
        deadline = time.perf_counter() + timeout
        while True:
            try:
                stamp, message = self._inbox.get(timeout=max(0.0, deadline - time.perf_counter()))
            except queue.Empty:
                raise TimeoutError("the server did not answer in time") from None
            if "id" in message and "method" in message:
                result = (
                    [None] * len(message["params"]["items"]) if message["method"] == "workspace/configuration" else None
                )
                self._write({"jsonrpc": "2.0", "id": message["id"], "result": result})
            if wanted(message):
                return stamp, message

    def initialize(self, options: object = None, capabilities: Message = CAPABILITIES) -> Message:
        """Initialize without a workspace; returns the server's answer."""
        params = {"processId": None, "rootUri": None, "capabilities": capabilities, "initializationOptions": options}
        answer = self.request("initialize", params)
        self.send("initialized", {})
        return answer

    def open(self, uri: str, text: str, language: str = "python") -> None:
        """Open a document as version 1."""
        self.send(
            "textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": language, "version": 1, "text": text}}
        )

    def insert(self, uri: str, version: int, line: int, character: int, text: str) -> None:
        """Insert text into a document."""
        place = {"line": line, "character": character}
        change = {"range": {"start": place, "end": place}, "text": text}
        self.send(
            "textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}
        )

    def diagnostics(self, uri: str, version: int, timeout: float = 60) -> tuple[float, list[Message]]:
        """Wait for the diagnostics of a version; when they came, and which."""
        stamp, message = self.wait(
            lambda m: (
                m.get("method") == "textDocument/publishDiagnostics"
                and m["params"]["uri"] == uri
                and m["params"].get("version") == version
            ),
            timeout,
        )
        return stamp, message["params"]["diagnostics"]

    def close(self) -> int:
        """Shut the server down; its exit code."""
        self.request("shutdown", None)
        self.send("exit", None)
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(10)

    def _write(self, message: Message) -> None:
        body = json.dumps(message).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while True:
            size = 0
            while line := stream.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    size = int(value)
            if not size:
                return
            body = stream.read(size)
            self._inbox.put((time.perf_counter(), json.loads(body)))
