"""`tightlip`: the list of its commands. Each lies in a module of its own that is imported when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

import click

from tightlip import __version__


class Entry(NamedTuple):
    """A command: where it lies, and its line in the overview."""

    module: str
    help: str


COMMANDS = {
    "scan": Entry("tightlip.cli.scan", "Find what should not leave in files, staged changes or history."),
    "redact": Entry("tightlip.cli.redact", "Write a text with placeholders for everything that was found."),
    "restore": Entry("tightlip.cli.restore", "Put the values back into a redacted text."),
    "check": Entry("tightlip.cli.check", "Say whether a text may go to an assistant."),
    "index": Entry("tightlip.cli.index", "Recognise lines of restricted repositories in other texts."),
    "rules": Entry("tightlip.cli.rules", "List, show or test the rules."),
    "doctor": Entry("tightlip.cli.doctor", "Say what is installed, what is in force and what is wrong."),
    "server": Entry("tightlip.cli.server", "Run the language server for an editor."),
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        return getattr(import_module(entry.module), cmd_name) if entry else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", "-V", prog_name="tightlip", message="%(prog)s %(version)s")
def cli() -> None:
    """Keep secrets, personal data and restricted code from reaching AI coding assistants.

    Everything runs on this machine; nothing is sent anywhere.
    """
