"""JSON, an object a line: `type` is `finding`, `restricted`, `notice`, `skipped` or, in the last line, `summary`."""

from __future__ import annotations

import json

from tightlip.cli.formats.json import finding_entry, notice_entries, restricted_entries, skipped_entries, summary
from tightlip.cli.report import ScanReport


def render(report: ScanReport, color: bool) -> str:
    """Findings first, the summary last."""
    entries: list[dict[str, object]] = [
        {"type": "finding"} | finding_entry(result, finding) for result, finding in report.findings
    ]
    entries += ({"type": "restricted"} | entry for entry in restricted_entries(report))
    entries += ({"type": "notice"} | entry for entry in notice_entries(report))
    entries += ({"type": "skipped"} | entry for entry in skipped_entries(report))
    entries.append({"type": "summary"} | summary(report))
    return "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
