from __future__ import annotations

import subprocess

import pytest

from tightlip.cli.files import chunks, select_added, select_files, select_history, select_staged
from tightlip.errors import TightlipError


def shown(selection):
    return [source.shown for source in selection.sources]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory outside of any repository."""
    monkeypatch.chdir(tmp_path)

    def write(path, content=""):
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)

    return write


def test_outside_git_ignore_files_of_every_folder_count(folder):
    folder(".gitignore", "*.log\n/only-here\nbuild/\n")
    folder("sub/.gitignore", "!keep.log\n*.tmp\n")
    folder(".tightlipignore", "fixtures/\n")
    for name in ("a.py", "a.log", "only-here", "sub/only-here", "sub/keep.log", "sub/b.tmp", "build/c.py", "fixtures/d.py",
                 "sub/fixtures/e.py", ".git/config", ".env"):  # fmt: skip
        folder(name)
    assert shown(select_files(["."])) == [
        ".env", ".gitignore", ".tightlipignore", "a.py", "sub/.gitignore", "sub/keep.log", "sub/only-here",
    ]  # fmt: skip


def test_where_an_organisation_has_the_say_no_folder_leaves_files_out_and_that_is_told(repository):
    repository.write(".tightlipignore", "a.py\n")
    repository.write("a.py", "1")
    repository.commit()
    assert shown(select_files(["."])) == [".tightlipignore"]
    found = select_files(["."], governed=True)
    assert shown(found) == [".tightlipignore", "a.py"]
    assert found.messages == [".tightlipignore: ignored: only the organisation may exclude files"]
    assert select_files(["."]).messages == []


def test_broken_line_of_an_ignore_file_takes_no_other_with_it(folder):
    folder(".gitignore", "!\n[\n*.log\n/\n")
    folder("a.log")
    folder("a.py")
    assert shown(select_files(["."])) == [".gitignore", "a.py"]


def test_inside_git_tracked_and_unignored_files_are_chosen(repository):
    repository.write(".gitignore", "*.log\n")
    repository.write("a.py", "1")
    repository.commit()
    for name in ("b.py", "c.log", "sub/d.py"):
        repository.write(name, "1")
    (repository.root / "a.py").unlink()
    repository.write("e.py", "1")
    assert shown(select_files(["."])) == [".gitignore", "b.py", "e.py", "sub/d.py"]
    assert shown(select_files(["sub"])) == ["sub/d.py"]


def test_own_ignore_file_also_leaves_out_tracked_files_and_counts_from_above(repository, monkeypatch):
    repository.write(".tightlipignore", "/sub/generated/\n*.golden\n")
    repository.write("sub/deep/.tightlipignore", "!keep.golden\n")
    for name in ("a.py", "sub/generated/b.py", "sub/c.golden", "sub/deep/keep.golden", "sub/deep/d.py"):
        repository.write(name, "1")
    repository.commit()
    chosen = select_files(["."])
    assert shown(chosen) == [
        ".tightlipignore",
        "a.py",
        "sub/deep/.tightlipignore",
        "sub/deep/d.py",
        "sub/deep/keep.golden",
    ]
    assert [(item.path, item.reason) for item in chosen.skipped] == [
        ("sub/c.golden", "excluded"),
        ("sub/generated/b.py", "excluded"),
    ]
    monkeypatch.chdir(repository.root / "sub")
    assert shown(select_files(["."])) == ["deep/.tightlipignore", "deep/d.py", "deep/keep.golden"]


def test_file_that_is_named_is_read_though_git_ignores_it(repository):
    repository.write(".gitignore", ".env\n")
    repository.write(".env", "A=1")
    assert shown(select_files([".env"])) == [".env"]


def test_folder_without_anything_to_check_is_said(repository):
    repository.write(".gitignore", "build/\n")
    repository.write("build/a.py", "1")
    chosen = select_files(["build"])
    assert chosen.sources == []
    assert chosen.wanting
    assert chosen.messages == [
        "build: nothing to check in it; git ignores all its files (name a file to check it all the same)"
    ]


def test_path_that_does_not_exist_is_said(folder):
    folder("a.py")
    chosen = select_files(["a.py", "b.py"])
    assert shown(chosen) == ["a.py"]
    assert chosen.wanting
    assert chosen.messages == ["b.py: no such file or folder; check the spelling"]


def test_each_file_is_read_once_however_often_it_is_named(folder):
    folder("sub/a.py")
    assert shown(select_files([".", "sub", "sub/a.py", "./sub/../sub/a.py"])) == ["sub/a.py"]


def test_nested_repositories_and_submodules_are_read_by_their_own_rules(repository, tmp_path):
    inner = type(repository)(tmp_path / "inner")
    inner.write(".gitignore", "*.log\n")
    inner.write("in.py", "1")
    inner.commit()
    repository.write("a.py", "1")
    repository.commit()
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.root), "sub")
    type(repository)(repository.root / "nested")
    repository.write("nested/n.py", "1")
    repository.write("sub/x.log", "1")
    assert shown(select_files(["."])) == [".gitmodules", "a.py", "nested/n.py", "sub/.gitignore", "sub/in.py"]


def test_repository_of_another_owner_is_listed_all_the_same(repository, monkeypatch):
    repository.write(".gitignore", "*.log\n")
    repository.write("a.py", "1")
    repository.write("a.log", "1")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert shown(select_files(["."])) == [".gitignore", "a.py"]


def test_staged_and_history_are_read_from_git(repository):
    repository.write("a.txt", "old")
    repository.commit()
    repository.write("a.txt", "new!")
    repository.git("add", "--all")
    (staged,) = select_staged([]).sources
    assert (staged.shown, staged.size) == ("a.txt", 4)
    assert [source.shown for source in select_history([]).sources] == ["a.txt"]
    repository.write("sub/b.txt", "x")
    repository.git("add", "--all")
    assert shown(select_staged(["sub"])) == ["sub/b.txt"]


def test_paths_outside_of_the_repository_are_refused(repository, tmp_path):
    repository.write("a.txt", "x")
    repository.commit()
    with pytest.raises(TightlipError, match="lies outside the repository"):
        select_staged([".", str(tmp_path)])


def test_diff_takes_new_lines_and_untracked_files(repository):
    repository.write("a.txt", "1\n2\n")
    repository.write("gone.txt", "1\n")
    repository.commit()
    repository.write("a.txt", "1\n2\n3\n")
    repository.write("new.txt", "1\n")
    (repository.root / "gone.txt").unlink()
    assert [(source.shown, source.added) for source in select_added([], "HEAD").sources] == [
        ("a.txt", (range(3, 4),)),
        ("new.txt", None),
    ]


def test_shallow_clone_is_said(repository, tmp_path, monkeypatch):
    for number in range(3):
        repository.write("a.txt", str(number))
        repository.commit()
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", repository.root.as_uri(), str(tmp_path / "shallow")], check=True
    )
    monkeypatch.chdir(tmp_path / "shallow")
    (message,) = select_history([]).messages
    assert "shallow" in message


def test_chunks_keep_all_sources_in_order(folder):
    for number in range(25):
        folder(f"{number:02}.txt", "x" * number)
    sources = select_files(["."]).sources
    parts = list(chunks(sources, 50, 7))
    assert [source for part in parts for source in part] == sources
    assert all(len(part) <= 7 for part in parts)
