"""`tightlip policy schema`."""

from __future__ import annotations

import json

import click

from tightlip.policy.schema import policy_schema


@click.command()
@click.option(
    "--format", type=click.Choice(("json",)), default="json", expose_value=False, help="How to report: always json."
)
def schema() -> None:
    """Print the JSON Schema (draft-07) of tightlip.toml, with which an editor completes and checks it.

    The line `#:schema tightlip.schema.json` at the top of a policy names it to editors with a TOML plugin.
    """
    click.echo(json.dumps(policy_schema(), indent=2))
