"""The worker process: `python -m tightlip.detect.deep.worker`. Requests in on standard input, answers out on standard output.

What its libraries print goes nowhere, on either stream: it might hold the text. The process opens no connection, uses at most
the memory it is allowed, and ends when its parent does.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, BinaryIO

from attrs import frozen

from tightlip.detect.deep.nearby import Joined
from tightlip.detect.deep.protocol import (
    BAD_MESSAGE,
    LONGEST_LINE,
    OUT_OF_MEMORY,
    Hello,
    Hit,
    Ping,
    Problem,
    ProtocolError,
    Reply,
    Request,
    Settings,
    decode_request,
    encode,
)

if TYPE_CHECKING:
    from tightlip.detect.deep.plugins import Plugins
    from tightlip.detect.deep.presidio import Names, Recognizers
    from tightlip.detect.deep.recognizers import OwnRecognizers

MOST_HITS = 5_000
"""Findings of one answer; what is beyond is told, not sent."""
_PACKAGES = ("presidio-analyzer", "detect-secrets", "spacy", "tldextract")
_NETWORK = frozenset(
    ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname",
     "socket.gethostbyaddr", "socket.getnameinfo")
)  # fmt: skip


def main(memory: int | None) -> None:
    """Serve until standard input ends. `memory` is the most address space the process may use, in bytes."""
    requests, answers = _take_pipes()
    try:
        _confine(memory)
        _send(answers, Hello("starting", os.getpid(), _versions()))
        queue: SimpleQueue[bytes] = SimpleQueue()
        threading.Thread(target=_read, args=(requests, queue), daemon=True).start()
        engine = _Engine()
        _send(answers, engine.hello())
        while True:
            _send(answers, engine.answer(decode_request(queue.get())))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # nothing can be relied upon any more
    except ProtocolError:
        os._exit(BAD_MESSAGE)
    except BrokenPipeError:
        os._exit(0)


class _Engine:
    """The libraries, loaded once, and what the user's settings made of them."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._recognizers: Recognizers | None = None
        self._names: Names | None = None
        self._plugins: dict[tuple[_Stamp, ...], Plugins] = {}
        self._own: dict[_Stamp, OwnRecognizers] = {}
        self._has_plugins = True
        try:
            from tightlip.detect.deep import presidio

            self._recognizers, self._names = presidio.Recognizers(), presidio.Names()
        except Exception as error:  # a broken installation may fail in any way
            self._problems.append(_missing("presidio-analyzer", error))
        try:
            self._plugins_for(Settings())
        except Exception as error:  # as above
            self._has_plugins = False
            self._problems.append(_missing("detect-secrets", error))

    def hello(self) -> Hello:
        plugins = next(iter(self._plugins.values()), None)
        return Hello(
            "ready",
            os.getpid(),
            _versions(),
            models=self._names.models if self._names else (),
            recognizers=tuple(known.entity.name for known in self._recognizers.known) if self._recognizers else (),
            plugins=tuple(plugin.secret_type for plugin, _ in plugins.plugins) if plugins else (),
            problems=tuple(self._problems),
        )

    def answer(self, request: Request | Ping) -> Reply | Ping:
        if isinstance(request, Ping):
            return request
        problems = list(self._problems)
        hits: list[Hit] = []
        lines = [region for region in request.regions if region.kind == "lines"]
        if self._recognizers and self._names:
            from tightlip.detect.deep.presidio import own_hits

            joined = Joined(lines)
            hits.extend(self._recognizers.hits(joined, problems))
            if own := self._own_for(request.settings):
                hits.extend(own_hits(own.recognizers, joined, problems))
                problems.extend(own.problems)
            problems.extend(self._recognizers.slow.take())
            prose = [region for region in request.regions if region.kind == "prose"]
            hits.extend(self._names.hits(prose, problems))
        if self._has_plugins:
            plugins = self._plugins_for(request.settings)
            problems.extend(plugins.problems)
            hits.extend(plugins.hits(lines, request.path, request.language, problems))
        if len(hits) > MOST_HITS:
            problems.append(
                Problem("deep-too-many", f"More than {MOST_HITS:,} possible findings: the rest is not shown.")
            )
        return Reply(request.id, tuple(hits[:MOST_HITS]), tuple(problems))

    def _plugins_for(self, settings: Settings) -> Plugins:
        from tightlip.detect.deep.plugins import Plugins

        named = (_Stamp.of(file, trusted=True) for file in settings.plugins)
        stamps = (_Stamp.of(settings.baseline, settings.run_baseline_code), *named)
        if stamps not in self._plugins:
            for plugins in self._plugins.values():
                plugins.close()
            self._plugins = {stamps: Plugins(settings)}
        return self._plugins[stamps]

    def _own_for(self, settings: Settings) -> OwnRecognizers | None:
        if settings.recognizers is None:
            return None
        from tightlip.detect.deep.recognizers import load_recognizers

        stamp = _Stamp.of(settings.recognizers)
        if stamp not in self._own:
            self._own = {stamp: load_recognizers(settings.recognizers)}
        return self._own[stamp]


@frozen
class _Stamp:
    """A settings file as it is now."""

    path: str | None
    changed: int
    size: int
    trusted: bool

    @classmethod
    def of(cls, path: str | None, trusted: bool = False) -> _Stamp:
        try:
            status = Path(path).stat() if path else None
        except OSError:
            status = None
        return cls(path, status.st_mtime_ns if status else 0, status.st_size if status else 0, trusted)


def _missing(package: str, error: Exception) -> Problem:
    return Problem(
        "deep-unavailable", f"{package} cannot be loaded ({type(error).__name__}): it did not look at the text."
    )


def _versions() -> dict[str, str]:
    versions = {"python": ".".join(map(str, sys.version_info[:3]))}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the two pipes for the protocol alone: prints of libraries, and of what they start, find none of them."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    return requests, answers


def _send(answers: BinaryIO, message: Hello | Reply | Ping) -> None:
    answers.write(encode(message))
    answers.flush()


def _read(requests: BinaryIO, queue: SimpleQueue[bytes]) -> None:
    """Hand on the requests as they come, so that the end of the parent is noticed in the middle of a job too."""
    while True:
        line = requests.readline(LONGEST_LINE)
        if not line.endswith(b"\n"):
            os._exit(0 if not line else BAD_MESSAGE)
        queue.put(line)


def _confine(memory: int | None) -> None:
    """No network, no more memory than allowed, no life after the parent, and the editor comes first."""

    def forbid(event: str, _: object) -> None:
        if event in _NETWORK:
            raise PermissionError("the deep lane opens no connections")

    sys.addaudithook(forbid)
    if sys.platform == "win32":
        return
    import resource

    os.nice(5)
    if memory:
        with suppress(ValueError, OSError):  # macOS does not limit the address space
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the text
    if sys.platform == "linux":
        import ctypes
        import signal

        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL), 0, 0, 0)  # PR_SET_PDEATHSIG, prctl(2)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else None)
