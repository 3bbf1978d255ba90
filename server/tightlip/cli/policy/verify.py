"""`tightlip policy verify`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tightlip.cli.paths import label, printable
from tightlip.cli.policy.options import format_option
from tightlip.errors import PolicyError
from tightlip.policy.bundle import Bundle, read_bundle
from tightlip.policy.places import places
from tightlip.policy.signature import verify as verify_file
from tightlip.syntax.toml import read_toml


@click.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option(
    "--signers",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="File of allowed signers, instead of those pinned here.",
)
@format_option
@click.pass_context
def verify(ctx: click.Context, file: str, signers: str | None, form: str) -> None:
    """Check the signature FILE.sig of a policy against the signers that are pinned on this machine.

    Exits with 0 when it is good, 1 when it is not, 2 for a policy that cannot be read.
    """
    path, name = Path.cwd() / file, label(file)
    bundle = read_bundle(read_toml(path, PolicyError, name)).bundle
    allowed = [Path.cwd() / signers] if signers is not None else [Path(one) for one in places().signers]
    try:
        signed = verify_file(path, allowed)
    except PolicyError as problem:
        _tell(form, {"file": name, "verified": False, "problem": problem.message}, f"{name}: {problem.message}")
        ctx.exit(1)
    said = f"{name}: signed by {signed.principal}, as {label(signed.signers)} allows{_which(bundle)}."
    told = {"file": name, "verified": True, "principal": signed.principal, "signers": signed.signers, **_plain(bundle)}
    _tell(form, told, said)


def _tell(form: str, told: dict[str, object], said: str) -> None:
    click.echo(json.dumps(told, indent=2, ensure_ascii=False) if form == "json" else printable(said))


def _which(bundle: Bundle | None) -> str:
    if bundle is None:
        return ""
    return f"; {bundle.label}{f', expires {bundle.expires:%Y-%m-%d}' if bundle.expires else ''}"


def _plain(bundle: Bundle | None) -> dict[str, object]:
    if bundle is None:
        return {}
    expires = bundle.expires.isoformat() if bundle.expires else None
    return {"id": bundle.id, "revision": bundle.revision, "expires": expires}
