"""What a developer sees in Emacs, and what is left on disk: by tightlip.el, by Eglot, by lsp-mode. Real editor, real server."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CI
from tests.editors.conftest import environment_of
from tightlip.detect.sample import fill

pytestmark = [pytest.mark.xdist_group("emacs"), pytest.mark.timeout(300)]

HERE = Path(__file__).parent / "emacs"
PAGE = HERE.parent.parent.parent / "editors" / "emacs"
PACKAGES = Path("/usr/share/emacs/site-lisp/elpa")
SECONDS = 150
CLIENTS = ("tightlip", "eglot")

Write = Callable[[str, str], Path]

TOKEN = fill("ghp_{crc32-base62:30}")
SECOND = fill("ghp_{crc32-base62:30}  ").strip()
THIRD = fill("ghp_{crc32-base62:30} ").strip()
EMAIL = "k73.vinterhage@" + "g" + "mail.com"


def traces(text: str, *values: str) -> set[str]:
    """The runs of six characters of the values that are in a text."""
    runs = {value[at : at + 6] for value in values for at in range(len(value) - 5)}
    return {run for run in runs if run in text}


def snippet(name: str) -> str:
    """The block of Lisp on the page that speaks of `name`."""
    blocks = re.findall(r"```elisp\n(.*?)```", (PAGE / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    return next(block for block in blocks if name in block)


class Emacs:
    """Runs a script of `tests/editors/emacs/` in Emacs and returns what it saw."""

    def __init__(self, home: Path):
        self.home = home
        self.output = ""

    def run(self, script: str, *files: Path, client: str = "tightlip", **given: Any) -> dict[str, Any]:
        """Open `files`, run `script`, return its observations; fails with Emacs' output when the script does."""
        environment = environment_of(self.home)
        programs = self.home / "bin"
        programs.mkdir(exist_ok=True)
        program = programs / "tightlip"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tightlip "$@"\n')
        program.chmod(0o755)
        seen = self.home / "seen.json"
        folders = [PAGE, HERE, *sorted(PACKAGES.glob("*"))]
        loads = [argument for folder in folders for argument in ("-L", str(folder))]
        process = subprocess.Popen(
            ["emacs", "-Q", "--batch", *loads, "-l", str(HERE / "drive.el"), *map(str, files)],
            cwd=files[0].parent if files else self.home,
            env={
                **environment,
                "PATH": f"{programs}{os.pathsep}{environment['PATH']}",
                "DRIVE_SCRIPT": str(HERE / f"{script}.el"),
                "DRIVE_SEEN": str(seen),
                "DRIVE_GIVEN": json.dumps({"client": client, **given}),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            pytest.fail(f"{script}.el took longer than {SECONDS} s:\n{output.decode(errors='replace')}")
        self.output = output.decode(errors="replace")
        assert process.returncode == 0, f"{script}.el: {self.output}"
        return json.loads(seen.read_text(encoding="utf-8"))


def absent(what: str) -> None:
    """Skip the test by the name of what is missing; fail where everything must be there."""
    if CI:
        pytest.fail(f"{what} is not installed")
    pytest.skip(f"{what} is not installed")


@pytest.fixture
def emacs(tmp_path: Path) -> Emacs:
    """Emacs with Eglot, of the system."""
    if shutil.which("emacs") is None:
        absent("emacs")
    if sys.platform == "linux" and not list(PACKAGES.glob("eglot*")):
        absent("elpa-eglot")
    return Emacs(tmp_path / "home")


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("name", "text", "line", "column"),
    [
        ("deploy.py", f'import os\n\ntoken = "{TOKEN}"\n', 2, 9),
        ("astral.py", f'smile = "😀𝒳 é {TOKEN}"\n', 0, len('smile = "😀𝒳 é ')),
        ("dos.py", f'first = 1\r\ntoken = "{TOKEN}"\r\nlast = 2\r\n', 1, 9),
        (".env", f"GITHUB_TOKEN={TOKEN}\n", 0, 13),
    ],
    ids=["python", "astral", "crlf", "dotenv"],
)
def test_a_secret_is_marked_exactly_and_one_action_redacts_it(
    emacs: Emacs, write: Write, client: str, name: str, text: str, line: int, column: int
) -> None:
    path = write(name, text)
    seen = emacs.run("redact", path, client=client, count=1, left=0)
    [finding] = seen["before"]
    assert (finding["line"], finding["column"], finding["text"]) == (line, column, TOKEN)
    assert finding["type"] in (":error", "eglot-error")
    assert finding["message"].startswith("tightlip")
    assert not traces(finding["message"], TOKEN)
    assert seen["actions"][0] == "Redact this value"
    assert seen["undone"] == text.replace("\r\n", "\n")
    saved = path.read_bytes().decode()
    assert not traces(saved, TOKEN)
    # nothing but the value has changed
    assert saved == text.replace(TOKEN, "TL_GITHUB_TOKEN_" + saved.split("TL_GITHUB_TOKEN_")[1][:6])


@pytest.mark.parametrize("client", CLIENTS)
def test_one_action_redacts_a_customers_cell_of_a_table(emacs: Emacs, write: Write, client: str) -> None:
    rows = f"id,full_name,email,city\n1,Test User,user@example.com,Nowhere\n2,Johanna Ödberg,{EMAIL},Lund\n"
    path = write("customers.csv", rows)
    seen = emacs.run("redact", path, client=client, count=3, left=2, index=1)
    mail = seen["before"][1]
    assert (mail["line"], mail["column"], mail["text"]) == (2, len("2,Johanna Ödberg,"), EMAIL)
    saved = path.read_text(encoding="utf-8")
    assert not traces(saved, EMAIL)
    assert [row.count(",") for row in saved.splitlines()] == [3, 3, 3]
    assert seen["undone"] == rows


def test_positions_hold_in_a_text_with_two_kinds_of_line_ends(emacs: Emacs, write: Write) -> None:
    text = f'one = 1\r\ntwo = "\x0c\u2028"\nthree = 3\rtoken = "{TOKEN}"\n'
    path = write("mixed.py", text)
    seen = emacs.run("redact", path, count=1, left=0)
    assert seen["before"][0]["text"] == TOKEN
    assert seen["undone"] == text


@pytest.fixture
def restricted(write: Write) -> Path:
    """A file of a repository that the policy restricts by its remote."""
    path = write("pay/ledger.py", "def settle(account, amount):\n    return account.balance - amount\n")
    policy = '[[repo]]\nmatch = { remote = "github.com/acme/pay" }\nclass = "restricted"\ncontact = "payments@acme.example"\n'
    write("pay/tightlip.toml", policy)
    subprocess.run(["git", "init", "-q", path.parent], check=True)
    subprocess.run(["git", "-C", path.parent, "remote", "add", "origin", "git@github.com:acme/pay.git"], check=True)
    return path


@pytest.mark.parametrize("client", CLIENTS)
def test_a_restricted_file_says_so_and_is_not_copied(emacs: Emacs, restricted: Path, client: str) -> None:
    seen = emacs.run("restricted", restricted, client=client)
    [shown] = seen["before"]
    assert (shown["line"], shown["column"]) == (0, 0)
    assert "acme/pay" in shown["message"]
    assert "payments@acme.example" in shown["message"]
    assert "acme/pay" in seen["refused"]
    assert seen["killed"] == "untouched"
    assert seen["actions"] == ["Redact this restricted file"]
    if client == "tightlip":
        assert seen["refused"] == "Restricted: " + shown["message"].removeprefix("tightlip: ")
        assert seen["lighter"] == " tightlip:restricted"


@pytest.mark.parametrize("client", CLIENTS)
def test_commands_do_what_they_say(emacs: Emacs, write: Write, client: str) -> None:
    path = write("three.py", f'import os\na = "{TOKEN}"\nb = "{SECOND}"\nc = "{THIRD}"\n')
    subprocess.run(["git", "init", "-q", path.parent], check=True)
    seen = emacs.run("commands", path, client=client)
    assert not traces(seen["one"], TOKEN)
    assert SECOND in seen["one"]
    assert THIRD in seen["one"]
    assert not traces(seen["whole"], TOKEN, SECOND, THIRD)
    assert seen["restored"] is True
    assert seen["report"].startswith("# tightlip report")
    assert not traces(seen["report"] + emacs.output, TOKEN, SECOND, THIRD)
    assert seen["copied"] == seen["whole"]
    if client == "eglot":
        assert (seen["scan"]["files"], seen["scan"]["findings"]) == (1, 3)
        return
    assert seen["copy"] == seen["whole"]
    assert seen["copy-mode"] == "python-mode"
    assert not traces(seen["region"], TOKEN)
    assert SECOND in seen["region"]
    assert seen["nowhere"] == "No finding here; select what to redact"


@pytest.mark.parametrize("client", CLIENTS)
def test_a_killed_server_leaves_the_editor_usable_and_comes_back(emacs: Emacs, write: Write, client: str) -> None:
    path = write("app.py", f'token = "{TOKEN}"\n')
    seen = emacs.run("killed", path, client=client, file=str(path))
    assert seen["saved"] == "# typed while there was no server"
    assert [finding["line"] for finding in seen["back"]] == [1]
    if client == "tightlip":
        assert "tightlip-restart" in seen["given-up"]
        assert emacs.output.count(seen["given-up"]) == 1
        assert [finding["text"] for finding in seen["after-restart"]] == [TOKEN]


def test_it_stands_beside_the_languages_own_server(emacs: Emacs, write: Write) -> None:
    path = write("app.py", f'token = "{TOKEN}"\n')
    seen = emacs.run("beside", path, other=[sys.executable, str(HERE / "other_server.py")])
    for shown in (seen["tightlip-first"], seen["eglot-first"]):
        assert ["said by the other server" in finding["message"] for finding in shown] == [True, False]
        assert shown[1]["text"] == TOKEN
    assert [finding["text"] for finding in seen["without"]] == ["tok"]
    assert [finding["text"] for finding in seen["alone"]] == [TOKEN]


def test_files_of_every_name_and_buffers_without_one_are_checked(emacs: Emacs, write: Write, tmp_path: Path) -> None:
    line = f'token = "{TOKEN}"\n'
    names = ["one/app.py", "one/unknown.zzz", "two/.env", "two/notes.md", "loose.conf"]
    files = [write(name, line) for name in names]
    macro = "(defmacro sneaky () (setq evaluated t))\n(sneaky)\n"
    files.append(write("planted.el", f'{macro}(setq token "{TOKEN}")\n'))
    seen = emacs.run("everywhere", files=[str(file) for file in files], value=TOKEN)
    assert set(seen["checked"]) == {Path(name).name for name in [*names, "planted.el"]}
    assert seen["checked"][".env"] == "fundamental-mode"
    assert seen["evaluated"] is None, "a checker that evaluates macros was turned on"
    [finding] = seen["unnamed"]
    assert (finding["line"], finding["column"], finding["text"]) == (1, 5, TOKEN)
    assert not traces(seen["redacted"], TOKEN)
    assert [finding["text"] for finding in seen["raw-byte"] + seen["named"]] == [TOKEN, TOKEN]
    assert (seen["open"], seen["servers"]) == (len(files) + 1, 1)
    assert seen["special"] is None
    assert set(seen["holders"]) == {Path(name).name for name in [*names, "planted.el", "named.txt"]}


def test_no_server_is_said_once_and_what_to_do(emacs: Emacs, write: Write) -> None:
    path, other = write("app.py", f'token = "{TOKEN}"\n'), write("other.py", "")
    seen = emacs.run("absent", path, program="no-such-program-here", other=str(other))
    assert emacs.output.count("nothing is checked") == 1, emacs.output
    assert "pipx install tightlip" in emacs.output
    assert "pipx install tightlip" in seen["refused"]
    assert other.read_text() == "still usable\n"


def test_a_program_of_the_project_is_not_run(emacs: Emacs, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = write(".venv/bin/tightlip", '#!/bin/sh\ntouch "$0.was-run"\n')
    planted.chmod(0o755)
    path = write("app.py", "x = 1\n")
    seen = emacs.run("planted", path, venv=str(planted.parent.parent))
    assert seen["command"] == [str(emacs.home / "bin" / "tightlip"), "server"]
    assert seen["alone"] is None
    assert not planted.with_name("tightlip.was-run").exists()


def test_the_pages_configuration_for_eglot_works_as_it_stands(emacs: Emacs, write: Write, tmp_path: Path) -> None:
    path = write("notes.txt", f"token = {TOKEN}\n")
    (tmp_path / "eglot.el").write_text(snippet("eglot-server-programs"), encoding="utf-8")
    seen = emacs.run("page", path, snippet=str(tmp_path / "eglot.el"))
    assert [finding["text"] for finding in seen["found"]] == [TOKEN]


def test_the_pages_configuration_for_lsp_mode_works_as_it_stands(emacs: Emacs, write: Write, tmp_path: Path) -> None:
    if not list(PACKAGES.glob("lsp-mode*")):
        absent("elpa-lsp-mode")
    path = write("app.py", f'token = "{TOKEN}"\n')
    (tmp_path / "lsp.el").write_text(snippet("make-lsp-client"), encoding="utf-8")
    other = [sys.executable, str(HERE / "other_server.py")]
    seen = emacs.run("add_on", path, other=other, snippet=str(tmp_path / "lsp.el"))
    assert len(seen["before"]) == 2
    assert "said by the other server" in seen["before"]
    assert seen["actions"][0] == "Redact this value"
    assert not traces(path.read_text(), TOKEN)
    assert "Unknown notification" not in emacs.output


def test_the_package_compiles_without_a_warning(emacs: Emacs, tmp_path: Path) -> None:
    copy = shutil.copy(PAGE / "tightlip.el", tmp_path)
    done = subprocess.run(
        ["emacs", "-Q", "--batch", "--eval", "(setq byte-compile-error-on-warn t)", "-f", "batch-byte-compile", copy],
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert (done.returncode, done.stderr) == (0, "")
