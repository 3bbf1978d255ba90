"""`tightlip policy diff`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from tightlip.cli import git
from tightlip.cli.paths import label, printable
from tightlip.cli.policy.options import LAYERS, format_option
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.errors import PolicyError, TightlipError
from tightlip.policy.change import Change, Turn
from tightlip.policy.compare import compare
from tightlip.policy.compare_words import compare_entries
from tightlip.policy.load import MAX_SIZE, NAME
from tightlip.policy.model import Layer
from tightlip.policy.read import FilePolicy, policy_table, read_policy
from tightlip.policy.words import Plain
from tightlip.syntax.toml import TomlDocument, parse_toml

_COLORS = {Turn.LOOSENED: "red", Turn.TIGHTENED: "green", Turn.CHANGED: None}


@click.command()
@click.argument("files", nargs=-1, metavar="BEFORE AFTER", type=click.Path(dir_okay=False))
@click.option(
    "--rev", metavar="REV", help="Compare the FILE (default: tightlip.toml) of this commit with the one that is here."
)
@click.option(
    "--layer",
    type=click.Choice(list(LAYERS)),
    help="As what both are read: with a [bundle] as org, by default, else as repo.",
)
@click.option(
    "--fail-on", type=click.Choice(("any", "loosened")), default="any", show_default=True, help="What exits with 1."
)
@format_option
@click.pass_context
def diff(
    ctx: click.Context, files: tuple[str, ...], rev: str | None, layer: str | None, fail_on: str, form: str
) -> None:
    """Say what became stricter and what became looser from one policy file to another.

    Both are read alone, over the built-in policy. Exits with 0 when they ask for the same, 1 when they do not, 2 when
    one cannot be read.
    """
    if len(files) != (1 if rev else 2) and not (rev and not files):
        raise click.UsageError("name two files, or --rev REV and one", ctx)
    named = files or (NAME,)
    before = _of_revision(rev, named[0]) if rev else _of_file(named[0])
    changes = _changes(before, _of_file(named[-1]), named[-1], LAYERS[layer] if layer else None)
    if form == "json":
        click.echo(json.dumps([_plain(change) for change in changes], indent=2, ensure_ascii=False))
    else:
        for change in changes:
            click.echo(_line(change))
        click.echo(_summary(changes))
    loosened = any(change.turn is Turn.LOOSENED for change in changes)
    ctx.exit(1 if loosened or (changes and fail_on == "any") else 0)


def _changes(before: TomlDocument, after: TomlDocument, file: str, layer: Layer | None) -> list[Change]:
    path, categories = Path.cwd() / file, builtin_ruleset().categories
    read: list[FilePolicy] = []
    tables: list[dict[str, object]] = []
    for document in (before, after):
        table = policy_table(document, [])
        tables.append(table.data if table is not None else {})
    if layer is None:
        layer = Layer.ORG if any("bundle" in table for table in tables) else Layer.REPO
    for document in (before, after):
        found = read_policy(document, file=str(path), base=str(path.parent), layer=layer, rule_ids=categories)
        if found is None:
            raise TightlipError("this file says nothing about tightlip", file=document.file)
        for problem in found.problems:
            click.echo(f"tightlip: {printable(str(problem))}", err=True)
        read.append(found)
    words = compare_entries(tables[0], tables[1], after.file)
    return compare(read[0], read[1], words, categories)


def _of_file(file: str) -> TomlDocument:
    try:
        with open(file, "rb") as opened:
            data = opened.read(MAX_SIZE + 1)
    except OSError as problem:
        raise PolicyError(f"cannot read this file: {problem.strerror}", file=label(file)) from None
    return _parsed(data, label(file))


def _of_revision(rev: str, file: str) -> TomlDocument:
    """The file as a commit has it; empty where the commit has none. Raises GitError for what is no commit."""
    path = Path.cwd() / file
    folder = str(path.parent)
    commit = (
        git.run(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}").decode().strip()
    )
    name = f"{rev}:./{label(file)}"
    if not git.run(folder, "ls-tree", commit, "--", path.name):
        return _parsed(b"", name)
    return _parsed(git.run(folder, "show", f"{commit}:./{path.name}"), name)


def _parsed(data: bytes, name: str) -> TomlDocument:
    if len(data) > MAX_SIZE:
        raise PolicyError(f"this file is larger than {MAX_SIZE // 1000} kB", file=name)
    try:
        return parse_toml(data.decode("utf-8-sig"), name, PolicyError)
    except UnicodeDecodeError:
        raise PolicyError("this file is not UTF-8; save it as UTF-8", file=name) from None


def _line(change: Change) -> str:
    turn = click.style(f"{change.turn.value:<9}", fg=_COLORS[change.turn])
    return f"{turn}  {printable(change.name)}: {_value(change.before)} -> {_value(change.after)}  ({printable(change.source)})"


def _value(value: Plain) -> str:
    return printable(", ".join(value) or "nothing" if isinstance(value, list) else str(value))


def _summary(changes: list[Change]) -> str:
    if not changes:
        return "Both ask for the same."
    counted = Counter(change.turn for change in changes)
    return ", ".join(f"{counted[turn]} {turn.value}" for turn in _COLORS if counted[turn]) + "."


def _plain(change: Change) -> dict[str, object]:
    return {
        "turn": change.turn.value, "name": change.name, "before": change.before, "after": change.after, "source": change.source,
    }  # fmt: skip
