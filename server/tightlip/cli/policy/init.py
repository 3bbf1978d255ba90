"""`tightlip policy init`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from tightlip.cli.paths import label
from tightlip.cli.policy.options import format_option
from tightlip.errors import TightlipError
from tightlip.policy.load import NAME
from tightlip.policy.model import Layer
from tightlip.policy.places import places
from tightlip.policy.starter import starter

_LAYERS = {layer.label: layer for layer in (Layer.REPO, Layer.ORG)}


@click.command()
@click.option(
    "--layer", type=click.Choice(list(_LAYERS)), default="repo", show_default=True, help="Whose policy it is."
)
@click.option(
    "--output", metavar="FILE", type=click.Path(dir_okay=False), default=NAME, show_default=True, help="File to write."
)
@click.option("--force", is_flag=True, help="Write over a FILE that is there.")
@format_option
def init(layer: str, output: str, force: bool, form: str) -> None:
    """Write a first tightlip.toml with comments, and say what to do next."""
    file = label(output)
    try:
        with open(output, "w" if force else "x", encoding="utf-8", newline="\n") as opened:
            opened.write(starter(_LAYERS[layer], date.today()))
    except FileExistsError:
        raise TightlipError(
            "this file is there already; name another --output, or write over it with --force", file=file
        ) from None
    except OSError as problem:
        raise TightlipError(f"cannot write this file: {problem.strerror}", file=file) from None
    steps = _steps(_LAYERS[layer], file)
    if form == "json":
        click.echo(json.dumps({"file": file, "layer": layer, "next": steps}, indent=2, ensure_ascii=False))
        return
    click.echo(f"{file} written. Next:")
    for number, step in enumerate(steps, 1):
        click.echo(f"  {number}. {step}")


def _steps(layer: Layer, file: str) -> list[str]:
    if layer is Layer.REPO:
        name = Path(file).name
        lies = f"Move it to the root of the repository as {NAME}; there it is read." if name != NAME else "Commit it."
        return [
            "Write what is different for this repository, and take out what is not.",
            f"tightlip policy check {file}",
            lies,
            "tightlip policy explain --file FILE tells what holds for a file, and why.",
        ]
    folder = places().folder
    return [
        "Write the id, the contact, and your repositories with their classes.",
        f"tightlip policy check --layer org {file}",
        f"tightlip policy sign {file} --key KEY, where it is not root who puts it in place.",
        f"Put it at {folder}/{NAME}, owned by root and writable by nobody else; or name it in TIGHTLIP_POLICY, signed, "
        f"with who may sign it in {folder}/allowed_signers.",
        "tightlip policy explain tells on any machine whether it is in force.",
    ]
