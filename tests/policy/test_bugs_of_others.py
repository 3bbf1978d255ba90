"""Faults that other tools had in their managed settings, one test for each; what they were stands in the docstrings."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve

from tests.policy.conftest import NOW, Org, told
from tightlip.policy import signature
from tightlip.policy.organisation import State
from tightlip.policy.places import Places, places


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_no_place_of_the_organisation_is_one_where_users_may_create_folders(platform: str):
    """Managed settings were read from C:\\ProgramData, where every user may make the folder before the administrator does."""
    found = places({"ProgramData": r"C:\ProgramData"}, platform)
    for path in (found.folder, found.managed, found.signers[0]):
        assert "ProgramData" not in path
        assert not path.startswith(("/tmp", "/var/tmp", "/Users/Shared"))


def test_no_policy_is_read_from_a_part_of_the_registry_that_a_user_writes():
    """A policy in HKEY_CURRENT_USER counted where no administrator had set one."""
    assert places({}, "win32").managed.startswith("HKLM\\")


def test_no_variable_moves_the_organisations_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Variables for one part of telemetry led it away from the endpoint that the organisation had set."""
    moved = {
        name: str(tmp_path)
        for name in (
            *(
                "HOME",
                "USERPROFILE",
                "APPDATA",
                "LOCALAPPDATA",
                "ProgramFiles",
                "ProgramW6432",
                "ProgramData",
                "ALLUSERSPROFILE",
            ),
            *(
                "XDG_CONFIG_HOME",
                "XDG_CONFIG_DIRS",
                "XDG_STATE_HOME",
                "XDG_DATA_HOME",
                "XDG_DATA_DIRS",
                "XDG_CACHE_HOME",
            ),
            *(
                "TIGHTLIP_POLICY_BUNDLE",
                "TIGHTLIP_CONFIG",
                "TIGHTLIP_CACHE_DIR",
                "SUDO_USER",
                "USER",
                "LOGNAME",
                "TMPDIR",
            ),
        )
    }
    for platform in ("linux", "darwin", "win32"):
        before = places({}, platform)._replace(user="")
        with monkeypatch.context() as environment:
            for name, value in moved.items():
                environment.setenv(name, value)
            assert places(moved, platform)._replace(user="") == before
            assert places(None, platform)._replace(user="") == before


def test_a_variable_cannot_bring_its_own_signers(org: Org, monkeypatch: pytest.MonkeyPatch):
    """Of the same kind: whoever can set TIGHTLIP_POLICY, as an .envrc can, could name signers by $XDG_CONFIG_HOME too."""
    org = org.bundle(key="stranger")
    Path(org.places.signers[0]).unlink()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(org.root / "xdg"))
    monkeypatch.setenv("HOME", str(org.root / "xdg"))
    for folder in (".config/tightlip", "tightlip"):
        org.pin("stranger", where=org.root / "xdg" / folder / "allowed_signers")
    machine = places({"TIGHTLIP_POLICY": str(org.bundle_path)}, "linux")._replace(folder=str(org.folder), state="")
    found = evolve(org, places=machine).read()
    assert (found.broken, found.files) == (True, ())


def test_a_planted_ssh_keygen_vouches_for_nothing(org: Org, monkeypatch: pytest.MonkeyPatch):
    """Of the same kind: a PATH that begins with a folder of the user's, with a program in it that says yes to everything."""
    planted = org.root / "home/bin/ssh-keygen"
    planted.parent.mkdir(parents=True)
    planted.write_text("#!/bin/sh\necho me\nexit 0\n")
    planted.chmod(0o755)
    planted.parent.chmod(0o777)
    org = org.bundle(key="stranger")
    monkeypatch.setenv("PATH", f"{planted.parent}:{os.environ['PATH']}")
    assert org.read().broken
    monkeypatch.setattr(signature, "_FOLDERS", ())
    assert org.read().broken


@pytest.mark.parametrize("mistake", ["not = = toml", "[bundle]\nrevison = 3\n", "\x00"])
def test_one_mistake_leaves_the_rest_of_the_policy_in_force(org: Org, mistake: str):
    """One invalid entry silently switched off all that stood after it."""
    org.write()
    org.write("policy.d/10-a.toml", mistake)
    org.write("policy.d/20-b.toml")
    found = org.read()
    assert {"tightlip.toml", "20-b.toml"} <= {Path(file.path).name for file in found.files}
    assert "10-a.toml" in told(found)


@pytest.mark.parametrize("content", [b"[detect.secret]\naction = ", b"\xff\xfe", b"\x00"])
def test_a_policy_that_cannot_be_parsed_is_no_absent_policy(org: Org, content: bytes):
    """A managed value with a syntax error was not applied, and everything was allowed; or a team's rules were dropped."""
    org.write(text=content)
    found = org.read()
    assert found.broken
    assert found.state is not State.ABSENT
    assert "is not in force" in found.sentence


def test_a_stripped_signature_is_a_failure(org: Org):
    """A bundle without any signature was accepted, since there was nothing to check (GHSA-g2pf-6v5v-qcc8)."""
    org = org.bundle()
    org.bundle_path.with_name("bundle.toml.sig").unlink()
    found = org.read()
    assert (found.state, found.broken, found.files) == (State.UNTRUSTED, True, ())
    assert "there is no signature beside this file" in told(found)


def test_no_signers_is_a_failure_too(org: Org):
    """The same fault, from the other end: no key was configured, so none was asked for."""
    org = org.bundle()
    Path(org.places.signers[0]).unlink()
    found = org.read()
    assert (found.broken, found.files) == (True, ())
    assert "nobody may sign yet" in told(found)
    Path(org.places.signers[0]).write_text("")
    assert org.read().broken


def test_a_bundle_that_cannot_be_had_closes_and_does_not_open(org: Org):
    """Settings that could not be fetched again were none; later a switch came to fail closed. Here it is the only way."""
    org = evolve(org, places=org.places._replace(bundle=str(org.root / "not/mounted.toml")))
    found = org.read()
    assert (found.state, found.broken) == (State.UNTRUSTED, True)
    assert "mounted.toml: cannot read this file" in found.sentence


def test_the_last_good_policy_is_kept_when_a_new_one_fails(org: Org):
    """Good manners of others, kept: a bundle that does not verify leaves the one before it in force, and not for ever."""
    org = org.bundle()
    org.read()
    org.bundle_path.write_text("[bundle]\n")
    assert (org.read().state, org.read().broken, len(org.read().files)) == (State.STALE, False, 1)
    assert org.read(NOW + timedelta(days=31)).broken


def test_no_source_of_the_organisation_replaces_another(org: Org):
    """Of two sources of administrators one hid the other, and a lower one could win; here all count, in a fixed order."""
    org.write()
    org.write("policy.d/10-a.toml")
    found = org.bundle().read()
    assert [Path(file.path).name for file in found.files] == ["tightlip.toml", "10-a.toml", "bundle.toml"]


def test_what_a_user_writes_is_never_the_organisations(org: Org):
    """A user's and a project's settings could widen lists that were managed."""
    user = Path(org.places.user) / "tightlip.toml"
    user.parent.mkdir(parents=True)
    user.write_text("[inline]\nallow = true\n")
    assert org.read().state is State.ABSENT
    link = org.write("policy.d/10-a.toml")
    link.unlink()
    user.parent.chmod(0o777)
    link.symlink_to(user)
    found = org.read()
    assert (found.state, found.files) == (State.UNTRUSTED, ())


def test_a_revision_that_was_seen_does_not_come_back(org: Org):
    """An old policy, rightly signed, can be put back by whoever may write the file, unless revisions only rise."""
    org.bundle(head='id = "acme"\nrevision = 8\n').read()
    found = org.bundle(head='id = "acme"\nrevision = 7\n').read()
    assert found.bundle is not None
    assert (found.bundle.revision, found.state) == (8, State.STALE)


def test_a_deleted_rule_is_gone_at_the_next_reading(org: Org):
    """Allow rules that had been removed stayed in force until a restart."""
    path = org.write("policy.d/10-a.toml")
    assert len(org.read().files) == 1
    assert {str(path), str(path.parent), str(org.folder)} <= set(org.read().watched)
    path.unlink()
    assert (org.read().files, org.read().state) == ((), State.ABSENT)


def test_a_policy_for_a_later_day_or_an_earlier_one_is_not_in_force(org: Org):
    """Expiry and first day were written into manifests, and not everywhere looked at."""
    for head in ("not_before = 2026-11-23\n", "expires = 2026-10-01\n"):
        found = org.bundle(head=head).read()
        assert (found.broken, found.files) == (True, ())


def test_root_is_no_exception(org: Org):
    """Who runs as root, as in a container, was let off the checks of ownership."""
    org.write().chmod(0o666)
    assert evolve(org, places=Places(str(org.folder))).read().state is State.UNTRUSTED
