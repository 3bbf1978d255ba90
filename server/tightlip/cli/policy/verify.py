"""`tightlip policy verify`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import click

from tightlip.cli.paths import label, printable
from tightlip.cli.policy.options import format_option
from tightlip.errors import PolicyError
from tightlip.policy.bundle import Bundle, lapse_of, read_bundle
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
    """Check the signature FILE.sig of a policy against the signers that are pinned on this machine, and whether it is in
    force today by its own [bundle].

    Exits with 0 when both are good, 1 when one is not, 2 for a policy that cannot be read.
    """
    path, name = Path.cwd() / file, label(file)
    read = read_bundle(read_toml(path, PolicyError, name))
    problems = [*read.problems, *_lapsed(read.bundle)]
    told: dict[str, object] = {"file": name, **_plain(read.bundle), "problems": [_placed(one) for one in problems]}
    allowed = [Path.cwd() / signers] if signers is not None else [Path(one) for one in places().signers]
    try:
        signed = verify_file(path, allowed)
    except PolicyError as problem:
        told = {**told, "verified": False, "problem": problem.message}
        said = f"{name}: {problem.message}"
    else:
        told = {**told, "verified": True, "principal": signed.principal, "signers": signed.signers}
        said = f"{name}: signed by {signed.principal}, as {label(signed.signers)} allows{_which(read.bundle)}."
    _tell(form, told, [said, *map(str, problems)])
    ctx.exit(0 if told["verified"] and not problems else 1)


def _lapsed(bundle: Bundle | None) -> Iterator[PolicyError]:
    lapse = lapse_of(bundle, datetime.now(timezone.utc)) if bundle is not None else None
    if bundle is not None and lapse is not None:
        file, _, line = bundle.source.rpartition(":")
        yield PolicyError(lapse.sentence, file=file, line=int(line), column=1)


def _placed(problem: PolicyError) -> dict[str, object]:
    return {"line": problem.line, "column": problem.column, "message": problem.message}


def _tell(form: str, told: dict[str, object], said: list[str]) -> None:
    if form == "json":
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for line in said:
        click.echo(printable(line))


def _which(bundle: Bundle | None) -> str:
    if bundle is None:
        return ""
    return f"; {bundle.label}{f', expires {bundle.expires:%Y-%m-%d}' if bundle.expires else ''}"


def _plain(bundle: Bundle | None) -> dict[str, object]:
    if bundle is None:
        return {}
    days = {"not_before": bundle.not_before, "expires": bundle.expires}
    dates = {key: moment.isoformat() if moment is not None else None for key, moment in days.items()}
    return {"id": bundle.id, "revision": bundle.revision, **dates}
