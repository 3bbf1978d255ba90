"""The three real clients see a secret, a row of personal data and a restricted file, and one action mends each."""

import itertools

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from tests.lsp.conftest import Editor
from tests.lsp.requests import ask, command
from tests.lsp.samples import BIRTH_DATE, CODE, CSV_FILE, EMAIL, GITHUB_TOKEN, SECRET_FILE

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("test_clients")]

ALL = lsp.Range(lsp.Position(0, 0), lsp.Position(1000, 0))


_NUMBERS = itertools.count()


def number() -> int:
    return next(_NUMBERS)


def shown_text(editor: Editor, uri: str, diagnostic: lsp.Diagnostic) -> str:
    span = editor.texts[uri].span(diagnostic.range)
    return editor.text(uri)[span.start : span.end]


async def test_a_secret_is_shown_and_one_action_redacts_it(editor: Editor):
    uri = editor.open(editor.shop / f"deploy{number()}.py", SECRET_FILE)
    (diagnostic,) = await editor.diagnostics(uri)
    assert shown_text(editor, uri, diagnostic) == GITHUB_TOKEN
    assert (diagnostic.source, diagnostic.code) == ("tightlip", "github-personal-access-token")
    assert diagnostic.severity == lsp.DiagnosticSeverity.Error
    actions = await editor.actions(uri, diagnostic.range, ["quickfix"], [diagnostic])
    assert actions[0].title == "Redact this value"
    assert actions[0].is_preferred
    assert actions[0].diagnostics == [diagnostic] or actions[0].diagnostics == (diagnostic,)
    editor.apply(actions[0].edit)
    assert GITHUB_TOKEN not in editor.text(uri)
    assert 'token = "TL_GITHUB_TOKEN_' in editor.text(uri)
    assert await editor.diagnostics(uri) == []


async def test_a_row_of_personal_data_is_shown_and_one_action_redacts_it(editor: Editor):
    uri = editor.open(editor.shop / "customers.csv", CSV_FILE, "csv")
    diagnostics = await editor.diagnostics(uri)
    assert {EMAIL, BIRTH_DATE} <= {shown_text(editor, uri, diagnostic) for diagnostic in diagnostics}
    (action,) = await editor.actions(uri, ALL, ["source.fixAll"], diagnostics)
    editor.apply(action.edit)
    assert EMAIL not in editor.text(uri)
    assert BIRTH_DATE not in editor.text(uri)
    assert editor.text(uri).count(",") == CSV_FILE.count(",")
    assert await editor.diagnostics(uri) == []


async def test_a_file_of_a_restricted_repository_is_shown_as_one(editor: Editor):
    uri = editor.open(editor.pay / "ledger.py", CODE)
    (diagnostic,) = await editor.diagnostics(uri)
    assert diagnostic.code == "restricted"
    assert diagnostic.range == lsp.Range(lsp.Position(0, 0), lsp.Position(0, len(CODE.split("\n")[0])))
    assert "payments@acme.example" in diagnostic.message
    assert "tightlip.toml:1" in diagnostic.message
    if editor.capabilities.text_document.publish_diagnostics.related_information:
        (related,) = diagnostic.related_information
        assert related.location.uri == (editor.pay / "tightlip.toml").as_uri()
        assert related.location.range.start.line == 0
    else:
        assert diagnostic.related_information is None
    await editor.until(lambda: ("restricted", uri) in [(status.state, status.uri) for status in editor.statuses])
    (action,) = await editor.actions(uri, diagnostic.range, ["quickfix"], [diagnostic])
    assert action.title == "Redact this restricted file"
    editor.apply(action.edit)
    assert "settle" not in editor.text(uri)
    assert editor.text(uri).startswith("TL_RESTRICTED_")
    assert (await command(editor, "tightlip.restore", uri))["applied"]
    assert editor.text(uri) == CODE


async def test_no_form_of_a_restricted_file_is_handed_on(editor: Editor):
    uri = editor.open(editor.pay / "keys.py", SECRET_FILE)
    await editor.diagnostics(uri)
    for name in ("tightlip.copyRedacted", "tightlip.openRedactedCopy"):
        with pytest.raises(JsonRpcException, match=r"Restricted: .* Ask payments@acme\.example"):
            await command(editor, name, uri)
    lenses = await editor.client.text_document_code_lens_async(lsp.CodeLensParams(lsp.TextDocumentIdentifier(uri)))
    assert [lens.command.command for lens in lenses] == ["tightlip.showReport"]
    verdict = await ask(editor, "tightlip/checkText", {"text": CODE, "uri": uri})
    assert (verdict["decision"], verdict["findings"]) == ("block", [])


async def test_the_link_to_the_rules_page_goes_only_to_clients_that_show_it(editor: Editor):
    uri = editor.open(editor.shop / f"deploy{number()}.py", SECRET_FILE)
    (diagnostic,) = await editor.diagnostics(uri)
    shows = getattr(editor.capabilities.text_document.publish_diagnostics, "code_description_support", None)
    assert (diagnostic.code_description is not None) == bool(shows)
    keeps = getattr(editor.capabilities.text_document.publish_diagnostics, "data_support", None)
    assert diagnostic.data == ({"rule": "github-personal-access-token", "version": 1} if keeps else None)


async def test_diagnostics_are_pulled_or_pushed_and_never_both(editor: Editor):
    uri = editor.open(editor.shop / f"deploy{number()}.py", SECRET_FILE)
    await editor.diagnostics(uri)
    editor.replace(uri, SECRET_FILE + "\n")
    await editor.diagnostics(uri)
    refreshes = editor.capabilities.workspace.diagnostics
    assert editor.pulls == bool(refreshes and refreshes.refresh_support)
    assert bool(editor.published.get(uri)) != editor.pulls


async def test_every_push_names_the_version_it_speaks_of(editor: Editor):
    if editor.pulls:
        return
    uri = editor.open(editor.shop / f"a{number()}.py", SECRET_FILE)
    for _ in range(5):
        editor.replace(uri, editor.text(uri) + "\n")
    await editor.diagnostics(uri)
    versions = [params.version for params in editor.published[uri]]
    assert versions == sorted(versions)
    assert versions[-1] == 6


async def test_a_closed_document_takes_its_diagnostics_along(editor: Editor):
    if editor.pulls:
        return
    uri = editor.open(editor.shop / f"a{number()}.py", SECRET_FILE)
    assert await editor.diagnostics(uri)
    editor.close(uri)
    assert await editor.pushed(uri, lambda params: not params.diagnostics) == []
