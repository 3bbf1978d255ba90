"""How a scan is told: one module per format, each with `render(report, color) -> str`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tightlip.cli.report import ScanReport

NAMES = ("text", "json", "jsonl", "sarif", "github", "gitlab", "junit", "csv", "html")


def render(name: str, report: ScanReport, *, color: bool = False) -> str:
    """A report in the format called `name` (one of `NAMES`); `color` matters to `text` only."""
    return import_module(f"tightlip.cli.formats.{name}").render(report, color)
