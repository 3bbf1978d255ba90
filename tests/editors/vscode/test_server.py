"""The server comes, goes and comes back; VS Code says so and stays usable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.editors.vscode.rig import VSCode
from tests.editors.vscode.samples import TOKEN

pytestmark = [pytest.mark.xdist_group("vscode"), pytest.mark.timeout(300)]

Write = Callable[..., Path]

APP = f'import os\n\ntoken = "{TOKEN}"\n'


def test_the_server_is_restarted_on_demand(vscode: VSCode, write: Write) -> None:
    write("restart.py", APP)
    seen = vscode.run("restart", {"name": "restart.py"})
    assert len(seen["before"]) == len(seen["after"]) == 1
    assert seen["before"] != seen["after"]
    assert seen["notifications"] == []


def test_a_missing_program_is_one_message_and_the_editor_stays_usable(vscode: VSCode, write: Write) -> None:
    write("missing.py", APP)
    seen = vscode.run("missing", {"name": "missing.py"})
    sentence = "The setting tightlip.server.path names a program that is not there, so nothing is checked."
    assert seen["notifications"] == [{"text": sentence, "buttons": ["Open setting", "Show log"]}]
    assert seen["status"]["text"] == "tightlip not found"
    assert seen["squiggles"] == 0, "what nobody checks any more is not marked"
    assert seen["menu"] == ["Name the program in the settings", "Start server", "Show log"]
    assert seen["saved"] == f"{APP}\n# typed while nothing is checked\n"


def test_a_killed_server_comes_back_and_says_so(vscode: VSCode, write: Write) -> None:
    write("killed.py", APP)
    seen = vscode.run("killed", {"name": "killed.py"})
    assert seen["said"] == {"text": "The tightlip server had stopped; it was started again.", "buttons": ["Show log"]}
    assert len(seen["after"]) == 1
    assert seen["before"] != seen["after"]
