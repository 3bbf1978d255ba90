"""`tightlip server`: everything the server can do, as one table, and its life from the first byte to the exit code."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any, NamedTuple

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from tightlip import __version__
from tightlip.editor.did_change import did_change
from tightlip.editor.did_change_configuration import did_change_configuration
from tightlip.editor.did_change_notebook import did_change_notebook
from tightlip.editor.did_change_watched_files import did_change_watched_files
from tightlip.editor.did_change_workspace_folders import did_change_workspace_folders
from tightlip.editor.did_close import did_close
from tightlip.editor.did_close_notebook import did_close_notebook
from tightlip.editor.did_open import did_open
from tightlip.editor.did_open_notebook import NOTEBOOK_SYNC, did_open_notebook
from tightlip.editor.did_save import did_save
from tightlip.editor.initialize import initialize
from tightlip.editor.initialized import initialized
from tightlip.editor.kinds import FIX_ALL, QUICK_FIX, REDACT_ALL
from tightlip.editor.logs import log, start_logging, told_error, watch_loop
from tightlip.editor.protocol import TRUST, TightlipProtocol, internal_error
from tightlip.editor.session import Session
from tightlip.editor.set_trace import set_trace
from tightlip.editor.transport import PipeWriter, SocketWriter, Writer, claim_stdio, read_pipe, read_socket
from tightlip.editor.trust import trust
from tightlip.errors import TightlipError

CLASSIFY = "tightlip/classify"
RECORD = "tightlip/record"
CHECK_TEXT = "tightlip/checkText"
RESTORE = "tightlip/restore"

_PARENT_CHECK = 2.0
"""Seconds between looks at the client's process."""


class Notification(NamedTuple):
    """A method that acts at once and in order, and the function it calls."""

    method: str
    function: Callable[[Session, Any], None]
    options: object = None


class Request(NamedTuple):
    """A method that is answered, and the function (`file.function` of this folder) that answers it.

    Its file is loaded, off the loop, when it is first asked for: what it needs costs half of a start.
    """

    method: str
    function: str
    options: object = None


NOTIFICATIONS = (
    Notification(lsp.INITIALIZE, initialize),  # a request that pygls itself answers
    Notification(lsp.INITIALIZED, initialized),
    Notification(lsp.SET_TRACE, set_trace),
    Notification(lsp.TEXT_DOCUMENT_DID_OPEN, did_open),
    Notification(lsp.TEXT_DOCUMENT_DID_CHANGE, did_change),
    Notification(lsp.TEXT_DOCUMENT_DID_SAVE, did_save, lsp.SaveOptions(include_text=False)),
    Notification(lsp.TEXT_DOCUMENT_DID_CLOSE, did_close),
    Notification(lsp.NOTEBOOK_DOCUMENT_DID_OPEN, did_open_notebook),
    Notification(lsp.NOTEBOOK_DOCUMENT_DID_CHANGE, did_change_notebook),
    Notification(lsp.NOTEBOOK_DOCUMENT_DID_CLOSE, did_close_notebook),
    Notification(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION, did_change_configuration),
    Notification(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, did_change_watched_files),
    Notification(lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, did_change_workspace_folders),
    Notification(TRUST, trust),
)
REQUESTS = (
    Request(
        lsp.TEXT_DOCUMENT_DIAGNOSTIC,
        "diagnostic.pull_diagnostics",
        lsp.DiagnosticOptions(inter_file_dependencies=False, workspace_diagnostics=True, identifier="tightlip"),
    ),
    Request(lsp.WORKSPACE_DIAGNOSTIC, "workspace_diagnostic.workspace_diagnostics"),
    Request(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        "code_action.code_actions",
        lsp.CodeActionOptions(code_action_kinds=[QUICK_FIX, FIX_ALL, REDACT_ALL], resolve_provider=True),
    ),
    Request(lsp.CODE_ACTION_RESOLVE, "code_action_resolve.resolve_code_action"),
    Request(lsp.TEXT_DOCUMENT_CODE_LENS, "code_lens.code_lenses", lsp.CodeLensOptions(resolve_provider=False)),
    Request(lsp.TEXT_DOCUMENT_HOVER, "hover.hover"),
    Request(lsp.WORKSPACE_EXECUTE_COMMAND, "execute_command.execute_command"),
    Request(
        lsp.TEXT_DOCUMENT_COMPLETION,
        "completion.completions",
        lsp.CompletionOptions(trigger_characters=["[", '"', "."]),
    ),
    Request(CHECK_TEXT, "check_text.check_text"),
    Request(RESTORE, "restore.restore_text"),
    Request(CLASSIFY, "classify.classify"),
    Request(RECORD, "record.record"),
)
COMMANDS = (
    "tightlip.redactDocument",
    "tightlip.redactSelection",
    "tightlip.restore",
    "tightlip.copyRedacted",
    "tightlip.openRedactedCopy",
    "tightlip.scanWorkspace",
    "tightlip.showReport",
    "tightlip.showRequest",
)
"""The commands of `workspace/executeCommand`; `execute_command` says what each takes and gives."""


class TightlipServer(LanguageServer):
    """pygls' server with our protocol, and with errors told by type and place only."""

    protocol: TightlipProtocol  # pyright: ignore[reportIncompatibleVariableOverride]

    def __init__(self) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            "tightlip",
            __version__,
            lsp.TextDocumentSyncKind.Incremental,
            NOTEBOOK_SYNC,
            protocol_cls=TightlipProtocol,
            converter_factory=default_converter,
        )
        self.protocol.commands = COMMANDS
        self.session = Session(self.protocol)
        for notification in NOTIFICATIONS:
            self.feature(notification.method, notification.options)(_acting(self.session, notification))
        for request in REQUESTS:
            self.feature(request.method, request.options)(_answering(self.session, request))

    def report_server_error(self, error: Exception, source: type[Exception]) -> None:
        """Log an error; pygls' own way shows its text, which may be a document's, in a window."""
        log.error("%s: %s", source.__name__, told_error(error))


def _acting(session: Session, notification: Notification) -> Callable[..., None]:
    """The function with its session, and with every error made one that may be sent."""

    def act(params: Any = None) -> None:
        try:
            notification.function(session, params)
        except Exception as error:
            raise _sendable(notification.method, error) from None

    return act


def _answering(session: Session, request: Request) -> Callable[..., Awaitable[object]]:
    """The function with its session, and with every error made one that may be sent."""
    loaded: list[Callable[[Session, Any], Awaitable[object]]] = []

    async def answer(params: Any = None) -> object:
        try:
            if not loaded:
                loaded.append(await session.worker.run(answering_function, request))
            return await loaded[0](session, params)
        except Exception as error:
            raise _sendable(request.method, error) from None

    return answer


def answering_function(request: Request) -> Callable[[Session, Any], Awaitable[object]]:
    """The function a request names, its file imported."""
    file, _, name = request.function.partition(".")
    return getattr(import_module(f"tightlip.editor.{file}"), name)


def _sendable(method: str, error: Exception) -> JsonRpcException:
    if isinstance(error, JsonRpcException):
        return error
    if isinstance(error, TightlipError):
        return JsonRpcException(str(error), lsp.LSPErrorCodes.RequestFailed)
    log.error("%s: %s", method, told_error(error))
    return internal_error(method, told_error(error))


def serve(tcp: tuple[str, int] | None = None, log_level: str = "warning") -> int:
    """Run the language server until its client is done; the exit code.

    Speaks over standard input and output, or over one connection to the TCP address (host, port) `tcp`. 0 after a
    `shutdown` request, 1 when the client went away without one. Raises ValueError for an unknown log level.
    """
    start_logging(log_level)
    return asyncio.run(_serve(tcp))


async def _serve(tcp: tuple[str, int] | None) -> int:
    loop = asyncio.get_running_loop()
    watch_loop(loop)
    stopped: asyncio.Future[int] = loop.create_future()
    server = TightlipServer()

    def stop(code: int) -> None:
        if not stopped.done():
            stopped.set_result(code)

    def gone() -> None:
        stop(0 if server.protocol.shut_down else 1)

    server.protocol.stop = stop
    watch = asyncio.ensure_future(_watch_parent(server, gone))
    try:
        if tcp is None:
            source, sink = claim_stdio()
            _connect(server, PipeWriter(sink, gone))
            read_pipe(source, server.protocol.receive, gone)
            return await stopped
        return await _serve_socket(server, tcp, stopped, gone)
    finally:
        watch.cancel()
        server.session.close()


async def _serve_socket(
    server: TightlipServer, address: tuple[str, int], stopped: asyncio.Future[int], gone: Callable[[], None]
) -> int:
    taken = False

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal taken
        if taken:
            writer.close()
            return
        taken = True
        _connect(server, SocketWriter(writer))
        await read_socket(reader, server.protocol.receive)
        gone()

    listener = await asyncio.start_server(connected, *address)
    for socket in listener.sockets:
        host, port = socket.getsockname()[:2]
        sys.stderr.write(f"tightlip server listens on {host}:{port}\n")
    sys.stderr.flush()
    try:
        return await stopped
    finally:
        listener.close()


def _connect(server: TightlipServer, writer: Writer) -> None:
    server.protocol.set_writer(writer)


async def _watch_parent(server: TightlipServer, gone: Callable[[], None]) -> None:
    """End with the process that `initialize` names, should it die without closing the pipe."""
    process: int | None = None
    while True:
        await asyncio.sleep(_PARENT_CHECK)
        if process is None:
            process = server.process_id
            if process is not None and not is_alive(process):
                log.info("the client's process is not visible from here and is not watched")
                return
        elif not is_alive(process):
            log.warning("the client's process is gone")
            gone()
            return


def is_alive(process: int) -> bool:
    """Whether a process with this id exists."""
    if process <= 0:
        return False
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(0x00100000, False, process)  # SYNCHRONIZE
        if not handle:
            return False
        alive = kernel.WaitForSingleObject(handle, 0) == 0x102  # WAIT_TIMEOUT
        kernel.CloseHandle(handle)
        return bool(alive)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
