"""The workspace's key: made once, kept outside, read by nobody else."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tightlip.errors import TightlipError
from tightlip.redact import key as key_module
from tightlip.redact.key import SIZE, VARIABLE, Key, ephemeral_key, key_path, workspace_key


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user data folder of this test's own."""
    home = tmp_path / "data"
    monkeypatch.setattr(key_module.platformdirs, "user_data_dir", lambda *_, **__: str(home))
    monkeypatch.delenv(VARIABLE, raising=False)
    return home


@pytest.fixture
def root(tmp_path: Path) -> Path:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    return workspace


def test_a_workspace_has_one_key_and_keeps_it(data: Path, root: Path):
    first = workspace_key(root)
    assert workspace_key(root) == first
    assert len(first.secret) == SIZE
    assert first.path == key_path(root)
    assert data in first.path.parents
    other = root / "other"
    other.mkdir()
    assert workspace_key(other).secret != first.secret


def test_a_link_to_a_workspace_is_the_same_workspace(data: Path, root: Path, tmp_path: Path):
    link = tmp_path / "link"
    link.symlink_to(root)
    assert workspace_key(link).secret == workspace_key(root).secret


def test_nobody_else_can_read_the_key_or_list_the_keys(data: Path, root: Path):
    path = workspace_key(root).path
    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_that_others_can_read_is_refused(data: Path, root: Path, mode: int):
    path = workspace_key(root).path
    assert path is not None
    path.chmod(mode)
    with pytest.raises(TightlipError, match="chmod 600"):
        workspace_key(root)


def test_a_symbolic_link_is_not_followed(data: Path, root: Path, tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(bytes(SIZE))
    elsewhere.chmod(0o600)
    path = key_path(root)
    path.parent.mkdir(parents=True)
    path.symlink_to(elsewhere)
    with pytest.raises(TightlipError, match="symbolic link"):
        workspace_key(root)


@pytest.mark.parametrize("content", [b"", b"short", bytes(SIZE + 1)])
def test_a_file_that_holds_no_key_is_refused_and_not_overwritten(data: Path, root: Path, content: bytes):
    path = key_path(root)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(TightlipError, match="32 bytes"):
        workspace_key(root)
    assert path.read_bytes() == content


def test_a_folder_in_the_key_s_place_is_refused(data: Path, root: Path):
    key_path(root).mkdir(parents=True)
    with pytest.raises(TightlipError, match="regular file"):
        workspace_key(root)


def test_the_environment_names_another_file(data: Path, root: Path, tmp_path: Path):
    path = tmp_path / "my.key"
    made = workspace_key(root, {VARIABLE: str(path)})
    assert made == Key(path.read_bytes(), path)
    assert workspace_key(None, {VARIABLE: str(path)}) == made
    assert not data.exists()


def test_a_key_file_inside_the_workspace_is_refused(data: Path, root: Path):
    with pytest.raises(TightlipError, match="outside"):
        workspace_key(root, {VARIABLE: str(root / "sub" / ".." / "k")})
    assert list(root.iterdir()) == []


def test_a_key_file_in_a_folder_that_does_not_exist_is_an_error_with_its_path(root: Path, tmp_path: Path):
    with pytest.raises(TightlipError, match="create it") as caught:
        workspace_key(root, {VARIABLE: str(tmp_path / "no" / "k")})
    assert caught.value.file == str(tmp_path / "no" / "k")


def test_without_a_workspace_the_key_lives_in_the_process_only(data: Path):
    one, other = workspace_key(None), ephemeral_key()
    assert one.path is None
    assert other.path is None
    assert len(one.secret) == SIZE
    assert one.secret != other.secret
    assert not data.exists()


def test_a_home_that_cannot_be_written_gives_an_ephemeral_key(data: Path, root: Path, monkeypatch: pytest.MonkeyPatch):
    data.write_text("a file where the folder should be")
    assert workspace_key(root).path is None
    data.unlink()

    def read_only(*_: object, **__: object) -> int:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(key_module.os, "link", read_only)
    assert workspace_key(root).path is None


def test_a_workspace_that_is_the_home_gets_no_key_inside_it(data: Path):
    data.mkdir()
    assert workspace_key(data).path is None
    assert list(data.iterdir()) == []


def test_a_file_system_without_hard_links_keeps_a_key_too(data: Path, root: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(key_module.os, "link", refuse)
    first = workspace_key(root)
    assert first.path is not None
    assert workspace_key(root) == first
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o600
    assert [one.name for one in first.path.parent.iterdir()] == [first.path.name]


def test_processes_that_ask_at_once_get_the_same_key(data: Path, root: Path, tmp_path: Path):
    path = tmp_path / "shared.key"
    go = tmp_path / "go"
    script = (
        "import pathlib, sys\n"
        "from tightlip.redact.key import workspace_key\n"
        "while not pathlib.Path(sys.argv[1]).exists():\n    pass\n"
        "print(workspace_key(None).secret.hex())\n"
    )
    environ = {**os.environ, VARIABLE: str(path), "PYTHONPATH": os.pathsep.join(sys.path)}
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(go)], env=environ, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    go.touch()
    keys = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert keys == {path.read_bytes().hex()}
    assert sorted(one.name for one in tmp_path.iterdir() if "key" in one.name) == ["shared.key"]


def test_neither_key_nor_folder_name_shows(data: Path, root: Path):
    made = workspace_key(root)
    assert made.secret.hex() not in repr(made)
    assert repr(made.secret) not in repr(made)
    assert made.path is not None
    assert "workspace" not in made.path.name
