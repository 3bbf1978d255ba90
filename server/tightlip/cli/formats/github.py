"""GitHub workflow commands: an annotation per finding.

Format and escapes: docs.github.com/actions/reference/workflow-commands-for-github-actions, github.com/actions/toolkit
(`escapeData`, `escapeProperty`).
"""

from __future__ import annotations

from tightlip.cli.formats.text import summary
from tightlip.cli.paths import from_root, printable
from tightlip.cli.report import ScanReport
from tightlip.finding import Severity

_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "notice",
    Severity.HINT: "notice",
}


def render(report: ScanReport, color: bool) -> str:
    """One command a line, and the summary as a notice."""
    lines: list[str] = []
    for result in report.results:
        path = printable(from_root(report.prefix, result.path))
        for finding in result.findings:
            place: dict[str, object] = {"file": path, "line": finding.line, "endLine": finding.end_line}
            if finding.line == finding.end_line:
                place |= {"col": finding.column, "endColumn": finding.end_column}
            commit = f" (commit {result.commit[:12]})" if result.commit else ""
            lines.append(
                _command(
                    _COMMANDS[finding.severity],
                    f"{finding.message} [{finding.rule}]{commit}",
                    **place,
                    title=finding.title,
                )
            )
        lines += (_command("notice", notice.message, file=path, title="Not fully checked") for notice in result.notices)
    lines += (_command("notice", f"{n} files: {reason}", title="Restricted") for reason, n in report.restricted.items())
    lines += (_command("warning", printable(message), title="tightlip") for message in report.messages)
    lines.append(_command("notice", summary(report), title="tightlip"))
    return "".join(line + "\n" for line in lines)


def _command(name: str, message: str, **properties: object) -> str:
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
