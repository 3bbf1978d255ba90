"""GitLab's secret detection report (`artifacts:reports:secret_detection`), without the optional source extract.

Layout: gitlab.com/gitlab-org/security-products/security-report-schemas, secret-detection-report-format.json, 15.2.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import datetime, timedelta

from tightlip import __version__
from tightlip.cli.paths import from_root, printable
from tightlip.cli.report import FileResult, ReportedFinding, Rule, ScanReport
from tightlip.finding import Severity

Json = dict[str, object]

SCHEMA_VERSION = "15.2.1"
_NO_COMMIT = "0000000"
"""What GitLab's own analyser writes for a file that was not read from a commit."""
_SEVERITIES = {
    Severity.ERROR: "Critical",
    Severity.WARNING: "Medium",
    Severity.INFORMATION: "Low",
    Severity.HINT: "Info",
}
_TOOL: Json = {"id": "tightlip", "name": "tightlip", "version": __version__, "vendor": {"name": "tightlip"}}
_NAMESPACE = uuid.UUID(bytes=hashlib.sha256(b"tightlip gitlab report").digest()[:16], version=5)


def render(report: ScanReport, color: bool) -> str:
    """A report with one vulnerability a finding."""
    seen: dict[str, int] = {}
    entries = [_finding(report, result, finding, seen) for result, finding in report.findings]
    document: Json = {
        "version": SCHEMA_VERSION,
        "scan": {
            "analyzer": _TOOL,
            "scanner": _TOOL,
            "type": "secret_detection",
            "status": "success" if report.complete else "failure",
            "start_time": _time(report.started),
            "end_time": _time(report.started + timedelta(seconds=report.seconds)),
        },
        "vulnerabilities": entries,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _finding(report: ScanReport, result: FileResult, finding: ReportedFinding, seen: dict[str, int]) -> Json:
    rule = report.rules[finding.rule]
    entry = _entry(report, result, finding.rule, finding.title, finding.fingerprint, seen)
    entry |= {"description": finding.message, "severity": _SEVERITIES[finding.severity], "solution": _solution(rule)}
    if rule.help:
        entry["links"] = [{"url": rule.help}]
    entry["location"] = _location(report, result) | {"start_line": finding.line, "end_line": finding.end_line}
    return entry


def _entry(
    report: ScanReport, result: FileResult, rule: str, title: str, fingerprint: str, seen: dict[str, int]
) -> Json:
    """Id, name and identifier. The id is the same in the next scan as long as the value stands in the same file."""
    key = "\0".join((from_root(report.prefix, result.path), result.commit or "", rule, fingerprint))
    seen[key] = seen.get(key, 0) + 1
    return {
        "id": str(uuid.uuid5(_NAMESPACE, f"{key}\0{seen[key]}".encode("utf-8", "surrogatepass").hex())),
        "name": title[:255],
        "identifiers": [{"type": "tightlip_rule_id", "name": f"tightlip rule {rule}", "value": rule}],
    }


def _location(report: ScanReport, result: FileResult) -> Json:
    return {"file": printable(from_root(report.prefix, result.path)), "commit": {"sha": result.commit or _NO_COMMIT}}


def _solution(rule: Rule) -> str:
    told = " ".join(filter(None, [rule.advice, f"Revoke: {rule.revoke}" if rule.revoke else ""]))
    return (told or "Remove the value, and rotate it if it was ever sent.")[:7000]


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S")
