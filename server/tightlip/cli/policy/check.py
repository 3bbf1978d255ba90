"""`tightlip policy check`."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import click
from attrs import evolve

from tightlip.cli.paths import label, printable, way_from_here
from tightlip.cli.policy.options import LAYERS, format_option
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.errors import TightlipError
from tightlip.guard import Guard, load_guard
from tightlip.policy.check import Remark, check_file, examples, expiries, layer_of, remark_of
from tightlip.policy.load import above_all
from tightlip.policy.places import places


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(dir_okay=False))
@click.option(
    "--layer",
    type=click.Choice(list(LAYERS)),
    help="As what the FILEs are read; by the place they lie in, by default. A draft of the organisation's is read with org.",
)
@format_option
@click.pass_context
def check(ctx: click.Context, files: tuple[str, ...], layer: str | None, form: str) -> None:
    """Tell every mistake of policy FILEs (default: all that are in force for this folder), as file:line:column.

    Mistakes are what cannot be read, what asks to loosen what a layer above has set, and what has expired; that
    something will expire within 30 days is a note. Exits with 0 when there is no mistake, 1 when there is, 2 for a
    file that cannot be opened.
    """
    if layer is not None and not files:
        raise click.UsageError("--layer needs a FILE", ctx)
    if files:
        remarks, read = _named(files, layer), [label(file) for file in files]
    else:
        guard = load_guard(Path.cwd())
        remarks, read = _in_force(guard), [_shown(file, guard) for file in guard.policy.files]
    errors = sum(remark.is_error for remark in remarks)
    if form == "json":
        click.echo(
            json.dumps({"files": read, "errors": errors, "problems": [_plain(one) for one in remarks]}, indent=2)
        )
    else:
        for remark in remarks:
            click.echo(printable(str(remark)))
        click.echo(_summary(read, errors, len(remarks) - errors))
    ctx.exit(1 if errors else 0)


def _named(files: tuple[str, ...], layer: str | None) -> list[Remark]:
    """The mistakes of the files a person names."""
    above, categories = above_all(places()), builtin_ruleset().categories
    found: list[Remark] = []
    for file in files:
        path = Path.cwd() / file
        chosen = LAYERS[layer] if layer is not None else layer_of(path, above)
        remarks = check_file(path, label(file), chosen, categories, above, date.today())
        if remarks is None:
            raise TightlipError(
                'this file says nothing about tightlip; name a tightlip.toml, or add "[tool.tightlip]"',
                file=label(file),
            )
        found += remarks
    return found


def _in_force(guard: Guard) -> list[Remark]:
    """The mistakes of all files in force here, which a policy names as seen from the repository's root."""
    policy, top = guard.policy, str(guard.top)
    names = {os.path.relpath(file, top).replace(os.sep, "/"): _shown(file, guard) for file in policy.files}
    remarks = [remark_of(problem) for problem in policy.problems]
    remarks += expiries([*policy.exceptions, *policy.allows], date.today())
    organisation = guard.above.organisation
    if organisation is not None and organisation.bundle is not None:
        # that it is over is told where it is read
        remarks += [one for one in expiries([organisation.bundle], date.today()) if not one.is_error]
    remarks += [remark for own in policy.own for remark in examples(own)]
    remarks = [evolve(remark, file=names.get(remark.file, remark.file)) for remark in remarks]
    return sorted(remarks, key=lambda one: (one.file, one.line, one.column))


def _shown(file: str, guard: Guard) -> str:
    """A file from the working directory, where it is the repository's, so that an editor can open it."""
    inside = guard.top in Path(file).parents
    return way_from_here(file).replace(os.sep, "/") if inside else file


def _summary(read: list[str], errors: int, notes: int) -> str:
    files = f"{len(read)} file{'' if len(read) == 1 else 's'}" if read else "No policy file: the built-in policy holds"
    if not errors and not notes:
        return f"{files}, no mistake." if read else f"{files}."
    told = [
        f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in ((errors, "mistake"), (notes, "note")) if count
    ]
    return f"{files}, {', '.join(told)}."


def _plain(remark: Remark) -> dict[str, object]:
    return {
        "file": remark.file,
        "line": remark.line,
        "column": remark.column,
        "level": "error" if remark.is_error else "note",
        "message": remark.message,
    }
