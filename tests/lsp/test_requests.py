"""What a client asks for, it gets: about the newest text, once, in the kinds and forms it named."""

import asyncio
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from tests.detect.people import FILES, NAMED, people
from tests.lsp.conftest import TIME_LIMIT, Editor
from tests.lsp.requests import ask, command
from tests.lsp.samples import AWS_KEY, CODE, EMAIL, GITHUB_TOKEN, SECRET_FILE
from tightlip.finding import Span

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("test_requests")]

ALL = lsp.Range(lsp.Position(0, 0), lsp.Position(1000, 0))
_NUMBERS = itertools.count()


def fresh(editor: Editor, suffix: str = ".py") -> Path:
    return editor.shop / f"file{next(_NUMBERS)}{suffix}"


# diagnostics


async def test_what_the_client_has_already_is_not_sent_again(vscode: Editor):
    uri = vscode.open(fresh(vscode), SECRET_FILE)
    first = await vscode.pull(uri)
    again = await vscode.pull(uri, first.result_id)
    assert (again.kind, again.result_id) == ("unchanged", first.result_id)
    vscode.replace(uri, SECRET_FILE + "\n")
    changed = await vscode.pull(uri, first.result_id)
    assert changed.kind == "full"
    assert changed.result_id != first.result_id


async def test_a_pull_answers_for_the_newest_of_a_burst_of_edits(vscode: Editor):
    uri = vscode.open(fresh(vscode), "")
    for line in range(50):
        place = lsp.Position(line, 0)
        vscode.change(
            uri, lsp.TextDocumentContentChangePartial(lsp.Range(place, place), f'k{line} = "{GITHUB_TOKEN}"\n')
        )
    assert len((await vscode.pull(uri)).items) == 50


async def test_a_cancelled_pull_is_told_so_and_the_server_goes_on(vscode: Editor):
    uri = vscode.open(fresh(vscode), CODE)
    await vscode.pull(uri)
    vscode.replace(uri, SECRET_FILE)
    params = lsp.DocumentDiagnosticParams(lsp.TextDocumentIdentifier(uri))
    pending = vscode.client.protocol.send_request("textDocument/diagnostic", params, msg_id="to-be-cancelled")
    vscode.client.protocol.notify("$/cancelRequest", lsp.CancelParams(id="to-be-cancelled"))
    with pytest.raises(JsonRpcException) as refused:
        await asyncio.wait_for(asyncio.wrap_future(pending), TIME_LIMIT)
    assert refused.value.code == lsp.LSPErrorCodes.RequestCancelled
    assert len((await vscode.pull(uri)).items) == 1


async def test_a_document_that_is_not_open_has_no_diagnostics_and_no_error(vscode: Editor):
    assert list((await vscode.pull((vscode.shop / "never-opened.py").as_uri())).items) == []


async def test_untitled_and_unknown_documents_are_checked_too(vscode: Editor):
    for uri, language in (
        ("untitled:Untitled-1", "plaintext"),
        ("scm-input:x?1", "scminput"),
        ("odd:///a b#c", "klingon"),
    ):
        vscode.open(uri, f"token = {GITHUB_TOKEN}\n", language)
        assert [item.code for item in (await vscode.pull(uri)).items] == ["github-personal-access-token"]


async def test_more_findings_than_are_shown_are_counted_in_a_notice(vscode: Editor):
    uri = vscode.open(fresh(vscode), f'a = "{GITHUB_TOKEN}"\n' * 1005)
    items = (await vscode.pull(uri)).items
    assert len(items) == 1001
    assert items[-1].code == "too-many"
    assert items[-1].severity == lsp.DiagnosticSeverity.Information
    assert items[-1].range.start == lsp.Position(0, 0)
    assert "1,000 of 1,005" in items[-1].message


async def test_a_line_of_a_megabyte_is_checked_and_edited_like_any_other(vscode: Editor):
    filler = "a é 漢 😀 " * 120_000
    uri = vscode.open(fresh(vscode, ".txt"), f"{filler}{GITHUB_TOKEN} end", "plaintext")
    place = vscode.texts[uri].range(Span(len(filler), len(filler))).start
    for _ in range(5):
        vscode.change(uri, lsp.TextDocumentContentChangePartial(lsp.Range(place, place), "😀 "))
    (item,) = (await vscode.pull(uri)).items
    span = vscode.texts[uri].span(item.range)
    assert vscode.text(uri)[span.start : span.end] == GITHUB_TOKEN


async def test_characters_that_are_none_do_no_harm(vscode: Editor):
    odd = "\0\ufeff\ud83d \f\u2028\x85\r"
    uri = vscode.open(fresh(vscode), f"{odd}\nt = '{GITHUB_TOKEN}'\r{odd}", "python")
    (item,) = (await vscode.pull(uri)).items
    (action,) = await vscode.actions(uri, item.range, ["source.fixAll"])
    vscode.apply(action.edit)
    assert vscode.text(uri).startswith(f"{odd}\nt = 'TL_GITHUB_TOKEN_")
    assert vscode.text(uri).endswith(f"'\r{odd}")


# code actions


async def test_only_the_kinds_that_are_asked_for_are_offered(vscode: Editor):
    uri = vscode.open(fresh(vscode), SECRET_FILE)
    (item,) = (await vscode.pull(uri)).items
    for only, kinds in (
        (["quickfix"], {"quickfix"}),
        (["source"], {"source.fixAll.tightlip", "source.redactAll.tightlip"}),
        (["source.fixAll"], {"source.fixAll.tightlip"}),
        (["source.fixAll.tightlip"], {"source.fixAll.tightlip"}),
        (["source.redactAll"], {"source.redactAll.tightlip"}),
        (["source.fix"], set()),
        (["refactor"], set()),
        ([""], {"quickfix", "source.fixAll.tightlip", "source.redactAll.tightlip"}),
        (None, {"quickfix"}),
    ):
        assert {action.kind for action in await vscode.actions(uri, item.range, only)} == kinds


async def test_actions_are_offered_at_the_finding_and_not_elsewhere(vscode: Editor):
    uri = vscode.open(fresh(vscode), SECRET_FILE)
    (item,) = (await vscode.pull(uri)).items
    at_the_end = lsp.Range(item.range.end, item.range.end)
    elsewhere = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 3))
    assert await vscode.actions(uri, at_the_end, ["quickfix"])
    assert await vscode.actions(uri, elsewhere, ["quickfix"]) == []


async def test_an_edit_is_not_made_before_it_is_wanted_and_is_for_the_version_seen(vscode: Editor):
    uri = vscode.open(fresh(vscode), SECRET_FILE, version=7)
    (item,) = (await vscode.pull(uri)).items
    params = lsp.CodeActionParams(
        lsp.TextDocumentIdentifier(uri), item.range, lsp.CodeActionContext([], only=["quickfix"])
    )
    offered = (await vscode.client.text_document_code_action_async(params))[0]
    assert offered.edit is None
    assert GITHUB_TOKEN not in str(offered.data)
    resolved = await vscode.client.code_action_resolve_async(offered)
    assert resolved.edit.document_changes[0].text_document.version == 7


async def test_an_action_for_an_older_text_is_refused_and_not_made_for_another(vscode: Editor):
    uri = vscode.open(fresh(vscode), SECRET_FILE)
    (item,) = (await vscode.pull(uri)).items
    params = lsp.CodeActionParams(
        lsp.TextDocumentIdentifier(uri), item.range, lsp.CodeActionContext([], only=["quickfix"])
    )
    offered = (await vscode.client.text_document_code_action_async(params))[0]
    vscode.replace(uri, "# a line more\n" + SECRET_FILE)
    with pytest.raises(JsonRpcException) as refused:
        await asyncio.wait_for(vscode.client.code_action_resolve_async(offered), TIME_LIMIT)
    assert refused.value.code == lsp.LSPErrorCodes.ContentModified


async def test_the_same_value_gets_the_same_placeholder_wherever_it_stands(vscode: Editor):
    uri = vscode.open(fresh(vscode), f'a = "{GITHUB_TOKEN}"\nb = "{AWS_KEY}"\nurl = "https://x/?t={GITHUB_TOKEN}"\n')
    items = (await vscode.pull(uri)).items
    action = (await vscode.actions(uri, items[0].range, ["quickfix"]))[0]
    vscode.apply(action.edit)
    assert GITHUB_TOKEN not in vscode.text(uri)
    assert AWS_KEY in vscode.text(uri)
    token = vscode.text(uri).split('"')[1]
    assert vscode.text(uri).count(token) == 2
    other = vscode.open(fresh(vscode), SECRET_FILE)
    (action,) = await vscode.actions(other, ALL, ["source.redactAll"])
    vscode.apply(action.edit)
    assert token in vscode.text(other)


async def test_a_value_is_replaced_by_a_synthetic_one(vscode: Editor):
    uri = vscode.open(fresh(vscode), f'to = "{EMAIL}"\n')
    (item,) = (await vscode.pull(uri)).items
    action = next(a for a in await vscode.actions(uri, item.range) if a.title.startswith("Replace with a synthetic"))
    vscode.apply(action.edit)
    assert EMAIL not in vscode.text(uri)
    assert "@example." in vscode.text(uri)
    assert (await vscode.pull(uri)).items == ()


async def test_a_secret_is_read_from_the_environment_and_the_program_still_compiles(vscode: Editor):
    uri = vscode.open(fresh(vscode), f'"""Doc."""\ntoken = "{GITHUB_TOKEN}"\n')
    (item,) = (await vscode.pull(uri)).items
    action = next(a for a in await vscode.actions(uri, item.range) if a.title == "Read from environment")
    vscode.apply(action.edit)
    compile(vscode.text(uri), "x.py", "exec")
    assert "import os" in vscode.text(uri)
    assert "os.environ[" in vscode.text(uri)
    assert (await vscode.pull(uri)).items == ()


async def test_a_value_is_allowed_by_a_comment(vscode: Editor):
    for suffix, language, line, after in (
        (".py", "python", 'token = "{}"\n', 'token = "{}"  # tightlip: allow['),
        (".env", "dotenv", "TOKEN={}\n", "# tightlip: allow["),
        (".html", "html", '<a t="{}">\n', '<a t="{}">  <!-- tightlip: allow['),
    ):
        uri = vscode.open(fresh(vscode, suffix), line.format(GITHUB_TOKEN), language)
        (item,) = (await vscode.pull(uri)).items
        action = next(a for a in await vscode.actions(uri, item.range) if a.title == "Allow this value… with a comment")
        vscode.apply(action.edit)
        assert vscode.text(uri).startswith(after.format(GITHUB_TOKEN))
        assert (await vscode.pull(uri)).items == ()


async def test_json_gets_no_comment(vscode: Editor):
    uri = vscode.open(fresh(vscode, ".json"), f'{{"token": "{GITHUB_TOKEN}"}}\n', "json")
    (item,) = (await vscode.pull(uri)).items
    assert not [a for a in await vscode.actions(uri, item.range) if "comment" in a.title]


# rows of personal data

ROWS = people(40)
TOP = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))


async def test_rows_of_personal_data_are_one_diagnostic_beside_the_secrets_among_them(vscode: Editor):
    rows = [{**row, "amount": GITHUB_TOKEN if row["id"] == "7" else row["amount"]} for row in ROWS]
    uri = vscode.open(fresh(vscode, ".csv"), FILES["users.csv"](rows), "csv")
    items = {item.code: item for item in (await vscode.pull(uri)).items}
    assert set(items) == {"realistic-personal-data", "github-personal-access-token"}
    told = items["realistic-personal-data"]
    assert told.message.startswith("Realistic personal data: 40 rows × 8 columns, ")
    assert told.range.start.line == told.range.end.line == 0
    verdict = await ask(vscode, "tightlip/checkText", {"text": vscode.text(uri), "uri": uri})
    assert len(verdict["findings"]) == 40 * len(NAMED) + 1


async def test_hover_shows_the_table_on_the_first_line_and_the_value_on_a_cell(vscode: Editor):
    uri = vscode.open(fresh(vscode, ".csv"), FILES["users.csv"](ROWS), "csv")
    document = lsp.TextDocumentIdentifier(uri)
    table = await vscode.client.text_document_hover_async(lsp.HoverParams(document, TOP.start))
    assert "| `email` | E-mail address | 40 |" in table.contents.value
    assert "Confidence that they are real: high" in table.contents.value
    cell = await vscode.client.text_document_hover_async(lsp.HoverParams(document, lsp.Position(3, 4)))
    assert "First name of a person" in cell.contents.value
    assert "One of 320 values." in cell.contents.value
    assert not any(row[key] in hover.contents.value for hover in (table, cell) for row in ROWS for key in NAMED)


async def test_the_actions_of_the_table_make_the_file_safe(vscode: Editor):
    for suffix, title in (
        (".csv", "Replace all with synthetic values"),
        (".json", "Replace all with synthetic values"),
        (".sql", "Redact all in file"),
    ):
        name = {".csv": "users.csv", ".json": "users.json", ".sql": "insert.sql"}[suffix]
        uri = vscode.open(fresh(vscode, suffix), FILES[name](ROWS), suffix[1:])
        items = (await vscode.pull(uri)).items
        actions = await vscode.actions(uri, TOP, diagnostics=items)
        context = lsp.CodeActionContext([], only=["quickfix"])
        params = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), TOP, context)
        offered = [action.title for action in await vscode.client.text_document_code_action_async(params)]
        assert offered[:2] == ["Redact all in file", "Replace all with synthetic values"]
        assert "Open redacted copy" in offered
        (action,) = [action for action in actions if action.title == title]
        assert [one.code for one in action.diagnostics] == ["realistic-personal-data"]
        vscode.apply(action.edit)
        after = vscode.text(uri)
        assert not any(row[key] in after for row in ROWS for key in ("email", "phone", "ssn", "street", "last_name"))
        assert (await vscode.pull(uri)).items == ()


async def test_synthetic_rows_stay_as_different_as_they_were(vscode: Editor):
    uri = vscode.open(fresh(vscode, ".json"), FILES["users.json"](ROWS), "json")
    await vscode.pull(uri)
    actions = await vscode.actions(uri, TOP)
    vscode.apply(next(one.edit for one in actions if one.title.startswith("Replace all with")))
    after = json.loads(vscode.text(uri))
    for key in ("email", "phone", "ssn"):
        assert len({row[key] for row in after}) == len({row[key] for row in ROWS})


async def test_each_value_is_marked_where_the_editor_wants_that(vscode: Editor):
    uri = vscode.open(fresh(vscode, ".csv"), FILES["users.csv"](ROWS), "csv")
    vscode.client.set_configuration({"tightlip": {"summarise": False, "deep": False}})
    vscode.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(settings=None))
    try:
        for _ in range(50):
            items = (await vscode.pull(uri)).items
            if len(items) > 1:
                break
            await asyncio.sleep(0.1)
        assert len(items) == 320
    finally:
        vscode.client.set_configuration({"tightlip": {"summarise": True, "deep": False}})
        vscode.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(settings=None))


# hover, lens


async def test_hover_says_what_why_and_what_to_do(vscode: Editor):
    uri = vscode.open(fresh(vscode), SECRET_FILE)
    (item,) = (await vscode.pull(uri)).items
    hover = await vscode.client.text_document_hover_async(
        lsp.HoverParams(lsp.TextDocumentIdentifier(uri), item.range.start)
    )
    assert hover.range == item.range
    assert hover.contents.kind == lsp.MarkupKind.Markdown
    for part in ("GitHub personal access token", "checksum valid", "https://github.com/settings/tokens", "CC6.1"):
        assert part in hover.contents.value
    outside = lsp.HoverParams(lsp.TextDocumentIdentifier(uri), lsp.Position(0, 0))
    assert await vscode.client.text_document_hover_async(outside) is None


async def test_the_lens_counts_and_offers_a_redacted_copy(vscode: Editor):
    uri = vscode.open(fresh(vscode), SECRET_FILE)
    lenses = await vscode.client.text_document_code_lens_async(lsp.CodeLensParams(lsp.TextDocumentIdentifier(uri)))
    assert [lens.command.command for lens in lenses] == ["tightlip.showReport", "tightlip.copyRedacted"]
    assert lenses[0].command.title.startswith("1 value")
    vscode.replace(uri, CODE)
    lenses = await vscode.client.text_document_code_lens_async(lsp.CodeLensParams(lsp.TextDocumentIdentifier(uri)))
    assert not lenses


# commands and our own requests


async def test_redacting_by_command_and_restoring_gives_the_text_back(vscode: Editor):
    uri = vscode.open(fresh(vscode), SECRET_FILE)
    assert await command(vscode, "tightlip.redactDocument", uri) == {"applied": True, "count": 1}
    assert GITHUB_TOKEN not in vscode.text(uri)
    result = await command(vscode, "tightlip.restore", uri)
    assert (result["applied"], result["restored"], result["unknown"]) == (True, 1, [])
    assert vscode.text(uri) == SECRET_FILE


async def test_redacting_a_selection_leaves_the_rest_alone(vscode: Editor):
    uri = vscode.open(fresh(vscode), f'a = "{GITHUB_TOKEN}"\nb = "{AWS_KEY}"\n')
    selected = {"start": {"line": 1, "character": 0}, "end": {"line": 2, "character": 0}}
    assert (await command(vscode, "tightlip.redactSelection", uri, selected))["applied"]
    assert GITHUB_TOKEN in vscode.text(uri)
    assert AWS_KEY not in vscode.text(uri)


async def test_a_selection_in_which_nothing_is_found_is_redacted_as_a_whole(vscode: Editor):
    uri = vscode.open(fresh(vscode, ".txt"), "the project is called Nightjar, ship Nightjar soon\n", "plaintext")
    selected = {"start": {"line": 0, "character": 22}, "end": {"line": 0, "character": 30}}
    assert (await command(vscode, "tightlip.redactSelection", uri, selected))["applied"]
    assert vscode.text(uri).startswith("the project is called TL_VALUE_")
    await command(vscode, "tightlip.restore", uri)
    assert vscode.text(uri).startswith("the project is called Nightjar,")


async def test_an_edit_the_editor_refuses_is_reported_as_not_applied(vscode: Editor):
    uri = vscode.open(fresh(vscode), SECRET_FILE)
    vscode.refuses_edits = True
    try:
        assert (await command(vscode, "tightlip.redactDocument", uri))["applied"] is False
    finally:
        vscode.refuses_edits = False
    assert vscode.text(uri) == SECRET_FILE


async def test_a_redacted_copy_goes_to_the_clipboard_or_a_new_buffer(vscode: Editor):
    uri = vscode.open(fresh(vscode), SECRET_FILE)
    copied = await command(vscode, "tightlip.copyRedacted", uri)
    assert GITHUB_TOKEN not in copied["text"]
    assert copied["text"].startswith('import os\n\nemoji = "😀"; token = "TL_')
    assert vscode.notes("tightlip/copyText")[-1].text == copied["text"]
    selected = {"start": {"line": 2, "character": 14}, "end": {"line": 2, "character": 40}}
    part = await command(vscode, "tightlip.copyRedacted", uri, selected)
    assert part["text"].startswith('token = "TL_')
    shown = await command(vscode, "tightlip.openRedactedCopy", uri)
    assert shown["text"] == copied["text"]
    assert vscode.notes("tightlip/openText")[-1].text == copied["text"]
    assert vscode.text(uri) == SECRET_FILE


async def test_a_command_with_wrong_arguments_is_an_error_that_says_which(vscode: Editor):
    for name, arguments in (
        ("tightlip.redactDocument", ()),
        ("tightlip.redactDocument", (7,)),
        ("tightlip.redactSelection", ("file:///not/open.py",)),
        ("tightlip.doesNotExist", ()),
    ):
        with pytest.raises(JsonRpcException):
            await command(vscode, name, *arguments)
    uri = vscode.open(fresh(vscode), SECRET_FILE)
    with pytest.raises(JsonRpcException) as refused:
        await command(vscode, "tightlip.redactSelection", uri, {"start": 1})
    assert refused.value.code == -32602


async def test_a_text_on_its_way_out_gets_a_verdict_and_a_safe_form(vscode: Editor):
    verdict = await ask(vscode, "tightlip/checkText", {"text": f"why does {GITHUB_TOKEN} fail?"})
    assert verdict["decision"] == "block"
    assert [(f["rule"], f["start"], f["end"]) for f in verdict["findings"]] == [("github-personal-access-token", 9, 49)]
    assert verdict["redacted"].startswith("why does TL_GITHUB_TOKEN_")
    assert verdict["reasons"][0]["action"] == "block"
    assert GITHUB_TOKEN not in str(verdict)
    harmless = await ask(vscode, "tightlip/checkText", {"text": "hello", "uri": (vscode.shop / "a.py").as_uri()})
    assert (harmless["decision"], harmless["findings"], harmless["redacted"]) == ("off", [], "hello")


async def test_an_answer_with_placeholders_gets_its_values_back(vscode: Editor):
    verdict = await ask(vscode, "tightlip/checkText", {"text": f"key {GITHUB_TOKEN}"})
    token = verdict["redacted"].removeprefix("key ")
    restored = await ask(vscode, "tightlip/restore", {"text": f"set {token.lower()}, not TL_EMAIL_ZZ9999"})
    assert restored["text"] == f"set {GITHUB_TOKEN}, not TL_EMAIL_ZZ9999"
    assert (restored["restored"], restored["unknown"]) == (1, ["TL_EMAIL_ZZ9999"])


@pytest.mark.parametrize("method", ["tightlip/checkText", "tightlip/restore"])
@pytest.mark.parametrize("params", [None, [], {}, {"text": 5}, {"text": None}, "text"])
async def test_our_own_requests_refuse_params_of_another_shape(vscode: Editor, method: str, params: Any):
    with pytest.raises(JsonRpcException) as refused:
        await ask(vscode, method, params)
    assert refused.value.code == -32602


async def test_the_report_counts_and_names_no_value(vscode: Editor):
    uri = vscode.open(fresh(vscode), SECRET_FILE)
    report = await command(vscode, "tightlip.showReport", uri)
    assert "| github-personal-access-token |" in report["text"]
    assert GITHUB_TOKEN not in report["text"]


async def test_the_status_is_told_when_it_changes_and_only_then(vscode: Editor):
    uri = vscode.open(fresh(vscode), SECRET_FILE)

    def told() -> list[tuple[str, int]]:
        return [(status.state, status.count) for status in vscode.statuses if status.uri == uri]

    await vscode.until(lambda: told()[-1:] == [("findings", 1)])
    vscode.replace(uri, SECRET_FILE + "\n")
    await vscode.pull(uri)
    vscode.replace(uri, CODE)
    await vscode.until(lambda: told()[-1:] == [("safe", 0)])
    assert told() == [("checking", 0), ("findings", 1), ("safe", 0)]


async def test_trace_tells_what_was_done_and_no_text(vscode: Editor):
    vscode.client.set_trace(lsp.SetTraceParams(lsp.TraceValue.Messages))
    uri = vscode.open(fresh(vscode), SECRET_FILE)
    await vscode.pull(uri)
    traced = await vscode.until(lambda: [note.message for note in vscode.notes(lsp.LOG_TRACE)])
    assert "1 findings" in traced[-1]
    vscode.client.set_trace(lsp.SetTraceParams(lsp.TraceValue.Off))
    before = len(vscode.notes(lsp.LOG_TRACE))
    vscode.replace(uri, CODE)
    await vscode.pull(uri)
    assert len(vscode.notes(lsp.LOG_TRACE)) == before
