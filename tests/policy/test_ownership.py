"""A file is believed only when nobody but its administrator can have written it; reading it never waits."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.errors import PolicyError
from tightlip.policy import ownership
from tightlip.policy.ownership import doubt_about, read_content

GiveAway = Callable[[Path], None]


@pytest.fixture(autouse=True)
def administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ownership, "ADMINISTRATOR", frozenset({0, os.getuid()}))


@pytest.fixture
def give_away(monkeypatch: pytest.MonkeyPatch) -> GiveAway:
    """Let a file or link belong to somebody else; who may not do that sees it so."""
    away: set[str] = set()
    real = os.lstat

    def lstat(path: str | Path) -> os.stat_result:
        status = real(path)
        if str(path) not in away:
            return status
        fields = list(status)
        fields[stat.ST_UID] = 4711
        return os.stat_result(fields)

    def give(path: Path) -> None:
        if os.getuid() == 0:
            os.chown(path, 4711, -1, follow_symlinks=False)
        else:
            away.add(str(path))
            monkeypatch.setattr(os, "lstat", lstat)

    return give


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a" / "b" / "tightlip.toml"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x = 1\n")
    return path


def doubt(path: Path) -> str:
    found = read_content(str(path))
    assert found.doubt == doubt_about(str(path))
    return found.doubt


def test_a_file_in_folders_that_only_the_administrator_writes_is_believed(file: Path):
    found = read_content(str(file))
    assert (found.data, found.doubt) == (b"x = 1\n", "")


def test_files_of_the_system_are_believed_by_every_user(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ownership, "ADMINISTRATOR", frozenset({0}))
    assert read_content("/etc/passwd").doubt == ""


@pytest.mark.parametrize("up", [0, 1, 2])
def test_a_part_of_the_path_that_belongs_to_a_user_is_a_doubt(file: Path, give_away: GiveAway, up: int):
    theirs = (file, *file.parents)[up]
    give_away(theirs)
    assert doubt(file) == f"{theirs} belongs to the user 4711, not to root or to you: run chown root {theirs}".replace(
        " or to you" if os.getuid() == 0 else "", ""
    )


@pytest.mark.parametrize("up", [0, 1, 2])
@pytest.mark.parametrize("mode", [0o777, 0o757, 0o775])
def test_a_part_of_the_path_that_others_may_write_is_a_doubt_for_root_too(file: Path, up: int, mode: int):
    """A group's right counts as everybody's, and it is where a POSIX ACL shows."""
    theirs = (file, *file.parents)[up]
    theirs.chmod(mode)
    assert doubt(file) == f"others may write {theirs} (mode {mode:04o}): run chmod go-w {theirs}"


def test_a_link_into_a_folder_of_a_users_is_a_doubt(file: Path, tmp_path: Path, give_away: GiveAway):
    home = tmp_path / "home"
    home.mkdir()
    target = home / "mine.toml"
    target.write_bytes(b"x = 2\n")
    link = tmp_path / "a" / "link.toml"
    link.symlink_to("../home/mine.toml")
    assert read_content(str(link)).data == b"x = 2\n"
    assert doubt(link) == ""
    give_away(home)
    assert str(home) in doubt(link)


def test_a_link_that_lies_in_a_folder_of_a_users_is_a_doubt_though_its_target_is_not(
    file: Path, tmp_path: Path, give_away: GiveAway
):
    home = tmp_path / "home"
    home.mkdir()
    (home / "link").symlink_to(file.parent)
    outer = tmp_path / "outer"
    outer.symlink_to(home / "link")
    assert doubt(outer / file.name) == ""
    home.chmod(0o777)
    assert str(home) in doubt(outer / file.name)
    home.chmod(0o755)
    give_away(home / "link")
    assert f"{home}/link belongs to the user 4711" in doubt(outer / file.name)


def test_a_way_through_a_users_folder_and_back_is_a_doubt(file: Path, tmp_path: Path):
    (tmp_path / "home").mkdir(mode=0o777)
    (tmp_path / "home").chmod(0o777)
    assert str(tmp_path / "home") in doubt(tmp_path / "home" / ".." / "a" / "b" / "tightlip.toml")


def test_in_a_sticky_folder_only_what_belongs_to_the_administrator_and_has_one_name_is_believed(
    tmp_path: Path, give_away: GiveAway
):
    everybody = tmp_path / "tmp"
    everybody.mkdir()
    everybody.chmod(0o1777)
    file = everybody / "tightlip.toml"
    file.write_bytes(b"")
    assert doubt(file) == ""
    os.link(file, everybody / "second")
    assert "has a second name" in doubt(file)
    (everybody / "second").unlink()
    give_away(file)
    assert "belongs to the user 4711" in doubt(file)


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path, make: Callable[[Path], None]):
    path = tmp_path / "tightlip.toml"
    make(path)
    with pytest.raises(PolicyError, match="not a regular file") as caught:
        read_content(str(path))
    assert caught.value.file == str(path)


def test_links_in_a_circle_and_into_nothing_are_refused(tmp_path: Path):
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    (tmp_path / "gone").symlink_to("nowhere")
    for name in ("one", "gone", "absent"):
        with pytest.raises(PolicyError, match="cannot read this file"):
            read_content(str(tmp_path / name))


def test_a_file_larger_than_the_limit_is_refused(file: Path):
    file.write_bytes(b"#" * 1_000_000)
    assert len(read_content(str(file)).data) == 1_000_000
    file.write_bytes(b"#" * 1_000_001)
    with pytest.raises(PolicyError, match="larger than 1000 kB"):
        read_content(str(file))


def test_a_file_that_grows_while_it_is_read_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "read", lambda _, size: b"#" * min(size, 65536))
    with pytest.raises(PolicyError, match="larger than"):
        read_content(str(file))


def test_a_file_that_is_exchanged_between_the_look_and_the_opening_is_a_doubt(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    other = tmp_path / "other"
    other.write_bytes(b"x = 2\n")
    real = os.open

    def exchange(path: str, flags: int) -> int:
        other.replace(file)
        return real(path, flags)

    monkeypatch.setattr(os, "open", exchange)
    assert "was replaced while it was read" in read_content(str(file)).doubt


def test_a_link_put_there_between_the_look_and_the_opening_is_not_followed(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    real = os.open

    def exchange(path: str, flags: int) -> int:
        file.unlink()
        file.symlink_to("/etc/passwd")
        return real(path, flags)

    monkeypatch.setattr(os, "open", exchange)
    with pytest.raises(PolicyError, match="cannot read this file"):
        read_content(str(file))


@given(st.text(max_size=40))
def test_no_path_makes_it_fail_in_another_way(path: str):
    try:
        read_content(path)
    except PolicyError as error:
        assert "\n" not in str(error)
