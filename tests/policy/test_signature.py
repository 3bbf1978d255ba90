"""A signature counts when one of the pinned signers made it, now, for policies, over exactly these bytes."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.policy.conftest import NOW, WHO, Org
from tightlip.errors import PolicyError
from tightlip.policy import signature as module
from tightlip.policy.ownership import Content
from tightlip.policy.signature import check, keygen, sign, verify


@pytest.fixture
def policy(org: Org) -> Path:
    path = org.write()
    org.sign(path)
    return path


def refusal(policy: Path, signers: Path, now: datetime = NOW) -> str:
    with pytest.raises(PolicyError) as caught:
        verify(policy, [signers], now)
    return str(caught.value)


def test_what_a_pinned_signer_signed_verifies_and_names_him(org: Org, policy: Path):
    signers = org.pin()
    found = verify(policy, [org.root / "absent", signers], NOW)
    assert (found.principal, found.signers) == (WHO, str(signers))


def test_a_changed_byte_is_told(org: Org, policy: Path):
    policy.write_bytes(policy.read_bytes() + b"\n")
    assert "changed after it was signed" in refusal(policy, org.pin())


def test_a_signature_for_something_else_is_told(org: Org, policy: Path):
    org.sign(policy, namespace="git")
    assert "was made for something else" in refusal(policy, org.pin())


def test_a_key_that_is_not_pinned_is_told(org: Org, policy: Path):
    org.sign(policy, "stranger")
    assert "does not name" in refusal(policy, org.pin())


def test_a_pinned_key_signs_only_for_the_namespaces_that_the_pin_names(org: Org, policy: Path):
    assert verify(policy, [org.pin(options='namespaces="tightlip-policy@v1"')], NOW).principal == WHO
    assert refusal(policy, org.pin(options='namespaces="git"'))


def test_a_signer_counts_from_his_first_moment_to_his_last_in_utc(
    org: Org, policy: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    signers = org.pin(options='valid-after="20260101",valid-before="20270101"')
    for moment in (datetime(2026, 1, 1, 0, 1), datetime(2026, 12, 31, 23, 59)):
        assert verify(policy, [signers], moment.replace(tzinfo=timezone.utc)).principal == WHO
    for moment in (datetime(2025, 12, 31, 23, 59), datetime(2027, 1, 1, 0, 1)):
        assert "does not let sign at this time" in refusal(policy, signers, moment.replace(tzinfo=timezone.utc))


def test_of_several_names_of_a_key_one_suffices(org: Org, policy: Path):
    signers = org.pin(options='namespaces="git"')
    public = signers.read_text().split()[-2:]
    signers.write_text(f"# ours\n{signers.read_text()}what is this\na@acme.example,b@acme.example {' '.join(public)}\n")
    assert verify(policy, [signers], NOW).principal == "a@acme.example"


def test_signers_that_others_may_write_are_refused(org: Org, policy: Path):
    signers = org.pin()
    signers.chmod(0o666)
    assert "others may write" in refusal(policy, signers)


def test_what_is_missing_is_told(org: Org, policy: Path):
    assert "no file of allowed signers" in refusal(policy, org.root / "absent")
    policy.with_name("tightlip.toml.sig").unlink()
    assert "tightlip.toml.sig: cannot read this file" in refusal(policy, org.pin())


def test_a_signature_is_not_replaced_unless_told(org: Org, policy: Path):
    before = policy.with_name("tightlip.toml.sig").read_bytes()
    policy.write_text("x = 1\n")
    with pytest.raises(PolicyError, match="there is a signature already"):
        sign(policy, org.keys / "security")
    assert policy.with_name("tightlip.toml.sig").read_bytes() == before
    sign(policy, org.keys / "security", overwrite=True)
    assert verify(policy, [org.pin()], NOW).principal == WHO
    assert sorted(path.name for path in org.folder.iterdir()) == [
        "allowed_signers",
        "tightlip.toml",
        "tightlip.toml.sig",
    ]


def test_a_key_that_cannot_sign_leaves_no_signature(org: Org, capfd: pytest.CaptureFixture[str]):
    path = org.write()
    with pytest.raises(PolicyError, match="did not sign"):
        sign(path, org.root / "absent")
    assert not path.with_name("tightlip.toml.sig").exists()
    assert "absent" in capfd.readouterr().err


def test_the_program_is_never_one_that_the_user_may_have_put_there(org: Org, monkeypatch: pytest.MonkeyPatch):
    """Not from the current folder, not from a relative entry of PATH, not from a folder that others write."""
    planted = org.root / "bin" / "ssh-keygen"
    planted.parent.mkdir()
    planted.write_text("#!/bin/sh\nexit 0\n")
    planted.chmod(0o777)
    monkeypatch.chdir(planted.parent)
    monkeypatch.setenv("PATH", f"{planted.parent}:.::bin:/usr/bin")
    assert keygen() not in (str(planted), "./ssh-keygen", "/ssh-keygen")
    monkeypatch.setattr(module, "_FOLDERS", ())
    assert keygen() == "/usr/bin/ssh-keygen"
    monkeypatch.setenv("PATH", f"{planted.parent}:.::bin")
    with pytest.raises(PolicyError, match="install OpenSSH"):
        keygen()


def test_without_the_program_nothing_verifies(org: Org, policy: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_FOLDERS", ())
    monkeypatch.setenv("PATH", "")
    assert "there is no ssh-keygen" in refusal(policy, org.pin())


def test_a_program_that_hangs_is_given_up(org: Org, policy: Path, monkeypatch: pytest.MonkeyPatch):
    slow = org.root / "slow"
    slow.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(module, "keygen", lambda: str(slow))
    monkeypatch.setattr(module, "_TIMEOUT", 0.2)
    assert "did not answer" in refusal(policy, org.pin())


def test_a_program_that_cannot_be_started_is_told(org: Org, policy: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "keygen", lambda: str(org.root / "absent"))
    assert "cannot be checked" in refusal(policy, org.pin())


def test_the_program_sees_nothing_of_the_users_environment(org: Org, policy: Path, monkeypatch: pytest.MonkeyPatch):
    recorder = org.root / "recorder"
    recorder.write_text(f"#!/bin/sh\n/usr/bin/env > {org.root}/seen\nexit 1\n")
    recorder.chmod(0o755)
    monkeypatch.setattr(module, "keygen", lambda: str(recorder))
    monkeypatch.setenv("LD_PRELOAD", "")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/somewhere")
    assert refusal(policy, org.pin())
    seen = {line.partition("=")[0] for line in (org.root / "seen").read_text().splitlines()}
    assert seen - {"PWD", "SHLVL", "_", "OLDPWD"} == {"LC_ALL", "PATH", "TZ"}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=300))
def test_random_bytes_are_refused_in_a_sentence(data: bytes, signature: bytes, signers: bytes):
    with pytest.raises(PolicyError) as caught:
        check(data, signature, Content("/signers", signers, ""), NOW)
    assert "\n" not in str(caught.value)


def test_a_file_of_the_wrong_kind_beside_it_does_not_make_it_wait(org: Org, policy: Path):
    signature = policy.with_name("tightlip.toml.sig")
    signature.unlink()
    os.mkfifo(signature)
    assert "not a regular file" in refusal(policy, org.pin())
