"""`policy explain`: what holds, who says so, and the whole way of a file of a restricted repository."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Repository
from tests.policy.conftest import Org
from tightlip.__main__ import main
from tightlip.detect.sample import fill

SECRET = fill("ghp_{crc32-base62:30}")
PAY = """
[[repo]]
match = { remote = "github.com/acme/pay*" }
class = "restricted"
paths = { "docs/**" = "internal" }
owner = "Payments"
contact = "payments@acme.example"
allowed = "Use the review bot."
"""


@pytest.fixture
def governed(org: Org, monkeypatch) -> Org:
    """A machine whose organisation restricts acme/pay."""
    monkeypatch.setattr("tightlip.guard.places", lambda: org.places)
    org.write(text='[detect.secret]\naction = "block"\n' + PAY)
    return org


@pytest.fixture
def pay(repository: Repository) -> Repository:
    repository.git("remote", "add", "origin", "git@github.com:Acme/pay.git")
    repository.git("remote", "add", "fork", "https://token@github.com/dev/pay")
    repository.write("src/a.py", f"token = '{SECRET}'\n")
    repository.commit()
    return repository


def explain(capsys, *arguments: str) -> str:
    code = main(["policy", "explain", *arguments])
    out, err = capsys.readouterr()
    assert (code, err) == (0, ""), err
    return out


def plain(capsys, *arguments: str) -> dict:
    return json.loads(explain(capsys, "--format", "json", *arguments))


def test_the_way_of_a_restricted_file_is_told_whole(governed, pay, capsys):
    source = f"{governed.folder / 'tightlip.toml'}:4"
    told = plain(capsys, "--file", "src/a.py")
    assert [(layer["layer"], layer["state"]) for layer in told["layers"]] == [
        ("org", "trusted"), ("user", "absent"), ("repo", "absent"),
    ]  # fmt: skip
    assert told["repository"]["name"] == "github.com/acme/pay"
    assert told["repository"]["remotes"] == ["github.com/acme/pay", "github.com/dev/pay"]
    assert told["repository"]["root"] == str(pay.root)
    assert len(told["repository"]["roots"]) == 1
    found = told["classified"]
    assert (found["name"], found["layer"], found["source"]) == ("restricted", "org", source)
    assert (found["share"], found["copied_code"], found["contact"]) == ("block", "ask", "payments@acme.example")
    assert [entry["text"] for entry in found["others"]] == ["internal: [defaults] class"]
    decisions = {surface: decision["action"] for surface, decision in told["decisions"].items()}
    assert decisions == {
        "editor": "warn",
        "prompt": "block",
        "tool_input": "block",
        "tool_output": "block",
        "cli": "block",
    }
    rules = [reason["rule"] for reason in told["decisions"]["prompt"]["reasons"]]
    assert sorted(map(str, rules)) == ["None", "github-personal-access-token"]


def test_the_text_says_the_same_within_the_width(governed, pay, monkeypatch, capsys):
    for columns, most in (("60", 80), ("100", 100), ("300", 120)):
        monkeypatch.setenv("COLUMNS", columns)
        out = explain(capsys, "--file", "src/a.py")
        assert max(len(line) for line in out.splitlines() if str(governed.root) not in line) <= most
    for said in (
        "src/a.py", "organisation  trusted", "github.com/dev/pay", "Class          restricted", "Use the review bot.",
        "payments@acme.example", "prompt       block", "editor       warn", "github-personal-access-token",
    ):  # fmt: skip
        assert said in out, said


def test_no_value_and_no_password_of_a_remote_is_told(governed, pay, capsys):
    for arguments in (("--file", "src/a.py"), ("--file", "src/a.py", "--format", "json"), ("--all",), ("repo",)):
        out = explain(capsys, *arguments)
        assert SECRET not in out
        assert "token@" not in out


def test_a_part_that_the_organisation_opens_is_told_so(governed, pay, capsys):
    told = plain(capsys, "--file", "docs/guide.md")
    assert (told["classified"]["name"], told["unread"]) == ("internal", "it does not exist")
    assert told["decisions"]["prompt"] == {"action": "off", "reasons": []}


def test_what_the_repository_says_of_itself_in_vain_is_told(governed, pay, capsys):
    pay.write("tightlip.toml", '[[repo]]\nclass = "public"\n[detect.secret]\naction = "off"\n')
    found = plain(capsys, "--file", "src/a.py")["classified"]
    assert found["name"] == "restricted"
    assert ("public: [[repo]] of the folder the file lies in", "repo", "tightlip.toml:1", "not the strictest") in [
        (entry["text"], entry["layer"], entry["source"], entry["outcome"]) for entry in found["others"]
    ]
    (key,) = json.loads(explain(capsys, "--format", "json", "--file", "src/a.py", "detect.secret.action"))
    refused = key["voices"][1]
    assert (refused["layer"], refused["source"], refused["part"]) == ("repo", "tightlip.toml:4", "lost")
    assert refused["why"].startswith("ignored: the organisation (")
    assert "src/a.py" not in key["name"]


def test_exceptions_tell_which_counts_here(governed, pay, capsys):
    day = date.today() + timedelta(days=10)
    entry = '[[exception]]\nid = "EX-{}"\nscope = {{ category = "restricted", path = "{}" }}\nreason = "r"\napprover = "ciso"\nexpires = {}\n'
    gone = date.today() - timedelta(days=1)
    governed.write(
        text=PAY + entry.format(1, "src/**", day) + entry.format(2, "lib/**", day) + entry.format(3, "src/**", gone)
    )
    told = plain(capsys, "--file", "src/a.py")
    assert [(one["text"][:4], one["counts"], one["outcome"]) for one in told["exceptions"]] == [
        ("EX-1", True, ""), ("EX-2", False, "it speaks of other files"), ("EX-3", False, "expired"),
    ]  # fmt: skip
    reasons = {reason["exception"] for reason in told["decisions"]["prompt"]["reasons"]}
    assert reasons == {"EX-1", ""}


def test_a_submodule_names_the_restricted_repository_it_lies_in(governed, pay, tmp_path, capsys):
    inner = Repository(tmp_path / "inner")
    inner.write("b.py", "x = 1\n")
    inner.commit()
    pay.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.root), "vendor/inner")
    told = plain(capsys, "--file", "vendor/inner/b.py")
    assert [one["name"] for one in told["superprojects"]] == ["github.com/acme/pay"]
    assert told["classified"]["name"] == "restricted"
    assert "Inside         github.com/acme/pay" in explain(capsys, "--file", "vendor/inner/b.py")


def test_a_file_outside_of_any_repository_has_the_default_class(governed, folder, capsys):
    (folder / "a.py").write_text("x = 1\n")
    told = plain(capsys, "--file", "a.py")
    assert (told["repository"], told["classified"]["by"]) == (None, "[defaults] class")
    assert "Nothing speaks against sharing it." in explain(capsys, "--file", "a.py")


def test_an_excluded_file_is_said_to_be(repository, capsys):
    repository.write("tightlip.toml", '[scan]\nexclude = ["vendor/**"]\n')
    repository.write("vendor/a.py", f"token = '{SECRET}'\n")
    told = plain(capsys, "--file", "vendor/a.py")
    assert (told["excluded"], told["decisions"]["prompt"]["action"]) == ("tightlip.toml:2", "off")
    assert "not looked at: tightlip.toml:2 excludes it" in explain(capsys, "--file", "vendor/a.py")


@pytest.mark.parametrize(
    ("data", "why"),
    [(bytes(100), "it is not text"), (b"x" * 10_000_001, "it is larger than 10 MB"), (None, "it is not a file")],
)
def test_what_cannot_be_looked_into_is_judged_by_its_place(governed, pay, capsys, data: bytes | None, why: str):
    if data is None:
        (pay.root / "blob").mkdir()
    else:
        pay.write("blob", data)
    told = plain(capsys, "--file", "blob")
    assert (told["unread"], told["decisions"]["prompt"]["action"]) == (why, "block")


def test_a_policy_that_cannot_be_read_stops_everything_and_is_shown(governed, pay, capsys):
    governed.write(text="[detect")
    told = plain(capsys, "--file", "docs/guide.md")
    (layer, *_) = told["layers"]
    assert layer["sentence"]
    assert told["decisions"]["prompt"]["action"] == "block"
    assert layer["sentence"][:20] in explain(capsys)


def test_the_overview_tells_what_is_not_at_its_default(governed, pay, capsys):
    out = explain(capsys)
    assert "detect.secret.action" in out
    assert "detect.pii.action" not in out
    assert "detect.pii.action" in explain(capsys, "--all")
    told = plain(capsys)
    assert told["folder"] == str(pay.root)
    assert [key["name"] for key in told["keys"]] == ["detect.secret.action", "repo"]


def test_the_overview_of_defaults_says_so(folder, capsys):
    assert "Every key is at its default." in explain(capsys)


def test_the_bundle_is_told(governed, folder, capsys):
    governed.write(text='[bundle]\nid = "acme"\nrevision = 7\nincident_contact = "sec@acme.example"\n')
    out = explain(capsys, "bundle")
    assert all(said in out for said in ("id = acme", "revision = 7", "incident_contact = sec@acme.example"))


def test_an_unknown_key_is_answered_with_the_nearest(folder, capsys):
    assert main(["policy", "explain", "detect.pii.acton"]) == 2
    assert (
        capsys.readouterr().err == 'tightlip: there is no key "detect.pii.acton". Did you mean "detect.pii.action"?\n'
    )


def test_every_key_and_list_can_be_explained(folder, capsys):
    from tightlip.policy.keys import KEYS, LISTS

    for name in (*KEYS, *LISTS, "detect", "class"):
        assert name in explain(capsys, name)
        json.loads(explain(capsys, "--format", "json", name))


def test_a_name_with_control_characters_cannot_write_to_the_terminal(repository, capsys):
    repository.write(
        "tightlip.toml", '[[repo]]\nmatch = { path = "**" }\nclass = "restricted"\ncontact = "\\u001b[2J\\u202e"\n'
    )
    out = explain(capsys, "--file", "a\x1b[2J.py")
    assert all(line.isprintable() for line in out.splitlines())


def test_the_folder_of_this_repository_that_shows_it_explains_itself(capsys) -> None:
    """What the README says to try on a fresh clone."""
    shown = Path(__file__).parents[1] / "demo" / "restricted"
    out = explain(capsys, "--file", str(shown / "ledger.py"))
    place = shown / "tightlip.toml"
    for line in ("Class          restricted", "prompt       block", "payments@acme.example", f"{place.name}:2"):
        assert line in out


def test_what_is_told_of_a_key_is_not_told_again_as_a_problem(governed, pay, capsys):
    pay.write("tightlip.toml", '[detect]\n  secret = { action = "off" }\n[bundle]\nid = "x"\n')
    told = plain(capsys)
    (key,) = [key for key in told["keys"] if key["name"] == "detect.secret.action"]
    assert any(voice["why"].startswith("ignored:") for voice in key["voices"])
    assert told["problems"] == ['tightlip.toml:3:1: ignored: only a policy of the organisation has a "bundle"']
