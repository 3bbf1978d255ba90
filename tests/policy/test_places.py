"""Where policies lie, on each system; the environment moves nothing but the user's own file."""

from __future__ import annotations

import os
import pwd
from pathlib import Path
from types import SimpleNamespace

import pytest

from tightlip.policy.places import Places, places, user_file

HOME = pwd.getpwuid(os.getuid()).pw_dir.rstrip("/")


def test_on_linux():
    found = places({}, "linux")
    assert found.folder == "/etc/tightlip"
    assert found.signers == ("/etc/tightlip/allowed_signers", f"{HOME}/.config/tightlip/allowed_signers")
    assert found.state == f"{HOME}/.local/state/tightlip/policy"
    assert (found.bundle, found.managed) == ("", "")


def test_on_macos():
    found = places({}, "darwin")
    folder = "/Library/Application Support/tightlip"
    assert found.folder == folder
    assert found.signers == (f"{folder}/allowed_signers", f"{HOME}{folder}/allowed_signers")
    assert found.managed == "/Library/Managed Preferences/tightlip.plist"


def test_on_windows():
    found = places({}, "win32")
    assert found.folder == r"C:\Program Files\tightlip"
    assert found.signers[0] == r"C:\Program Files\tightlip\allowed_signers"
    assert found.managed == r"HKLM\SOFTWARE\Policies\tightlip"


def test_a_bundle_is_named_by_the_one_variable():
    assert places({"TIGHTLIP_POLICY": "/opt/acme.toml"}, "linux").bundle == "/opt/acme.toml"
    assert places({"TIGHTLIP_POLICY": ""}, "linux").bundle == ""


def test_an_account_that_is_in_no_user_table_pins_and_remembers_nothing(monkeypatch: pytest.MonkeyPatch):
    def unknown(_: int) -> SimpleNamespace:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    found = places({}, "linux")
    assert (found.signers, found.state) == (("/etc/tightlip/allowed_signers",), "")


def test_the_users_own_file_is_found_where_the_system_keeps_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    found = places({}, "linux")
    assert user_file(found) is None
    (tmp_path / "tightlip").mkdir()
    (tmp_path / "tightlip" / "tightlip.toml").write_text("")
    assert user_file(found) == tmp_path / "tightlip" / "tightlip.toml"
    (tmp_path / "tightlip" / "tightlip.toml").unlink()
    (tmp_path / "tightlip" / "tightlip.toml").symlink_to("nowhere")
    assert user_file(found) is not None


def test_a_users_folder_that_is_relative_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tightlip.toml").write_text("")
    assert user_file(Places("/etc/tightlip", user=".")) is None
    assert user_file(Places("/etc/tightlip")) is None
