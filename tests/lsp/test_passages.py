"""What is told of restricted passages: lines pasted from a restricted document of this session, sections that are fenced."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.lsp.conftest import CLIENTS, Editor, Start
from tests.lsp.requests import ask, command

pytestmark = [pytest.mark.asyncio(loop_scope="function"), pytest.mark.xdist_group("test_passages")]

NUMBERS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
LINES = [f'    {number}_tranche = settle_claim(ledger["{number}"], cutoff_of("{number} zone"))\n' for number in NUMBERS]
COPY = "".join(LINES)
SETTLE = f"def settle(ledger):\n{COPY}    return first_tranche\n"
ENTRY = (
    '[[repo]]\nmatch = { remote = "github.com/acme/pay" }\nclass = "restricted"\ncontact = "payments@acme.example"\n'
)
SENTENCE = (
    "10 lines of restricted code from acme/pay, settle.py:2-11: an assistant would receive them. "
    "Ask payments@acme.example."
)
SECTION = '# tightlip: private-begin pricing\nmargin = 3\nfloor = "7"\n# tightlip: private-end\n'


def repository(folder: Path, remote: str) -> Path:
    folder.mkdir()
    subprocess.run(["git", "init", "-q", folder], check=True)
    subprocess.run(["git", "-C", folder, "remote", "add", "origin", remote], check=True)
    return folder


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return repository(tmp_path / "app", "git@github.com:acme/app.git")


@pytest.fixture
def pay(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "pay", "git@github.com:acme/pay.git")
    (folder / "tightlip.toml").write_text(ENTRY)
    return folder


def open_restricted(editor: Editor, pay: Path) -> str:
    return editor.open(pay / "settle.py", SETTLE)


@pytest.mark.parametrize("client", CLIENTS)
async def test_pasted_lines_are_marked_exactly_and_one_action_redacts_them(
    start: Start, client: str, app: Path, pay: Path
):
    editor = await start(client, [app, pay])
    restricted = open_restricted(editor, pay)
    assert [item.code for item in await editor.diagnostics(restricted)] == ["restricted"]
    uri = editor.open(app / "main.py", "smile = '😀'\n\nprint(smile)\n")
    assert await editor.diagnostics(uri) == []
    place = lsp.Position(1, 0)
    editor.change(uri, lsp.TextDocumentContentChangePartial(lsp.Range(place, place), COPY))
    (item,) = await editor.diagnostics(uri)
    assert (item.code, item.source, item.severity) == ("copied-code", "tightlip", lsp.DiagnosticSeverity.Warning)
    assert (item.range.start, item.range.end.line) == (lsp.Position(1, 0), 10)
    assert editor.text(uri)[slice(*editor.texts[uri].span(item.range))] == COPY.rstrip("\n")
    assert item.message == SENTENCE
    if editor.capabilities.text_document.publish_diagnostics.related_information:
        (related,) = item.related_information
        assert related.location.uri == (pay / "tightlip.toml").as_uri()
        assert related.location.range.start == lsp.Position(0, 0)
    offered = await editor.actions(uri, lsp.Range(lsp.Position(5, 3), lsp.Position(5, 3)), ["quickfix"], [item])
    assert offered[0].title == "Redact this passage"
    assert not [action.title for action in offered if "Allow" in action.title]
    editor.apply(offered[0].edit)
    assert "tranche" not in editor.text(uri)
    assert editor.text(uri).count("TL_COPIED_CODE_") == 1
    assert editor.text(uri).endswith("\n\nprint(smile)\n")
    assert await editor.diagnostics(uri) == []
    await command(editor, "tightlip.restore", uri)
    assert COPY in editor.text(uri)


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_fenced_section_is_marked_and_redacted(start: Start, client: str, app: Path):
    editor = await start(client, [app])
    uri = editor.open(app / "main.py", f"a = 1\n{SECTION}b = 2\n")
    (item,) = await editor.diagnostics(uri)
    assert (item.code, item.severity) == ("private-section", lsp.DiagnosticSeverity.Error)
    assert editor.text(uri)[slice(*editor.texts[uri].span(item.range))] == 'margin = 3\nfloor = "7"'
    assert item.message == "Private section “pricing”: lines 3 to 4 may not be shared with an assistant."
    (action, *_) = await editor.actions(uri, item.range, ["quickfix"], [item])
    editor.apply(action.edit)
    assert "margin" not in editor.text(uri)
    assert editor.text(uri).startswith('a = 1\n# tightlip: private-begin pricing\n"TL_PRIVATE_SECTION_')
    assert await editor.diagnostics(uri) == []


async def test_a_prompt_with_pasted_lines_is_asked_about_and_comes_back_whole(start: Start, app: Path, pay: Path):
    editor = await start(CLIENTS[0], [app, pay])
    await editor.diagnostics(open_restricted(editor, pay))
    prompt = f"Why does this fail?\n{COPY}Thank you.\n"
    verdict = await ask(editor, "tightlip/checkText", {"text": prompt})
    assert verdict["decision"] == "ask"
    assert verdict["summary"] == SENTENCE
    assert verdict["restricted"] is None
    assert [(found["rule"], found["category"], found["line"]) for found in verdict["findings"]] == [
        ("copied-code", "restricted", 2)
    ]
    assert "tranche" not in verdict["redacted"]
    assert verdict["redacted"].startswith("Why does this fail?\n")
    assert verdict["redacted"].endswith("\nThank you.\n")
    untitled = editor.open("untitled:Untitled-1", prompt, "plaintext")
    assert [(item.code, item.message) for item in await editor.diagnostics(untitled)] == [("copied-code", SENTENCE)]
    back = await ask(editor, "tightlip/restore", {"text": verdict["redacted"]})
    assert (back["text"], back["restored"], back["unknown"], back["leftover"]) == (prompt, 1, [], [])


async def test_a_prompt_with_a_fenced_section_is_stopped(start: Start, app: Path):
    editor = await start(CLIENTS[0], [app])
    verdict = await ask(editor, "tightlip/checkText", {"text": f"look at this\n{SECTION}", "uri": None})
    assert (verdict["decision"], verdict["restricted"]) == ("block", None)
    assert "margin" not in verdict["redacted"]
    back = await ask(editor, "tightlip/restore", {"text": verdict["redacted"]})
    assert back["text"] == f"look at this\n{SECTION}"


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_closed_file_with_nothing_but_copied_lines_or_a_section_is_reported_with_the_workspace(
    start: Start, client: str, app: Path, pay: Path
):
    copied, fenced, clean = app / "copied.py", app / "fenced.py", app / "clean.py"
    copied.write_text(f"import x\n\n{COPY}\nprint(x)\n")
    fenced.write_text(f"a = 1\n{SECTION}b = 2\n")
    clean.write_text("a = 1\n")
    editor = await start(client, [app, pay])
    await editor.diagnostics(open_restricted(editor, pay))
    scan = await command(editor, "tightlip.scanWorkspace")
    assert (scan["findings"], scan["filesWithFindings"]) == (2, 2)
    assert [(one["uri"], one["rule"], one["category"], one["line"], one["count"]) for one in scan["results"]] == [
        (copied.as_uri(), "copied-code", "restricted", 2, 1),
        (fenced.as_uri(), "private-section", "restricted", 2, 1),
    ]
    if editor.pulls:
        report = await editor.client.workspace_diagnostic_async(lsp.WorkspaceDiagnosticParams([]))
        shown = {one.uri: [item.code for item in one.items] for one in report.items}
        assert (shown[copied.as_uri()], shown[fenced.as_uri()]) == (["copied-code"], ["private-section"])
        assert clean.as_uri() not in shown
    else:
        assert [item.code for item in await editor.pushed(copied.as_uri())] == ["copied-code"]
        assert [item.code for item in await editor.pushed(fenced.as_uri())] == ["private-section"]
    told = await command(editor, "tightlip.showReport")
    assert "| copied-code | 1 |" in told["text"]
    assert "| private-section | 1 |" in told["text"]
