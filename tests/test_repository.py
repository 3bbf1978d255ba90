"""Promises about this repository itself."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tightlip.detect.detector import Document, detect
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.finding import Category, Severity

FORM = re.compile(r"\{[a-z0-9-]+(:[^{}]*)?\}")
"""A form of a rule's example that is still to be filled."""
ROOT = Path(__file__).resolve().parent.parent


def tracked_texts() -> list[tuple[str, str]]:
    names = (
        subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True
        )
        .stdout.decode()
        .split("\0")
    )
    texts = []
    for name in filter(None, names):
        content = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        if b"\0" not in content:
            texts.append((name, content.decode("utf-8")))
    assert len(texts) > 100
    return texts


def test_no_string_in_this_repository_looks_like_a_secret() -> None:
    ruleset = builtin_ruleset()
    reported = [
        f"{name}: {finding.rule} at {finding.span.start}"
        for name, text in tracked_texts()
        for finding in detect(Document(text, name), ruleset, strict=True).findings
        if finding.category is Category.SECRET and finding.severity <= Severity.ERROR and not FORM.search(finding.value)
    ]
    assert reported == []


@pytest.mark.parametrize(
    "forbidden",
    [r"p[y]pi\.org", r"p[y]thonhosted", r"registry\.n[p]mjs", r"d[e]b\.debian", r"/[w]ork/main", r"/[r]oot/\.pyenv"],
)
def test_no_registry_host_and_no_path_of_a_machine_is_recorded(forbidden: str) -> None:
    assert [name for name, text in tracked_texts() if re.search(forbidden, text)] == []


def test_the_top_level_holds_what_the_user_chose_and_nothing_else() -> None:
    visible = {name.split("/")[0] for name, _ in tracked_texts() if not name.startswith(".")}
    assert visible == {
        "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "server", "rules", "editors", "tests",
    }  # fmt: skip


def test_no_lock_file_records_where_a_package_came_from() -> None:
    for name, text in tracked_texts():
        assert not name.endswith("uv.lock")
        if name.endswith("package-lock.json"):
            assert '"resolved"' not in text
