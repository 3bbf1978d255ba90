"""`policy diff`: what became looser is seen in review."""

from __future__ import annotations

import json

import pytest

from tightlip.__main__ import main

STRICT = '[detect.pii]\naction = "block"\n'
LOOSE = '[detect.pii]\naction = "warn"\n'


def diff(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(["policy", "diff", *arguments])
    return (code, *capsys.readouterr())


@pytest.fixture
def files(folder):
    (folder / "strict.toml").write_text(STRICT)
    (folder / "loose.toml").write_text(LOOSE)
    return folder


def test_the_same_exits_with_nought(files, capsys):
    assert diff(capsys, "strict.toml", "strict.toml") == (0, "Both ask for the same.\n", "")


def test_a_difference_is_told_with_direction_and_place(files, capsys):
    code, out, _ = diff(capsys, "strict.toml", "loose.toml")
    assert code == 1
    assert out == "loosened   detect.pii.action: block -> warn  (loose.toml:2)\n1 loosened.\n"
    assert diff(capsys, "loose.toml", "strict.toml")[1].startswith("tightened  detect.pii.action: warn -> block")


def test_fail_on_loosened_lets_what_is_stricter_pass(files, capsys):
    assert diff(capsys, "--fail-on", "loosened", "loose.toml", "strict.toml")[0] == 0
    assert diff(capsys, "--fail-on", "loosened", "strict.toml", "loose.toml")[0] == 1


def test_a_revision_is_held_against_what_is_here(repository, monkeypatch, capsys):
    repository.write("sub/tightlip.toml", STRICT)
    commit = repository.commit()
    repository.write("sub/tightlip.toml", LOOSE)
    monkeypatch.chdir(repository.root / "sub")
    code, out, _ = diff(capsys, "--rev", commit)
    assert (code, out.splitlines()[0]) == (1, "loosened   detect.pii.action: block -> warn  (tightlip.toml:2)")
    repository.write("sub/new.toml", STRICT)
    code, out, _ = diff(capsys, "--rev", "HEAD", "new.toml")
    assert out.startswith("tightened  detect.pii.action: ask -> block"), "a file that was not there asked for nothing"


def test_a_pyproject_is_compared_by_its_table(repository, capsys):
    repository.write("pyproject.toml", '[tool.tightlip.detect.pii]\naction = "block"\n')
    repository.commit()
    repository.write("pyproject.toml", '[tool.tightlip.detect.pii]\naction = "warn"\n')
    assert diff(capsys, "--rev", "HEAD", "pyproject.toml")[1].startswith("loosened   detect.pii.action")


def test_a_policy_that_begins_or_ends_is_held_against_nothing(repository, capsys):
    repository.write("tightlip.toml", STRICT)
    repository.write("sub/tightlip.toml", STRICT)
    repository.write("pyproject.toml", "[project]\nname = 'x'\n")
    repository.commit()
    repository.write("pyproject.toml", '[tool.tightlip.detect.pii]\naction = "block"\n')
    code, out, err = diff(capsys, "--rev", "HEAD", "pyproject.toml")
    assert (code, out.splitlines()[0], err) == (
        1, "tightened  detect.pii.action: ask -> block  (pyproject.toml:2)", "",
    )  # fmt: skip
    repository.commit()
    repository.write("pyproject.toml", "[project]\nname = 'x'\n")
    assert diff(capsys, "--rev", "HEAD", "pyproject.toml")[1].startswith("loosened   detect.pii.action: block -> ask")
    (repository.root / "tightlip.toml").unlink()
    code, out, err = diff(capsys, "--rev", "HEAD", "--fail-on", "loosened")
    assert (code, out.splitlines()[0], err) == (
        1, "loosened   detect.pii.action: block -> ask  (HEAD:./tightlip.toml:2)", "",
    )  # fmt: skip
    (repository.root / "sub/tightlip.toml").unlink()
    (repository.root / "sub").rmdir()
    assert diff(capsys, "--rev", "HEAD", "sub/tightlip.toml")[0] == 1, "its folder went with it"


def test_a_policy_that_is_on_neither_side_is_an_error(repository, capsys):
    repository.write("pyproject.toml", "[project]\nname = 'x'\n")
    repository.commit()
    code, out, err = diff(capsys, "--rev", "HEAD")
    assert (code, out, err) == (2, "", "tightlip: tightlip.toml: this file is neither in this commit nor here\n")
    code, out, err = diff(capsys, "--rev", "HEAD", "pyproject.toml")
    assert (code, out) == (2, "")
    assert err.startswith("tightlip: pyproject.toml: neither says anything about tightlip")


@pytest.mark.parametrize("rev", ["nothing", "--output=x", "HEAD:tightlip.toml"])
def test_what_is_no_commit_is_an_error(repository, capsys, rev: str):
    repository.write("tightlip.toml", STRICT)
    repository.commit()
    code, out, err = diff(capsys, f"--rev={rev}")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert not (repository.root / "x").exists()


def test_mistakes_are_told_and_what_is_no_toml_is_refused(files, capsys):
    (files / "bad.toml").write_text('[detect.pii]\nacton = "off"\n')
    code, _, err = diff(capsys, "strict.toml", "bad.toml")
    assert code == 1
    assert 'bad.toml:2:1: unknown key "acton"' in err
    (files / "bad.toml").write_text("[")
    assert diff(capsys, "strict.toml", "bad.toml")[0] == 2
    assert diff(capsys, "strict.toml", "absent.toml")[0] == 2
    assert diff(capsys, "strict.toml")[0] == 2


def test_a_mark_of_a_repository_and_exceptions_of_the_organisation_are_both_compared(files, capsys):
    (files / "mark.toml").write_text('[[repo]]\nclass = "restricted"\n')
    (files / "none.toml").write_text("")
    assert diff(capsys, "none.toml", "mark.toml")[1].startswith(
        "tightened  repo the folder the file lies in: - -> restricted"
    )
    head = '[bundle]\nid = "a"\nrevision = 1\n'
    (files / "org.toml").write_text(head)
    (files / "new.toml").write_text(
        head
        + '[[exception]]\nid = "E"\nscope = { rule = "us-ssn" }\nreason = "r"\napprover = "a"\nexpires = 2030-01-01\n'
    )
    code, out, err = diff(capsys, "org.toml", "new.toml")
    assert (code, err) == (1, "")
    assert out.startswith("loosened   exception E: - -> info until 2030-01-01")


def test_json_tells_the_same(files, capsys):
    code, out, _ = diff(capsys, "--format", "json", "strict.toml", "loose.toml")
    (change,) = json.loads(out)
    assert (code, change["turn"], change["name"], change["before"], change["after"]) == (
        1, "loosened", "detect.pii.action", "block", "warn",
    )  # fmt: skip
