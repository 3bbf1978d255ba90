"""The policy in the editor: told, explained, completed and mended where it is written, as each real client can show it."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import tomli
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from tests.lsp.conftest import CLIENTS, Editor, Start
from tests.lsp.organised import command as organised
from tests.lsp.requests import command, plain, policy
from tests.lsp.samples import CODE, SECRET_FILE
from tests.lsp.test_own_requests import labels
from tests.lsp.test_workspace import changed, codes, until_shown
from tightlip.finding import Category
from tightlip.policy.load import load_policy

pytestmark = pytest.mark.asyncio

VSCODE, NEOVIM, EGLOT = CLIENTS
BLOCKING = '[bundle]\nid = "acme"\n[detect.secret]\naction = "block"\n'
ALL = lsp.Range(lsp.Position(0, 0), lsp.Position(1000, 0))


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def word(editor: Editor, uri: str, diagnostic: lsp.Diagnostic) -> str:
    span = editor.texts[uri].span(diagnostic.range)
    return editor.text(uri)[span.start : span.end]


async def hover(editor: Editor, uri: str, after: str) -> str:
    """What is told at the end of a part of the text."""
    offset = editor.text(uri).index(after) + len(after) - 1
    line, column = editor.texts[uri].position(offset)
    params = lsp.HoverParams(lsp.TextDocumentIdentifier(uri), lsp.Position(line, column))
    answer = await editor.client.text_document_hover_async(params)
    return answer.contents.value if answer is not None else ""


@pytest.mark.parametrize("client_name", CLIENTS)
async def test_mistakes_follow_the_unsaved_text_and_one_action_mends_them(
    start: Start, client_name: str, tmp_path: Path
):
    editor = await start(client_name, [tmp_path])
    uri = editor.open(write(tmp_path / "tightlip.toml", ""), "", "toml")
    assert await editor.diagnostics(uri) == []
    editor.replace(uri, '# é😀\n[detect.secret]\naction = "blok"  # 😀\n')
    (item,) = await editor.diagnostics(uri)
    assert (word(editor, uri, item), item.code, item.source) == ('"blok"', "policy", "tightlip")
    assert item.severity == lsp.DiagnosticSeverity.Error
    (action,) = [one for one in await editor.actions(uri, item.range, ["quickfix"], [item]) if "Change" in one.title]
    assert action.title == 'Change to "block"'
    editor.apply(action.edit)
    assert 'action = "block"  # 😀' in editor.text(uri)
    assert await editor.diagnostics(uri) == []
    assert bool(editor.published.get(uri)) != editor.pulls
    editor.replace(uri, "[detect.secret\n")
    (item,) = await editor.diagnostics(uri)
    assert "not TOML" in item.message


@pytest.mark.parametrize("client_name", CLIENTS)
async def test_a_restricted_file_leads_to_what_gave_it_its_class_and_to_what_that_means(
    start: Start, client_name: str, tmp_path: Path
):
    org = write(tmp_path / "etc" / "tightlip.toml", '[bundle]\nid = "acme"\n[class.confidential]\nshare = "block"\n')
    repo = tmp_path / "repo"
    file = write(repo / "tightlip.toml", '[[repo]]\nclass = "confidential"\n')
    editor = await start(client_name, [repo], command=organised(tmp_path))
    (item,) = await editor.diagnostics(editor.open(write(repo / "x.py", CODE), CODE))
    assert "(class: tightlip.toml:1; share: " in item.message
    if editor.capabilities.text_document.publish_diagnostics.related_information:
        places = [(one.location.uri, one.location.range.start.line) for one in item.related_information]
        assert places == [(file.as_uri(), 0), (org.as_uri(), 3)]


@pytest.mark.parametrize("client_name", CLIENTS)
async def test_a_finding_says_whose_rule_it_is_and_leads_to_its_line(start: Start, client_name: str, tmp_path: Path):
    org = write(tmp_path / "etc" / "tightlip.toml", BLOCKING)
    repo = tmp_path / "repository-with-a-long-name"
    file = write(repo / "tightlip.toml", '[detect.rule.github-personal-access-token]\nseverity = "error"\n')
    editor = await start(client_name, [repo], command=organised(tmp_path))
    uri = editor.open(write(repo / "x.py", SECRET_FILE), SECRET_FILE)
    (item,) = await editor.diagnostics(uri)
    if editor.capabilities.text_document.publish_diagnostics.related_information:
        places = [(one.location.uri, one.location.range.start.line) for one in item.related_information]
        assert places == [(org.as_uri(), 3)]
        assert item.related_information[0].message == "Action: block, set by the organisation."
    else:
        assert item.related_information is None
    assert f"Action: block, set by the organisation ({org}:4)." in await hover(editor, uri, "ghp_")
    write(org, '[bundle]\nid = "acme"\n')
    changed(editor, org)
    editor.replace(uri, SECRET_FILE + "\n")
    (item,) = await editor.diagnostics(uri)
    assert item.related_information is None
    told = await hover(editor, uri, "ghp_")
    assert "Confidence" in told
    assert "set by" not in told
    assert file.is_file()


@pytest.mark.parametrize("client_name", CLIENTS)
async def test_a_hover_on_the_organisations_word_says_whom_to_ask(start: Start, client_name: str, tmp_path: Path):
    asks = '[[term]]\ntext = "Peregrine"\nreason = "Not announced yet"\ncontact = "press@acme.example"\n'
    write(tmp_path / "tightlip.toml", asks)
    editor = await start(client_name, [tmp_path])
    uri = editor.open(tmp_path / "x.py", "ship peregrine\n")
    (item,) = await editor.diagnostics(uri)
    told = await hover(editor, uri, "pere")
    assert "Looked for by the repository (tightlip.toml:1)." in told
    for shown in (item.message, told):
        assert "Not announced yet. Ask press@acme.example." in shown
        assert "peregrine" not in shown.lower()


@pytest.mark.parametrize("client_name", CLIENTS)
async def test_a_refused_loosening_is_a_link_to_the_line_that_refuses_it(
    start: Start, client_name: str, tmp_path: Path
):
    org = write(tmp_path / "etc" / "tightlip.toml", BLOCKING)
    repo = tmp_path / "repo"
    text = '[detect.secret]\naction = "warn"\n'
    file = write(repo / "tightlip.toml", text)
    editor = await start(client_name, [repo], command=organised(tmp_path))
    uri = editor.open(file, text, "toml")
    (item,) = await editor.diagnostics(uri)
    assert (word(editor, uri, item), item.code, item.severity) == (
        '"warn"',
        "policy-ignored",
        lsp.DiagnosticSeverity.Warning,
    )
    assert "the organisation" in item.message
    assert "sets block, this asks warn" in item.message
    if editor.capabilities.text_document.publish_diagnostics.related_information:
        (related,) = item.related_information
        assert related.location.uri == org.as_uri()
        assert related.location.range.start.line == 3
    told = await hover(editor, uri, "action")
    assert "This line does not count" in told
    assert "set by the organisation" in told


async def test_the_organisations_and_the_users_files_are_read_as_what_they_are(start: Start, tmp_path: Path):
    entry = (
        '[[exception]]\nid = "E"\nscope = { category = "pii" }\nreason = "a"\napprover = "b"\nexpires = 2099-01-01\n'
    )
    org = write(tmp_path / "etc" / "tightlip.toml", entry)
    user = write(tmp_path / "user" / "tightlip.toml", entry)
    repo = tmp_path / "repo"
    repo.mkdir()
    editor = await start(VSCODE, [repo], command=organised(tmp_path))
    assert codes(await editor.diagnostics(editor.open(org, entry, "toml"))) == []
    assert codes(await editor.diagnostics(editor.open(user, entry, "toml"))) == ["policy-ignored"]


@pytest.mark.parametrize("client_name", CLIENTS)
async def test_a_change_of_the_organisations_policy_counts_without_a_restart(
    start: Start, client_name: str, tmp_path: Path
):
    org = write(tmp_path / "etc" / "tightlip.toml", '[detect.secret]\naction = "info"\n')
    repo = tmp_path / "repo"
    repo.mkdir()
    editor = await start(client_name, [repo], command=organised(tmp_path))
    uri = editor.open(repo / "a.py", SECRET_FILE)
    (item,) = await editor.diagnostics(uri)
    assert item.severity == lsp.DiagnosticSeverity.Information
    org.write_text('[detect.secret]\naction = "off"\n')
    watches = editor.capabilities.workspace.did_change_watched_files
    if watches.dynamic_registration and watches.relative_pattern_support:
        registered = await editor.until(lambda: len(n := editor.notes(lsp.CLIENT_REGISTER_CAPABILITY)) > 1 and n)
        assert org.parent.as_uri() in str(registered[-1].registrations)
        changed(editor, org)
    else:
        await asyncio.sleep(2.1)
        editor.replace(uri, SECRET_FILE + "\n")
    await until_shown(editor, uri, [])


async def test_a_policy_outside_of_the_folders_is_compared_where_the_client_does_not_say_that_it_changed(
    start: Start, tmp_path: Path
):
    repo = tmp_path / "repo"
    repo.mkdir()
    editor = await start(VSCODE, [repo], command=organised(tmp_path))
    uri = editor.open(repo / "a.py", SECRET_FILE)
    (item,) = await editor.diagnostics(uri)
    assert item.severity == lsp.DiagnosticSeverity.Error
    write(tmp_path / "etc" / "tightlip.toml", '[detect.secret]\naction = "off"\n')
    await asyncio.sleep(2.1)
    editor.replace(uri, SECRET_FILE + "\n")
    await until_shown(editor, uri, [])
    await policy(editor, organisation="trusted")


async def test_an_organisation_that_is_broken_or_stale_is_seen_in_the_status(start: Start, tmp_path: Path):
    org = write(tmp_path / "etc" / "tightlip.toml", BLOCKING)
    repo = tmp_path / "repo"
    repo.mkdir()
    editor = await start(VSCODE, [repo], command=organised(tmp_path))
    told = await policy(editor)
    assert (told["state"], told["organisation"]["state"]) == ("ok", "trusted")
    assert editor.notes(lsp.WINDOW_SHOW_MESSAGE) == []
    stale = write(org.parent / "stale", "")
    changed(editor, stale)
    told = await policy(editor, organisation="stale")
    assert (told["state"], told["sentence"]) == ("problem", "The organisation's policy is stale.")
    org.write_text("[broken")
    changed(editor, org)
    told = await policy(editor, organisation="untrusted")
    assert told["state"] == "problem"
    assert "tightlip.toml:1" in told["sentence"]
    for sentence in ("is stale", "not in force"):
        await editor.until(lambda sentence=sentence: sentence in str(editor.notes(lsp.WINDOW_SHOW_MESSAGE)))


async def test_a_refused_line_is_no_trouble_of_the_status(start: Start, tmp_path: Path):
    write(tmp_path / "etc" / "tightlip.toml", BLOCKING)
    repo = tmp_path / "repo"
    write(repo / "tightlip.toml", '[detect.secret]\naction = "warn"\n')
    editor = await start(VSCODE, [repo], command=organised(tmp_path))
    told = await policy(editor)
    assert told["state"] == "ok"
    assert told["sentence"].startswith("tightlip.toml:2")
    assert len(told["problems"]) == 1
    assert editor.notes(lsp.WINDOW_SHOW_MESSAGE) == []


async def test_a_buffer_without_a_folder_obeys_the_organisation(start: Start, tmp_path: Path):
    write(tmp_path / "etc" / "tightlip.toml", '[detect.secret]\naction = "off"\n')
    editor = await start(VSCODE, [], command=organised(tmp_path))
    uri = editor.open("untitled:Untitled-1", SECRET_FILE)
    assert await editor.diagnostics(uri) == []


@pytest.mark.parametrize("client_name", CLIENTS)
@pytest.mark.parametrize("exists", [True, False])
async def test_an_exception_is_asked_for_and_has_no_effect(
    start: Start, client_name: str, exists: bool, tmp_path: Path
):
    write(tmp_path / "etc" / "tightlip.toml", BLOCKING)
    repo = tmp_path / "repo"
    file = repo / "tightlip.toml"
    repo.mkdir()
    if exists:
        write(file, '[detect.pii]\naction = "block"  # é😀')
    editor = await start(client_name, [repo], command=organised(tmp_path))
    uri = editor.open(repo / "src" / "de[p]loy.py", SECRET_FILE)
    (item,) = await editor.diagnostics(uri)
    actions = await editor.actions(uri, item.range, ["quickfix"], [item])
    titles = [action.title for action in actions]
    assert "Allow this value… in tightlip.toml" not in titles
    if not exists and lsp.ResourceOperationKind.Create not in (
        editor.capabilities.workspace.workspace_edit.resource_operations or ()
    ):
        assert "Request exception…" not in titles
        return
    action = next(action for action in actions if action.title == "Request exception…")
    editor.apply(action.edit)
    text = editor.text(file.as_uri())
    assert await editor.diagnostics(file.as_uri()) != []
    entry = tomli.loads(text)["exception"][0]
    assert entry["scope"] == {"rule": "github-personal-access-token", "path": "/src/de\\[p\\]loy.py"}
    assert entry["expires"] == date.today() + timedelta(days=30)
    assert (entry["status"], entry["id"][:4]) == ("requested", "REQ-")
    assert codes(await editor.diagnostics(file.as_uri())) == ["policy-requested"]
    file.write_text(text)
    loaded = load_policy(repo)
    assert loaded.problems == ()
    assert [one.approved for one in loaded.exceptions] == [False]
    assert loaded.exceptions[0].speaks_of(str(repo / "src" / "de[p]loy.py"), str(repo), None)
    editor.client.text_document_did_save(lsp.DidSaveTextDocumentParams(lsp.TextDocumentIdentifier(file.as_uri())))
    editor.replace(uri, SECRET_FILE + "\n")
    assert codes(await editor.diagnostics(uri)) == ["github-personal-access-token"]
    window = editor.capabilities.window
    if window is not None and window.show_document is not None:
        assert action.command.command == "tightlip.showRequest"
        await command(editor, action.command.command, *plain(action.command.arguments))
        (shown,) = editor.notes(lsp.WINDOW_SHOW_DOCUMENT)
        assert shown.uri == file.as_uri()
        span = editor.texts[file.as_uri()].span(shown.selection)
        assert text[span.start : span.end] == "say here why this has to leave"
    else:
        assert action.command is None


ALLOW, REQUEST = "Allow this value… in tightlip.toml", "Request exception…"
ENTRIES = {ALLOW: "allow", REQUEST: "exception"}


async def chosen(editor: Editor, uri: str, title: str) -> lsp.CodeAction:
    """The action of this title at the one finding, resolved."""
    (item,) = await editor.diagnostics(uri)
    params = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), item.range, lsp.CodeActionContext([item]))
    action = next(one for one in await editor.client.text_document_code_action_async(params) if one.title == title)
    return await editor.client.code_action_resolve_async(action)


@pytest.mark.parametrize("title", ENTRIES)
@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[detect.pii]\naction = 'block'\n\n[{kind}]\nrule = 'x'\n", ":4: "),
        ("{kind} = []\n", ":1: "),
        ("# é\n{kind}.a = 1\n", ":2: "),
        ("[detect.pii\n", ":1:12: "),
        (b"# caf\xe9\n", ": "),
        (b"a = '\0'\n", ":1:6: "),
    ],
)
async def test_an_entry_that_would_make_the_policy_unreadable_is_not_made_and_the_reason_is_told(
    start: Start, title: str, text: str | bytes, place: str, tmp_path: Path
):
    if title == REQUEST:
        write(tmp_path / "etc" / "tightlip.toml", BLOCKING)
    file = tmp_path / "repo" / "tightlip.toml"
    file.parent.mkdir()
    file.write_bytes(text if isinstance(text, bytes) else text.format(kind=ENTRIES[title]).encode())
    editor = await start(VSCODE, [file.parent], command=organised(tmp_path))
    uri = editor.open(file.parent / "a.py", SECRET_FILE)
    with pytest.raises(JsonRpcException) as refused:
        await chosen(editor, uri, title)
    assert f"tightlip.toml{place}" in refused.value.message
    if place.count(":") == 2:
        assert f'write every "{ENTRIES[title]}" as a table of its own' in refused.value.message


@pytest.mark.parametrize("title", ENTRIES)
@pytest.mark.parametrize("text", ["", "# a\n", "# a", "# a\r\n[detect.pii]\r\naction = 'block'", "\ufeff# a\r\n"])
async def test_an_entry_keeps_the_line_ends_of_the_file_and_what_was_in_it(
    start: Start, title: str, text: str, tmp_path: Path
):
    if title == REQUEST:
        write(tmp_path / "etc" / "tightlip.toml", BLOCKING)
    file = tmp_path / "repo" / "tightlip.toml"
    file.parent.mkdir()
    file.write_bytes(text.encode())
    editor = await start(VSCODE, [file.parent], command=organised(tmp_path))
    action = await chosen(editor, editor.open(file.parent / "a.py", SECRET_FILE), title)
    shown = text.removeprefix("\ufeff")
    editor.open(file, shown, "toml")
    editor.apply(action.edit)
    after = editor.text(file.as_uri())
    assert after.startswith(shown)
    assert after.count("\n") == after.count("\r\n") or "\r\n" not in text
    assert "\r" in text or "\r" not in after
    assert len(tomli.loads(after)[ENTRIES[title]]) == 1
    assert load_policy(write(file, after).parent).problems == ()


async def test_an_exception_for_a_restricted_file_names_its_repository(start: Start, tmp_path: Path):
    write(
        tmp_path / "etc" / "tightlip.toml",
        '[[repo]]\nmatch = { remote = "github.com/acme/pay" }\nclass = "restricted"\n',
    )
    repo = tmp_path / "repo"
    write(repo / ".git" / "HEAD", "ref: refs/heads/main\n")
    write(repo / ".git" / "config", '[core]\nbare = false\n[remote "origin"]\nurl = git@github.com:Acme/pay.git\n')
    (repo / ".git" / "objects").mkdir()
    (repo / ".git" / "refs").mkdir()
    editor = await start(VSCODE, [repo], command=organised(tmp_path))
    uri = editor.open(repo / "ledger.py", CODE)
    (item,) = await editor.diagnostics(uri)
    assert item.code == "restricted"
    assert item.related_information[0].location.uri == (tmp_path / "etc" / "tightlip.toml").as_uri()
    actions = await editor.actions(uri, item.range, ["quickfix"], [item])
    assert [action.title for action in actions] == ["Redact this restricted file", "Request exception… for this file"]
    editor.apply(actions[1].edit)
    text = editor.text((repo / "tightlip.toml").as_uri())
    assert tomli.loads(text)["exception"][0]["scope"]["category"] == Category.RESTRICTED.value
    assert "github.com/acme/pay" in tomli.loads(text)["exception"][0]["scope"]["remote"].lower()
    (
        approved := write(
            tmp_path / "etc" / "tightlip.toml",
            (tmp_path / "etc" / "tightlip.toml").read_text()
            + text.replace('status = "requested"', 'approver = "ciso"'),
        )
    )
    changed(editor, approved)
    await until_shown(editor, uri, ["approved-assistants-only"])
    verdict = plain(await editor.client.protocol.send_request_async("tightlip/checkText", {"text": CODE, "uri": uri}))
    assert verdict["restricted"] is None


async def test_where_no_organisation_governs_nobody_is_asked(start: Start, tmp_path: Path):
    editor = await start(VSCODE, [tmp_path], command=organised(tmp_path / "nowhere"))
    uri = editor.open(tmp_path / "a.py", SECRET_FILE)
    (item,) = await editor.diagnostics(uri)
    titles = [action.title for action in await editor.actions(uri, item.range, ["quickfix"], [item])]
    assert "Allow this value… in tightlip.toml" in titles
    assert not [title for title in titles if "Request" in title]


@pytest.mark.parametrize("client_name", CLIENTS)
async def test_a_file_for_approved_assistants_says_so_and_is_not_restricted(
    start: Start, client_name: str, tmp_path: Path
):
    write(tmp_path / "named" / "tightlip.toml", '[[repo]]\nclass = "confidential"\ncontact = "pay@acme.example"\n')
    write(tmp_path / "default" / "tightlip.toml", '[defaults]\nclass = "confidential"\n')
    editor = await start(client_name, [tmp_path / "named", tmp_path / "default"])
    uri = editor.open(tmp_path / "named" / "a.py", CODE)
    (item,) = await editor.diagnostics(uri)
    assert (item.code, item.severity) == ("approved-assistants-only", lsp.DiagnosticSeverity.Information)
    assert item.message.startswith("Confidential: ")
    assert "approved assistant only (tightlip.toml:1). Ask pay@acme.example." in item.message
    if editor.capabilities.text_document.publish_diagnostics.related_information:
        assert item.related_information[0].location.uri == (tmp_path / "named" / "tightlip.toml").as_uri()
    assert await editor.diagnostics(editor.open(tmp_path / "default" / "a.py", CODE)) == []
    assert {status.state for status in editor.statuses} <= {"checking", "safe"}
    classes = await editor.client.protocol.send_request_async("tightlip/classify", {"uris": [uri]})
    assert plain(classes) == {"restricted": {}}


async def test_a_hover_explains_keys_rules_and_sets(start: Start, tmp_path: Path):
    text = (
        '[detect.secret]\naction = "ask"\nfixtures = "off"\n[detect.rule.us-ssn]\naction = "off"\n[detect.set.pci]\naction = "ask"\n'
        '[class.internal]\nshare = "warn"\n[class.restricted]\nshare = "block"\n[[allow]]\nrule = "us-ssn"\npath = "a"\nreason = "b"\n'
    )
    editor = await start(VSCODE, [tmp_path])
    uri = editor.open(write(tmp_path / "tightlip.toml", ""), text, "toml")
    told = await hover(editor, uri, "action")
    assert "**`detect.secret.action`**" in told
    assert "One of `off`, `info`, `warn`, `ask`, `block`." in told
    assert "Default: `block`" in told
    assert "a lower layer may only raise it" in told
    assert "Here: `ask`, set by the repository (tightlip.toml:2)." in told
    assert "as elsewhere" in await hover(editor, uri, "fixtures")
    assert "US Social Security number" in (ssn := await hover(editor, uri, "[detect.rule.us-ssn"))
    assert ssn == await hover(editor, uri, 'rule = "us-ssn')
    assert "PCI DSS" in await hover(editor, uri, "[detect.set.pci")
    assert "A value, or a rule in some files" in await hover(editor, uri, "[[allow")
    assert "Why it is allowed" in await hover(editor, uri, "reason")
    assert await hover(editor, uri, "= ") == ""


async def test_completion_knows_where_it_is_however_broken_the_text(start: Start, tmp_path: Path):
    editor = await start(VSCODE, [tmp_path])
    uri = editor.open(write(tmp_path / "tightlip.toml", ""), "", "toml")
    broken = 'x = [\n[detect\naction = "wa\n'
    assert "github-personal-access-token" in await labels(editor, uri, f'{broken}[[exception]]\nscope = {{ rule = "')
    assert {"remote", "root", "path"} <= set(await labels(editor, uri, f"{broken}[[repo]]\nmatch = {{ "))
    assert "remote" not in await labels(editor, uri, '[[repo]]\nmatch = { remote = "x", ')
    assert "EMAIL_ADDRESS" in await labels(editor, uri, '[detect.pii]\nentities = ["PERSON", "')
    assert "PERSON" not in await labels(editor, uri, '[detect.pii]\nentities = ["PERSON", "')
    assert {"cli", "editor", "prompt"} <= set(await labels(editor, uri, '[detect.secret]\nphases = [\n  "'))
    assert await labels(editor, uri, "[detect.set.") == ["gdpr", "hipaa", "pci", "soc2"]
    assert "github-personal-access-token" in await labels(editor, uri, "[[allow]]\nrule = [")
    assert "share" in await labels(editor, uri, "[class.restricted]\n")
    assert await labels(editor, uri, '[detect.secret]\naction = "ask" # ') == []
    shared = editor.open(write(tmp_path / "pyproject.toml", ""), "", "toml")
    assert "secret" in await labels(editor, shared, "[tool.tightlip.detect.")
    assert "action" in await labels(editor, shared, "[tool.tightlip.detect.secret]\n")
    assert await labels(editor, shared, "[tool.tightlip]\n[project]\nna") == []


async def test_what_is_completed_takes_the_place_of_the_word_that_was_begun(start: Start, tmp_path: Path):
    editor = await start(VSCODE, [tmp_path])
    text = '[detect.secret]\naction = "b'
    uri = editor.open(write(tmp_path / "tightlip.toml", ""), text, "toml")
    params = lsp.CompletionParams(lsp.TextDocumentIdentifier(uri), lsp.Position(1, 11))
    answer: Any = await editor.client.text_document_completion_async(params)
    items = answer.items if isinstance(answer, lsp.CompletionList) else answer
    (item,) = [item for item in items if item.label == "block"]
    assert item.text_edit.new_text == "block"
    assert (item.text_edit.range.start.character, item.text_edit.range.end.character) == (10, 11)
