"""A group of commands, each in a module of its own that is imported when it is called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click


class Entry(NamedTuple):
    """A command: where it lies, and its line in the overview."""

    module: str
    help: str


class Commands(click.Group):
    """Commands by their names, in the order given."""

    def __init__(self, *arguments: Any, entries: Mapping[str, Entry], **options: Any):
        super().__init__(*arguments, **options)
        self.entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, for the overview and for completion."""
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now; its module has a function of that name."""
        entry = self.entries.get(cmd_name)
        return getattr(import_module(entry.module), cmd_name) if entry else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in self.entries.items()])
