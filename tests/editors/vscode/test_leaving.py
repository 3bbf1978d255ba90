"""What happens in VS Code when text is about to leave."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.editors.vscode.rig import VSCode
from tests.editors.vscode.samples import OTHER, RULE, TOKEN, traces

pytestmark = [pytest.mark.xdist_group("vscode"), pytest.mark.timeout(300)]

Write = Callable[..., Path]

APP = f'import os\n\ntoken = "{TOKEN}"\nprint(os.name)\n'
HAS = "1 value an assistant should not receive: GitHub personal access token."
PLACEHOLDER = "TL_GITHUB_TOKEN_"


def test_the_redacted_copy_follows_the_original_and_is_compared_with_it(vscode: VSCode, write: Write) -> None:
    write("view.py", APP)
    seen = vscode.run("copyView", {"name": "view.py", "value": TOKEN, "other": OTHER})
    assert not traces(seen["copied"] + seen["followed"], TOKEN, OTHER)
    assert seen["copied"].split("\n")[3] == "print(os.name)"
    assert seen["followed"].count(PLACEHOLDER) == 2
    assert TOKEN in seen["sides"]
    assert PLACEHOLDER in seen["sides"]
    assert "view.py ↔ redacted" in seen["tabs"]


def test_a_copied_value_is_told_and_replaced_on_the_clipboard(vscode: VSCode, write: Write) -> None:
    write("copy.py", APP)
    seen = vscode.run("copy", {"name": "copy.py", "value": TOKEN, "clean": "print"})
    assert seen["silent"] == [], "a line without a finding is copied without a word"
    assert seen["said"] == {"text": f"The clipboard has {HAS}", "buttons": ["Copy redacted"]}
    assert TOKEN in seen["before"]
    assert not traces(seen["after"], TOKEN)
    assert seen["after"].startswith(f'token = "{PLACEHOLDER}')


def test_a_value_from_elsewhere_is_pasted_redacted_and_the_widget_switches_back(vscode: VSCode, write: Write) -> None:
    write("paste.txt", "end of file\n")
    seen = vscode.run("pasteFile", {"name": "paste.txt", "value": TOKEN, "text": f"key {TOKEN} here"})
    assert not traces(seen["redacted"], TOKEN)
    assert f"key {PLACEHOLDER}" in seen["redacted"]
    assert seen["choices"] == ["Paste redacted", "Insert Plain Text"]
    assert f"key {TOKEN} here" in seen["switched"]


def test_what_is_pasted_into_the_chat_arrives_redacted(vscode: VSCode, write: Write) -> None:
    write("chat.py", APP)
    given = {"name": "chat.py", "value": TOKEN, "restricted": "pay/ledger.py", "text": f"why is {TOKEN} refused"}
    seen = vscode.run("pasteChat", given)
    assert not traces(seen["fromElsewhere"] + seen["fromEditor"], TOKEN)
    assert f"why is {PLACEHOLDER}" in seen["fromElsewhere"]
    assert PLACEHOLDER in seen["fromEditor"]
    assert seen["fromRestricted"] == "[restricted code left out]"
    (said,) = seen["said"]
    assert said["text"].startswith("Left out of the chat. Restricted: acme/pay may not be shared")


def test_the_model_behind_tightlip_gets_placeholders_and_the_person_reads_values(vscode: VSCode) -> None:
    seen = vscode.run("participant", {"value": TOKEN})
    received = [json.loads(line) for line in vscode.received.read_text().splitlines()]
    assert len(received) == 1, "one question, asked once"
    assert not traces(json.dumps(received), TOKEN)
    assert f"is {PLACEHOLDER}" in received[0][-1]
    assert "Redacted 1 value before sending: GitHub personal access token." in seen["answer"]
    assert f"I saw {TOKEN}." in seen["answer"]


def test_an_assistants_key_asks_first_and_the_choice_is_recorded(vscode: VSCode, write: Write) -> None:
    path = write("keys.py", APP)
    seen = vscode.run("keys", {"name": "keys.py"})
    assert seen["dialog"]["message"] + seen["dialog"]["detail"] == f"keys.py could be sent with {HAS}"
    assert sorted(seen["dialog"]["buttons"]) == ["Cancel", "Send anyway (recorded)", "Send redacted copy"]
    assert seen["opened"] is False, "cancelled: no chat"
    original, copy = seen["copies"].split("\n---\n")
    assert original == APP
    assert not traces(copy, TOKEN)
    assert copy.splitlines()[2].startswith(f'token = "{PLACEHOLDER}')
    assert seen["attached"]
    assert all(name.startswith("keys.redacted.py") for name in seen["attached"])
    (record,) = (vscode.home / "user").rglob("record.jsonl")
    entries = [json.loads(line) for line in record.read_text().splitlines()]
    ours = [entry for entry in entries if entry["file"] == str(path)]
    assert [entry["event"] for entry in ours] == ["cancelled", "sent-redacted", "sent-anyway"]
    assert {entry["surface"] for entry in ours} == {"vscode:workbench.action.chat.open"}
    assert all(entry["rules"] == [RULE] for entry in ours)


def test_an_assistants_key_over_a_clean_text_does_what_it_always_did(vscode: VSCode, write: Write) -> None:
    write("clean.py", "print(1)\n")
    assert vscode.run("cleanKeys", {"name": "clean.py"})["dialogs"] == 0
