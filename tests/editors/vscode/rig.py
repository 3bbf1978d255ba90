"""A real VS Code in a real browser, driven by the scenarios of `scenarios/`."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import psutil

from tests.editors import install
from tests.editors.vscode.samples import VALUES

HERE = Path(__file__).resolve().parent
SERVER = install.ROOT / "server"
SECONDS = 150
"""The longest a scenario may take; the first one of a window opens it."""


class VSCode:
    """One code-server and one browser. `windows` are folders beside each other in `folder`."""

    def __init__(self, installed: Path, home: Path):
        self.installed, self.home = installed, home
        self.folder = home / "folders"
        self.shots = installed / "shots"
        self.received = home / "received.jsonl"
        self.process: subprocess.Popen[str] | None = None
        self.answers: queue.Queue[str] = queue.Queue()
        self.errors = home / "driver.log"

    @staticmethod
    def lacks(installed: Path) -> str:
        """What is missing, as a sentence; "" when everything is there."""
        parts = {
            "Node": install.node(),
            "Chromium": shutil.which("chromium"),
            "code-server": (installed / "code-server" / ".installed").exists(),
            "playwright-core": (installed / "playwright" / ".installed").exists(),
            "the built extension": (installed / "tightlip.vsix").exists(),
        }
        absent = [name for name, found in parts.items() if not found]
        return f"no {', no '.join(absent)}: run `make editors`" if absent else ""

    def program(self, name: str = "tightlip") -> Path:
        """The server of this checkout as one program, as a user's PATH would have it."""
        path = self.home / "bin" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tightlip "$@"\n')
        path.chmod(0o755)
        return path

    def start(self) -> None:
        user = self.home / "user"
        places = {
            name: str(user / name.lower())
            for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
        }
        for place in (user, *map(Path, places.values())):
            place.mkdir(parents=True, exist_ok=True)
        variables = {
            **places,
            "HOME": str(user),
            "PYTHONPATH": os.pathsep.join(filter(None, (str(SERVER), os.environ.get("PYTHONPATH")))),
            "TIGHTLIP_PATH": str(self.program()),
            "TIGHTLIP_TEST_MODEL": str(self.received),
        }
        dropped = ("DISPLAY", "WAYLAND_DISPLAY", "VIRTUAL_ENV")
        environment = {name: value for name, value in os.environ.items() if name not in dropped}
        self.process = subprocess.Popen(
            [str(install.node()), str(HERE / "driver" / "main.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors.open("w"),
            env=environment,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        self._ask(
            {
                "start": {
                    "installed": str(self.installed),
                    "home": str(self.home),
                    "folder": str(self.folder),
                    "shots": str(self.shots),
                    "chromium": shutil.which("chromium"),
                    "extensions": [str(self.installed / f"{name}.vsix") for name in ("tightlip", "model")],
                    "settings": {"tightlip.deep": False},
                    "variables": variables,
                    "values": VALUES,
                }
            }
        )

    def run(self, scenario: str, given: dict[str, Any] | None = None, window: str = "work") -> dict[str, Any]:
        """Run a scenario in a window and return what it saw."""
        seen = self._ask({"run": scenario, "window": window, "given": given or {}})
        foreign, leaks = seen.pop("foreign"), seen.pop("leaks")
        assert not foreign, f"the page asked other hosts: {foreign}"
        assert not leaks, f"a value is shown outside of the text it stands in: {leaks}"
        return seen

    def _read(self) -> None:
        assert self.process
        assert self.process.stdout
        for line in self.process.stdout:
            self.answers.put(line)
        self.answers.put('{"error": "the driver has ended"}')

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self.process
        assert self.process.stdin
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.answers.get(timeout=SECONDS))
        if "error" in answer:
            raise AssertionError(f"{answer['error']}\n{self.errors.read_text()[-2000:]}")
        return answer["seen"]

    def _children(self) -> list[psutil.Process]:
        assert self.process
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def stop(self) -> None:
        """End what was started, and nothing else."""
        if self.process is None:
            return
        assert self.process.stdin
        children = self._children()
        self.process.stdin.close()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        for child in children:
            try:
                child.kill()
            except psutil.Error:
                continue

    def logs(self) -> list[Path]:
        """Everything VS Code, its extensions and tightlip have written down, but the user's own files and chats."""
        places = [self.home / "code" / "logs", self.home / "code" / "User" / "globalStorage", self.home / "user"]
        places += (self.home / "code" / "User" / "workspaceStorage").glob("*/tightlip*")
        written = [path for place in places for path in place.rglob("*") if path.is_file()]
        return [*written, self.home / "code-server.log", self.errors]
