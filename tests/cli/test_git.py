from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tightlip.cli import git
from tightlip.cli.git import GitError

ODD = ["plain.txt", "with space/a b.txt", 'quo"te.txt', "tab\tname.txt", "ünï/cödé.txt", "new\nline.txt", "-dash.txt"]


@pytest.fixture
def odd_names(repository):
    names = ODD if sys.platform != "win32" else ["plain.txt", "with space/a b.txt", "ünï/cödé.txt", "-dash.txt"]
    for name in names:
        repository.write(name, "one\ntwo\n")
    return names


def test_tracked_and_untracked_files_are_listed_and_ignored_ones_are_not(repository):
    repository.write(".gitignore", "*.log\nbuild/\n")
    repository.write("a.py", "")
    repository.commit()
    for name in ("b.py", "c.log", "build/d.py", "sub/e.py"):
        repository.write(name, "")
    assert git.listed(str(repository.root)) == [".gitignore", "a.py", "b.py", "sub/e.py"]
    assert git.listed(str(repository.root / "sub")) == ["e.py"]


def test_odd_names_survive_every_command(repository, odd_names):
    first = repository.commit()
    for name in odd_names:
        with (repository.root / name).open("a") as file:
            file.write("three\n")
    top = str(repository.root)
    assert git.listed(top) == sorted(odd_names)
    assert git.added_lines(top, first, []) == {name: [range(3, 4)] for name in odd_names}
    repository.git("add", "--all")
    assert sorted(blob.path for blob in git.staged(top, [])) == sorted(odd_names)


def test_added_lines_count_like_the_new_file(repository):
    repository.write("a.txt", "".join(f"line {number}\n" for number in range(1, 11)) + "no end")
    repository.write("--- a.txt", "++ b/a.txt\n")
    first = repository.commit()
    changed = [f"line {number}" for number in range(1, 11)]
    changed[2] = "+++ b/other.txt"
    changed[5:7] = []
    changed += ["@@ -1 +1 @@", "no end"]
    repository.write("a.txt", "\n".join(changed))
    repository.write("--- a.txt", "++ b/b.txt\n-- x\n")
    assert git.added_lines(str(repository.root), first, []) == {
        "a.txt": [range(3, 4), range(6, 6), range(9, 10)],
        "--- a.txt": [range(1, 3)],
    }


def test_file_git_takes_as_binary_is_new_as_a_whole(repository):
    repository.write("a.txt", "one\n".encode("utf-16"))
    first = repository.commit()
    repository.write("a.txt", "one\ntwo\n".encode("utf-16"))
    assert git.added_lines(str(repository.root), first, []) == {"a.txt": None}


def test_fork_point_is_where_the_branch_left(repository):
    repository.write("a.txt", "1")
    base = repository.commit()
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.write("b.txt", "1")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.write("a.txt", "2")
    repository.commit()
    repository.git("checkout", "--quiet", "topic")
    assert git.fork_point(str(repository.root), "main") == base
    assert git.fork_point(str(repository.root), "HEAD~1") == base


@pytest.mark.parametrize("revision", ["nonsense", "--output=x", "-p", ""])
def test_unknown_revision_is_a_sentence_not_an_option(repository, revision):
    repository.write("a.txt", "1")
    repository.commit()
    with pytest.raises(GitError, match="names no commit here"):
        git.fork_point(str(repository.root), revision)


def test_staged_content_is_the_index_not_the_work_tree(repository):
    repository.write("a.txt", "committed")
    repository.commit()
    repository.write("a.txt", "staged")
    repository.git("add", "a.txt")
    repository.write("a.txt", "work tree")
    repository.write("untracked.txt", "x")
    (blob,) = git.staged(str(repository.root), [])
    reader = git.BlobReader(str(repository.root))
    assert (blob.path, reader.read(blob.oid)) == ("a.txt", b"staged")
    assert reader.read("0" * 40) is None
    reader.close()


def test_everything_is_staged_before_the_first_commit(repository):
    repository.write("a.txt", "x")
    repository.git("add", "--all")
    assert [blob.path for blob in git.staged(str(repository.root), [])] == ["a.txt"]


def test_history_holds_every_blob_once_with_the_commit_that_brought_it(repository):
    repository.write("old name.txt", "secret once\n")
    first = repository.commit()
    repository.git("mv", "old name.txt", "new.txt")
    repository.write("copy.txt", "secret once\n")
    repository.commit()
    repository.git("rm", "--quiet", "new.txt", "copy.txt")
    repository.write("c.txt", "clean\n")
    third = repository.commit("commit 123\n:100644 is only text")
    repository.git("checkout", "--quiet", "-b", "side", first)
    repository.write("side.txt", "aside\n")
    side = repository.commit()
    repository.git("checkout", "--quiet", "main")
    top = str(repository.root)
    blobs = git.history(top)
    assert len({blob.oid for blob in blobs}) == len(blobs) == 3
    found = git.origins(top, {blob.oid for blob in blobs})
    assert sorted(found.values()) == sorted([(first, "old name.txt"), (third, "c.txt"), (side, "side.txt")])


def test_history_finds_what_only_a_merge_brought_in(repository):
    repository.write("a.txt", "1\n")
    repository.commit()
    repository.git("checkout", "--quiet", "-b", "side")
    repository.write("b.txt", "1\n")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.write("c.txt", "1\n")
    repository.commit()
    repository.git("merge", "--no-commit", "--quiet", "side")
    repository.write("evil.txt", "only in the merge\n")
    merge = repository.commit("merge")
    top = str(repository.root)
    oid = repository.git("rev-parse", "HEAD:evil.txt").strip()
    assert oid in {blob.oid for blob in git.history(top)}
    assert git.origins(top, {oid}) == {oid: (merge, "evil.txt")}


def test_git_is_not_made_to_run_what_a_repository_names(repository, tmp_path):
    marker = tmp_path / "ran"
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch '{marker}'\n")
    script.chmod(0o755)
    repository.write("a.txt", "1\n")
    repository.write(".gitattributes", "*.txt diff=evil\n")
    first = repository.commit()
    for key in (
        "core.fsmonitor",
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "core.pager",
        "gpg.program",
    ):
        repository.git("config", key, str(script))
    repository.git("config", "log.showSignature", "true")
    repository.write("a.txt", "2\n")
    top = str(repository.root)
    git.listed(top)
    git.added_lines(top, git.fork_point(top, first), [])
    git.staged(top, [])
    git.origins(top, {blob.oid for blob in git.history(top)})
    assert not marker.exists()


def test_configuration_does_not_change_what_a_diff_looks_like(repository):
    repository.write("sub/a.txt", "1\n2\n3\n4\n")
    first = repository.commit()
    for key, value in {
        "diff.noprefix": "true",
        "diff.mnemonicPrefix": "true",
        "diff.relative": "true",
        "color.diff": "always",
        "diff.renames": "copies",
        "diff.interHunkContext": "10",
        "diff.context": "5",
        "diff.wsErrorHighlight": "all",
        "core.quotePath": "true",
    }.items():
        repository.git("config", key, value)
    repository.write("sub/a.txt", "1\nx\n3\ny\n")
    assert git.added_lines(str(repository.root), first, []) == {"sub/a.txt": [range(2, 3), range(4, 5)]}


def test_hook_environment_with_relative_paths_is_understood(repository, monkeypatch):
    repository.write("sub/a.txt", "x")
    repository.git("add", "--all")
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert git.environment()["GIT_INDEX_FILE"] == os.path.join(repository.root, ".git", "index")
    assert [blob.path for blob in git.staged(str(repository.root), [])] == ["sub/a.txt"]


def test_outside_of_a_repository_is_said(tmp_path):
    refusal = git.listed(str(tmp_path))
    assert isinstance(refusal, git.Refusal)
    assert refusal.outside
    with pytest.raises(GitError, match="--staged needs a git repository"):
        git.required_top_level(str(tmp_path), "--staged")


def test_missing_git_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="git is needed"):
        git.run(str(tmp_path), "status")


def test_a_program_named_git_in_the_folder_is_not_run(repository, tmp_path, monkeypatch):
    marker = tmp_path / "ran"
    repository.write("git", f"#!/bin/sh\ntouch '{marker}'\n")
    (repository.root / "git").chmod(0o755)
    monkeypatch.chdir(repository.root)
    monkeypatch.setenv("PATH", os.pathsep.join([".", os.environ["PATH"]]))
    assert git.listed(str(repository.root)) == ["git"]
    assert Path(git.program()).is_absolute()
    assert not marker.exists()
