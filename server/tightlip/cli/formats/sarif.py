"""SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), as GitHub code scanning and Azure DevOps read it.

Regions name places and hold no snippet: whoever may read the log need not be one who may read the secret.
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from urllib.parse import quote

from tightlip import __version__
from tightlip.cli.paths import from_root, printable
from tightlip.cli.report import SKIPPED, UNEXPECTED, FileResult, ReportedFinding, Rule, ScanReport
from tightlip.finding import Confidence, Severity

Json = dict[str, object]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "note", Severity.HINT: "note"}
_SECURITY = {Severity.ERROR: "8.0", Severity.WARNING: "5.0", Severity.INFORMATION: "3.0", Severity.HINT: "1.0"}
"""GitHub's `security-severity`: high, medium, low."""
_PRECISION = {Confidence.HIGH: "very-high", Confidence.MEDIUM: "high", Confidence.LOW: "medium"}


def render(report: ScanReport, color: bool) -> str:
    """One run."""
    index = {rule: number for number, rule in enumerate(report.rules)}
    rules = [_rule(rule) for rule in report.rules.values()]
    run: Json = {
        "tool": {
            "driver": {"name": "tightlip", "version": __version__, "semanticVersion": __version__, "rules": rules},
        },
        "automationDetails": {"id": f"tightlip/{report.mode}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "Top folder of the repository that was scanned."}}},
        "invocations": [_invocation(report)],
        "results": [_result(report, result, finding, index) for result, finding in report.findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: Rule) -> Json:
    described: Json = {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.advice or rule.title},
        "help": {"text": " ".join(filter(None, [rule.advice, rule.revoke])) or rule.title},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": ["security", rule.category.value, *(f"SOC2/{criterion}" for criterion in rule.criteria)],
            "security-severity": _SECURITY[rule.severity],
        },
    }
    if rule.help:
        described["helpUri"] = rule.help
    return described


def _result(report: ScanReport, result: FileResult, finding: ReportedFinding, index: dict[str, int]) -> Json:
    properties: Json = {
        "category": finding.category.value,
        "confidence": finding.confidence.name.lower(),
        "precision": _PRECISION[finding.confidence],
        "detector": finding.detector,
    }
    if finding.entity:
        properties["entity"] = finding.entity
    if finding.table is not None:
        rows, columns, _ = finding.table
        properties["table"] = {"rows": rows, "columns": dict(columns), "values": finding.values}
    if result.commit:
        properties["commit"] = result.commit
    return {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(report, result.path),
                    "region": {
                        "startLine": finding.line,
                        "startColumn": finding.column,
                        "endLine": finding.end_line,
                        "endColumn": finding.end_column,
                    },
                }
            }
        ],
        "partialFingerprints": {"tightlipValue/v1": finding.fingerprint},
        "properties": properties,
    }


def _artifact(report: ScanReport, path: str) -> Json:
    return {"uri": quote(os.fsencode(from_root(report.prefix, path)), safe="/"), "uriBaseId": _ROOT}


def _invocation(report: ScanReport) -> Json:
    notices: list[Json] = [
        _notification(report, result.path, notice.code, notice.message, "note")
        for result in report.results
        for notice in result.notices
    ]
    for item in report.skipped:
        level = "error" if item.reason in UNEXPECTED else "note"
        notices.append(_notification(report, item.path, item.reason, f"Not checked: {SKIPPED[item.reason]}.", level))
    for reason, count in report.restricted.items():
        notices.append(
            {"level": "note", "descriptor": {"id": "restricted"}, "message": {"text": f"{count} files: {reason}"}}
        )
    for message in report.messages:
        notices.append({"level": "warning", "message": {"text": printable(message)}})
    return {
        "executionSuccessful": report.complete,
        "startTimeUtc": _time(report.started),
        "endTimeUtc": _time(report.started + timedelta(seconds=report.seconds)),
        "toolExecutionNotifications": notices,
    }


def _notification(report: ScanReport, path: str, code: str, message: str, level: str) -> Json:
    return {
        "level": level,
        "descriptor": {"id": code},
        "message": {"text": printable(message)},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(report, path)}}],
    }


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
