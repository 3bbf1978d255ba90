from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from tightlip.provenance import git as git_module
from tightlip.provenance import repository as module
from tightlip.provenance.repository import Repositories

Git = Callable[..., str]
Make = Callable[..., Path]


T = TypeVar("T")


def the(found: T | None) -> T:
    assert found is not None
    return found


def test_a_file_belongs_to_the_repository_above_it(make: Make) -> None:
    root = make("pay", origin="git@github.com:acme/pay.git")
    found = the(Repositories().of(root / "deep" / "er" / "not-there.py"))
    assert found.root == str(root)
    assert found.remotes == ("github.com/acme/pay",)
    assert found.name == "github.com/acme/pay"
    assert found.problem == ""


def test_outside_of_any_repository_there_is_none(tmp_path: Path) -> None:
    assert Repositories().of(tmp_path / "x.py") is None
    assert Repositories().of("/no\0where") is None


def test_all_remotes_count_and_origin_comes_first(make: Make, git: Git) -> None:
    root = make("fork", aaa="https://github.com/acme/pay.git", origin="https://github.com/dev/pay.git")
    git(root, "remote", "set-url", "--add", "--push", "origin", "https://mirror.example/dev/pay")
    git(root, "remote", "set-url", "--add", "origin", "https://second.example/dev/pay")
    found = the(Repositories().of(root))
    assert found.remotes[0] == "github.com/dev/pay"
    assert set(found.remotes) == {
        "github.com/dev/pay",
        "github.com/acme/pay",
        "mirror.example/dev/pay",
        "second.example/dev/pay",
    }


def test_an_address_counts_as_written_and_as_insteadof_makes_it(make: Make, home: Path) -> None:
    (home / ".gitconfig").write_text('[url "git@github.com:"]\n\tinsteadOf = gh:\n')
    found = the(Repositories().of(make("pay", origin="gh:acme/pay.git")))
    assert found.name == "github.com/acme/pay"
    assert "gh/acme/pay" in found.remotes


def test_insteadof_counts_for_every_one_of_several_addresses(make: Make, git: Git, home: Path) -> None:
    (home / ".gitconfig").write_text('[url "git@github.com:"]\n\tinsteadOf = gh:\n')
    root = make("pay", origin="gh:acme/one.git")
    git(root, "remote", "set-url", "--add", "origin", "gh:acme/two.git")
    git(root, "config", "--add", "remote.origin.pushurl", "https://push.example/x")
    remotes = the(Repositories().of(root)).remotes
    assert {"github.com/acme/one", "github.com/acme/two", "push.example/x"} <= set(remotes)


def test_a_changed_configuration_is_seen_at_once(make: Make, git: Git, home: Path) -> None:
    root = make("pay")
    repositories = Repositories()
    assert the(repositories.of(root)).remotes == ()
    assert the(repositories.of(root)).name == "pay"
    git(root, "remote", "add", "origin", "https://github.com/acme/pay")
    assert the(repositories.of(root)).remotes == ("github.com/acme/pay",)
    (home / ".gitconfig").write_text('[url "https://mirror.example/"]\n\tinsteadOf = https://github.com/\n')
    assert "mirror.example/acme/pay" in the(repositories.of(root)).remotes


def test_git_is_asked_once_for_all_files_of_a_repository(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make("pay", origin="https://github.com/acme/pay")
    runs: list[object] = []
    run = subprocess.run
    monkeypatch.setattr(git_module.subprocess, "run", lambda *a, **k: (runs.append(a), run(*a, **k))[1])
    repositories = Repositories()
    first = repositories.of(root / "app.py")
    assert repositories.of(root / "lib" / "x.py") is first
    assert len(runs) == 1


def test_a_repository_that_appears_later_is_found(tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    def clock() -> float:
        now[0] += module.FRESH
        return now[0]

    monkeypatch.setattr(module.time, "monotonic", clock)
    folder = (tmp_path / "later").resolve()
    folder.mkdir()
    repositories = Repositories()
    assert repositories.of(folder / "x.py") is None
    git(folder, "init", "-q")
    assert the(repositories.of(folder / "x.py")).root == str(folder)
    shutil.rmtree(folder / ".git")
    assert repositories.of(folder / "x.py") is None


def test_an_empty_git_folder_is_no_repository(make: Make) -> None:
    root = make("pay", origin="https://github.com/acme/pay")
    (root / "sub" / ".git").mkdir(parents=True)
    assert the(Repositories().of(root / "sub" / "x.py")).root == str(root)


def test_a_worktree_has_the_remotes_of_its_repository(make: Make, git: Git, tmp_path: Path) -> None:
    root = make("pay", origin="https://github.com/acme/pay")
    tree = tmp_path.resolve() / "tree"
    git(root, "worktree", "add", "-q", str(tree), "-b", "side")
    found = the(Repositories().of(tree / "app.py"))
    assert (found.root, found.common_dir) == (str(tree), str(root / ".git"))
    assert found.remotes == ("github.com/acme/pay",)


def test_a_worktree_inside_its_repository_is_not_its_submodule(make: Make, git: Git) -> None:
    root = make("pay", origin="https://github.com/acme/pay")
    git(root, "worktree", "add", "-q", str(root / ".trees" / "side"), "-b", "side")
    found = the(Repositories().of(root / ".trees" / "side" / "app.py"))
    assert found.root == str(root / ".trees" / "side")
    assert found.superproject is None


def test_a_submodule_is_its_own_repository_and_knows_its_superproject(make: Make, git: Git) -> None:
    library = make("library")
    root = make("pay", origin="https://github.com/acme/pay")
    git(root, "submodule", "add", "-q", str(library), "vendor/library")
    git(root, "commit", "-q", "-m", "library")
    repositories = Repositories()
    found = the(repositories.of(root / "vendor" / "library" / "app.py"))
    assert found.root == str(root / "vendor" / "library")
    assert found.remotes == (str(library),)
    assert [repository.root for repository in found.with_superprojects()] == [found.root, str(root)]
    assert repositories.of(root / "vendor" / "library" / "app.py") is found
    git(root, "remote", "set-url", "origin", "https://github.com/acme/paid")
    assert the(the(repositories.of(found.root)).superproject).remotes == ("github.com/acme/paid",)


def test_a_clone_that_merely_lies_in_another_repository_is_not_its_submodule(make: Make, git: Git) -> None:
    root = make("outer", origin="https://github.com/acme/outer")
    git(root, "init", "-q", "inner")
    assert the(Repositories().of(root / "inner" / "x.py")).superproject is None
    (root / ".gitmodules").write_text('[submodule "inner"]\n\tpath = inner\n\turl = ../inner\n')
    assert the(the(Repositories().of(root / "inner" / "x.py")).superproject).root == str(root)


def test_a_shallow_or_partial_clone_keeps_its_identity(make: Make, git: Git, tmp_path: Path) -> None:
    root = make("pay")
    git(tmp_path, "clone", "-q", "--depth", "1", "--filter=blob:none", f"file://{root}", "clone")
    found = the(Repositories().of(tmp_path / "clone" / "app.py"))
    assert found.remotes == (str(root),)


def test_links_are_followed_before_the_repository_is_looked_for(make: Make, tmp_path: Path) -> None:
    pay, other = make("pay", origin="https://github.com/acme/pay"), make("other")
    (other / "link.py").symlink_to(pay / "app.py")
    (other / "linked").symlink_to(pay)
    repositories = Repositories()
    assert the(repositories.of(other / "link.py")).root == str(pay)
    assert the(repositories.of(other / "linked" / "app.py")).root == str(pay)
    assert the(repositories.of(other / "linked" / ".." / "other" / "app.py")).root == str(other)
    (other / "linked").unlink()
    (other / "linked").mkdir()
    assert the(repositories.of(other / "linked" / "app.py")).root == str(other)


def test_a_file_in_the_git_folder_belongs_to_its_repository(make: Make) -> None:
    root = make("pay")
    assert the(Repositories().of(root / ".git" / "COMMIT_EDITMSG")).root == str(root)


def test_without_git_the_written_addresses_still_count(make: Make, tmp_path: Path) -> None:
    root = make("pay", origin="https://user@github.com/acme/pay.git")
    found = the(Repositories(git=str(tmp_path / "no-git")).of(root))
    assert found.remotes == ("github.com/acme/pay",)
    assert found.problem == "git is not installed"


def test_nothing_the_repository_configures_is_run(make: Make, git: Git, tmp_path: Path) -> None:
    root = make("hostile", origin="https://github.com/acme/pay")
    trap, proof = tmp_path / "trap", tmp_path / "ran"
    trap.write_text(f"#!/bin/sh\ntouch {proof}\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "pager.remote", "core.sshCommand", "core.editor", "credential.helper"):
        git(root, "config", key, str(trap))
    git(root, "config", "alias.remote", f"!{trap}")
    git(root, "config", "core.hooksPath", str(tmp_path))
    proof.unlink(missing_ok=True)
    assert the(Repositories().of(root)).remotes == ("github.com/acme/pay",)
    assert not proof.exists()


def test_a_missing_object_is_fetched_by_no_program_the_repository_names(
    make: Make, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, proof = make("hostile"), tmp_path / "ran"
    settings = {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::touch {proof}",
        "protocol.ext.allow": "always",
        "protocol.allow": "always",
    }
    for name, value in settings.items():
        git(root, "config", name, value)
    (root / ".git" / "refs" / "heads" / "main").write_text("1" * 40 + "\n")
    # an older git does not know it
    monkeypatch.delitem(git_module.QUIET, "GIT_NO_LAZY_FETCH")
    repositories = Repositories()
    assert the(repositories.with_roots(the(repositories.of(root))).roots).commits == ()
    assert not proof.exists()


def test_a_program_named_git_in_the_folder_is_not_run(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make("hostile", origin="https://github.com/acme/pay")
    proof = tmp_path / "ran"
    (root / "git").write_text(f"#!/bin/sh\ntouch {proof}\n")
    (root / "git").chmod(0o755)
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", os.pathsep.join([".", os.environ["PATH"]]))
    assert the(Repositories().of(root)).remotes == ("github.com/acme/pay",)
    assert not proof.exists()


def test_the_environment_of_a_git_hook_does_not_name_another_repository(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, other = make("pay", origin="https://github.com/acme/pay"), make("other", origin="https://github.com/acme/x")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert the(Repositories().of(root)).remotes == ("github.com/acme/pay",)


def test_a_folder_of_another_owner_still_has_its_remotes(
    make: Make, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    (home / ".gitconfig").write_text('[url "git@github.com:"]\n\tinsteadOf = gh:\n')
    root = make("pay", origin="gh:acme/pay")
    # git's own test switch: it takes every folder for somebody else's
    environment = git_module._environment  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(git_module, "_environment", lambda: {**environment(), "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"})
    found = the(Repositories().of(root))
    assert (found.name, found.problem) == ("github.com/acme/pay", "")


def test_a_configuration_that_makes_git_wait_costs_no_more_than_the_limit(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make("hostile", origin="https://github.com/acme/pay")
    os.mkfifo(tmp_path / "pipe")
    with open(root / ".git" / "config", "a") as config:
        config.write(f"[include]\n\tpath = {tmp_path / 'pipe'}\n")
    monkeypatch.setattr(git_module, "TIME_LIMIT", 0.2)
    found = the(Repositories().of(root))
    assert found.remotes == ("github.com/acme/pay",)
    assert found.problem.startswith("git did not answer")


def test_a_damaged_repository_is_told_and_still_restricted_by_what_is_written(make: Make) -> None:
    root = make("pay", origin="https://github.com/acme/pay")
    with open(root / ".git" / "config", "a") as config:
        config.write("[broken\n")
    found = the(Repositories().of(root))
    assert found.remotes == ("github.com/acme/pay",)
    assert found.problem == "git cannot read this repository"


def test_a_pipe_in_place_of_git_files_does_not_hold_us_up(make: Make) -> None:
    root = make("hostile", origin="https://github.com/acme/pay")
    (root / "inner").mkdir()
    os.mkfifo(root / "inner" / ".git")
    os.mkfifo(root / ".gitmodules")
    begun = time.monotonic()
    assert the(Repositories().of(root / "inner" / "x.py")).root == str(root)
    assert time.monotonic() - begun < git_module.TIME_LIMIT
