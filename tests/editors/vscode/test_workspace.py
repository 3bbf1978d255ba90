"""Whole workspaces: one that nobody trusts, and one that is looked through."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.editors.vscode.rig import VSCode
from tests.editors.vscode.samples import EMAIL, TOKEN, traces

pytestmark = [pytest.mark.xdist_group("vscode"), pytest.mark.timeout(300)]

Write = Callable[..., Path]

OFF = {
    "tightlip.guard.copy": "off",
    "tightlip.guard.paste": "off",
    "tightlip.guard.send": False,
    "tightlip.untitled": False,
    "tightlip.debounce": 5000,
}
HAS = "1 value an assistant should not receive: GitHub personal access token."


def test_an_untrusted_workspace_weakens_nothing(vscode: VSCode, write: Write) -> None:
    ran = vscode.home / "ran"
    program = write("bin/tightlip", f'#!/bin/sh\ntouch "{ran}"\n', window="stranger")
    program.chmod(0o755)
    write(".vscode/settings.json", json.dumps({**OFF, "tightlip.server.path": str(program)}), window="stranger")
    write("tightlip.toml", '[detect.secret]\naction = "off"\n\n[scan]\nexclude = ["*"]\n', window="stranger")
    write("app.py", f'import os\n\ntoken = "{TOKEN}"  # tightlip: allow[*] it says so itself\n', window="stranger")
    seen = vscode.run("stranger", {"name": "app.py", "value": TOKEN}, window="stranger")
    assert not ran.exists(), "the workspace's own program"
    assert seen["status"]["text"] == "1 finding", "neither the policy, nor its exclusion, nor the comment"
    assert seen["copied"]["text"] == f"The clipboard has {HAS}"
    assert seen["dialog"]["message"] + seen["dialog"]["detail"] == f"app.py could be sent with {HAS}"
    assert not traces(seen["pasted"], TOKEN)
    assert "This workspace is not trusted" in seen["bar"]["label"]
    assert "trust the workspace" in seen["report"]["text"]


def test_a_scan_shows_what_is_where_and_the_report_holds_no_value(vscode: VSCode, write: Write) -> None:
    write("src/app.py", f'token = "{TOKEN}"\nagain = "{TOKEN}"\n', window="shop")
    write("people.csv", f"id,email\n1,{EMAIL}\n", window="shop")
    write("clean.py", "print(1)\n", window="shop")
    subprocess.run(["git", "init", "-q", vscode.folder / "shop"], check=True)
    vscode.run("trust", {"clean": "clean.py"}, window="shop")
    seen = vscode.run("scan", window="shop")
    assert seen["said"] == {"text": "3 findings in 2 of 3 files.", "buttons": ["Show report"]}
    assert seen["top"] == ["Secrets2", "GitHub personal access token2", "Personal data1", "E-mail address1"]
    assert [row for row in seen["opened"] if "app.py" in row]
    assert [row for row in seen["problems"] if row.startswith("app.py")], "files that are not open are listed too"
    assert "3 findings" in seen["report"]
    assert "src/app.py:1:10" in seen["report"]
    assert not traces(seen["report"] + json.dumps(seen), TOKEN, EMAIL)
