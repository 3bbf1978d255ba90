"""`tightlip redact` and `tightlip restore`."""

from __future__ import annotations

import os
import re
import stat

import pytest

from tests.cli.conftest import run
from tightlip.detect.sample import fill

SECRET = fill("ghp_{crc32-base62:30}")
TEXT = f"# Zoë\r\ntoken = '{SECRET}'\r\nagain = \"{SECRET}\"\r\n"


@pytest.fixture
def source(folder):
    path = folder / "a.py"
    path.write_bytes(TEXT.encode())
    return path


def test_redacted_text_holds_nothing_of_the_value_and_restores_byte_for_byte(source, folder):
    redacted = run("redact", "a.py", cwd=folder)
    assert redacted.code == 0
    assert SECRET[4:10] not in redacted.out + redacted.err
    assert len(set(re.findall(r"TL_GITHUB_TOKEN_\w+", redacted.out))) == 1
    assert redacted.err == "tightlip: 2 places redacted (1 GITHUB_TOKEN).\n"
    (folder / "answer.txt").write_bytes(redacted.out.encode())
    restored = run("restore", "answer.txt", cwd=folder)
    assert (restored.code, restored.out) == (0, TEXT)
    assert restored.err == "tightlip: 2 placeholders restored.\n"


def test_standard_input_has_the_same_placeholders_as_the_file(source, folder):
    assert run("redact", "--path", "a.py", "-", cwd=folder, feed=TEXT).out == run("redact", "a.py", cwd=folder).out
    assert run("redact", cwd=folder, feed="nothing here\n").out == "nothing here\n"


def test_file_is_written_in_place_with_its_encoding_and_permissions(source, folder):
    source.write_bytes(TEXT.encode("utf-16"))
    source.chmod(0o640)
    link = folder / "link.py"
    link.symlink_to("a.py")
    assert run("redact", "--in-place", "link.py", cwd=folder).code == 0
    assert link.is_symlink()
    assert SECRET not in source.read_bytes().decode("utf-16")
    assert "Zoë\r\n" in source.read_bytes().decode("utf-16")
    assert os.name == "nt" or stat.S_IMODE(source.stat().st_mode) == 0o640
    assert sorted(path.name for path in folder.iterdir()) == ["a.py", "link.py"]


def test_diff_shows_places_and_never_the_value(source, folder):
    result = run("redact", "--diff", "a.py", cwd=folder)
    assert "-token = '<GitHub personal access token>'\n" in result.out
    assert "+token = 'TL_GITHUB_TOKEN_" in result.out
    assert SECRET[4:10] not in result.out + result.err
    assert source.read_bytes() == TEXT.encode()


def test_text_from_elsewhere_is_restored_from_its_original(source, folder, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    answer = run("redact", "a.py", cwd=folder).out
    lost = run("restore", cwd=other, feed=answer)
    assert lost.code == 1
    assert re.search(r"1 placeholder of no value here: TL_GITHUB_TOKEN_\w+\.", lost.err)
    assert lost.out == answer
    moved = tmp_path / "moved.py"
    source.rename(moved)
    found = run("restore", "--original", str(moved), cwd=folder, feed=answer)
    assert (found.code, found.out) == (0, TEXT)


def test_answer_with_its_own_line_breaks_and_case_is_restored(source, folder):
    token = re.search(r"TL_\w+", run("redact", "a.py", cwd=folder).out)[0]
    result = run("restore", cwd=folder, feed=f"use {token.lower()} here\n")
    assert result.out == f"use {SECRET} here\n"


def test_binary_and_missing_files_are_refused(folder):
    (folder / "a.bin").write_bytes(bytes(100))
    assert run("redact", "a.bin", cwd=folder).err == "tightlip: a.bin is not text; name a text file\n"
    result = run("redact", "none.txt", cwd=folder)
    assert (result.code, result.out) == (2, "")
    assert (
        result.err == "tightlip: cannot read none.txt: No such file or directory; check the name and its permissions\n"
    )


def test_restricted_file_stays_restricted_and_that_is_said(repository):
    repository.write("tightlip.toml", '[[repo]]\nclass = "restricted"\n')
    repository.write("a.py", TEXT)
    result = run("redact", "a.py", cwd=repository.root)
    assert "redacting does not change this: Restricted:" in result.err


def test_in_place_needs_a_file(folder):
    assert run("redact", "--in-place", cwd=folder).code == 2
    assert run("restore", "--in-place", cwd=folder).code == 2


def test_private_section_is_restored_from_its_original(folder):
    text = 'a = 1\n# tightlip: private-begin\nmargin = 3\nfloor = "7"\n# tightlip: private-end\n'
    (folder / "plan.py").write_text(text)
    redacted = run("redact", "plan.py", cwd=folder)
    assert "margin" not in redacted.out
    (folder / "answer.txt").write_text(redacted.out)
    restored = run("restore", "answer.txt", cwd=folder)
    assert (restored.code, restored.out) == (0, text)
