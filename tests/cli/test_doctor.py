from __future__ import annotations

import os
import re

import pytest

from tests.cli.conftest import run
from tests.policy.conftest import Org
from tightlip.__main__ import main
from tightlip.cli.doctor import Check


def test_doctor_tells_what_is_there_and_that_the_worker_answers(folder):
    result = run("doctor", cwd=folder)
    assert result.code == 0, result.out + result.err
    for expected in (
        "ok  tightlip",
        "hyperscan 0.",
        "ok  rules",
        "ok  cache",
        "ok  organisation  absent",
        "ok  policy",
        "ok  key",
        "worker answers",
        "git version",
    ):
        assert expected in result.out
    assert os.name == "nt" or "(mode 0600)" in result.out
    assert result.out.endswith("Everything is in order.\n")


@pytest.fixture
def machine(org: Org, monkeypatch: pytest.MonkeyPatch) -> Org:
    monkeypatch.setattr("tightlip.guard.places", lambda: org.places)
    monkeypatch.setattr("tightlip.cli.doctor._editors", lambda: Check("editors", "none on PATH"))
    return org


def policy_lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What doctor says of policies, an advice joined to what it is about."""
    main(["doctor", "--no-deep"])
    lines = re.sub(r"\n {18}", "", capsys.readouterr().out).splitlines()
    return [line for line in lines if line[4:16].strip() in ("organisation", "policy")]


def test_of_a_policy_that_is_no_toml_nothing_is_said_to_be_in_force(machine, folder, capsys):
    (folder / "tightlip.toml").write_text("[detect\n")
    told = policy_lines(capsys)[-1]
    assert told.startswith("!!  policy        tightlip.toml:1:")
    assert told.endswith("-> mend this file; until then nothing of it counts")


def test_of_a_mistaken_entry_the_rest_is_said_to_be_in_force(machine, folder, capsys):
    (folder / "tightlip.toml").write_text('[detect.secret]\nacton = "ask"\n')
    assert policy_lines(capsys)[-1].endswith("-> correct this entry; the rest of the file is in force")


@pytest.mark.parametrize("text", ["[detect\n", '[detect.secret]\nacton = "ask"\n'])
def test_what_is_wrong_with_the_organisations_policy_is_told_once_and_to_who_keeps_it(machine, folder, capsys, text):
    path = machine.write(text=text)
    told = [line for line in policy_lines(capsys) if line.startswith("!!")]
    assert [line.count(f"{path}:") for line in told] == [1]
    assert told[0].startswith("!!  organisation  ")
    assert "ask who keeps it" in told[0]


def test_a_loosening_that_is_refused_is_no_problem(machine, folder, capsys):
    path = machine.write()
    (folder / "tightlip.toml").write_text('[detect.secret]\naction = "off"\n')
    told = policy_lines(capsys)
    assert (
        told[-1]
        == f"ok  policy        tightlip.toml:2:1: ignored: the organisation ({path}:2) sets block, this asks off"
    )
    assert not [line for line in told if line.startswith("!!")]


def test_a_policy_outside_of_the_folder_is_named_by_its_whole_path(machine, folder, capsys):
    path = machine.write()
    (folder / "tightlip.toml").write_text("")
    assert f"built-in defaults, {path}, tightlip.toml for" in policy_lines(capsys)[-1]
