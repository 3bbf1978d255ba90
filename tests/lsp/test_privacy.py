"""No value leaves the server: not in a message, not in a log, at any log level, whatever is asked for."""

import json
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp

from tests.lsp.conftest import CLIENTS, Start
from tests.lsp.requests import ask, command
from tests.lsp.samples import AWS_KEY, CANARIES, CSV_FILE, RESTRICTING_POLICY, SECRET_FILE
from tightlip.editor.logs import told_error

ALL = lsp.Range(lsp.Position(0, 0), lsp.Position(1000, 0))


def traces(value: str) -> set[str]:
    """The value, and every run of nine of its characters: a part is a leak too."""
    return {value[start : start + 9] for start in range(len(value) - 8)}


@pytest.mark.asyncio
@pytest.mark.parametrize("client_name", CLIENTS)
async def test_a_whole_session_at_debug_level_tells_no_value(start: Start, client_name: str, tmp_path: Path):
    (tmp_path / "pay").mkdir()
    (tmp_path / "pay" / "tightlip.toml").write_text(RESTRICTING_POLICY)
    (tmp_path / "closed.py").write_text(SECRET_FILE)
    editor = await start(client_name, [tmp_path], settings={"deepIdle": 10}, log_level="debug")
    editor.client.set_trace(lsp.SetTraceParams(lsp.TraceValue.Verbose))
    texts = {
        "a.py": SECRET_FILE,
        "b.csv": CSV_FILE,
        "pay/c.py": f'key = "{AWS_KEY}"\n',
        "d.unknown": SECRET_FILE + CSV_FILE,
    }
    for name, text in texts.items():
        uri = editor.open(tmp_path / name, text, Path(name).suffix[1:])
        for item in await editor.diagnostics(uri):
            await editor.actions(uri, item.range, diagnostics=[item])
            await editor.client.text_document_hover_async(
                lsp.HoverParams(lsp.TextDocumentIdentifier(uri), item.range.start)
            )
        await editor.actions(uri, ALL, ["source"])
        await editor.client.text_document_code_lens_async(lsp.CodeLensParams(lsp.TextDocumentIdentifier(uri)))
        verdict = await ask(editor, "tightlip/checkText", {"text": text, "uri": uri})
        assert verdict["findings"]
        if not name.startswith("pay"):
            await command(editor, "tightlip.copyRedacted", uri)
            await command(editor, "tightlip.openRedactedCopy", uri)
        await command(
            editor,
            "tightlip.redactSelection",
            uri,
            {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}},
        )
    await command(editor, "tightlip.scanWorkspace")
    await command(editor, "tightlip.showReport")
    for number, params in enumerate(({"text": [SECRET_FILE]}, SECRET_FILE, [SECRET_FILE], {"command": SECRET_FILE})):
        for method in ("tightlip/checkText", "textDocument/hover", "workspace/executeCommand", AWS_KEY):
            answer = await editor.raw(
                {
                    "id": f"wrong-{method[:9]}-{number}" if method != AWS_KEY else number,
                    "method": method,
                    "params": params,
                }
            )
            assert "error" in answer
    await editor.raw({"method": "textDocument/didOpen", "params": {"textDocument": SECRET_FILE}})
    await editor.raw(
        {
            "method": "textDocument/didChange",
            "params": {"textDocument": {"uri": SECRET_FILE}, "contentChanges": SECRET_FILE},
        }
    )
    await editor.raw({"method": AWS_KEY, "params": SECRET_FILE})
    assert await editor.stop() == 0
    said: dict[str, Any] = {
        "stderr": editor.stderr.decode(),
        "messages": json.dumps(editor.messages, ensure_ascii=False),
    }
    assert "findings" in said["stderr"]
    for where, text in said.items():
        for value in CANARIES:
            assert not [trace for trace in traces(value) if trace in text], where


def test_an_exception_is_told_without_its_text():
    try:
        raise ValueError("hush-hush")
    except ValueError as error:
        told = told_error(error)
    assert told.startswith("ValueError at test_privacy.py:")
    assert "hush" not in told
