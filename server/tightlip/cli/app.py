"""`tightlip`: the list of its commands. Each lies in a module of its own that is imported when it is called."""

from __future__ import annotations

import click

from tightlip import __version__
from tightlip.cli.commands import Commands, Entry

COMMANDS = {
    "scan": Entry("tightlip.cli.scan", "Find what should not leave in files, staged changes or history."),
    "redact": Entry("tightlip.cli.redact", "Write a text with placeholders for everything that was found."),
    "restore": Entry("tightlip.cli.restore", "Put the values back into a redacted text."),
    "check": Entry("tightlip.cli.check", "Say whether a text may go to an assistant."),
    "index": Entry("tightlip.cli.index", "Recognise lines of restricted repositories in other texts."),
    "rules": Entry("tightlip.cli.rules", "List, show or test the rules."),
    "policy": Entry("tightlip.cli.policy.group", "Check, explain, compare, test or sign what may leave."),
    "doctor": Entry("tightlip.cli.doctor", "Say what is installed, what is in force and what is wrong."),
    "server": Entry("tightlip.cli.server", "Run the language server for an editor."),
}


@click.group(
    cls=Commands, entries=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, "--version", "-V", prog_name="tightlip", message="%(prog)s %(version)s")
def cli() -> None:
    """Keep secrets, personal data and restricted code from reaching AI coding assistants.

    Everything runs on this machine; nothing is sent anywhere.
    """
