from __future__ import annotations

import os

import pytest

from tightlip.cli.paths import from_root, label, printable


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("src/ä b.py", "src/ä b.py"),
        ("a\nb", "a\\nb"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("evil\u202etxt.exe", "evil\\u202etxt.exe"),
        ("two\u2028lines", "two\\u2028lines"),
        (os.fsdecode(b"caf\xe9"), "caf\\xe9"),
    ],
)
def test_no_control_character_of_a_path_reaches_a_terminal(path, shown):
    assert printable(path) == shown
    assert printable(path).encode() is not None


def test_path_below_the_working_directory_is_relative(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert label(str(tmp_path / "src" / "a.py")) == "src/a.py"
    assert label("./src//a.py") == "src/a.py"
    assert label("../a.py") == "../a.py"


def test_ci_path_counts_from_the_root_of_the_repository():
    assert from_root("server/", "a.py") == "server/a.py"
    assert from_root("server/", "../a.py") == "a.py"
    assert from_root("", "a.py") == "a.py"
