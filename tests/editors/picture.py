"""Looks at tightlip in Neovim as a person would: in a terminal (tmux), step by step.

python -m tests.editors.picture            draw editors/neovim/screenshot.svg anew
python -m tests.editors.picture --look     print every step to this terminal instead
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, TerminalTheme
from rich.text import Text

from tests.editors.conftest import PLUGIN, environment_of
from tightlip.detect.sample import fill

PICTURE = PLUGIN / "screenshot.svg"
COLUMNS, LINES = 100, 25
SECONDS = 20.0

_ANSI = [tuple(DEFAULT_TERMINAL_THEME.ansi_colors[number]) for number in range(16)]
THEME = TerminalTheme((20, 22, 27), (224, 226, 234), _ANSI[:8], _ANSI[8:])
"""The ground of Neovim's own colours."""

INIT = """
vim.opt.runtimepath:prepend(vim.env.TIGHTLIP_PLUGIN)
vim.g.tightlip_cmd = vim.json.decode(vim.env.TIGHTLIP_COMMAND)
vim.opt.termguicolors = true
vim.opt.statusline = "%f%m%=%{%v:lua.require'tightlip'.status()%} "
"""
STEPS = {
    "a key in the code, a customer in a fixture": (":resize 9<Enter>", " +3"),
    "what it is (K)": ("jjfAK", "Confidence"),
    "what can be done about it (gra)": ("lgra", "Redact this value"),
    "after the first action": ("1<Enter>", "TL_"),
    "what :Tightlip status says": (":Tightlip status<Enter>", "should not receive"),
    "a copy to the clipboard": ('4G"+yy', "1 finding copied"),
}
"""Title of each step: the keys typed, and what must then be on the screen."""


class Screen:
    """A terminal of its own with Neovim in it."""

    def __init__(self, name: str, environment: Mapping[str, str]):
        self._tmux = ("tmux", "-L", name, "-f", "/dev/null")
        self._environment = {**environment, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}

    def start(self, command: str) -> None:
        """Run a command in a new terminal."""
        self._run("new-session", "-d", "-x", str(COLUMNS), "-y", str(LINES), command)
        self._run("set", "-s", "escape-time", "0")
        self._run("set", "-g", "status", "off")
        self._run("set", "-sa", "terminal-features", ",*:RGB")

    def type(self, keys: str) -> None:
        """Type keys; `<Enter>` and `<Escape>` stand for themselves."""
        for key in re.findall(r"<\w+>|[^<]+", keys):
            self._run("send-keys", *((key[1:-1],) if key.startswith("<") else ("-l", key)))

    def wait_for(self, words: str) -> None:
        """Wait until words are on the screen; raises TimeoutError with the screen when they never are."""
        end = time.monotonic() + SECONDS
        while words not in self.text():
            if time.monotonic() > end:
                raise TimeoutError(f"not on the screen: {words}\n{self.text()}")
            time.sleep(0.1)

    def text(self, *, colours: bool = False) -> str:
        """What is on the screen now."""
        return self._run("capture-pane", "-p", *(("-e",) if colours else ()))

    def close(self) -> None:
        """End the terminal and what runs in it."""
        subprocess.run([*self._tmux, "kill-server"], check=False, capture_output=True)

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._tmux, *arguments], check=True, capture_output=True, text=True, env=self._environment
        )
        return done.stdout


@contextmanager
def neovim(program: Path) -> Iterator[Screen]:
    """Neovim on a small workspace whose values are made up on the spot."""
    with tempfile.TemporaryDirectory(prefix="tightlip-picture-") as folder:
        work, init = Path(folder, "shop"), Path(folder, "init.lua")
        work.mkdir()
        init.write_text(INIT, encoding="utf-8")
        (work / "deploy.py").write_text(
            fill(
                "import boto3\n\n"
                'session = boto3.Session(aws_access_key_id="AKIA{base32:16}")\n'
                'GITHUB_TOKEN = "ghp_{crc32-base62:30}"\n\n\n'
                "def deploy(bucket):\n"
                '    session.resource("s3").Bucket(bucket).upload_file("build.zip", "build.zip")\n'
            ),
            encoding="utf-8",
        )
        (work / "customers.csv").write_text(
            "id,full_name,email,date_of_birth,city\n"
            f"1,Johanna Ödberg,johanna.odberg@{'g' + 'mail'}.com,1984-03-17,Lund\n"
            "2,Test User,user@example.com,1970-01-01,Nowhere\n",
            encoding="utf-8",
        )
        subprocess.run(["git", "init", "-q", work], check=True)
        screen = Screen(f"tightlip-{os.getpid()}", {**environment_of(Path(folder, "home")), "TMUX": ""})
        command = [str(program), "--clean", "-u", str(init), "-n", "-o", "deploy.py", "customers.csv"]
        try:
            screen.start(f"cd {shlex.quote(str(work))} && exec {shlex.join(command)}")
            yield screen
        finally:
            screen.close()


def svg(screen: str, title: str) -> str:
    """A captured screen as a drawing that loads nothing from anywhere."""
    console = Console(record=True, width=COLUMNS, file=StringIO(), legacy_windows=False, color_system="truecolor")
    console.print(Text.from_ansi(screen.rstrip("\n")), soft_wrap=True)
    without_fonts = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    drawn = console.export_svg(title=title, theme=THEME, code_format=without_fonts, unique_id="tightlip")
    drawn = re.sub(r"(?<=>)[^<>]+(?=</text>)", lambda text: _in_pieces(text[0]), drawn)
    return "\n".join(line.rstrip() for line in drawn.splitlines()) + "\n"


def _in_pieces(text: str) -> str:
    """Long words cut into elements of four characters: the picture shows made-up keys, and its source holds none."""

    def cut(word: re.Match[str]) -> str:
        return "".join(f"<tspan>{word[0][at : at + 4]}</tspan>" for at in range(0, len(word[0]), 4))

    return re.sub(r"[\w.@+/-]{10,}", cut, text)


def main(arguments: list[str]) -> int:
    """Go through the steps; draw the one with the list of actions, or print all."""
    looked = Console()
    with neovim(Path(sys.executable).parent / "nvim") as screen:
        for title, (keys, words) in STEPS.items():
            screen.type(keys)
            screen.wait_for(words)
            time.sleep(0.7)
            if "--look" in arguments:
                looked.rule(title)
                looked.print(Text.from_ansi(screen.text(colours=True)), soft_wrap=True)
            elif title.endswith("(gra)"):
                PICTURE.write_text(svg(screen.text(colours=True), "deploy.py - Neovim"), encoding="utf-8")
                print(PICTURE)
                return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
