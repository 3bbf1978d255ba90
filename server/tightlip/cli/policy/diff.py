"""`tightlip policy diff`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import cast

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

    Both are read alone, over the built-in policy. With --rev, a FILE that the commit has not, or that is not here any
    more, asks for nothing. Exits with 0 when they ask for the same, 1 when they do not, 2 when
    one cannot be read.
    """
    if len(files) != (1 if rev else 2) and not (rev and not files):
        raise click.UsageError("name two files, or --rev REV and one", ctx)
    file = files[-1] if files else NAME
    before = _of_revision(rev, file) if rev else _of_file(files[0])
    after = _of_file(file, may_be_absent=rev is not None)
    changes = _changes(before, after, file, LAYERS[layer] if layer else None)
    if form == "json":
        click.echo(json.dumps([_plain(change) for change in changes], indent=2, ensure_ascii=False))
    else:
        for change in changes:
            click.echo(_line(change))
        click.echo(_summary(changes))
    loosened = any(change.turn is Turn.LOOSENED for change in changes)
    ctx.exit(1 if loosened or (changes and fail_on == "any") else 0)


def _changes(before: TomlDocument | None, after: TomlDocument | None, file: str, layer: Layer | None) -> list[Change]:
    """What changed; a document that is not there, or says nothing of tightlip, asks for nothing."""
    path, categories = Path.cwd() / file, builtin_ruleset().categories
    tables = [None if document is None else policy_table(document, []) for document in (before, after)]
    if before is None and after is None:
        raise PolicyError("this file is neither in this commit nor here", file=label(file))
    if all(table is None for table in tables):
        raise TightlipError(
            'neither says anything about tightlip; name a tightlip.toml, or add "[tool.tightlip]"', file=label(file)
        )
    data = [table.data if table is not None else {} for table in tables]
    if layer is None:
        layer = Layer.ORG if any("bundle" in said for said in data) else Layer.REPO
    read: list[FilePolicy] = []
    for document in (before, after):
        found = None
        if document is not None:
            found = read_policy(document, file=str(path), base=str(path.parent), layer=layer, rule_ids=categories)
        read.append(found or FilePolicy(str(path), layer))
        for problem in read[-1].problems:
            click.echo(f"tightlip: {printable(str(problem))}", err=True)
    words = compare_entries(data[0], data[1], (after or cast("TomlDocument", before)).file)
    return compare(read[0], read[1], words, categories)


def _of_file(file: str, *, may_be_absent: bool = False) -> TomlDocument | None:
    """The file as it is here; one that a person names by itself must be there."""
    try:
        with open(file, "rb") as opened:
            data = opened.read(MAX_SIZE + 1)
    except OSError as problem:
        if may_be_absent and isinstance(problem, (FileNotFoundError, NotADirectoryError)):
            return None
        raise PolicyError(f"cannot read this file: {problem.strerror}", file=label(file)) from None
    return _parsed(data, label(file))


def _of_revision(rev: str, file: str) -> TomlDocument | None:
    """The file as a commit has it; None where the commit has none. Raises GitError for what is no commit."""
    path = Path.cwd() / file
    folder = next(above for above in path.parents if above.is_dir())  # its own may be gone
    commit = (
        git.run(str(folder), "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
        .decode()
        .strip()
    )
    inside = path.relative_to(folder).as_posix()
    if not git.run(str(folder), "ls-tree", commit, "--", inside):
        return None
    return _parsed(git.run(str(folder), "show", f"{commit}:./{inside}"), f"{rev}:./{label(file)}")


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
