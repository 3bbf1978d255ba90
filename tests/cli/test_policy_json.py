"""Every `policy` command speaks JSON when it is asked to, also of what went wrong."""

from __future__ import annotations

import json

import pytest

from tightlip.__main__ import main
from tightlip.cli.policy.group import COMMANDS


def policy(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(["policy", *arguments])
    return (code, *capsys.readouterr())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_the_format(command: str, capsys):
    code, out, _ = policy(capsys, command, "--format", "json", "--help")
    assert code == 0
    assert "--format" in out


@pytest.mark.parametrize("command", COMMANDS)
def test_arguments_that_cannot_be_read_are_told_as_json(folder, command: str, capsys):
    for form in (["--format", "json"], ["--format=json"]):
        code, out, err = policy(capsys, command, *form, "--nothing")
        told = json.loads(out)["error"]
        assert (code, told["file"], err) == (2, None, f"tightlip: {told['message']}\n")
        assert f"`tightlip policy {command} --help`" in told["message"]


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (["check", "absent.toml"], ("absent.toml", None, None)),
        (["diff", "bad.toml", "bad.toml"], ("bad.toml", 1, 2)),
        (["diff", "--rev", "HEAD"], (None, None, None)),
        (["test", "bad.toml"], ("bad.toml", 1, 2)),
        (["sign", "absent.toml", "--key", "k"], ("absent.toml", None, None)),
        (["verify", "bad.toml"], ("bad.toml", 1, 2)),
        (["init", "--output", "bad.toml"], ("bad.toml", None, None)),
        (["explain", "detct.secret"], None),
    ],
)
def test_what_fails_is_told_as_json_with_its_place_and_as_a_sentence(folder, capsys, arguments, place):
    (folder / "bad.toml").write_text("[")
    code, out, err = policy(capsys, *arguments, "--format", "json")
    assert code == 2
    told = json.loads(out)["error"]
    assert told.keys() == {"message", "file", "line", "column"}
    assert told["message"] in err
    if place is not None:
        assert (told["file"], told["line"], told["column"]) == place


def test_what_nobody_expected_is_told_as_json_without_its_words(folder, monkeypatch, capsys):
    def broken() -> None:
        raise ValueError("canary")

    monkeypatch.setattr("tightlip.cli.policy.schema.policy_schema", broken)
    code, out, err = policy(capsys, "schema", "--format", "json")
    assert (code, "canary" in out + err) == (2, False)
    assert json.loads(out)["error"]["message"].startswith("internal error: ValueError")


def test_where_nobody_asked_for_json_standard_output_is_empty(folder, capsys):
    code, out, err = policy(capsys, "check", "absent.toml")
    assert (code, out) == (2, "")
    assert err.startswith("tightlip: absent.toml: ")
    assert main(["scan", "--format", "json", "--nothing"]) == 2
    assert capsys.readouterr().out == ""


def test_the_schema_is_json_either_way(capsys):
    assert policy(capsys, "schema") == policy(capsys, "schema", "--format", "json")
