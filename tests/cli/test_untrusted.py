"""With --untrusted what is looked at cannot switch anything off."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import run
from tightlip.cli.files import select_added, select_files
from tightlip.detect.sample import fill

SECRET = fill("ghp_{crc32-base62:30}")


def test_a_scan_believes_nothing_that_the_repository_allows(repository):
    repository.write("tightlip.toml", '[scan]\nexclude = "a.py"\n[detect.secret]\naction = "off"\n')
    repository.write(".tightlipignore", "b.py\n")
    repository.write("a.py", f"token = '{SECRET}'\n")
    repository.write("b.py", f"token = '{SECRET}'\n")
    repository.write("c.py", f"token = '{SECRET}'  # tightlip: allow[github-personal-access-token] mine\n")
    arguments = ("scan", "--format", "json", "a.py", "b.py", "c.py", ".")
    assert run(*arguments, cwd=repository.root).code == 0
    result = run(*arguments, "--untrusted", cwd=repository.root)
    assert result.code == 1, result.err
    assert all(name in result.out for name in ("a.py", "b.py", "c.py"))
    assert "ignored: only a trusted workspace may exclude files" in result.err
    assert SECRET not in result.out + result.err


def test_an_ignore_file_counts_outside_of_a_repository_only_when_it_is_trusted(folder):
    (folder / ".tightlipignore").write_text("*.py\n")
    (folder / "a.py").write_text(f"token = '{SECRET}'\n")
    assert run("scan", cwd=folder).code == 0
    assert run("scan", "--untrusted", cwd=folder).code == 1


IGNORING = {
    ".gitignore": ("leak.env\nnode_modules/\n", ".gitignore"),
    "a folder's own .gitignore": ("*\n", "sub/.gitignore"),
    "info/exclude": ("*\n", ".git/info/exclude"),
    ".tightlipignore": ("*\n", ".tightlipignore"),
}


@pytest.mark.parametrize("name", IGNORING)
def test_no_ignore_file_leaves_anything_out_of_a_scan(repository, name: str):
    text, path = IGNORING[name]
    leaks = ("sub/leak.env", "node_modules/leak.env")
    repository.write("a.py", "x = 1\n")
    for leak in leaks:
        repository.write(leak, f"TOKEN={SECRET}\n")
    repository.write(path, text)
    repository.write(".git/leak.env", f"TOKEN={SECRET}\n")
    for folder in (".", "sub"):
        read = [source.shown for source in select_files([folder], trusted=False).sources]
        assert [leak for leak in leaks if leak in read] == [leak for leak in leaks if folder == "." or "sub/" in leak]
        assert not [name for name in read if ".git/" in name]


def test_a_commit_cannot_hide_a_file_from_a_scan_of_what_is_new(repository):
    repository.write("a.py", "x = 1\n")
    before = repository.commit()
    repository.write(".gitignore", "leak.env\n")
    repository.write("leak.env", f"TOKEN={SECRET}\n")
    repository.commit()
    assert [source.shown for source in select_added([], before).sources] == [".gitignore"]
    assert [source.shown for source in select_added([], before, trusted=False).sources] == [".gitignore", "leak.env"]


def test_what_is_read_in_spite_of_an_ignore_file_is_told(repository):
    repository.write(".gitignore", "leak.env\n")
    repository.write("leak.env", f"TOKEN={SECRET}\n")
    result = run("scan", "--untrusted", cwd=repository.root)
    assert (result.code, "leak.env" in result.out) == (1, True)


def test_a_check_believes_nothing_that_the_repository_allows(repository):
    repository.write("tightlip.toml", '[detect.secret]\naction = "off"\n')
    text = f"token = '{SECRET}'\n"
    assert run("check", "--path", "a.py", cwd=repository.root, feed=text).code == 0
    result = run("check", "--untrusted", "--path", "a.py", cwd=repository.root, feed=text)
    assert (result.code, json.loads(result.out)["decision"]) == (1, "block")
    assert "ignored: the default is block" in result.err


def test_a_file_that_is_named_cannot_be_untrusted(folder):
    (folder / "p.toml").write_text("")
    for command in ("scan", "check"):
        assert run(command, "--untrusted", "--config", "p.toml", cwd=folder).code == 2
