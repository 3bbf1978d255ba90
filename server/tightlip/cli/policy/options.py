"""What several of the commands take."""

from __future__ import annotations

import click

from tightlip.policy.model import Layer

LAYERS = {layer.label: layer for layer in (Layer.ORG, Layer.USER, Layer.REPO)}

format_option = click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True, help="How to report."
)
