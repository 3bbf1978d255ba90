"""One self-contained page: readable in light and dark, filtered without any outside resource, every text escaped."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from tightlip import __version__
from tightlip.cli.formats.text import by_reason, summary
from tightlip.cli.paths import printable
from tightlip.cli.report import SKIPPED, ScanReport


def render(report: ScanReport, color: bool) -> str:
    """The page. Its content policy lets only its own style and script run."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    environment.filters["printable"] = printable
    style, script = _part("report.css"), _part("report.js")
    findings = list(report.findings)
    return environment.from_string(_part("report.html.jinja")).render(
        report=report,
        summary=summary(report),
        version=__version__,
        findings=findings,
        severities=sorted({finding.severity.name.lower() for _, finding in findings}),
        categories=sorted({finding.category.value for _, finding in findings}),
        notices=[(result.path, notice.message) for result in report.results for notice in result.notices],
        skipped={SKIPPED[reason]: group for reason, group in by_reason(report.skipped).items()},
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _part(name: str) -> str:
    return (files("tightlip.cli.formats") / "page" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Hash of an inline element as a content policy names it (w3.org/TR/CSP3, 2.3.1)."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
