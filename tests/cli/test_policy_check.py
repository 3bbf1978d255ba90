"""Every mistake of a policy is told with its place; nothing is passed over, nothing crashes."""

from __future__ import annotations

import json
import os
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.policy.conftest import Org
from tightlip.__main__ import main

TODAY = date.today()


def check(capsys, *arguments: str) -> tuple[int, list[str]]:
    code = main(["policy", "check", *arguments])
    out, err = capsys.readouterr()
    return code, (out + err).splitlines()


def test_without_a_policy_the_built_in_one_holds(folder, capsys):
    assert check(capsys) == (0, ["No policy file: the built-in policy holds."])


def test_a_good_policy_has_no_mistake(folder, capsys):
    (folder / "tightlip.toml").write_text('[detect.pii]\naction = "warn"\n')
    assert check(capsys) == (0, ["1 file, no mistake."])
    assert check(capsys, "tightlip.toml") == (0, ["1 file, no mistake."])


def test_every_mistake_is_told_with_line_and_column_and_the_nearest_key(folder, capsys):
    (folder / "tightlip.toml").write_text(
        '[detect.pii]\n  acton = "warn"\naction = 3\n[defaults]\nclass = "secret"\n[[repo]]\nmatch = { path = "!a" }\n'
    )
    code, lines = check(capsys, "tightlip.toml")
    assert code == 1
    assert lines == [
        'tightlip.toml:2:3: unknown key "acton". Did you mean "action"?',
        'tightlip.toml:3:1: "action" must be one of off, info, warn, ask, block',
        'tightlip.toml:5:1: "class" must be one of public, internal, confidential, restricted',
        'tightlip.toml:7:1: a glob may not begin with "!"',
        'tightlip.toml:7:1: this entry names no repository: write match = { remote = "github.com/acme/pay" }',
        "1 file, 5 mistakes.",
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"[detect\n", "tightlip.toml:1:8: this is not TOML"),
        (b"\xff\xfe\x00", "tightlip.toml:1:1: this file is not UTF-8"),
        (b"#" * 1_000_001, "tightlip.toml:1:1: this file is larger than 1000 kB"),
        (b"a = " + b"[" * 100_000, "tightlip.toml:1:1: this TOML is nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_a_mistake_of_the_file(folder, capsys, data: bytes, told: str):
    (folder / "tightlip.toml").write_bytes(data)
    for arguments in ((), ("tightlip.toml",)):
        code, lines = check(capsys, *arguments)
        assert (code, len(lines)) == (1, 2)
        assert lines[0].startswith(told)


def test_a_file_that_cannot_be_opened_is_no_mistake_of_it(folder, capsys):
    assert check(capsys, "absent.toml") == (
        2,
        ["tightlip: absent.toml: cannot read this file: No such file or directory"],
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_is_not_waited_for(folder, capsys):
    os.mkfifo(folder / "tightlip.toml")
    assert check(capsys, "tightlip.toml")[1][0] == "tightlip.toml:1:1: this is not a file"
    assert check(capsys)[1][0] == "tightlip.toml:1:1: this is not a file"


def test_a_pyproject_that_does_not_speak_of_tightlip_is_refused(folder, capsys):
    (folder / "pyproject.toml").write_text("[tool.other]\na = 1\n")
    code, (line,) = check(capsys, "pyproject.toml")
    assert code == 2
    assert "says nothing about tightlip" in line
    (folder / "pyproject.toml").write_text('[tool.tightlip.detect.pii]\naction = "of"\n')
    code, lines = check(capsys, "pyproject.toml")
    assert (code, lines[0]) == (
        1,
        'pyproject.toml:2:1: "action" must be one of off, info, warn, ask, block. Did you mean "off"?',
    )


def allow(expires: date) -> str:
    return f'[[allow]]\nrule = "us-ssn"\npath = "a/**"\nreason = "r"\nexpires = {expires}\n'


@pytest.mark.parametrize(
    ("days", "told", "code"),
    [
        (
            -1,
            f"tightlip.toml:1:1: this allow expired on {TODAY - timedelta(1)}: remove it, or have it approved anew",
            1,
        ),
        (0, f"tightlip.toml:1:1: note: this allow expires on {TODAY}, today", 0),
        (1, f"tightlip.toml:1:1: note: this allow expires on {TODAY + timedelta(1)}, tomorrow", 0),
        (30, f"tightlip.toml:1:1: note: this allow expires on {TODAY + timedelta(30)}, in 30 days", 0),
        (31, "1 file, no mistake.", 0),
    ],
)
def test_what_expires_is_told_in_time(folder, capsys, days: int, told: str, code: int):
    (folder / "tightlip.toml").write_text(allow(TODAY + timedelta(days)))
    for arguments in ((), ("tightlip.toml",)):
        found, lines = check(capsys, *arguments)
        assert (found, lines[0]) == (code, told)


def test_an_exception_that_has_expired_is_told_by_its_id(folder, capsys):
    (folder / "org.toml").write_text(
        '[[exception]]\nid = "EX-1"\nscope = { category = "restricted" }\nreason = "r"\napprover = "c"\nexpires = 2020-01-01\n'
    )
    code, lines = check(capsys, "--layer", "org", "org.toml")
    assert code == 1
    assert lines[0].startswith("org.toml:1:1: exception EX-1 expired on 2020-01-01")


def test_a_draft_of_the_organisation_is_checked_as_one(folder, capsys):
    (folder / "org.toml").write_text('[bundle]\nid = "acme"\nrevision = "7"\nexpires = 2020-01-01\n')
    assert check(capsys, "org.toml")[1][0] == 'org.toml:1:1: ignored: only a policy of the organisation has a "bundle"'
    code, lines = check(capsys, "--layer", "org", "org.toml")
    assert code == 1
    assert lines[0] == "org.toml:1:1: this policy expired on 2020-01-01: make a new revision of it"
    assert lines[1].startswith('org.toml:3:1: "revision" must be a whole number')


def test_a_refused_loosening_names_both_places(repository, org: Org, monkeypatch, capsys):
    monkeypatch.setattr("tightlip.guard.places", lambda: org.places)
    monkeypatch.setattr("tightlip.cli.policy.check.places", lambda: org.places)
    path = org.write(text='[detect.secret]\naction = "block"\n')
    repository.write("tightlip.toml", '[detect.secret]\naction = "warn"\n[scan]\nexclude = "a"\n')
    expected = [
        f"tightlip.toml:2:1: ignored: the organisation ({path}:2) sets block, this asks warn",
        "tightlip.toml:4:1: ignored: only the organisation may exclude files",
    ]
    assert check(capsys, "tightlip.toml") == (1, [*expected, "1 file, 2 mistakes."])
    assert check(capsys) == (1, [*expected, "2 files, 2 mistakes."])
    assert check(capsys, str(path))[0] == 0, "a file in the organisation's folder is read as the organisation's"


def test_an_inner_policy_is_held_against_the_outer_and_named_from_here(repository, monkeypatch, capsys):
    repository.write("tightlip.toml", '[detect.secret]\naction = "block"\nacton = 1\n')
    repository.write("server/tightlip.toml", '[detect.secret]\naction = "warn"\n')
    monkeypatch.chdir(repository.root / "server")
    refused = "tightlip.toml:2:1: ignored: tightlip.toml:2 sets block, this asks warn"
    assert check(capsys, "tightlip.toml") == (1, [refused, "1 file, 1 mistake."])
    code, lines = check(capsys)
    assert (code, lines) == (
        1,
        ['../tightlip.toml:3:1: unknown key "acton". Did you mean "action"?', refused, "2 files, 2 mistakes."],
    )


def test_a_draft_of_another_name_is_not_held_against_the_policy_it_would_replace(repository, capsys):
    repository.write("tightlip.toml", '[detect.pii]\naction = "block"\n')
    repository.write("new.toml", '[detect.pii]\naction = "warn"\n')
    assert check(capsys, "new.toml") == (0, ["1 file, no mistake."])


def test_json_tells_the_same(folder, capsys):
    (folder / "tightlip.toml").write_text('[detect.pii]\nacton = "warn"\n' + allow(TODAY))
    assert main(["policy", "check", "--format", "json", "tightlip.toml"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["files"], told["errors"]) == (["tightlip.toml"], 1)
    assert [(one["line"], one["column"], one["level"]) for one in told["problems"]] == [(2, 1, "error"), (3, 1, "note")]


def test_a_key_that_is_no_printable_text_cannot_write_to_the_terminal(folder, capsys):
    (folder / "tightlip.toml").write_text('"\\u001b[2J\\u202e" = 1\n')
    code, lines = check(capsys, "tightlip.toml")
    assert code == 1
    assert all(line.isprintable() for line in lines)


def test_layer_needs_a_file(folder, capsys):
    assert check(capsys, "--layer", "org")[0] == 2


def test_the_organisations_policy_that_will_soon_end_is_told_wherever_it_is_in_force(
    repository, org: Org, monkeypatch, capsys
):
    monkeypatch.setattr("tightlip.guard.places", lambda: org.places)
    path = org.write(text=f'[bundle]\nid = "acme"\nexpires = {TODAY + timedelta(3)}\n')
    code, lines = check(capsys)
    assert (code, lines[0]) == (0, f"{path}:1:1: note: this policy expires on {TODAY + timedelta(3)}, in 3 days")


def test_the_users_own_file_is_read_as_the_users(folder, tmp_path: Path, org: Org, monkeypatch, capsys):
    monkeypatch.setattr("tightlip.cli.policy.check.places", lambda: org.places)
    org.write(text='[detect.pii]\naction = "block"\n')
    path = Path(org.places.user) / "tightlip.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('[detect.pii]\naction = "warn"\n')
    code, lines = check(capsys, str(path))
    assert code == 1
    assert "sets block, this asks warn" in lines[0]


OWN = """
[[rule]]
id = "acme-badge"
category = "pii"
pattern = '\\bAB-[0-9]{6}\\b'
matches = ["badge AB-{digits:6}", "badge AB-{digits:5}"]
misses = ["badge AB-{digits:6}", "{nothing:3}"]
"""


def test_examples_of_own_rules_are_run(folder, capsys):
    (folder / "tightlip.toml").write_text(OWN.replace(', "{nothing:3}"', ""))
    for arguments in ((), ("tightlip.toml",)):
        code, lines = check(capsys, *arguments)
        assert code == 1
        assert lines[:2] == [
            'tightlip.toml:2:1: rule "acme-badge": matches[2] is not found',
            'tightlip.toml:2:1: rule "acme-badge": misses[1] is found, and should not be',
        ]
    (folder / "tightlip.toml").write_text(OWN.replace('"badge AB-{digits:6}", "{nothing', '"{nothing'))
    code, lines = check(capsys, "tightlip.toml")
    assert code == 1
    assert any("unknown form" in line for line in lines)
