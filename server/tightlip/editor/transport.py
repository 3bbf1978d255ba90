"""Bytes in, message bodies out: the base protocol of LSP (header part, content part), over pipes or one TCP connection.

Standard input is read in a thread of its own, so that reading goes on while the server works, and without Python's
buffered reader, whose lock a blocked thread would hold when the process ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

MAX_BODY = 512 * 1024 * 1024
"""Bytes of the largest message that is read; a header that announces more is taken as damaged."""

_MAX_HEADER = 8192
_LENGTH = re.compile(rb"content-length[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE)
_HEADER_END = re.compile(rb"\r\n\r\n|\n\n")


class Message(NamedTuple):
    """The content of one message and when its last byte came (seconds of `time.monotonic`)."""

    body: bytes
    received: float


class Damaged(NamedTuple):
    """Bytes that are no message; the reader goes on behind them."""

    reason: str


Receive = Callable[[Message | Damaged], None]


class Writer(Protocol):
    """Where messages to the client go; the shape pygls writes to."""

    def write(self, data: bytes) -> None:
        """Send bytes."""
        ...

    def close(self) -> None:
        """End the connection, where it is ours to end."""
        ...


class Frames:
    """Cuts a stream of bytes into messages. A damaged header is reported and passed over."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._wanted: int | None = None

    def feed(self, data: bytes) -> Iterator[Message | Damaged]:
        """The messages that are complete now."""
        self._data += data
        while True:
            if self._wanted is None:
                damage = self._read_header()
                if damage is not None:
                    yield damage
                    continue
                if self._wanted is None:
                    return
            if len(self._data) < self._wanted:
                return
            body = bytes(self._data[: self._wanted])
            del self._data[: self._wanted]
            self._wanted = None
            yield Message(body, time.monotonic())

    def _read_header(self) -> Damaged | None:
        end = _HEADER_END.search(self._data)
        if end is None:
            if len(self._data) > _MAX_HEADER:
                del self._data[: -len(b"Content-Length: 000000000\r\n")]
                return Damaged("a header without an end")
            return None
        header = bytes(self._data[: end.start()])
        lengths = _LENGTH.findall(header)
        if not lengths:
            del self._data[: end.end()]
            return Damaged("a header without Content-Length")
        digits = lengths[-1].strip()
        if not re.fullmatch(rb"[0-9]{1,12}", digits) or int(digits) > MAX_BODY:
            del self._data[: end.end()]
            return Damaged("a Content-Length that is no length")
        del self._data[: end.end()]
        self._wanted = int(digits)
        return None


class PipeWriter:
    """Writes to a file descriptor; a client that went away ends the server."""

    def __init__(self, descriptor: int, lost: Callable[[], None]):
        self._descriptor = descriptor
        self._lost = lost

    def write(self, data: bytes) -> None:
        """Write all of `data`."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            self._lost()

    def close(self) -> None:
        """Nothing: the descriptor lives as long as the process."""


class SocketWriter:
    """Writes to the one TCP connection."""

    def __init__(self, stream: asyncio.StreamWriter):
        self._stream = stream

    def write(self, data: bytes) -> None:
        """Hand `data` to the socket."""
        if not self._stream.is_closing():
            self._stream.write(data)

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()


def claim_stdio() -> tuple[int, int]:
    """Take standard input and output for the protocol.

    Whatever a library prints from now on goes to standard error, where it cannot damage a message.
    Returns the descriptors to read from and to write to.
    """
    sys.stdout.flush()
    output = os.dup(1)
    os.dup2(2, 1)
    return 0, output


def read_pipe(descriptor: int, receive: Receive, ended: Callable[[], None]) -> None:
    """Start the thread that reads messages and hands them to the running loop, then `ended` at the end of the stream."""
    loop = asyncio.get_running_loop()

    def read() -> None:
        frames = Frames()
        with contextlib.suppress(RuntimeError):  # the loop is closed: the server ended first
            with contextlib.suppress(OSError):
                while data := os.read(descriptor, 1 << 18):
                    for frame in frames.feed(data):
                        loop.call_soon_threadsafe(receive, frame)
            loop.call_soon_threadsafe(ended)

    threading.Thread(target=read, name="tightlip-read", daemon=True).start()


async def read_socket(stream: asyncio.StreamReader, receive: Receive) -> None:
    """Read messages until the connection ends."""
    frames = Frames()
    try:
        while data := await stream.read(1 << 18):
            for frame in frames.feed(data):
                receive(frame)
    except OSError:
        return
