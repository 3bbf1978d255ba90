"""For people: findings by file, what to do once, what was not checked, and one line that sums up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click

from tightlip.cli.paths import printable
from tightlip.cli.report import SKIPPED, FileResult, ReportedTable, ScanReport, Skipped
from tightlip.finding import Category, Severity

_LISTED = 5
"""Paths named per reason for not checking; the machine formats name all."""
_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFORMATION: "blue", Severity.HINT: None}
_NOUNS = {Category.SECRET: "secret", Category.PII: "personal", Category.RESTRICTED: "restricted", Category.TERM: "term"}


def render(report: ScanReport, color: bool) -> str:
    """The whole report, ended by the summary."""
    parts = [_file(result, color) for result in report.results if result.findings]
    parts += filter(None, [_advice(report, color), _notices(report), _restricted(report), _skipped(report.skipped)])
    parts.append(summary(report) + "\n")
    return "\n".join(parts)


def _file(result: FileResult, color: bool) -> str:
    path = printable(result.path)
    lines: list[str] = []
    commit = f"  (commit {result.commit[:12]})" if result.commit else ""
    for finding in result.findings:
        place = f"{path}:{finding.line}:{finding.column}"
        severity = _paint(f"{finding.severity.name.lower():<11}", color, fg=_COLORS[finding.severity])
        rule = _paint(f"[{finding.rule}]", color, dim=True)
        lines.append(f"{_paint(place, color, bold=True)}  {severity}  {finding.title}  {rule}{commit}")
        if finding.table is not None:
            lines.append(f"    {_columns(finding.table)}; {finding.values:,} values (--all lists them)")
    return "".join(line + "\n" for line in lines)


def _columns(table: ReportedTable) -> str:
    return ", ".join(f"{printable(name)}: {what}" for name, what in table.columns.items())


def _paint(text: str, color: bool, *, fg: str | None = None, bold: bool = False, dim: bool = False) -> str:
    return click.style(text, fg=fg, bold=bold or None, dim=dim or None) if color else text


def _advice(report: ScanReport, color: bool) -> str:
    lines: list[str] = []
    for rule in report.rules.values():
        told = " ".join(filter(None, [rule.advice, f"Revoke: {rule.revoke}" if rule.revoke else ""]))
        if told:
            lines.append(f"  {rule.title}: {told}\n")
    if report.clean:
        return ""
    head = _paint("What to do", color, bold=True) + "\n"
    first = "  Remove the value, and rotate it if it was ever sent; `tightlip redact FILE` gives a copy that is safe to share.\n"
    return head + first + "".join(lines)


def _notices(report: ScanReport) -> str:
    return "".join(
        f"note: {printable(result.path)}: {notice.message}\n" for result in report.results for notice in result.notices
    )


def _restricted(report: ScanReport) -> str:
    return "".join(f"note: {_count(count, 'file')}: {reason}\n" for reason, count in report.restricted.items())


def _skipped(skipped: tuple[Skipped, ...]) -> str:
    lines: list[str] = []
    for reason, group in by_reason(skipped).items():
        named = ", ".join(
            printable(item.path) + (f" ({printable(item.detail)})" if item.detail else "") for item in group[:_LISTED]
        )
        more = f" and {len(group) - _LISTED:,} more" if len(group) > _LISTED else ""
        lines.append(f"not checked, {SKIPPED[reason]}: {named}{more}\n")
    return "".join(lines)


def by_reason(skipped: tuple[Skipped, ...]) -> Mapping[str, list[Skipped]]:
    """Skipped files by the reason, in the order of `SKIPPED`."""
    groups: dict[str, list[Skipped]] = {reason: [] for reason in SKIPPED}
    for item in skipped:
        groups[item.reason].append(item)
    return {reason: group for reason, group in groups.items() if group}


def summary(report: ScanReport) -> str:
    """One line: what was found, in how much, and what was left out."""
    return "; ".join(_clauses(report)) + "."


def _clauses(report: ScanReport) -> Iterator[str]:
    total = sum(report.by_category.values())
    kinds = ", ".join(f"{count:,} {_NOUNS[category]}" for category, count in report.by_category.items())
    found = f"{_count(total, 'finding')} ({kinds})" if total else "No findings"
    places = sum(1 for result in report.results if result.findings)
    scope = f"{_count(report.files, 'file')}, {megabytes(report.size)}, {report.seconds:.2f} s"
    yield f"{found} in {places:,} of {scope}" if total else f"{found} in {scope}"
    if report.hidden:
        yield f"{report.hidden:,} below the wanted severity not shown (--all)"
    allowed = sum(report.suppressed.values())
    if allowed:
        yield f"{allowed:,} allowed or no real value"
    if report.skipped:
        counts = ", ".join(f"{len(group):,} {SKIPPED[reason]}" for reason, group in by_reason(report.skipped).items())
        yield f"not checked: {counts}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def megabytes(size: int) -> str:
    """A number of bytes for people: `12.6 MB`."""
    return (
        f"{size:,} bytes"
        if size < 1000
        else f"{size / 1000:.1f} kB"
        if size < 1_000_000
        else f"{size / 1_000_000:,.1f} MB"
    )
