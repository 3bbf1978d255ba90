"""A real client (pytest-lsp) that speaks as the three real editors do, in front of a real server process."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types as lsp
from lsprotocol.converters import get_converter
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient
from pytest_lsp.client import register_lsp_features
from pytest_lsp.protocol import LanguageClientProtocol

from tests.lsp.samples import RESTRICTING_POLICY
from tightlip.editor.documents import LinedText

CAPABILITIES = Path(__file__).parent / "capabilities"
CLIENTS = ("vscode-1.139", "nvim-0.11.4", "emacs-28-eglot-1.9")
SERVER = "import sys; from tightlip.editor.server import serve; sys.exit(serve(None, sys.argv[1]))"
TIME_LIMIT = 30


class RecordingProtocol(LanguageClientProtocol):
    """Keeps every message of the server, as it came."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.seen: list[dict[str, Any]] = []
        self.arrived = asyncio.Event()

    def structure_message(self, data: dict[str, Any]) -> Any:
        if "jsonrpc" in data:
            self.seen.append(json.loads(json.dumps(data)))
            asyncio.get_running_loop().call_soon(self.arrived.set)
        return super().structure_message(data)


class Editor:
    """What an editor does: keeps the text, sends edits, shows diagnostics, applies actions."""

    def __init__(self, client: LanguageClient, capabilities: lsp.ClientCapabilities):
        self.client = client
        self.capabilities = capabilities
        self.texts: dict[str, LinedText] = {}
        self.versions: dict[str, int] = {}
        self.published: dict[str, list[lsp.PublishDiagnosticsParams]] = {}
        self.statuses: list[Any] = []
        self.sent: list[tuple[str, Any]] = []
        self.stderr = bytearray()
        self.refuses_edits = False
        self.shop = self.pay = Path()
        self.changed = client.protocol.arrived
        self.result: lsp.InitializeResult | None = None

    # life

    async def start(
        self,
        folders: Sequence[Path] = (),
        settings: dict[str, Any] | None = None,
        log_level: str = "debug",
        command: Sequence[str] = (sys.executable, "-c", SERVER),
        root_uri: str | None = None,
        **options: object,
    ) -> lsp.InitializeResult:
        client = self.client
        for method in (
            "tightlip/copyText",
            "tightlip/openText",
            "tightlip/policy",
            lsp.LOG_TRACE,
            lsp.WINDOW_SHOW_MESSAGE,
            lsp.CLIENT_REGISTER_CAPABILITY,
            lsp.CLIENT_UNREGISTER_CAPABILITY,
            lsp.WORKSPACE_CODE_LENS_REFRESH,
        ):
            self._on(method, lambda params, method=method: self._note(method, params))
        self._on("tightlip/status", self._status)
        self._on(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, self._publish)
        self._on(lsp.WORKSPACE_APPLY_EDIT, self._apply_request)
        self._on(lsp.WINDOW_SHOW_DOCUMENT, self._show_document)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        await super(LanguageClient, client).start_io(*command, log_level, env=environment)
        self.stderr_task = asyncio.ensure_future(self._read_stderr())
        handled = {"notifications": ["status", "policy", "copyText", "openText"]}
        whole: dict[str, Any] = {"settings": {"deep": False, **(settings or {})}, **handled, **options}
        self.result = await client.initialize_session(
            lsp.InitializeParams(
                capabilities=self.capabilities,
                initialization_options=whole,
                root_uri=root_uri,
                workspace_folders=[lsp.WorkspaceFolder(path.as_uri(), path.name) for path in folders],
            )
        )
        return self.result

    async def stop(self) -> int:
        if self.process.returncode is None:
            await asyncio.wait_for(self.client.shutdown_async(None), TIME_LIMIT)
            self.client.exit(None)
        code = await asyncio.wait_for(self.process.wait(), TIME_LIMIT)
        await asyncio.wait_for(self.stderr_task, TIME_LIMIT)
        await self.client.stop()
        return code

    @property
    def process(self) -> asyncio.subprocess.Process:
        process = self.client._server
        assert process is not None
        return process

    @property
    def encoding(self) -> str:
        assert self.result is not None
        encoding = self.result.capabilities.position_encoding or "utf-16"
        return encoding.value if isinstance(encoding, lsp.PositionEncodingKind) else encoding

    @property
    def pulls(self) -> bool:
        assert self.result is not None
        return self.result.capabilities.diagnostic_provider is not None

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Everything the server has sent."""
        return self.client.protocol.seen

    def notes(self, method: str) -> list[Any]:
        return [params for name, params in self.sent if name == method]

    # documents

    def open(self, uri: str | Path, text: str, language: str = "python", version: int = 1) -> str:
        uri = uri.as_uri() if isinstance(uri, Path) else uri
        self.texts[uri], self.versions[uri] = LinedText(text, self.encoding), version
        item = lsp.TextDocumentItem(uri, language, version, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        return uri

    def change(self, uri: str, *changes: lsp.TextDocumentContentChangeEvent) -> None:
        for change in changes:
            self.texts[uri] = self.texts[uri].changed(change)
        self.versions[uri] += 1
        identifier = lsp.VersionedTextDocumentIdentifier(uri=uri, version=self.versions[uri])
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(identifier, list(changes)))

    def replace(self, uri: str, text: str) -> None:
        self.change(uri, lsp.TextDocumentContentChangeWholeDocument(text=text))

    def close(self, uri: str) -> None:
        del self.texts[uri], self.versions[uri]
        self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(uri)))

    def text(self, uri: str) -> str:
        return self.texts[uri].text

    async def pull(self, uri: str, previous: str | None = None) -> Any:
        params = lsp.DocumentDiagnosticParams(lsp.TextDocumentIdentifier(uri), previous_result_id=previous)
        return await asyncio.wait_for(self.client.text_document_diagnostic_async(params), TIME_LIMIT)

    async def diagnostics(self, uri: str) -> list[lsp.Diagnostic]:
        """The diagnostics of the newest text, in the way this client gets them."""
        if self.pulls:
            return list((await self.pull(uri)).items)
        return await self.pushed(uri, lambda params: params.version == self.versions[uri])

    async def pushed(
        self, uri: str, wanted: Callable[[lsp.PublishDiagnosticsParams], bool] = lambda _: True
    ) -> list[lsp.Diagnostic]:
        """The newest pushed diagnostics that are as wanted, now or within the time limit."""

        def found() -> lsp.PublishDiagnosticsParams | None:
            published = self.published.get(uri)
            return published[-1] if published and wanted(published[-1]) else None

        return list((await self.until(found)).diagnostics)

    async def until(self, condition: Callable[[], Any]) -> Any:
        """The first true answer of a condition that messages of the server change."""

        async def wait() -> Any:
            while not (answer := condition()):
                await self.changed.wait()
                self.changed.clear()
            return answer

        return await asyncio.wait_for(wait(), TIME_LIMIT)

    async def actions(
        self, uri: str, range_: lsp.Range, only: Sequence[str] | None = None, diagnostics: Sequence[lsp.Diagnostic] = ()
    ) -> list[lsp.CodeAction]:
        """Code actions with their edits, resolved if the client resolves. Those that are mere commands are left out."""
        context = lsp.CodeActionContext(list(diagnostics), only=list(only) if only is not None else None)
        params = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), range_, context)
        answer = await asyncio.wait_for(self.client.text_document_code_action_async(params), TIME_LIMIT)
        actions = [action for action in answer or () if isinstance(action, lsp.CodeAction)]
        if self.capabilities.text_document.code_action.resolve_support is None:
            return actions
        return [await asyncio.wait_for(self.client.code_action_resolve_async(action), TIME_LIMIT) for action in actions]

    def apply(self, edit: lsp.WorkspaceEdit) -> None:
        """Apply an edit as an editor does, and tell the server; versions must be those of the texts."""
        for change in edit.document_changes or ():
            if isinstance(change, lsp.CreateFile):
                path = Path(change.uri.removeprefix("file://"))
                path.touch()
                self.open(change.uri, "", "toml")
            elif isinstance(change, lsp.TextDocumentEdit):
                uri, version = change.text_document.uri, change.text_document.version
                assert version is None or version == self.versions[uri]
                self._edit(uri, change.edits)
        for uri, edits in (edit.changes or {}).items():
            self._edit(uri, edits)

    def _edit(self, uri: str, edits: Sequence[Any]) -> None:
        if uri not in self.texts:
            self.open(uri, Path(uri.removeprefix("file://")).read_text("utf-8"), "toml")
        spans = [self.texts[uri].span(edit.range) for edit in edits]
        assert spans == sorted(spans, reverse=True), "edits go from the end of the text to its beginning"
        changes = [lsp.TextDocumentContentChangePartial(edit.range, edit.new_text) for edit in edits]
        self.change(uri, *changes)

    # messages

    async def raw(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """Send a message as it is, however wrong; its answer where it has an id."""
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.client.protocol.writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

        def answer() -> dict[str, Any] | None:
            return next((m for m in self.messages if m.get("id") == message["id"] and "method" not in m), None)

        return await self.until(answer) if "id" in message else None

    def _on(self, method: str, handler: Callable[..., Any]) -> None:
        self.client.protocol.fm.features.pop(method, None)
        self.client.feature(method)(lambda params: handler(params))

    def _note(self, method: str, params: Any) -> None:
        self.sent.append((method, params))

    def _status(self, params: Any) -> None:
        self.statuses.append(params)

    def _publish(self, params: lsp.PublishDiagnosticsParams) -> None:
        self.published.setdefault(params.uri, []).append(params)

    def _apply_request(self, params: lsp.ApplyWorkspaceEditParams) -> lsp.ApplyWorkspaceEditResult:
        if self.refuses_edits:
            return lsp.ApplyWorkspaceEditResult(applied=False)
        self.apply(params.edit)
        return lsp.ApplyWorkspaceEditResult(applied=True)

    def _show_document(self, params: lsp.ShowDocumentParams) -> lsp.ShowDocumentResult:
        self._note(lsp.WINDOW_SHOW_DOCUMENT, params)
        return lsp.ShowDocumentResult(success=True)

    async def _read_stderr(self) -> None:
        stream = self.process.stderr
        while stream is not None and (data := await stream.read(65536)):
            self.stderr += data


def capabilities_of(name: str) -> lsp.ClientCapabilities:
    """What a real client said at `initialize`."""
    data = json.loads((CAPABILITIES / f"{name}.json").read_text("utf-8"))
    return get_converter().structure(data["capabilities"], lsp.ClientCapabilities)


def make_editor(name: str) -> Editor:
    client = LanguageClient(protocol_cls=RecordingProtocol, converter_factory=default_converter)
    register_lsp_features(client)
    return Editor(client, capabilities_of(name))


Start = Callable[..., Awaitable[Editor]]


@pytest_asyncio.fixture
async def start() -> AsyncIterator[Start]:
    """Starts an editor by the name of its capabilities file; all are ended after the test."""
    editors: list[Editor] = []

    async def begin(name: str = CLIENTS[0], *args: Any, **kwargs: Any) -> Editor:
        editor = make_editor(name)
        editors.append(editor)
        await editor.start(*args, **kwargs)
        return editor

    yield begin
    for editor in editors:
        await editor.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=CLIENTS)
async def editor(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    """Each of the three clients, with an ordinary and a restricted folder; one session for the tests of a module."""
    root = tmp_path_factory.mktemp("workspace")
    editor = make_editor(request.param)
    editor.shop, editor.pay = root / "shop", root / "pay"
    editor.shop.mkdir()
    editor.pay.mkdir()
    (editor.pay / "tightlip.toml").write_text(RESTRICTING_POLICY)
    await editor.start([editor.shop, editor.pay])
    yield editor
    assert await editor.stop() == 0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def vscode(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    """VS Code with one folder; one session for the tests of a module."""
    editor = make_editor(CLIENTS[0])
    editor.shop = tmp_path_factory.mktemp("shop")
    await editor.start([editor.shop])
    yield editor
    assert await editor.stop() == 0
