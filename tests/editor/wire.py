"""A server without a process: messages in, messages out."""

import asyncio
import json
import time
from typing import Any

from tightlip.editor.server import TightlipServer
from tightlip.editor.transport import Message


class Wire:
    """One server on a loop of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.out: list[dict[str, Any]] = []
        self.stopped: list[int] = []
        self._number = 0
        self.loop.run_until_complete(self._make())

    async def _make(self) -> None:
        self.server = TightlipServer()
        self.server.protocol.stop = self.stopped.append
        self.server.protocol.set_writer(self)

    def write(self, data: bytes) -> None:
        head, _, body = data.partition(b"\r\n\r\n")
        assert f"Content-Length: {len(body)}".encode() in head
        self.out.append(json.loads(body))

    def close(self) -> None:
        self.server.session.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0.01))
        self.loop.close()

    def send(self, body: object) -> list[dict[str, Any]]:
        """Send a message (JSON, or bytes as they are) and give what came back at once."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        before = len(self.out)

        async def act() -> None:
            self.server.protocol.receive(Message(data, time.monotonic()))
            await asyncio.sleep(0)

        self.loop.run_until_complete(act())
        return self.out[before:]

    def initialize(self, capabilities: dict[str, Any] | None = None) -> dict[str, Any]:
        params = {"processId": None, "rootUri": None, "capabilities": capabilities or {}}
        (answer,) = self.send({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params})
        return answer["result"]

    def notify(self, method: str, params: dict[str, Any]) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """Send a request and wait for its result."""
        self._number += 1
        request = {"jsonrpc": "2.0", "id": f"ask-{self._number}", "method": method, "params": params}
        self.send(request)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for message in self.out:
                if message.get("id") == request["id"] and "method" not in message:
                    return message["result"]
            self.loop.run_until_complete(asyncio.sleep(0.002))
        raise AssertionError("no answer")
