"""`tightlip policy sign`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from tightlip.cli.paths import label, printable
from tightlip.cli.policy.options import format_option
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.errors import TightlipError
from tightlip.policy.check import check_file
from tightlip.policy.load import NOTHING_ABOVE
from tightlip.policy.model import Layer
from tightlip.policy.signature import SUFFIX
from tightlip.policy.signature import sign as sign_file


@click.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option(
    "--key",
    required=True,
    metavar="KEY",
    help="Private SSH key, or the public half of one that an agent or a token holds.",
)
@click.option("--force", is_flag=True, help="Replace a signature that is there.")
@format_option
def sign(file: str, key: str, force: bool, form: str) -> None:
    """Sign a policy of the organisation with ssh-keygen; the signature comes to lie beside it as FILE.sig.

    A policy that holds mistakes is not signed: what `tightlip policy check --layer org` tells is told here too.
    """
    path, name = Path.cwd() / file, label(file)
    remarks = check_file(path, name, Layer.ORG, builtin_ruleset().categories, NOTHING_ABOVE, date.today())
    errors = [remark for remark in remarks or () if remark.is_error]
    for remark in errors:
        click.echo(f"tightlip: {printable(str(remark))}", err=True)
    if remarks is None or errors:
        raise TightlipError("not signed: correct the policy first", file=name)
    if not force and Path(f"{path}{SUFFIX}").exists():
        raise TightlipError("there is a signature already; replace it with --force", file=f"{name}{SUFFIX}")
    written = label(str(sign_file(path, Path(key), overwrite=force)))
    if form == "json":
        click.echo(json.dumps({"file": name, "signature": written}, indent=2, ensure_ascii=False))
    else:
        click.echo(
            f"{printable(written)} written. `tightlip policy verify {printable(name)}` tells whether it is believed."
        )
