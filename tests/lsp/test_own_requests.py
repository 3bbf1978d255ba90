"""What the clients ask beyond the protocol: the policy's state, trust, classes of files, the record, completion."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from tests.lsp.conftest import Editor, Start, make_editor
from tests.lsp.requests import ask, command, policy
from tests.lsp.samples import CANARIES, CODE, EMAIL, GITHUB_TOKEN, RESTRICTING_POLICY, SECRET_FILE, bitcoin_address
from tightlip.policy.organisation import no_policy
from tightlip.policy.places import places

pytestmark = [pytest.mark.asyncio(loop_scope="function"), pytest.mark.xdist_group("test_own_requests")]

LOOSE = """[detect.secret]
action = "off"

[scan]
exclude = ["*.py"]

[editor]
required = ["send"]
"""


async def test_a_policy_tells_its_state_its_files_and_the_guards_it_requires(start: Start, tmp_path: Path):
    (tmp_path / "tightlip.toml").write_text(LOOSE)
    told = await policy(await start("vscode-1.139", [tmp_path]))
    assert told == {
        "state": "ok",
        "sentence": "",
        "files": [(tmp_path / "tightlip.toml").as_uri()],
        "problems": [],
        "required": ["send"],
        "organisation": {"state": "absent", "sentence": no_policy(places())},
    }


async def test_no_policy_is_said_too(start: Start, tmp_path: Path):
    told = await policy(await start("vscode-1.139", [tmp_path]))
    assert (told["state"], told["files"], told["required"]) == ("absent", [], [])


async def test_a_mistake_is_told_with_its_place(start: Start, tmp_path: Path):
    (tmp_path / "tightlip.toml").write_text('[detect.secret]\naction = "blok"\n')
    told = await policy(await start("vscode-1.139", [tmp_path]))
    assert told["state"] == "problem"
    assert told["problems"] == [
        {
            "uri": (tmp_path / "tightlip.toml").as_uri(),
            "line": 2,
            "message": '"action" must be one of off, info, warn, ask, block. Did you mean "block"?',
        }
    ]
    assert told["sentence"].startswith("tightlip.toml:2")


async def test_a_workspace_that_is_not_trusted_weakens_nothing(start: Start, tmp_path: Path):
    (tmp_path / "tightlip.toml").write_text(LOOSE)
    text = f'a = "{GITHUB_TOKEN}"  # tightlip: allow[github-personal-access-token] trust me\n'
    editor = await start("vscode-1.139", [tmp_path], trusted=False)
    told = await policy(editor)
    assert (told["state"], told["required"]) == ("untrusted", ["send"])
    uri = editor.open(tmp_path / "a.py", text)
    assert [item.code for item in (await editor.pull(uri)).items] == ["github-personal-access-token"]
    editor.client.protocol.notify("tightlip/trust", {"trusted": True})
    await policy(editor, state="ok")
    assert [item.code for item in (await editor.pull(uri)).items] == ["excluded"]


async def test_trust_that_comes_while_the_rules_are_loaded_counts(start: Start, tmp_path: Path):
    (tmp_path / "tightlip.toml").write_text(LOOSE)
    editor = await start("vscode-1.139", [tmp_path], trusted=False)
    editor.client.protocol.notify("tightlip/trust", {"trusted": True})
    await policy(editor, state="ok")
    uri = editor.open(tmp_path / "a.py", SECRET_FILE)
    assert [item.code for item in (await editor.pull(uri)).items] == ["excluded"]


async def test_trust_can_be_taken_away_again(start: Start, tmp_path: Path):
    (tmp_path / "tightlip.toml").write_text(LOOSE)
    editor = await start("vscode-1.139", [tmp_path])
    await policy(editor)
    uri = editor.open(tmp_path / "a.py", SECRET_FILE)
    assert [item.code for item in (await editor.pull(uri)).items] == ["excluded"]
    editor.client.protocol.notify("tightlip/trust", {"trusted": False})
    await policy(editor, state="untrusted")
    assert [item.code for item in (await editor.pull(uri)).items] == ["github-personal-access-token"]


async def test_restricted_files_and_folders_are_told_without_opening_them(start: Start, tmp_path: Path):
    pay, shop = tmp_path / "pay", tmp_path / "shop"
    for folder in (pay, shop):
        folder.mkdir()
    (pay / "tightlip.toml").write_text(RESTRICTING_POLICY)
    editor = await start("vscode-1.139", [pay, shop])
    wanted = [pay, pay / "ledger.py", pay / "not-there.py", shop, shop / "cart.py"]
    uris = [path.as_uri() for path in wanted]
    await ask(editor, "tightlip/classify", {"uris": [*uris, "untitled:Untitled-1", 7]})
    # as it came: pygls cannot name keys that are no identifiers
    restricted = next(one["result"] for one in reversed(editor.messages) if one.get("result"))["restricted"]
    assert set(restricted) == set(uris[:3])
    one = restricted[uris[1]]
    assert (one["class"], one["action"]) == ("restricted", "block")
    assert "payments@acme.example" in one["sentence"]


async def test_a_verdict_says_in_one_sentence_what_would_be_sent(start: Start, tmp_path: Path):
    editor = await start("vscode-1.139", [tmp_path])
    verdict = await ask(editor, "tightlip/checkText", {"text": f"x = 1\nmail {EMAIL}\ntoken = {GITHUB_TOKEN}\n"})
    assert verdict["summary"] == (
        "2 values an assistant should not receive: GitHub personal access token, E-mail address."
    )
    assert [found["line"] for found in verdict["findings"]] == [2, 3]
    assert verdict["restricted"] is None
    assert (await ask(editor, "tightlip/checkText", {"text": CODE}))["summary"] == ""


async def test_a_verdict_on_a_restricted_file_says_that_no_form_of_it_may_go(start: Start, tmp_path: Path):
    (tmp_path / "tightlip.toml").write_text(RESTRICTING_POLICY)
    editor = await start("vscode-1.139", [tmp_path])
    uri = (tmp_path / "ledger.py").as_uri()
    verdict = await ask(editor, "tightlip/checkText", {"text": CODE, "uri": uri})
    assert verdict["decision"] == "block"
    assert "payments@acme.example" in verdict["restricted"]


async def test_the_status_says_for_a_tooltip_what_is_there(start: Start, tmp_path: Path):
    editor = await start("vscode-1.139", [tmp_path])
    editor.open(tmp_path / "a.py", SECRET_FILE)
    await editor.until(lambda: editor.statuses and editor.statuses[-1].state == "findings")
    assert editor.statuses[-1].sentence == "1 value an assistant should not receive: GitHub personal access token."


async def test_sending_anyway_is_kept_without_a_value(start: Start, tmp_path: Path):
    editor = await start("vscode-1.139", [tmp_path])
    event = {
        "event": "sent-anyway",
        "surface": "vscode:workbench.action.chat.open",
        "uri": (tmp_path / "a.py").as_uri(),
        "decision": "block",
        "rules": ["github-personal-access-token"],
        "text": SECRET_FILE,
    }
    answer = await ask(editor, "tightlip/record", event)
    last = Path(answer["file"]).read_text().splitlines()[-1]  # noqa: ASYNC240
    assert json.loads(last)["file"] == str(tmp_path / "a.py")
    assert not any(canary in last for canary in CANARIES)
    assert answer["file"].startswith(os.environ["XDG_DATA_HOME"])


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("tightlip/classify", {}),
        ("tightlip/classify", {"uris": "x"}),
        ("tightlip/record", {}),
        ("tightlip/record", {"event": "x", "decision": "block", "surface": "s"}),
        ("tightlip/record", {"event": "cancelled", "decision": "block", "surface": ""}),
        ("tightlip/record", {"event": "cancelled", "decision": "block", "surface": "s", "rules": "x"}),
    ],
)
async def test_params_of_another_shape_are_refused(start: Start, method: str, params: Any):
    editor = await start("vscode-1.139")
    with pytest.raises(JsonRpcException) as refused:
        await ask(editor, method, params)
    assert refused.value.code == lsp.ErrorCodes.InvalidParams


async def test_a_scan_lists_what_it_found_by_file_and_rule(start: Start, tmp_path: Path):
    (tmp_path / "a.py").write_text(f'x = 1\na = "{GITHUB_TOKEN}"\nb = "{GITHUB_TOKEN}"\n')
    (tmp_path / "b.py").write_text(CODE)
    editor = await start("vscode-1.139", [tmp_path])
    answer = await command(editor, "tightlip.scanWorkspace")
    assert answer["results"] == [
        {
            "uri": (tmp_path / "a.py").as_uri(),
            "rule": "github-personal-access-token",
            "title": "GitHub personal access token",
            "category": "secret",
            "severity": 1,
            "line": 1,
            "count": 2,
        }
    ]
    assert answer["restricted"] == []


async def labels(editor: Editor, uri: str, text: str) -> list[str]:
    """What is offered at the end of a text."""
    editor.replace(uri, text)
    lines = text.split("\n")
    params = lsp.CompletionParams(lsp.TextDocumentIdentifier(uri), lsp.Position(len(lines) - 1, len(lines[-1])))
    answer = await editor.client.text_document_completion_async(params)
    items = answer.items if isinstance(answer, lsp.CompletionList) else answer or ()
    return [item.label for item in sorted(items, key=lambda item: item.sort_text or item.label)]


async def test_the_policy_is_completed_where_it_is_written(start: Start, tmp_path: Path):
    editor = await start("vscode-1.139", [tmp_path])
    uri = editor.open(tmp_path / "tightlip.toml", "", "toml")
    assert {"detect.secret", "editor", "scan"} <= set(await labels(editor, uri, "["))
    assert {"secret", "pii", "rule"} <= set(await labels(editor, uri, "[detect."))
    assert {"allow", "exception", "repo"} <= set(await labels(editor, uri, "[["))
    assert "scan" not in await labels(editor, uri, "[[")
    keys = await labels(editor, uri, '[detect.pii]\naction = "ask"\n')
    assert keys == ["entities", "fixtures", "min_confidence", "phases"]
    assert set(await labels(editor, uri, "[detect.pii]\naction = ")) == {"off", "info", "warn", "ask", "block"}
    assert set(await labels(editor, uri, '[[repo]]\nclass = "')) == {"public", "internal", "confidential", "restricted"}
    assert await labels(editor, uri, '[editor]\nrequired = ["') == ["copy", "paste", "send"]
    assert await labels(editor, uri, "[inline]\nallow = ") == ["false", "true"]
    assert "github-personal-access-token" in await labels(editor, uri, '[[allow]]\nrule = "')
    assert "github-personal-access-token" in await labels(editor, uri, "[detect.rule.")
    assert await labels(editor, uri, "[nonsense]\n") == []


async def test_an_allow_comment_is_offered_the_rules_that_fire_here_first(start: Start, tmp_path: Path):
    editor = await start("vscode-1.139", [tmp_path])
    uri = editor.open(tmp_path / "a.py", "")
    offered = await labels(editor, uri, SECRET_FILE + "# tightlip: allow[")
    assert offered[0] == "github-personal-access-token"
    assert len(offered) > 200
    assert await labels(editor, uri, SECRET_FILE + "x = [") == []


async def test_what_keeps_the_value_safe_is_offered_before_what_allows_it(start: Start, tmp_path: Path):
    editor = await start("vscode-1.139", [tmp_path])
    uri = editor.open(tmp_path / "a.py", SECRET_FILE)
    (diagnostic,) = (await editor.pull(uri)).items
    context = lsp.CodeActionContext([diagnostic], only=["quickfix"])
    params = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), diagnostic.range, context)
    titles = [action.title for action in await editor.client.text_document_code_action_async(params)]
    assert titles == [
        "Redact this value",
        "Read from environment",
        "Redact all in file",
        "Copy redacted for assistant",
        "Open redacted copy",
        "Allow this value… with a comment",
        "Allow this value… in tightlip.toml",
    ]


async def test_a_restricted_file_lights_a_bulb_on_its_first_line_only(start: Start, tmp_path: Path):
    (tmp_path / "tightlip.toml").write_text(RESTRICTING_POLICY)
    editor = await start("vscode-1.139", [tmp_path])
    uri = editor.open(tmp_path / "ledger.py", CODE)
    automatic, invoked = lsp.CodeActionTriggerKind.Automatic, lsp.CodeActionTriggerKind.Invoked
    offered: list[int] = []
    for line, kind in ((0, automatic), (1, automatic), (1, invoked)):
        place = lsp.Position(line, 0)
        context = lsp.CodeActionContext([], trigger_kind=kind)
        params = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), lsp.Range(place, place), context)
        offered.append(len(await editor.client.text_document_code_action_async(params) or ()))
    assert offered == [1, 0, 1]


async def test_a_value_known_from_another_text_does_not_leave_where_it_looks_like_nothing(start: Start, tmp_path: Path):
    editor = await start("vscode-1.139", [tmp_path])
    password = "Tangerine" + "Lamp"
    found = await ask(editor, "tightlip/checkText", {"text": f'db_password = "{password}9x!"\n'})
    assert [one["category"] for one in found["findings"]] == ["secret"]
    verdict = await ask(editor, "tightlip/checkText", {"text": f"why does {password}9x! not work there?"})
    assert password not in verdict["redacted"]


async def test_what_only_the_deep_lane_knows_does_not_leave_either(start: Start, tmp_path: Path):
    editor = await start("vscode-1.139", [tmp_path], settings={"deep": True, "deepIdle": 0})
    text = f"send it to {bitcoin_address(b'deep')} today\n"
    uri = editor.open(tmp_path / "notes.txt", text, "plaintext")
    await editor.until(lambda: editor.statuses and editor.statuses[-1].count)
    verdict = await ask(editor, "tightlip/checkText", {"text": text, "uri": uri})
    assert len(verdict["findings"]) == 1
    assert bitcoin_address(b"deep") not in verdict["redacted"]


async def test_a_client_is_sent_and_offered_only_what_it_does_something_with(start: Start, tmp_path: Path):
    editor = await start("vscode-1.139", [tmp_path], notifications=())
    uri = editor.open(tmp_path / "a.py", SECRET_FILE)
    (diagnostic,) = (await editor.pull(uri)).items
    actions = await editor.actions(uri, diagnostic.range, ["quickfix"], [diagnostic])
    assert not [action.title for action in actions if "copy" in action.title.lower()]
    assert (await command(editor, "tightlip.copyRedacted", uri))["text"].startswith("import os")
    assert not [one["method"] for one in editor.messages if one.get("method", "").startswith("tightlip/")]


async def test_a_client_that_cannot_negotiate_columns_can_still_name_them(start: Start, tmp_path: Path):
    """ALE counts bytes and has no way to say so but its initialization options."""
    editor = make_editor("vscode-1.139")
    editor.capabilities.general.position_encodings = None
    result = await editor.start([tmp_path], positionEncoding="utf-8")
    assert result.capabilities.position_encoding == "utf-8"
    uri = editor.open(tmp_path / "a.py", f'é = "😀"; token = "{GITHUB_TOKEN}"\n')
    (diagnostic,) = (await editor.pull(uri)).items
    assert diagnostic.range.start.character == len('é = "😀"; token = "'.encode())
    assert await editor.stop() == 0


async def test_a_hover_does_not_say_again_what_the_editor_shows_above_it(start: Start, tmp_path: Path):
    told: list[str] = []
    for beside in (False, True):
        editor = await start("vscode-1.139", [tmp_path], diagnosticsInHover=beside)
        uri = editor.open(tmp_path / "a.py", SECRET_FILE)
        (diagnostic,) = (await editor.pull(uri)).items
        place = lsp.HoverParams(lsp.TextDocumentIdentifier(uri), diagnostic.range.start)
        told.append((await editor.client.text_document_hover_async(place)).contents.value)
    assert "GitHub personal access token" in told[0]
    assert "github-personal-access-token" in told[0]
    assert "GitHub personal access token" not in told[1]
    assert "github-personal-access-token" not in told[1]
    assert "https://github.com/settings/tokens" in told[1]
