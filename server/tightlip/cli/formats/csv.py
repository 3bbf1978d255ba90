"""CSV with a header row, safe to open in a spreadsheet: no cell begins like a formula (OWASP, "CSV Injection")."""

from __future__ import annotations

import csv
import io

from tightlip.cli.paths import printable
from tightlip.cli.report import ScanReport

COLUMNS = (
    "path", "commit", "line", "column", "end_line", "end_column", "rule", "title", "category", "entity", "severity",
    "confidence", "fingerprint", "message",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠")


def render(report: ScanReport, color: bool) -> str:
    """A row a finding."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for result in report.results:
        path = printable(result.path)
        for finding in result.findings:
            row = (
                path, result.commit or "", finding.line, finding.column, finding.end_line, finding.end_column, finding.rule,
                finding.title, finding.category.value, finding.entity or "", finding.severity.name.lower(),
                finding.confidence.name.lower(), finding.fingerprint, finding.message,
            )  # fmt: skip
            writer.writerow(map(_cell, row))
    return file.getvalue()


def _cell(value: str | int) -> str | int:
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) else value
