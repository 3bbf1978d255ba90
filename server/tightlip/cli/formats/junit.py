"""JUnit XML: a failed test case per finding, a skipped one per file that was not checked, a passed one for the scan."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from tightlip.cli.formats.text import summary
from tightlip.cli.paths import printable
from tightlip.cli.report import SKIPPED, UNEXPECTED, ScanReport


def render(report: ScanReport, color: bool) -> str:
    """One test suite."""
    suite = Xml.Element("testsuite", name="tightlip", timestamp=report.started.strftime("%Y-%m-%dT%H:%M:%S"))
    failures = errors = skipped = 0
    for result in report.results:
        path = printable(result.path)
        commit = f" (commit {result.commit[:12]})" if result.commit else ""
        for finding in result.findings:
            place = f"{path}:{finding.line}:{finding.column}"
            name = f"{finding.title} at {finding.line}:{finding.column}{commit}"
            _failure(suite, path, name, finding.rule, finding.message, f"{place}: {finding.message}{commit}")
            failures += 1
    for item in report.skipped:
        case = Xml.SubElement(suite, "testcase", classname=printable(item.path), name="checked", time="0")
        message = printable(item.detail) or SKIPPED[item.reason]
        if item.reason in UNEXPECTED:
            Xml.SubElement(case, "error", message=message, type=item.reason)
            errors += 1
        else:
            Xml.SubElement(case, "skipped", message=message)
            skipped += 1
    whole = Xml.SubElement(suite, "testcase", classname="tightlip", name="scan", time=f"{report.seconds:.3f}")
    Xml.SubElement(whole, "system-out").text = "\n".join(
        [*(f"{count} files: {reason}" for reason, count in report.restricted.items()), summary(report)]
    )
    counts = {"tests": len(suite), "failures": failures, "errors": errors, "skipped": skipped}
    for key, value in {**counts, "time": f"{report.seconds:.3f}"}.items():
        suite.set(key, str(value))
    suites = Xml.Element("testsuites")
    suites.append(suite)
    Xml.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(suites, encoding="unicode") + "\n"


def _failure(suite: Xml.Element, path: str, name: str, kind: str, message: str, text: str) -> None:
    case = Xml.SubElement(suite, "testcase", classname=path, name=name, time="0")
    Xml.SubElement(case, "failure", message=printable(message), type=kind).text = printable(text)
