"""What a developer sees in Vim with ALE, and what is left on disk. Real editor in a terminal of its own, real server."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CI
from tests.editors.conftest import environment_of
from tightlip.detect.sample import fill

pytestmark = [pytest.mark.xdist_group("vim"), pytest.mark.timeout(300)]

HERE = Path(__file__).parent / "vim"
PLUGIN = HERE.parent.parent.parent / "editors" / "vim"
SECONDS = 150

Write = Callable[[str, str], Path]

TOKEN = fill("ghp_{crc32-base62:30}")
SECOND = fill("ghp_{crc32-base62:30}  ").strip()
THIRD = fill("ghp_{crc32-base62:30} ").strip()
EMAIL = "k73.vinterhage@" + "g" + "mail.com"


def traces(text: str, *values: str) -> set[str]:
    """The runs of six characters of the values that are in a text."""
    runs = {value[at : at + 6] for value in values for at in range(len(value) - 5)}
    return {run for run in runs if run in text}


class Vim:
    """Runs a script of `tests/editors/vim/` in Vim and returns what it saw."""

    def __init__(self, home: Path):
        self.home = home

    def run(self, script: str, path: Path, environment: dict[str, str] | None = None, **given: Any) -> dict[str, Any]:
        """Open `path`, run `script`, return its observations; fails with what Vim threw when the script does."""
        whole = environment_of(self.home)
        programs = self.home / "bin"
        programs.mkdir(exist_ok=True)
        program = programs / "tightlip"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tightlip "$@"\n')
        program.chmod(0o755)
        seen = self.home / "seen.json"
        whole = {
            **whole,
            "PATH": f"{programs}{os.pathsep}{whole['PATH']}",
            "TERM": "xterm-256color",
            "DRIVE_PLUGIN": str(PLUGIN),
            "DRIVE_SCRIPT": str(HERE / f"{script}.vim"),
            "DRIVE_SEEN": str(seen),
            "DRIVE_GIVEN": json.dumps(given),
            **(environment or {}),
        }
        ours, its = pty.openpty()
        process = subprocess.Popen(
            ["vim", "-N", "-u", str(HERE / "vimrc"), "-i", "NONE", str(path)],
            cwd=path.parent,
            env=whole,
            stdin=its,
            stdout=its,
            stderr=its,
            start_new_session=True,
        )
        os.close(its)
        threading.Thread(target=_drain, args=(ours,), daemon=True).start()
        try:
            code = process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            pytest.fail(f"{script}.vim took longer than {SECONDS} s")
        failure = Path(f"{seen}.failure")
        assert code == 0, f"{script}.vim: {failure.read_text() if failure.exists() else code}"
        return json.loads(seen.read_text(encoding="utf-8"))


def _drain(terminal: int) -> None:
    """Take what Vim draws, so that it never waits for it to be taken."""
    with suppress(OSError):
        while os.read(terminal, 65536):
            pass
    os.close(terminal)


@pytest.fixture
def vim(tmp_path: Path) -> Vim:
    """Vim with ALE, of the system."""
    absent = None
    if shutil.which("vim") is None:
        absent = "vim"
    elif not Path("/usr/share/vim-ale").is_dir():
        absent = "vim-ale"
    if absent is not None:
        if CI:
            pytest.fail(f"{absent} is not installed")
        pytest.skip(f"{absent} is not installed")
    return Vim(tmp_path / "home")


@pytest.mark.parametrize(
    ("name", "text", "line", "column"),
    [
        ("deploy.py", f'import os\n\ntoken = "{TOKEN}"\n', 2, 9),
        ("astral.py", f'smile = "😀𝒳 é {TOKEN}"\n', 0, len('smile = "😀𝒳 é '.encode())),
        ("dos.py", f'first = 1\r\ntoken = "{TOKEN}"\r\nlast = 2\r\n', 1, 9),
        (".env", f"GITHUB_TOKEN={TOKEN}\n", 0, 13),
        ("credentials", f"[default]\ntoken = {TOKEN}\n", 1, 8),
    ],
    ids=["python", "astral", "crlf", "dotenv", "no-file-type"],
)
def test_a_secret_is_marked_exactly_and_one_action_redacts_it(
    vim: Vim, write: Write, name: str, text: str, line: int, column: int
) -> None:
    path = write(name, text)
    seen = vim.run("redact", path, count=1, left=0)
    [finding] = seen["before"]
    assert (finding["line"], finding["column"], finding["text"]) == (line, column, TOKEN)
    assert (finding["code"], finding["type"]) == ("github-personal-access-token", "E")
    assert seen["actions"][0] == "Redact this value"
    assert seen["undone"] == text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    saved = path.read_bytes().decode()
    assert not traces(saved, TOKEN)
    # nothing but the value has changed
    assert saved == text.replace(TOKEN, "TL_GITHUB_TOKEN_" + saved.split("TL_GITHUB_TOKEN_")[1][:6])


def test_one_action_redacts_a_customers_cell_of_a_table(vim: Vim, write: Write) -> None:
    rows = f"id,full_name,email,city\n1,Test User,user@example.com,Nowhere\n2,Johanna Ödberg,{EMAIL},Lund\n"
    path = write("customers.csv", rows)
    seen = vim.run("redact", path, count=3, left=2, index=1)
    mail = seen["before"][1]
    assert (mail["line"], mail["column"], mail["text"]) == (2, len("2,Johanna Ödberg,".encode()), EMAIL)
    saved = path.read_text(encoding="utf-8")
    assert not traces(saved, EMAIL)
    assert [row.count(",") for row in saved.splitlines()] == [3, 3, 3]
    assert seen["undone"] == rows.splitlines()


def test_a_restricted_file_says_so_and_is_not_copied(vim: Vim, write: Write) -> None:
    path = write("pay/ledger.py", "def settle(account, amount):\n    return account.balance - amount\n")
    policy = '[[repo]]\nmatch = { remote = "github.com/acme/pay" }\nclass = "restricted"\ncontact = "payments@acme.example"\n'
    write("pay/tightlip.toml", policy)
    subprocess.run(["git", "init", "-q", path.parent], check=True)
    subprocess.run(["git", "-C", path.parent, "remote", "add", "origin", "git@github.com:acme/pay.git"], check=True)
    seen = vim.run("restricted", path)
    [shown] = seen["before"]
    assert (shown["line"], shown["column"]) == (0, 0)
    assert "acme/pay" in shown["message"]
    assert "payments@acme.example" in shown["message"]
    assert shown["message"] in seen["messages"]
    assert seen["register"] == "untouched"
    assert seen["actions"] == ["Redact this restricted file"]


def test_commands_do_what_they_say(vim: Vim, write: Write) -> None:
    path = write("three.py", f'import os\na = "{TOKEN}"\nb = "{SECOND}"\nc = "é {THIRD}"\n')
    seen = vim.run("commands", path)
    one, whole = "\n".join(seen["one"]), "\n".join(seen["whole"])
    assert not traces(one, TOKEN)
    assert SECOND in one
    assert THIRD in one
    assert not traces(whole, TOKEN, SECOND, THIRD)
    assert seen["line"] == seen["whole"][2]
    assert seen["copied"] == whole + "\n"
    assert seen["restored"]
    assert "3 restored" in seen["messages"]
    assert not traces(seen["messages"], TOKEN, SECOND, THIRD)


def test_a_killed_server_leaves_the_editor_usable_and_comes_back(vim: Vim, write: Write) -> None:
    path = write("app.py", f'token = "{TOKEN}"\n')
    seen = vim.run("killed", path)
    assert seen["saved"] == "# typed while there was no server"
    assert [finding["text"] for finding in seen["back"]] == [TOKEN]


def test_files_of_every_type_are_checked_by_one_server(vim: Vim, write: Write) -> None:
    names = ["app.py", "main.rs", "unknown.zzz", "credentials", "dump.sql", "notes.md", "values.yaml", "a.json"]
    paths = [write(name, f'token = "{TOKEN}"\n') for name in names]
    subprocess.run(["git", "init", "-q", paths[0].parent], check=True)
    seen = vim.run("types", paths[0], files=[str(path) for path in paths])
    assert set(seen["checked"]) == set(names)
    assert seen["checked"]["unknown.zzz"] == "text"
    assert seen["servers"] == 1


def test_no_server_is_said_once_and_what_to_do(vim: Vim, write: Write) -> None:
    path, other = write("app.py", f'token = "{TOKEN}"\n'), write("other.py", "\n")
    seen = vim.run("absent", path, {"TIGHTLIP_PATH": "no-such-program-here"}, other=str(other))
    assert seen["messages"].count("nothing is checked") == 1
    assert "pipx install tightlip" in seen["messages"]
    assert other.read_text() == "still usable\n"


def test_a_program_of_the_project_is_not_run(vim: Vim, write: Write) -> None:
    planted = write(".venv/bin/tightlip", '#!/bin/sh\ntouch "$0.was-run"\n')
    planted.chmod(0o755)
    path = write("app.py", "x = 1\n")
    seen = vim.run("program", path, venv=str(planted.parent.parent))
    assert seen["program"] == str(vim.home / "bin" / "tightlip")
    assert seen["alone"] == ""
    assert not planted.with_name("tightlip.was-run").exists()
