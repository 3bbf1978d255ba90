"""A scan of the workspace sees the files git sees, and texts as an editor shows them."""

import os
import subprocess
from pathlib import Path

import pytest

from tightlip.editor.files import decode, list_files, read_file, stamp_of
from tightlip.editor.uris import is_under, name_of, path_of, uri_of


def names(folder: Path) -> list[str]:
    return [Path(path).relative_to(folder).as_posix() for path in list_files(str(folder))]


def make(folder: Path) -> None:
    for name in ("a.py", "b/c.py", "node_modules/d.js", "secret.log", "own.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x")
    (folder / ".gitignore").write_text("*.log\nnode_modules/\n")
    (folder / ".tightlipignore").write_text("own.txt\n")


def test_git_says_which_files_there_are_and_our_ignore_file_takes_out_more(tmp_path: Path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    make(tmp_path)
    assert names(tmp_path) == [".gitignore", ".tightlipignore", "a.py", "b/c.py"]


def test_listing_a_folder_runs_nothing_of_it_and_obeys_no_other_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    hostile, other, proof = tmp_path / "hostile", tmp_path / "other", tmp_path / "ran"
    for folder in (hostile, other):
        subprocess.run(["git", "init", "-q", folder], check=True)
    make(hostile)
    program = f"#!/bin/sh\ntouch '{proof}'\n"
    for name in ("git", "hooks/post-index-change"):
        file = hostile / ".git" / name if "/" in name else hostile / name
        file.write_text(program)
        file.chmod(0o755)
    subprocess.run(["git", "-C", hostile, "config", "core.fsmonitor", str(hostile / "git")], check=True)
    monkeypatch.chdir(hostile)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", os.environ["PATH"]]))
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert names(hostile) == [".gitignore", ".tightlipignore", "a.py", "b/c.py", "git"]
    assert not proof.exists()


def test_outside_of_git_folders_without_sources_are_left_out(tmp_path: Path):
    make(tmp_path)
    assert names(tmp_path) == [".gitignore", ".tightlipignore", "a.py", "b/c.py", "secret.log"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"\xef\xbb\xbfa", "a"),
        ("é".encode("utf-16"), "é"),
        (b"\xfe\xff\x00a", "a"),
        (b"caf\xe9", "café"),
        (b"a\0b", None),
    ],
)
def test_bytes_are_decoded_as_an_editor_does(data, text):
    assert decode(data) == text


def test_what_is_no_regular_file_has_no_text_and_no_stamp(tmp_path: Path):
    (tmp_path / "link").symlink_to(tmp_path / "absent")
    for path in (tmp_path, tmp_path / "absent", tmp_path / "link"):
        assert stamp_of(str(path)) is None
        assert read_file(str(path)) is None


@pytest.mark.parametrize(
    "uri",
    ["untitled:Untitled-1", "vscode-notebook-cell:/a.ipynb#x", "git:/a?b", "", "file:", "file:///", "http://[bad"],
)
def test_only_a_files_uri_has_a_path(uri):
    assert path_of(uri) is None


def test_paths_and_uris_lead_to_each_other():
    assert path_of("file:///a%20b/%C3%A9.py") == "/a b/é.py"
    assert path_of("file://localhost/a") == "/a"
    assert path_of("file://server/share/a") == "//server/share/a"
    assert path_of("file:///C%3A/x.py") == "c:/x.py"
    assert path_of(uri_of("/a b/#é.py")) == "/a b/#é.py"
    assert name_of("vscode-notebook-cell:/x/a%20b.ipynb#W1") == "a b.ipynb"
    assert is_under("/a/b", "/a/")
    assert not is_under("/ab", "/a")
