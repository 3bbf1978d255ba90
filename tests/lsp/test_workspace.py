"""Folders, policies and settings: each counts where it belongs and at once, and the whole workspace can be looked through."""

import asyncio
import os
from pathlib import Path
from typing import Any

import psutil
import pytest
from lsprotocol import types as lsp

from tests.lsp.conftest import CLIENTS, TIME_LIMIT, Editor, Start
from tests.lsp.requests import command
from tests.lsp.samples import AWS_KEY, CODE, GITHUB_TOKEN, RESTRICTING_POLICY, SECRET_FILE, bitcoin_address

pytestmark = pytest.mark.asyncio

VSCODE, NEOVIM, EGLOT = CLIENTS


def codes(diagnostics: list[lsp.Diagnostic]) -> list[Any]:
    return [diagnostic.code for diagnostic in diagnostics]


def changed(editor: Editor, *paths: Path) -> None:
    events = [lsp.FileEvent(path.as_uri(), lsp.FileChangeType.Changed) for path in paths]
    editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams(events))


async def until_shown(editor: Editor, uri: str, wanted: list[str]) -> None:
    """Wait until the client shows diagnostics with these codes, in the way it gets them."""
    if not editor.pulls:
        await editor.pushed(uri, lambda params: codes(list(params.diagnostics)) == wanted)
        return
    for asked in range(100):
        await editor.until(lambda asked=asked: editor.client.diagnostic_refresh_count > asked)
        if codes(await editor.diagnostics(uri)) == wanted:
            return
    raise AssertionError("the client was not asked to pull again when there was something new")


@pytest.mark.parametrize("client_name", CLIENTS)
async def test_a_change_of_policy_counts_at_once_for_what_is_open(start: Start, client_name: str, tmp_path: Path):
    editor = await start(client_name, [tmp_path])
    uri = editor.open(tmp_path / "a.py", CODE)
    assert await editor.diagnostics(uri) == []
    policy = tmp_path / "tightlip.toml"
    policy.write_text(RESTRICTING_POLICY)
    watches = editor.capabilities.workspace.did_change_watched_files
    if watches.dynamic_registration:
        registered = await editor.until(lambda: editor.notes(lsp.CLIENT_REGISTER_CAPABILITY))
        assert "tightlip.toml" in str(registered[0].registrations)
        changed(editor, policy)
    else:
        editor.client.text_document_did_save(lsp.DidSaveTextDocumentParams(lsp.TextDocumentIdentifier(policy.as_uri())))
    await until_shown(editor, uri, ["restricted"])


async def test_a_client_that_watches_no_files_sees_a_new_policy_while_typing(start: Start, tmp_path: Path):
    editor = await start(NEOVIM, [tmp_path])
    uri = editor.open(tmp_path / "a.py", CODE)
    assert await editor.diagnostics(uri) == []
    (tmp_path / "tightlip.toml").write_text(RESTRICTING_POLICY)
    await asyncio.sleep(1.1)
    editor.replace(uri, CODE + "\n")
    await until_shown(editor, uri, ["restricted"])


@pytest.mark.parametrize("client_name", CLIENTS)
async def test_a_policy_of_a_folder_below_counts_without_a_restart_whoever_wrote_it(
    start: Start, client_name: str, tmp_path: Path
):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.py").write_text(SECRET_FILE)
    editor = await start(client_name, [tmp_path])
    uri = editor.open(tmp_path / "sub" / "a.py", CODE)
    assert await editor.diagnostics(uri) == []
    for text, wanted in ((RESTRICTING_POLICY, ["restricted"]), ("# nothing any more\n", [])):
        (tmp_path / "sub" / "tightlip.toml").write_text(text)
        await asyncio.sleep(2.1)
        editor.replace(uri, CODE + "\n" * (2 - len(wanted)))
        await until_shown(editor, uri, wanted)


async def test_a_scan_of_the_workspace_goes_by_the_policies_as_they_are(start: Start, tmp_path: Path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.py").write_text(SECRET_FILE)
    editor = await start(NEOVIM, [tmp_path])
    assert (await command(editor, "tightlip.scanWorkspace"))["restricted"] == []
    (tmp_path / "sub" / "tightlip.toml").write_text(RESTRICTING_POLICY)
    assert (await command(editor, "tightlip.scanWorkspace"))["restricted"] == [
        (tmp_path / "sub" / name).as_uri() for name in ("a.py", "tightlip.toml")
    ]


async def test_each_folder_has_its_own_policy_and_folders_come_and_go(start: Start, tmp_path: Path):
    shop, pay = tmp_path / "shop", tmp_path / "pay"
    shop.mkdir()
    pay.mkdir()
    (pay / "tightlip.toml").write_text(RESTRICTING_POLICY)
    (shop / "tightlip.toml").write_text('[detect.secret]\naction = "warn"\n')
    editor = await start(VSCODE, [shop])
    in_shop, in_pay = editor.open(shop / "a.py", SECRET_FILE), editor.open(pay / "b.py", SECRET_FILE)
    (item,) = await editor.diagnostics(in_shop)
    assert item.severity == lsp.DiagnosticSeverity.Warning
    assert codes(await editor.diagnostics(in_pay)) == ["restricted", "github-personal-access-token"]
    added = lsp.WorkspaceFoldersChangeEvent([lsp.WorkspaceFolder(pay.as_uri(), "pay")], [])
    editor.client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(added))
    assert codes(await editor.diagnostics(in_pay)) == ["restricted", "github-personal-access-token"]
    removed = lsp.WorkspaceFoldersChangeEvent([], [lsp.WorkspaceFolder(shop.as_uri(), "shop")])
    editor.client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(removed))
    (item,) = await editor.diagnostics(in_shop)
    assert item.severity == lsp.DiagnosticSeverity.Warning


async def test_a_mistake_in_the_policy_is_shown_where_it_stands_and_told_once(start: Start, tmp_path: Path):
    policy = tmp_path / "tightlip.toml"
    policy.write_text('[detect.secret]\nacton = "warn"\n')
    editor = await start(VSCODE, [tmp_path])
    told = await editor.until(lambda: editor.notes(lsp.WINDOW_SHOW_MESSAGE))
    assert 'unknown key "acton"' in told[0].message
    assert "tightlip.toml:2" in told[0].message
    uri = editor.open(policy, policy.read_text(), "toml")
    (item,) = await editor.diagnostics(uri)
    assert (item.code, item.range.start.line, item.severity) == ("policy", 1, lsp.DiagnosticSeverity.Error)
    changed(editor, policy)
    await editor.diagnostics(uri)
    assert len(editor.notes(lsp.WINDOW_SHOW_MESSAGE)) == 1


async def test_what_is_excluded_says_so_and_is_not_silently_safe(start: Start, tmp_path: Path):
    (tmp_path / "tightlip.toml").write_text('[scan]\nexclude = ["fixtures/"]\n')
    editor = await start(VSCODE, [tmp_path])
    uri = editor.open(tmp_path / "fixtures" / "a.py", SECRET_FILE)
    (item,) = await editor.diagnostics(uri)
    assert (item.code, item.severity, item.range.start.line) == ("excluded", lsp.DiagnosticSeverity.Information, 0)


@pytest.mark.parametrize("exists", [True, False])
async def test_a_value_is_allowed_by_its_fingerprint_in_the_policy(start: Start, tmp_path: Path, exists: bool):
    policy = tmp_path / "tightlip.toml"
    if exists:
        policy.write_text('[detect.pii]\naction = "warn"')
    editor = await start(VSCODE, [tmp_path])
    uri = editor.open(tmp_path / "a.py", SECRET_FILE)
    (item,) = await editor.diagnostics(uri)
    action = next(a for a in await editor.actions(uri, item.range) if a.title.endswith("in tightlip.toml"))
    editor.apply(action.edit)
    text = editor.text(policy.as_uri())
    assert 'fingerprint = "tl1:' in text
    assert GITHUB_TOKEN not in text
    policy.write_text(text)
    editor.client.text_document_did_save(lsp.DidSaveTextDocumentParams(lsp.TextDocumentIdentifier(policy.as_uri())))
    await until_shown(editor, uri, [])
    other = editor.open(tmp_path / "b.py", f'key = "{AWS_KEY}"\n')
    assert len(await editor.diagnostics(other)) == 1


async def test_settings_are_asked_for_taken_and_refused_in_a_sentence(start: Start, tmp_path: Path):
    editor = await start(VSCODE, [tmp_path], settings={"maxProblems": 2})
    uri = editor.open(tmp_path / "a.py", f'a = "{GITHUB_TOKEN}"\n' * 5)
    assert len(await editor.diagnostics(uri)) == 3
    editor.client.set_configuration({"tightlip": {"maxProblems": 4, "deep": False}})
    editor.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(settings=None))
    for _ in range(100):
        if len(await editor.diagnostics(uri)) == 5:
            break
        await asyncio.sleep(0.02)
    assert len(await editor.diagnostics(uri)) == 5
    sent = lsp.DidChangeConfigurationParams(settings={"tightlip": {"maxProblems": "many", "codeLens": False}})
    editor.client.workspace_did_change_configuration(sent)
    told = await editor.until(lambda: editor.notes(lsp.WINDOW_SHOW_MESSAGE))
    assert '"tightlip.maxProblems" must be a number' in told[0].message
    assert "many" not in told[0].message
    lenses = await editor.client.text_document_code_lens_async(lsp.CodeLensParams(lsp.TextDocumentIdentifier(uri)))
    assert not lenses


async def test_buffers_without_a_file_can_be_left_out(start: Start):
    editor = await start(VSCODE, settings={"untitled": False})
    uri = editor.open("untitled:Untitled-1", SECRET_FILE)
    assert await editor.diagnostics(uri) == []


def fill_workspace(root: Path) -> None:
    (root / "src").mkdir()
    (root / "src" / "a.py").write_text(SECRET_FILE)
    (root / "src" / "b.py").write_text(CODE)
    (root / "c.env").write_text(f"KEY={AWS_KEY}\n")
    (root / "logo.png").write_bytes(b"\x89PNG\0\0" + os.urandom(64))
    (root / "ignored.py").write_text(SECRET_FILE)
    (root / ".tightlipignore").write_text("ignored.py\n")


async def workspace_report(editor: Editor, previous: dict[str, str]) -> dict[str, Any]:
    params = lsp.WorkspaceDiagnosticParams([lsp.PreviousResultId(uri, value) for uri, value in previous.items()])
    report = await asyncio.wait_for(editor.client.workspace_diagnostic_async(params), TIME_LIMIT)
    return {item.uri: item for item in report.items}


async def test_the_whole_workspace_is_reported_and_only_news_the_second_time(start: Start, tmp_path: Path):
    fill_workspace(tmp_path)
    editor = await start(VSCODE, [tmp_path])
    first = await workspace_report(editor, {})
    secret, env = (tmp_path / "src" / "a.py").as_uri(), (tmp_path / "c.env").as_uri()
    assert {uri: len(item.items) for uri, item in first.items()} == {secret: 1, env: 1}
    assert first[secret].items[0].range.start == lsp.Position(2, 23)
    (tmp_path / "c.env").write_text("KEY=\n")
    second = await workspace_report(editor, {uri: item.result_id for uri, item in first.items()})
    assert second[secret].kind == "unchanged"
    assert (second[env].kind, list(second[env].items)) == ("full", [])
    (tmp_path / "src" / "a.py").unlink()
    third = await workspace_report(editor, {secret: first[secret].result_id})
    assert list(third[secret].items) == []


async def test_an_open_document_is_reported_as_it_is_open_and_not_as_it_is_on_disk(start: Start, tmp_path: Path):
    fill_workspace(tmp_path)
    editor = await start(VSCODE, [tmp_path])
    uri = editor.open(tmp_path / "src" / "a.py", CODE)
    assert uri not in await workspace_report(editor, {})


async def test_a_streaming_client_is_answered_again_when_there_is_news(start: Start, tmp_path: Path):
    fill_workspace(tmp_path)
    editor = await start(VSCODE, [tmp_path])
    editor.client.progress_reports["stream"] = []

    def ask() -> asyncio.Future[Any]:
        params = lsp.WorkspaceDiagnosticParams([], partial_result_token="stream")
        return asyncio.ensure_future(editor.client.workspace_diagnostic_async(params))

    await asyncio.wait_for(ask(), TIME_LIMIT)
    waiting = ask()
    await asyncio.sleep(0.3)
    assert not waiting.done()
    editor.client.text_document_did_save(lsp.DidSaveTextDocumentParams(lsp.TextDocumentIdentifier("file:///x.py")))
    assert len((await asyncio.wait_for(waiting, TIME_LIMIT)).items) == 2


@pytest.mark.parametrize("client_name", [VSCODE, EGLOT])
async def test_scanning_the_workspace_says_what_it_looked_at_and_shows_it(
    start: Start, client_name: str, tmp_path: Path
):
    fill_workspace(tmp_path)
    editor = await start(client_name, [tmp_path])
    result = await command(editor, "tightlip.scanWorkspace")
    assert (result["findings"], result["filesWithFindings"], result["passedOver"]) == (2, 2, 1)
    assert (result["files"], result["cancelled"]) == (5, False)
    if not editor.pulls:
        assert len(await editor.pushed((tmp_path / "c.env").as_uri())) == 1
    if editor.capabilities.window and editor.capabilities.window.work_done_progress:
        (reports,) = editor.client.progress_reports.values()
        assert [type(report).__name__ for report in reports][:: len(reports) - 1] == [
            "WorkDoneProgressBegin",
            "WorkDoneProgressEnd",
        ]
        assert reports[0].cancellable
    report = await command(editor, "tightlip.showReport")
    assert "2 findings in 2 of 5 files" in report["text"]


async def test_a_scan_stops_when_its_progress_is_cancelled(start: Start, tmp_path: Path):
    for number in range(3000):
        (tmp_path / f"{number}.txt").write_text("x")
    editor = await start(VSCODE, [tmp_path])
    scan = asyncio.ensure_future(command(editor, "tightlip.scanWorkspace"))
    (token,) = await editor.until(lambda: list(editor.client.progress_reports))
    editor.client.window_work_done_progress_cancel(lsp.WorkDoneProgressCancelParams(token))
    result = await asyncio.wait_for(scan, TIME_LIMIT)
    assert result["cancelled"]
    assert result["files"] < 3000


async def test_placeholders_of_an_earlier_run_are_restored_from_the_workspace(start: Start, tmp_path: Path):
    (tmp_path / "config.py").write_text(SECRET_FILE)
    editor = await start(VSCODE, [tmp_path])
    copied = await command(editor, "tightlip.copyRedacted", editor.open(tmp_path / "config.py", SECRET_FILE))
    later = await start(VSCODE, [tmp_path])
    uri = later.open(tmp_path / "answer.py", copied["text"])
    assert (await command(later, "tightlip.restore", uri))["applied"]
    assert later.text(uri) == SECRET_FILE


async def test_the_deep_lane_adds_what_only_it_knows_once_typing_rests(start: Start, tmp_path: Path):
    editor = await start(EGLOT, [tmp_path], settings={"deep": True, "deepIdle": 50})
    wallet = bitcoin_address(b"only presidio knows these")
    uri = editor.open(tmp_path / "notes.txt", f"pay to wallet {wallet} today\n", "plaintext")
    await editor.until(lambda: any(status.worker == "ready" for status in editor.statuses))
    items = await editor.pushed(uri, lambda params: bool(params.diagnostics))
    span = editor.texts[uri].span(items[0].range)
    assert editor.text(uri)[span.start : span.end] == wallet
    assert [message.message for message in editor.client.log_messages][-1].startswith("tightlip: Ready")
    for child in psutil.Process(editor.process.pid).children(recursive=True):
        child.kill()
    editor.replace(uri, SECRET_FILE)
    assert "github-personal-access-token" in codes(await editor.diagnostics(uri)), "a dead worker delays nothing"
    await editor.until(lambda: any(status.worker == "restarting" for status in editor.statuses))
