from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tightlip.finding import Classification
from tightlip.provenance import git as git_module
from tightlip.provenance.classify import Classified, RepoEntry, classify
from tightlip.provenance.repository import Repositories, Repository
from tightlip.provenance.roots import SHALLOW, Roots, root_problem

Git = Callable[..., str]
Make = Callable[..., Path]


def rooted(path: Path, repositories: Repositories | None = None) -> Repository:
    repositories = repositories or Repositories()
    found = repositories.of(path)
    assert found is not None
    return repositories.with_roots(found)


def roots(path: Path, repositories: Repositories | None = None) -> Roots:
    found = rooted(path, repositories).roots
    assert found is not None
    return found


def change(folder: Path, git: Git, text: str) -> str:
    (folder / "app.py").write_text(text)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", text)
    return git(folder, "rev-parse", "HEAD").strip()


@pytest.fixture
def first(git: Git) -> Callable[[Path], str]:
    """The root commit as git tells it of a complete repository."""
    return lambda folder: git(folder, "rev-list", "--max-parents=0", "HEAD").strip()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The git commands that were run, as they were asked for."""
    commands: list[str] = []
    run = subprocess.run

    def count(command: list[str], **more: object) -> object:
        if "--no-pager" in command:  # ours, not the test's own
            commands.append(next(word for word in command if word in ("remote", "rev-parse", "rev-list", "ls-files")))
        return run(command, **more)  # pyright: ignore[reportCallIssue, reportArgumentType]

    monkeypatch.setattr(git_module.subprocess, "run", count)
    return commands


def test_a_repository_keeps_its_root_under_any_name_and_remote(
    make: Make, git: Git, first: Callable[[Path], str], tmp_path: Path
) -> None:
    pay = make("pay", origin="https://github.com/acme/pay")
    root = first(pay)
    change(pay, git, "x = 2\n")
    git(tmp_path, "clone", "-q", str(pay), "renamed")
    git(tmp_path / "renamed", "remote", "remove", "origin")
    assert roots(tmp_path / "renamed" / "app.py") == Roots((root,))
    found = classified(tmp_path / "renamed" / "app.py", root[:12])
    assert (found.origin.classification, found.problem) == (Classification.RESTRICTED, "")


def classified(path: Path, root: str, repositories: Repositories | None = None) -> Classified:
    entry = RepoEntry(Classification.RESTRICTED, roots=(root,), layer="org", source="/etc/tightlip/tightlip.toml:4")
    return classify(str(path), rooted(path, repositories), [entry])


def test_git_is_asked_for_roots_only_when_they_are_wanted(make: Make, asked: list[str]) -> None:
    root = make("pay")
    repositories = Repositories()
    repositories.of(root / "app.py")
    assert asked == ["remote"]
    found = rooted(root / "app.py", repositories)
    assert asked == ["remote", "rev-parse", "rev-list"]
    assert rooted(root / "lib" / "x.py", repositories) is found
    assert repositories.with_roots(found) is found
    assert len(asked) == 3


def test_roots_are_asked_for_again_only_when_head_names_another_commit(make: Make, git: Git, asked: list[str]) -> None:
    root = make("pay")
    repositories = Repositories()
    before = roots(root, repositories)
    git(root, "switch", "-q", "-c", "side")
    git(root, "pack-refs", "--all")
    del asked[:]
    assert roots(root, repositories) == before
    assert "rev-list" not in asked
    change(root, git, "x = 3\n")
    assert roots(root, repositories) == before
    assert asked.count("rev-list") == 1
    git(root, "switch", "-q", "main")
    assert roots(root, repositories) == before
    assert asked.count("rev-list") == 1


def test_other_roots_of_another_branch_are_seen_at_once(make: Make, git: Git, first: Callable[[Path], str]) -> None:
    root = make("pay")
    repositories = Repositories()
    main = roots(root, repositories)
    git(root, "switch", "-q", "--orphan", "pages")
    other = change(root, git, "pages\n")
    assert roots(root, repositories) == Roots((other,))
    git(root, "switch", "-q", "--detach", "main")
    assert roots(root, repositories) == main == Roots((first(root),))


def test_of_merged_histories_every_root_counts(make: Make, git: Git, first: Callable[[Path], str]) -> None:
    root, library = make("pay"), make("library")
    change(library, git, "y = 1\n")
    expected = {first(root), first(library)}
    git(root, "fetch", "-q", str(library), "main")
    git(root, "merge", "-q", "--allow-unrelated-histories", "-s", "ours", "-m", "both", "FETCH_HEAD")
    found = roots(root)
    assert (set(found.commits), found.problem) == (expected, "")
    assert all(classified(root / "app.py", commit).entry for commit in expected)


def test_a_shallow_clone_does_not_tell_its_boundary_as_a_root(
    make: Make, git: Git, first: Callable[[Path], str], tmp_path: Path
) -> None:
    pay = make("pay")
    root, boundary = first(pay), change(pay, git, "x = 2\n")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{pay}", "clone")
    clone = tmp_path / "clone"
    assert git(clone, "rev-list", "--max-parents=0", "HEAD").strip() == boundary
    repositories = Repositories()
    assert roots(clone, repositories) == Roots((), SHALLOW)
    found = classified(clone / "app.py", root, repositories)
    assert (found.entry, found.origin.classification) == (None, Classification.INTERNAL)
    assert "shallow" in found.problem
    assert "/etc/tightlip/tightlip.toml:4" in found.problem
    assert classified(clone / "app.py", boundary, repositories).entry is None
    git(clone, "fetch", "-q", "--unshallow")
    assert roots(clone, repositories) == Roots((root,))
    assert classified(clone / "app.py", root, repositories).entry is not None


def test_a_root_that_a_shallow_clone_does_have_counts(
    make: Make, git: Git, first: Callable[[Path], str], tmp_path: Path
) -> None:
    pay, other = make("pay"), make("other")
    change(pay, git, "x = 2\n")
    change(pay, git, "x = 3\n")
    root = first(other)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{pay}", "clone")
    clone = tmp_path / "clone"
    git(clone, "fetch", "-q", str(other), "main:other")
    git(clone, "merge", "-q", "--allow-unrelated-histories", "-s", "ours", "-m", "both", "other")
    assert roots(clone) == Roots((root,), SHALLOW)
    git(clone, "switch", "-q", "other")
    assert roots(clone) == Roots((root,))


def test_a_partial_clone_tells_its_root_and_fetches_nothing(
    make: Make, git: Git, first: Callable[[Path], str], tmp_path: Path
) -> None:
    pay = make("pay")
    root = first(pay)
    change(pay, git, "x = 2\n")
    git(pay, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{pay}", "clone")
    clone = tmp_path / "clone"
    missing = git(clone, "rev-list", "--objects", "--all", "--missing=print")
    assert missing.count("?") == 2, "the blobs are not there"
    shutil.move(pay, tmp_path / "gone")
    assert roots(clone) == Roots((root,))
    assert git(clone, "rev-list", "--objects", "--all", "--missing=print") == missing


def test_a_commit_that_is_missing_is_not_fetched(make: Make, git: Git, tmp_path: Path) -> None:
    root = make("pay")
    trap, proof = tmp_path / "trap", tmp_path / "ran"
    trap.write_text(f"#!/bin/sh\ntouch {proof}\n")
    trap.chmod(0o755)
    commit = change(root, git, "x = 2\n")
    for key, value in (
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.url", f"ext::{trap}"),
        ("remote.origin.promisor", "true"),
        ("protocol.ext.allow", "always"),
    ):
        git(root, "config", key, value)
    (root / ".git" / "objects" / commit[:2] / commit[2:]).unlink()
    assert roots(root) == Roots((), "git cannot read this repository")
    assert not proof.exists()


def test_grafts_and_replaced_commits_do_not_change_the_root(make: Make, git: Git, first: Callable[[Path], str]) -> None:
    for name in ("grafted", "replaced"):
        root = make(name)
        true = first(root)
        head = change(root, git, "x = 2\n")
        if name == "grafted":
            (root / ".git" / "info").mkdir(exist_ok=True)
            (root / ".git" / "info" / "grafts").write_text(head + "\n")
        else:
            git(root, "replace", "--graft", head)
        assert first(root) == head, "git itself is led astray"
        assert roots(root) == Roots((true,))


def test_a_repository_without_commits_has_no_root_until_there_is_one(tmp_path: Path, git: Git) -> None:
    folder = tmp_path.resolve() / "new"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    repositories = Repositories()
    assert roots(folder, repositories) == Roots()
    assert classified(folder / "x.py", "a1" * 20, repositories).problem == ""
    commit = change(folder, git, "x = 1\n")
    assert roots(folder, repositories) == Roots((commit,))


def test_on_a_branch_without_commits_the_roots_of_the_others_count(
    make: Make, git: Git, first: Callable[[Path], str]
) -> None:
    root = make("pay")
    commit = first(root)
    git(root, "checkout", "-q", "--orphan", "fresh")
    assert (root / "app.py").exists()
    assert roots(root) == Roots((commit,))


@pytest.mark.parametrize("broken", ["garbage\n", "12" * 20 + "\n", ""])
def test_a_broken_branch_is_told(make: Make, broken: str) -> None:
    root = make("pay")
    (root / ".git" / "refs" / "heads" / "main").write_text(broken)
    assert roots(root) == Roots((), "git cannot read this repository")


def test_worktrees_have_the_roots_of_what_is_checked_out_in_them(
    make: Make, git: Git, first: Callable[[Path], str], tmp_path: Path
) -> None:
    pay = make("pay")
    main = first(pay)
    git(tmp_path, "clone", "-q", "--bare", str(pay), "pay.git")
    tree, inside = tmp_path.resolve() / "tree", tmp_path.resolve() / "pay.git" / "trees" / "side"
    git(tmp_path / "pay.git", "worktree", "add", "-q", str(tree), "main")
    git(tmp_path / "pay.git", "worktree", "add", "-q", str(inside), "-b", "side")
    repositories = Repositories()
    found = rooted(inside / "app.py", repositories)
    assert (found.root, found.common_dir, found.superproject) == (
        str(inside),
        str(tmp_path.resolve() / "pay.git"),
        None,
    )
    assert found.remotes == (str(pay),)
    assert found.roots == roots(tree / "app.py", repositories) == Roots((main,))
    git(inside, "checkout", "-q", "--orphan", "pages")
    other = change(inside, git, "pages\n")
    assert roots(inside, repositories) == Roots((other,))
    assert roots(tree, repositories) == Roots((main,))


def test_a_repository_of_sha_256_has_a_longer_root(tmp_path: Path, git: Git) -> None:
    folder = tmp_path.resolve() / "long"
    folder.mkdir()
    git(folder, "init", "-q", "--object-format=sha256")
    commit = change(folder, git, "x = 1\n")
    assert len(commit) == 64
    assert roots(folder) == Roots((commit,))
    assert root_problem(commit) is None
    assert classified(folder / "app.py", commit).entry is not None


def test_references_in_a_reftable_are_read_or_told_to_be_unreadable(make: Make, git: Git, tmp_path: Path) -> None:
    usage = subprocess.run(["git", "init", "-h"], capture_output=True, text=True, check=False)
    root = make("pay", origin="https://github.com/acme/pay")
    if "--ref-format" not in usage.stdout + usage.stderr:
        # git before 2.45: it cannot make one, and must not be believed to have read one
        git(root, "config", "core.repositoryFormatVersion", "1")
        git(root, "config", "extensions.refStorage", "reftable")
        (root / ".git" / "reftable").mkdir()
        (root / ".git" / "HEAD").write_text("ref: refs/heads/.invalid\n")
        found = rooted(root / "app.py")
        assert found.remotes == ("github.com/acme/pay",)
        assert found.problem == "git cannot read this repository"
        assert found.roots == Roots((), "git cannot read this repository")
        return
    folder = tmp_path.resolve() / "tables"
    folder.mkdir()
    git(folder, "init", "-q", "--ref-format=reftable")
    repositories = Repositories()
    assert roots(folder, repositories) == Roots()
    commit = change(folder, git, "x = 1\n")
    assert roots(folder, repositories) == Roots((commit,))


def test_a_submodule_and_its_superproject_each_have_their_roots(
    make: Make, git: Git, first: Callable[[Path], str]
) -> None:
    library, pay = make("library"), make("pay")
    change(library, git, "y = 1\n")
    inner, outer = first(library), first(pay)
    git(pay, "submodule", "add", "-q", str(library), "lib")
    git(pay, "commit", "-q", "-m", "library")
    repositories = Repositories()
    found = rooted(pay / "lib" / "app.py", repositories)
    assert found.roots == Roots((inner,))
    assert found.superproject is not None
    assert found.superproject.roots == Roots((outer,))
    assert classified(pay / "lib" / "app.py", outer, repositories).entry is not None
    change(pay, git, "x = 9\n")
    assert rooted(pay / "lib" / "app.py", repositories) == found
    git(pay, "checkout", "-q", "--orphan", "fresh")
    other = change(pay, git, "x = 10\n")
    superproject = rooted(pay / "lib" / "app.py", repositories).superproject
    assert superproject is not None
    assert superproject.roots == Roots((other,))


def test_a_history_git_does_not_walk_in_time_is_told(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make("pay")
    run = subprocess.run

    def slow(command: list[str], **more: object) -> object:
        if "rev-list" in command:
            raise subprocess.TimeoutExpired(command, 2)
        return run(command, **more)  # pyright: ignore[reportCallIssue, reportArgumentType]

    monkeypatch.setattr(git_module.subprocess, "run", slow)
    assert roots(root).problem.startswith("git did not answer within 2 s (git commit-graph write")


def test_without_git_roots_are_not_known(make: Make, tmp_path: Path) -> None:
    root = make("pay")
    repositories = Repositories(git=str(tmp_path / "no-git"))
    assert roots(root, repositories) == Roots((), "git is not installed")
    assert classified(root / "app.py", "a1" * 20, repositories).problem.startswith("Git is not installed: ")


def test_a_pipe_in_place_of_the_list_of_boundaries_costs_no_more_than_the_limit(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make("hostile")
    os.mkfifo(root / ".git" / "shallow")
    monkeypatch.setattr(git_module, "TIME_LIMIT", 0.2)
    found = roots(root)
    assert found.commits == ()
    assert found.problem.startswith("git did not answer within 0.2 s")


@pytest.mark.parametrize("text", ["0123456789ab", "a1" * 20, "a1" * 32, "0123456789AB"])
def test_an_id_of_a_commit_or_its_beginning_can_name_a_root(text: str) -> None:
    assert root_problem(text) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "hexadecimal"),
        ("main", "hexadecimal"),
        ("HEAD", "hexadecimal"),
        ("a1" * 20 + "\n", "hexadecimal"),
        ("١٢٣٤٥٦٧٨٩٠١٢", "hexadecimal"),
        ("a1b2c3d", "at least 12"),
        ("a1" * 33, "at most 64"),
        ("0" * 40, "zeros"),
    ],
)
def test_what_cannot_name_a_root_is_told_with_what_to_do(text: str, problem: str) -> None:
    told = root_problem(text)
    assert told is not None
    assert problem in told
    assert "git rev-list --max-parents=0 HEAD" in told
