"""A policy is signed and verified with a real ssh-keygen, and one with mistakes is not signed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.policy.conftest import WHO, Org
from tightlip.__main__ import main


@pytest.fixture
def draft(folder: Path) -> Path:
    path = folder / "org.toml"
    path.write_text('[bundle]\nid = "acme"\nrevision = 7\nexpires = 2099-01-01\n[detect.pii]\naction = "block"\n')
    return path


def policy(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(["policy", *arguments])
    return (code, *capsys.readouterr())


def test_what_is_signed_verifies_and_tells_whom_and_what(org: Org, draft, capsys):
    key, signers = str(org.keys / "security"), str(org.pin())
    code, out, _ = policy(capsys, "sign", "org.toml", "--key", key)
    assert (code, out.split(".sig written")[0]) == (0, "org.toml")
    code, out, _ = policy(capsys, "verify", "org.toml", "--signers", signers)
    assert (code, out) == (0, f"org.toml: signed by {WHO}, as {signers} allows; acme revision 7, expires 2099-01-01.\n")
    code, out, _ = policy(capsys, "verify", "org.toml", "--signers", signers, "--format", "json")
    told = json.loads(out)
    assert (code, told["verified"], told["principal"], told["revision"]) == (0, True, WHO, 7)


def test_a_changed_policy_does_not_verify(org: Org, draft, capsys):
    assert policy(capsys, "sign", "org.toml", "--key", str(org.keys / "security"))[0] == 0
    draft.write_text(draft.read_text() + "\n")
    for form in ("text", "json"):
        code, out, _ = policy(capsys, "verify", "org.toml", "--signers", str(org.pin()), "--format", form)
        assert code == 1
        assert "changed after it was signed" in out


def test_without_a_signature_nothing_verifies(org: Org, draft, capsys):
    assert policy(capsys, "verify", "org.toml", "--signers", str(org.pin()))[0] == 1
    assert policy(capsys, "verify", "absent.toml")[0] == 2


@pytest.mark.parametrize(
    ("line", "told", "place"),
    [
        ("expires = 2020-01-01", "policy acme revision 7 expired more than 30 days ago; get the newest one", 1),
        ("not_before = 2099-01-01", "policy acme revision 7 is in force only from 2099-01-01 00:00 UTC", 1),
        ('not_before = "soon"', '"not_before" must be a date or a time, as in 2027-01-31 or 2027-01-31T08:00:00Z', 4),
    ],
)
def test_what_is_well_signed_and_not_in_force_does_not_verify(
    org: Org, draft, capsys, line: str, told: str, place: int
):
    draft.write_text(f'[bundle]\nid = "acme"\nrevision = 7\n{line}\n')
    org.sign(draft)
    signers = str(org.pin())
    code, out, _ = policy(capsys, "verify", "org.toml", "--signers", signers)
    assert code == 1
    assert out.startswith(f"org.toml: signed by {WHO}")
    assert out.splitlines()[1:] == [f"org.toml:{place}:1: {told}"]
    code, out, _ = policy(capsys, "verify", "org.toml", "--signers", signers, "--format", "json")
    found = json.loads(out)
    assert (code, found["verified"]) == (1, True)
    assert found["problems"] == [{"line": place, "column": 1, "message": told}]
    assert {"id", "revision", "not_before", "expires"} <= found.keys()


def test_the_pinned_signers_are_those_of_the_machine(org: Org, draft, monkeypatch, capsys):
    monkeypatch.setattr("tightlip.cli.policy.verify.places", lambda: org.places)
    assert policy(capsys, "sign", "org.toml", "--key", str(org.keys / "stranger"))[0] == 0
    org.pin()
    assert policy(capsys, "verify", "org.toml")[0] == 1
    assert policy(capsys, "sign", "org.toml", "--force", "--key", str(org.keys / "security"))[0] == 0
    assert policy(capsys, "verify", "org.toml")[0] == 0


def test_a_signature_is_replaced_only_when_asked(org: Org, draft, capsys):
    key = str(org.keys / "security")
    assert policy(capsys, "sign", "org.toml", "--key", key)[0] == 0
    before = Path("org.toml.sig").read_bytes()
    code, _, err = policy(capsys, "sign", "org.toml", "--key", key)
    assert (code, err) == (2, "tightlip: org.toml.sig: there is a signature already; replace it with --force\n")
    assert Path("org.toml.sig").read_bytes() == before


def test_a_policy_with_mistakes_is_not_signed(org: Org, draft, capsys):
    draft.write_text('[detect.pii]\nacton = "off"\n')
    code, _, err = policy(capsys, "sign", "org.toml", "--key", str(org.keys / "security"))
    assert code == 2
    assert 'org.toml:2:1: unknown key "acton"' in err
    assert not Path("org.toml.sig").exists()


def test_a_key_that_is_none_is_told(org: Org, draft, capfd):
    assert main(["policy", "sign", "org.toml", "--key", "absent"]) == 2
    assert "ssh-keygen did not sign with the key" in capfd.readouterr().err
    assert not Path("org.toml.sig").exists()
