"""The policy a command goes by: a file that the command line names stands below the organisation's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import run
from tests.policy.conftest import Org
from tightlip.__main__ import main
from tightlip.cli.guards import guard_for, guard_of_file
from tightlip.detect.detector import Document
from tightlip.detect.sample import fill
from tightlip.errors import TightlipError
from tightlip.finding import Action, Surface
from tightlip.guard import Guard
from tightlip.policy.model import Layer

TOKEN = "token = '" + fill("ghp_{crc32-base62:30}") + "'\n"
LAX = '[detect.secret]\naction = "off"\n[scan]\nexclude = ["*.py"]\n'


@pytest.fixture
def machine(org: Org, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Org:
    """The organisation's machine; in the working directory lies a file that asks for nothing but loosening."""
    monkeypatch.setattr("tightlip.cli.guards.places", lambda: org.places)
    (folder / "lax.toml").write_text(LAX)
    return org


def decided(guard: Guard, path: str | None = "a.py") -> Action:
    return guard.inspect(Document(TOKEN, path), Surface.PROMPT).decision.action


def test_a_named_file_only_tightens_what_the_organisation_says(machine, folder):
    machine.write(text='[detect.secret]\naction = "ask"\n')
    guard = guard_for(folder, "lax.toml")
    assert decided(guard) is Action.ASK
    assert [problem.message for problem in guard.problems] == [
        "ignored: only the organisation may exclude files",
        f"ignored: the organisation ({machine.folder / 'tightlip.toml'}:2) sets ask, this asks off",
    ]
    (folder / "tight.toml").write_text('[detect.secret]\naction = "block"\n')
    guard = guard_for(folder, "tight.toml")
    assert (decided(guard), guard.problems) == (Action.BLOCK, ())


def test_a_named_file_does_not_hide_that_the_organisations_policy_is_missing(machine, folder):
    machine = machine.bundle()
    machine.bundle_path.unlink()
    (folder / "empty.toml").write_text("")
    variables = {"TIGHTLIP_POLICY": str(machine.bundle_path)}
    for arguments in ((), ("--config", "empty.toml"), ("--config", "lax.toml")):
        result = run("check", *arguments, cwd=folder, feed="hello", **variables)
        assert (result.code, json.loads(result.out)["decision"]) == (1, "block"), arguments
        assert str(machine.bundle_path) in result.err


def test_a_restricted_repository_stays_restricted_under_a_named_file(machine, repository):
    machine.write(text='[[repo]]\nmatch = { remote = "github.com/acme/pay" }\nclass = "restricted"\n')
    repository.git("remote", "add", "origin", "git@github.com:acme/pay.git")
    (repository.root / "lax.toml").write_text('[class.restricted]\nshare = "off"\n')
    inspection = guard_for(repository.root, "lax.toml").inspect(Document("x", "a.py"), Surface.PROMPT)
    assert inspection.decision.action is Action.BLOCK


def test_a_named_file_takes_the_place_of_the_users_and_the_repositorys(machine, folder):
    Path(machine.places.user).mkdir()
    (Path(machine.places.user) / "tightlip.toml").write_text('[detect.secret]\naction = "ask"\n')
    (folder / "tightlip.toml").write_text('[detect.secret]\naction = "warn"\n')
    (folder / "own.toml").write_text('[detect.secret]\naction = "info"\n')
    guard = guard_for(folder, "own.toml")
    assert (decided(guard), guard.problems) == (Action.INFO, ())
    assert decided(guard_for(folder, "lax.toml")) is Action.OFF


def test_a_scan_under_a_named_file_excludes_nothing_that_the_organisation_wants_looked_at(
    machine, folder, monkeypatch, capsys
):
    machine.write()
    (folder / "a.py").write_text(TOKEN)
    assert main(["scan", "--config", "lax.toml", "--jobs", "1"]) == 1
    out, err = capsys.readouterr()
    assert "a.py:1" in out
    assert err.count("only the organisation may exclude files") == 1


def test_a_named_file_with_a_mistake_is_not_gone_by(machine, folder):
    (folder / "wrong.toml").write_text("[sacn]\n")
    with pytest.raises(TightlipError, match=r'wrong.toml:1:1: unknown key "sacn"'):
        guard_for(folder, "wrong.toml")


def test_the_organisations_own_mistakes_are_told_and_stop_nothing(machine, folder):
    machine.write(text='[detect.secret]\nacton = "ask"\n')
    (folder / "own.toml").write_text("")
    guard = guard_for(folder, "own.toml")
    assert 'unknown key "acton"' in "\n".join(map(str, guard.problems))


def test_an_author_tests_a_file_by_itself(machine, folder):
    machine.write(text='[detect.secret]\naction = "ask"\n')
    assert decided(guard_of_file(folder, "lax.toml", Layer.ORG), None) is Action.OFF
