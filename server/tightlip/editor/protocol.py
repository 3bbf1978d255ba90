"""pygls' protocol without its document path, and with an answer to everything a client may send.

What is replaced, and why (each is tested against the installed pygls):
- the text handlers: pygls splits lines at characters that do not end one (\\f, U+2028) and so corrupts the text;
- the JSON entrance: a message that is no JSON-RPC must be answered, not lost in a log;
- exit: pygls ends the process inside a callback;
- responses: one that comes after its waiting task was cancelled raises.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from concurrent.futures import Future
from typing import Any, TypeVar, cast

from lsprotocol import types as lsp
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcMethodNotFound,
    JsonRpcParseError,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import JsonRPCNotification, JsonRPCRequestMessage, LanguageServerProtocol

from tightlip.editor.logs import log
from tightlip.editor.plain import as_object
from tightlip.editor.transport import Damaged, Message

REPLACED = (
    lsp.EXIT,
    lsp.TEXT_DOCUMENT_DID_OPEN,
    lsp.TEXT_DOCUMENT_DID_CHANGE,
    lsp.TEXT_DOCUMENT_DID_CLOSE,
    lsp.NOTEBOOK_DOCUMENT_DID_OPEN,
    lsp.NOTEBOOK_DOCUMENT_DID_CHANGE,
    lsp.NOTEBOOK_DOCUMENT_DID_CLOSE,
    lsp.WORKSPACE_EXECUTE_COMMAND,
)
"""Handlers of pygls that are taken out, so that ours answer alone."""

TRUST = "tightlip/trust"
"""Our own notification of the client; all other methods of ours are requests."""

MessageId = int | str | None
T = TypeVar("T")


class TightlipProtocol(LanguageServerProtocol):
    """JSON-RPC as pygls does it, from whole messages, with every error answered."""

    commands: tuple[str, ...] = ()
    """Names told to the client at `initialize`."""
    pulls: bool = False
    """Whether the client pulls diagnostics; only then are they offered for it."""
    received: float = 0.0
    """When the message now being handled came (seconds of `time.monotonic`)."""
    stop: Callable[[int], None]
    """Ends the server with an exit code."""

    def _register_builtin_features(self) -> None:
        super()._register_builtin_features()
        for method in REPLACED:
            del self._builtin[method]

    @property
    def progress_tokens(self) -> dict[lsp.ProgressToken, Future[None]]:
        """Work-done progress that runs; a future is cancelled when the client cancels its work."""
        return cast("dict[lsp.ProgressToken, Future[None]]", self.progress.tokens)  # pyright: ignore[reportUnknownMemberType]

    @property
    def _builtin(self) -> dict[str, object]:
        return cast("dict[str, object]", self.fm.builtin_features)  # pyright: ignore[reportUnknownMemberType]

    def _handles(self, method: str) -> bool:
        ours = cast("dict[str, object]", self.fm.features)  # pyright: ignore[reportUnknownMemberType]
        return method in self._builtin or method in ours

    @property
    def initialized(self) -> bool:
        """Whether `initialize` has been answered."""
        return self._workspace is not None

    @property
    def shut_down(self) -> bool:
        """Whether the client has asked for the end."""
        return self._shutdown

    def lsp_initialize(self, params: lsp.InitializeParams) -> Generator[Any, Any, lsp.InitializeResult]:
        """Answer `initialize` as pygls does, with the commands named and pull offered only where it is used."""
        _offer_columns(params)
        result = yield from super().lsp_initialize(params)
        result.capabilities.execute_command_provider = lsp.ExecuteCommandOptions(
            commands=list(self.commands), work_done_progress=True
        )
        if not self.pulls:
            result.capabilities.diagnostic_provider = None
        return result

    lsp_initialize.method_name = lsp.INITIALIZE  # type: ignore[attr-defined]

    def receive(self, frame: Message | Damaged) -> None:
        """Handle one message; whatever it is, the server stays up."""
        if isinstance(frame, Damaged):
            self._refuse(None, JsonRpcParseError(f"Parse error: {frame.reason}"))
            return
        self.received = frame.received
        try:
            data: object = json.loads(frame.body)
        except (ValueError, RecursionError):
            self._refuse(None, JsonRpcParseError("Parse error: the content is not JSON"))
            return
        if not isinstance(data, dict):
            self._refuse(None, JsonRpcInvalidRequest("Invalid request: a message is a JSON object"))
            return
        self._dispatch(cast("dict[str, Any]", data))

    def structured(self, data: object, kind: type[T]) -> T:
        """Plain JSON (or what pygls made of it) as one of lsprotocol's types. Raises what cattrs raises."""
        plain = json.loads(json.dumps(data, default=self._serialize_message))
        return self._converter.structure(plain, kind)

    def _dispatch(self, data: dict[str, Any]) -> None:
        message_id: object = data.get("id")
        if isinstance(message_id, bool) or not isinstance(message_id, (int, str, type(None))):
            self._refuse(None, JsonRpcInvalidRequest("Invalid request: an id is a number or a string"))
        elif data.get("jsonrpc") != self.VERSION:
            self._refuse(message_id, JsonRpcInvalidRequest('Invalid request: "jsonrpc" must be "2.0"'))
        elif "method" in data:
            method: object = data["method"]
            if not isinstance(method, str):
                self._refuse(message_id, JsonRpcInvalidRequest("Invalid request: a method is a string"))
            elif method == lsp.EXIT:
                self.stop(0 if self._shutdown else 1)
            elif message_id is None:
                data.pop("id", None)
                self._notified(method, data)
            else:
                self._requested(message_id, method, data)
        elif message_id is not None and ("result" in data or "error" in data):
            self._answered(message_id, data)
        elif message_id is not None or "error" not in data:
            self._refuse(message_id, JsonRpcInvalidRequest("Invalid request: neither method nor result"))

    def _requested(self, message_id: int | str, method: str, data: dict[str, Any]) -> None:
        error: JsonRpcException | None = None
        if self._shutdown:
            error = JsonRpcInvalidRequest("Invalid request: the server is shutting down")
        elif method == lsp.INITIALIZE and self.initialized:
            error = JsonRpcInvalidRequest("Invalid request: the server is initialized already")
        elif method != lsp.INITIALIZE and not self.initialized:
            error = JsonRpcServerNotInitialized("The server is not initialized")
        elif _is_notification(method):
            error = JsonRpcInvalidRequest("Invalid request: a notification has no id")
        elif not self._handles(method):
            error = JsonRpcMethodNotFound("Method not found")
        else:
            try:
                message = self._structured(method, data)
            except JsonRpcException:
                error = JsonRpcInvalidParams(f"Invalid params for {method}")
            else:
                self.handle_message(message)
        if error is not None:
            self._refuse(message_id, error)

    def _notified(self, method: str, data: dict[str, Any]) -> None:
        known = method == lsp.CANCEL_REQUEST or (self._handles(method) and _is_notification(method))
        if not self.initialized or self._shutdown or not known:
            log.debug("notification passed over")
            return
        try:
            message = self._structured(method, data)
        except JsonRpcException:
            log.warning("%s: invalid params", method)
            return
        self.handle_message(message)

    def _answered(self, message_id: int | str, data: dict[str, Any]) -> None:
        try:
            message: Any = self.structure_message(data)
        except JsonRpcException as error:
            self._handle_response(message_id, None, error.to_response_error())
            return
        self.handle_message(message)

    def _structured(self, method: str, data: dict[str, Any]) -> Any:
        """The message as lsprotocol's type; our own methods keep their params as plain JSON."""
        if self.get_message_type(method) is not None or method == lsp.CANCEL_REQUEST:
            return self.structure_message(data)
        if "id" in data:
            return JsonRPCRequestMessage(data["id"], method, self.VERSION, data.get("params"))
        return JsonRPCNotification(method, self.VERSION, data.get("params"))

    def _refuse(self, message_id: MessageId, error: JsonRpcException) -> None:
        log.warning("refused a message: %s", error.message)
        self._send_data(
            {
                "jsonrpc": self.VERSION,
                "id": message_id,
                "error": {"code": error.code, "message": error.message},
            }
        )

    def _handle_response(
        self, msg_id: int | str, result: Any | None = None, error: lsp.ResponseError | None = None
    ) -> None:
        future: Future[Any] | None = self._request_futures.get(msg_id)
        if future is not None and future.done():
            del self._request_futures[msg_id]
            return
        super()._handle_response(msg_id, result, error)


def _offer_columns(params: lsp.InitializeParams) -> None:
    """Take `initializationOptions.positionEncoding` as what the client offers, where it offers nothing: ALE counts bytes
    and has no way to say so."""
    unit = (as_object(params.initialization_options) or {}).get("positionEncoding")
    general = params.capabilities.general or lsp.GeneralClientCapabilities()
    if isinstance(unit, str) and general.position_encodings is None:
        general.position_encodings = [unit]
        params.capabilities.general = general


def _is_notification(method: str) -> bool:
    if method == TRUST:
        return True
    types = cast("tuple[object, ...] | None", lsp.METHOD_TO_TYPES.get(method))
    return types is not None and types[1] is None


def invalid_params(what: str) -> JsonRpcInvalidParams:
    """The error for params of our own requests; `what` names the key, never its value."""
    return JsonRpcInvalidParams(f"Invalid params: {what}")


def internal_error(method: str, place: str) -> JsonRpcInternalError:
    """The error for a fault of the server itself: method and place, no exception text and no traceback."""
    return JsonRpcInternalError(f"{method} failed ({place})")
