"""Which repository a file belongs to, and so whether it is restricted: the ways around it, with real repositories."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tightlip.finding import Classification
from tightlip.provenance.classify import RepoEntry, classify
from tightlip.provenance.repository import Repositories, Repository

Git = Callable[..., str]
Make = Callable[..., Path]

PAY = RepoEntry(Classification.RESTRICTED, remotes=("github.com/acme/pay",), layer="org")
URL = "https://github.com/acme/pay.git"


def is_restricted(path: Path | str, *entries: RepoEntry, repositories: Repositories | None = None) -> bool:
    repositories = repositories or Repositories()
    resolved = repositories.resolve(path)
    found = classify(resolved, repositories.at(resolved), entries or (PAY,))
    return found.origin.classification is Classification.RESTRICTED


def the(repository: Repository | None) -> Repository:
    assert repository is not None
    return repository


@pytest.fixture
def other_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look-up is a new one: nothing is fresh."""
    monkeypatch.setattr("tightlip.provenance.repository.FRESH", -1.0)


def test_a_fork_of_a_restricted_upstream_is_restricted(make: Make, git: Git) -> None:
    fork = make("fork", origin="git@github.com:dev/pay.git", upstream="git@github.com:acme/pay.git")
    assert is_restricted(fork / "app.py")
    git(fork, "remote", "remove", "upstream")
    assert not is_restricted(fork / "app.py")


def test_an_address_that_is_only_pushed_to_counts(make: Make, git: Git) -> None:
    root = make("mirror", origin="https://mirror.example/pay.git")
    git(root, "remote", "set-url", "--push", "origin", URL)
    assert is_restricted(root / "app.py")


@pytest.mark.parametrize("key", ["insteadOf", "pushInsteadOf"])
@pytest.mark.parametrize("place", ["user", "repository", "GIT_CONFIG_GLOBAL"])
def test_a_shortened_address_counts_as_git_completes_it(
    make: Make, git: Git, home: Path, monkeypatch: pytest.MonkeyPatch, key: str, place: str
) -> None:
    root = make("pay", origin="work:pay.git")
    setting = f'[url "ssh://git@github.com/acme/"]\n\t{key} = work:\n'
    if place == "repository":
        with open(root / ".git" / "config", "a") as config:
            config.write(setting)
    else:
        file = home / (".gitconfig" if place == "user" else "elsewhere")
        file.write_text(setting)
        if place != "user":
            monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(file))
    assert is_restricted(root / "app.py")


def test_an_address_that_insteadof_hides_counts_as_written(make: Make, home: Path) -> None:
    (home / ".gitconfig").write_text('[url "https://mirror.example/"]\n\tinsteadOf = https://github.com/acme/\n')
    root = make("pay", origin=URL)
    assert is_restricted(root / "app.py")
    mirror = RepoEntry(Classification.RESTRICTED, remotes=("mirror.example/*",), layer="org")
    assert is_restricted(root / "app.py", mirror)


def test_an_address_of_one_worktree_counts_in_it(make: Make, git: Git, tmp_path: Path) -> None:
    root, tree = make("pay"), tmp_path.resolve() / "tree"
    git(root, "worktree", "add", "-q", str(tree), "-b", "side")
    git(root, "config", "extensions.worktreeConfig", "true")
    repositories = Repositories()
    assert not is_restricted(tree / "app.py", repositories=repositories)
    repositories = Repositories()
    repositories.of(tree)
    git(tree, "config", "--worktree", "remote.origin.url", URL)
    assert the(repositories.of(tree)).remotes == ("github.com/acme/pay",)
    assert not is_restricted(root / "app.py")
    assert is_restricted(tree / "app.py", repositories=Repositories(git="no-such-git"))


def test_a_git_folder_that_lies_elsewhere_is_followed(make: Make, git: Git, tmp_path: Path, other_clock: None) -> None:
    root, other = make("pay", origin=URL), make("other")
    apart = tmp_path.resolve() / "apart"
    git(root, "init", "-q", f"--separate-git-dir={apart}")
    repositories = Repositories()
    assert the(repositories.of(root / "app.py")).common_dir == str(apart)
    assert is_restricted(root / "app.py", repositories=repositories)
    (root / ".git").write_text(f"gitdir: {other / '.git'}\n")
    assert not is_restricted(root / "app.py", repositories=repositories)
    (root / ".git").unlink()
    (root / ".git").symlink_to(apart)
    assert is_restricted(root / "app.py", repositories=repositories)


def test_a_detached_head_changes_nothing(make: Make, git: Git) -> None:
    root = make("pay", origin=URL)
    git(root, "switch", "-q", "--detach")
    assert is_restricted(root / "app.py")


def test_a_restricted_superproject_restricts_every_kind_of_submodule(make: Make, git: Git) -> None:
    library = make("library")
    root = make("pay", origin=URL)
    git(root, "submodule", "add", "-q", str(library), "absorbed")
    # as git made them before 1.7.8: with a git folder of its own
    git(root, "clone", "-q", str(library), "old")
    with open(root / ".gitmodules", "a") as file:
        file.write(f'[submodule "old"]\n\tpath = old\n\turl = {library}\n')
    # without .gitmodules, the commit recorded for the folder says so
    git(root, "clone", "-q", str(library), "recorded")
    git(root, "-c", "advice.addEmbeddedRepo=false", "add", "recorded")
    git(root, "clone", "-q", str(library), "merely-there")
    for name in ("absorbed", "old", "recorded"):
        repositories = Repositories()
        found = the(repositories.of(root / name / "app.py"))
        assert (found.root, the(found.superproject).root) == (str(root / name), str(root))
        assert is_restricted(root / name / "app.py", repositories=repositories)
    assert the(Repositories().of(root / "merely-there" / "app.py")).superproject is None
    assert not is_restricted(root / "merely-there" / "app.py")


def test_a_submodule_that_another_branch_left_behind_is_still_one(make: Make, git: Git) -> None:
    library, root = make("library"), make("pay", origin=URL)
    git(root, "switch", "-q", "-c", "with")
    git(root, "submodule", "add", "-q", str(library), "lib")
    git(root, "commit", "-q", "-m", "library")
    git(root, "switch", "-q", "main")
    assert not (root / ".gitmodules").exists()
    assert is_restricted(root / "lib" / "app.py")


def test_a_submodule_counts_from_when_it_is_recorded(make: Make, git: Git, other_clock: None) -> None:
    root = make("pay", origin=URL)
    git(root, "clone", "-q", str(make("library")), "inner")
    repositories = Repositories()
    assert not is_restricted(root / "inner" / "app.py", repositories=repositories)
    git(root, "-c", "advice.addEmbeddedRepo=false", "add", "inner")
    assert is_restricted(root / "inner" / "app.py", repositories=repositories)
    git(root, "rm", "-q", "--cached", "-f", "inner")
    assert not is_restricted(root / "inner" / "app.py", repositories=repositories)


def test_a_submodule_of_a_submodule_and_of_a_worktree_is_restricted(make: Make, git: Git, tmp_path: Path) -> None:
    deep, middle = make("deep"), make("middle")
    git(middle, "submodule", "add", "-q", str(deep), "deep")
    git(middle, "commit", "-q", "-m", "deep")
    root = make("pay", origin=URL)
    git(root, "submodule", "add", "-q", str(middle), "middle")
    git(root, "submodule", "update", "-q", "--init", "--recursive")
    git(root, "commit", "-q", "-m", "middle")
    found = the(Repositories().of(root / "middle" / "deep" / "app.py"))
    assert [one.root for one in found.with_superprojects()] == [found.root, str(root / "middle"), str(root)]
    assert is_restricted(root / "middle" / "deep" / "app.py")
    tree = tmp_path.resolve() / "tree"
    git(root, "worktree", "add", "-q", str(tree), "-b", "side")
    git(tree, "submodule", "update", "-q", "--init", "--recursive")
    (tree / ".gitmodules").unlink()
    assert is_restricted(tree / "middle" / "app.py")
    assert is_restricted(tree / "middle" / "deep" / "app.py")


def test_a_submodule_with_a_restricted_remote_is_restricted_in_any_superproject(make: Make, git: Git) -> None:
    library = make("library")
    root = make("open", origin="https://github.com/acme/open")
    git(root, "submodule", "add", "-q", str(library), "lib")
    git(root / "lib", "remote", "set-url", "origin", URL)
    assert is_restricted(root / "lib" / "app.py")
    assert not is_restricted(root / "app.py")


def test_without_git_path_rules_and_marks_count(tmp_path: Path) -> None:
    folder = tmp_path.resolve() / "unpacked" / "pay-1.0"
    folder.mkdir(parents=True)
    (folder / "app.py").write_text("x = 1\n")
    by_path = RepoEntry(Classification.RESTRICTED, paths=("unpacked/pay-*/**",), base=str(tmp_path.resolve()))
    mark = RepoEntry(Classification.RESTRICTED, base=str(folder))
    assert not is_restricted(folder / "app.py")
    assert is_restricted(folder / "app.py", by_path)
    assert is_restricted(folder / "deep" / "new.py", mark)
    assert not is_restricted(folder.parent / "app.py", mark)


def test_a_link_is_what_it_leads_to(make: Make, tmp_path: Path) -> None:
    pay, other = make("pay", origin=URL), make("other")
    public = tmp_path / "public.py"
    public.write_text("x = 1\n")
    (pay / "out.py").symlink_to(public)
    (pay / "away").symlink_to(other)
    (other / "in.py").symlink_to(pay / "app.py")
    (other / "chain.py").symlink_to(other / "in.py")
    (tmp_path / "folder").symlink_to(pay)
    (tmp_path / "broken.py").symlink_to(pay / "not-there.py")
    for restricted in (other / "in.py", other / "chain.py", tmp_path / "folder" / "app.py", tmp_path / "broken.py"):
        assert is_restricted(restricted)
    for free in (pay / "out.py", pay / "away" / "app.py"):
        assert not is_restricted(free)


def test_path_rules_see_where_a_link_leads_to(tmp_path: Path) -> None:
    base = tmp_path.resolve()
    (base / "clients" / "acme").mkdir(parents=True)
    (base / "work").symlink_to(base / "clients" / "acme")
    rule = RepoEntry(Classification.RESTRICTED, paths=("clients/**",), base=str(base))
    assert is_restricted(base / "work" / "x.py", rule)


def test_the_folder_above_a_link_is_the_one_above_what_it_leads_to(make: Make, tmp_path: Path) -> None:
    pay, other = make("pay", origin=URL), make("other")
    (pay / "deep").mkdir()
    (other / "link").symlink_to(pay / "deep")
    there = other / "link" / ".." / "app.py"
    assert there.read_text() == (pay / "app.py").read_text()
    assert is_restricted(str(there))
    assert is_restricted(str(other / ".." / "pay" / "deep" / ".." / "app.py"))
    assert not is_restricted(str(pay / ".." / "other" / "app.py"))
    assert is_restricted(str(other / "not-there" / ".." / ".." / "pay" / "app.py"))


def test_a_relative_path_counts_from_the_working_directory(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    pay, other = make("pay", origin=URL), make("other")
    monkeypatch.chdir(other)
    assert is_restricted("../pay/app.py")
    assert not is_restricted("app.py")
    monkeypatch.chdir(pay)
    assert is_restricted("app.py")


def test_a_folder_in_which_case_does_not_count_is_known_by_its_git_entry(make: Make, git: Git, tmp_path: Path) -> None:
    root, tree = make("pay"), tmp_path.resolve() / "tree"
    git(root, "worktree", "add", "-q", str(tree), "-b", "side")
    assert not the(Repositories().of(tree)).folds_case
    # what a disk without regard to case answers: both names are one file
    os.link(tree / ".git", tree / ".GIT")
    assert the(Repositories().of(tree)).folds_case
    rule = RepoEntry(Classification.RESTRICTED, paths=("TREE/Keys/**",), base=str(tmp_path.resolve()))
    assert is_restricted(tree / "keys" / "x.py", rule)
    assert not is_restricted(root / "keys" / "x.py", rule)


def test_the_innermost_of_nested_repositories_counts(make: Make, git: Git) -> None:
    root = make("pay", origin=URL)
    inner = root / "tools" / "public"
    inner.mkdir(parents=True)
    git(inner, "init", "-q")
    git(inner, "remote", "add", "origin", "https://github.com/acme/public")
    assert not is_restricted(inner / "x.py")
    assert is_restricted(root / "tools" / "x.py")
    assert is_restricted(inner / "x.py", RepoEntry(Classification.RESTRICTED, base=str(root)))


def test_a_worktree_in_a_submodule_is_restricted_by_the_superproject(make: Make, git: Git) -> None:
    root, library = make("pay", origin=URL), make("library")
    git(root, "submodule", "add", "-q", str(library), "inner")
    git(root / "inner", "worktree", "add", "-q", str(root / "inner" / ".trees" / "side"), "-b", "side")
    assert is_restricted(root / "inner" / ".trees" / "side" / "app.py")


@pytest.mark.parametrize("missing", ["head", "objects"])
def test_a_broken_repository_is_still_what_git_finds_around_it(make: Make, git: Git, missing: str) -> None:
    root = make("pay", origin=URL)
    git(root, "init", "-q", "src/inner")
    inner = root / "src" / "inner" / ".git"
    if missing == "head":
        (inner / "HEAD").write_text("junk\n")
    else:
        shutil.rmtree(inner / "objects")
    assert git(root / "src" / "inner", "rev-parse", "--show-toplevel").strip() == str(root)
    assert is_restricted(root / "src" / "inner" / "a.py")
    (inner / "HEAD").write_text("ref: refs/heads/main\n")
    (inner / "objects").mkdir(exist_ok=True)
    assert not is_restricted(root / "src" / "inner" / "a.py")


def test_a_broken_repository_keeps_the_addresses_that_restrict_it(make: Make) -> None:
    make("around")
    root = make("around/pay", origin=URL)
    (root / ".git" / "HEAD").write_bytes(bytes(24))  # as a loss of power leaves it
    assert is_restricted(root / "app.py")


@pytest.mark.parametrize("section", ["include", 'includeIf "gitdir:/**"'])
def test_a_changed_file_that_a_configuration_includes_is_seen_at_once(make: Make, home: Path, section: str) -> None:
    root = make("pay", origin="gh:acme/pay.git")
    (home / ".gitconfig").write_text(f"[{section}]\n\tpath = ~/one\n")
    (home / "one").write_text("[include] path = two\n")
    repositories = Repositories()
    assert not is_restricted(root / "app.py", repositories=repositories)
    (home / "two").write_text('[url "git@github.com:"]\n\tinsteadOf = gh:\n')
    assert is_restricted(root / "app.py", repositories=Repositories())
    assert is_restricted(root, repositories=repositories)


def test_a_link_that_leads_to_a_moved_folder_leads_to_its_new_place(
    make: Make, tmp_path: Path, other_clock: None
) -> None:
    root, link = make("pay", origin=URL), tmp_path / "link"
    link.symlink_to(root)
    repositories = Repositories()
    assert is_restricted(link / "app.py", repositories=repositories)
    root.rename(tmp_path / "pay2")
    link.unlink()
    link.symlink_to("pay2")
    assert is_restricted(link / "app.py", repositories=repositories)
    assert repositories.resolve(link / "app.py") == str(tmp_path.resolve() / "pay2" / "app.py")


def test_an_address_of_a_host_that_ssh_knows_by_another_name_counts_with_its_real_one(make: Make, home: Path) -> None:
    root, repositories = make("pay", origin="git@github-work:acme/pay.git"), Repositories()
    assert not is_restricted(root / "app.py", repositories=repositories)
    (home / ".ssh").mkdir()
    (home / ".ssh" / "config").write_text("Host github-work\n  HostName github.com\n")
    assert is_restricted(root, repositories=repositories)
    assert the(repositories.of(root)).remotes == ("github-work/acme/pay", "github.com/acme/pay")


@pytest.mark.parametrize("form", ["{}", "file://{}", "{}/.git", "../pay"])
def test_a_clone_of_a_repository_on_this_disk_has_its_names(make: Make, git: Git, tmp_path: Path, form: str) -> None:
    pay, copy = make("pay", origin="git@gitlab.com:acme/pay.git"), make("copy")
    git(copy, "remote", "add", "origin", form.format(pay))
    repositories = Repositories()
    assert not is_restricted(copy / "app.py", repositories=repositories)
    git(pay, "remote", "set-url", "origin", URL)
    assert is_restricted(copy, repositories=repositories)
    git(tmp_path, "clone", "-q", "--bare", str(copy), "bare.git")
    git(tmp_path, "clone", "-q", str(tmp_path / "bare"), "again")
    assert is_restricted(tmp_path / "again" / "app.py")


def test_repositories_that_name_each_other_are_asked_once(make: Make, git: Git) -> None:
    one, two = make("one"), make("two", origin=URL)
    git(one, "remote", "add", "origin", str(two))
    git(one, "remote", "add", "self", str(one))
    git(two, "remote", "add", "back", str(one))
    found = the(Repositories().of(one))
    assert set(found.remotes) == {str(one), str(two), "github.com/acme/pay"}


def test_a_clone_of_a_repository_on_this_disk_is_nothing_but_it_where_all_its_remotes_are(make: Make, git: Git) -> None:
    pay, copy = make("pay", origin=URL), make("copy")
    git(copy, "remote", "add", "origin", str(pay))
    assert the(Repositories().of(copy)).is_nothing_but("github.com/acme/pay".__eq__)
    git(pay, "remote", "add", "x", "https://github.com/acme/open")
    assert not the(Repositories().of(copy)).is_nothing_but("github.com/acme/open".__eq__)
