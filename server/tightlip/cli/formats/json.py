"""One JSON document with everything. Offsets and columns in code points; never a value."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tightlip import __version__
from tightlip.cli.paths import printable
from tightlip.cli.report import FileResult, ReportedFinding, ScanReport

FORMAT = 1
"""Number of this layout; it grows when a key changes its meaning or goes."""


def render(report: ScanReport, color: bool) -> str:
    """`{version, tool, summary, findings, restricted, notices, skipped, messages}`."""
    document = {
        "version": FORMAT,
        "tool": {"name": "tightlip", "version": __version__},
        "summary": summary(report),
        "findings": [finding_entry(result, finding) for result, finding in report.findings],
        "restricted": list(restricted_entries(report)),
        "notices": list(notice_entries(report)),
        "skipped": list(skipped_entries(report)),
        "messages": [printable(message) for message in report.messages],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def summary(report: ScanReport) -> dict[str, object]:
    """Counts, sizes (bytes) and times (seconds)."""
    skipped: dict[str, int] = {}
    for item in report.skipped:
        skipped[item.reason] = skipped.get(item.reason, 0) + 1
    return {
        "mode": report.mode,
        "started": report.started.isoformat(timespec="seconds"),
        "seconds": round(report.seconds, 3),
        "files": report.files,
        "bytes": report.size,
        "findings": {category.value: count for category, count in report.by_category.items()},
        "hidden": report.hidden,
        "suppressed": dict(report.suppressed),
        "skipped": skipped,
        "complete": report.complete,
    }


def finding_entry(result: FileResult, finding: ReportedFinding) -> dict[str, object]:
    """One finding; `commit` only where history was read, `table` only where it stands for rows of personal data."""
    entry: dict[str, object] = {"path": printable(result.path)}
    if result.commit:
        entry["commit"] = result.commit
    if finding.table is not None:
        rows, columns, _ = finding.table
        entry["table"] = {"rows": rows, "columns": dict(columns), "values": finding.values}
    return entry | {
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "start": finding.start,
        "end": finding.end,
        "rule": finding.rule,
        "title": finding.title,
        "category": finding.category.value,
        "entity": finding.entity,
        "severity": finding.severity.name.lower(),
        "confidence": finding.confidence.name.lower(),
        "fingerprint": finding.fingerprint,
        "message": finding.message,
        "evidence": finding.evidence,
        "detector": finding.detector,
    }


def restricted_entries(report: ScanReport) -> Iterator[dict[str, object]]:
    """Why files are held back as a whole, and how many."""
    for reason, count in report.restricted.items():
        yield {"reason": reason, "files": count}


def notice_entries(report: ScanReport) -> Iterator[dict[str, object]]:
    """What was not checked in a file that was."""
    for result in report.results:
        for notice in result.notices:
            yield {"path": printable(result.path), "code": notice.code, "message": notice.message}


def skipped_entries(report: ScanReport) -> Iterator[dict[str, object]]:
    """What was not checked at all."""
    for item in report.skipped:
        yield {"path": printable(item.path), "reason": item.reason, "detail": printable(item.detail)}
