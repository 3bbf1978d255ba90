"""What is kept is for its user alone, and what is another's is not believed."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from tightlip.detect.kept import is_own, keep, what_was_kept

POSIX = pytest.mark.skipif(os.name != "posix", reason="Windows gives a user's folders to him alone by inheritance")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def given_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() == 0:
        os.chown(folder, 4321, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 4321)


def test_what_is_kept_is_read_again_and_nothing_else_is_left(folder: Path) -> None:
    for content in (b"one", b"two"):
        keep(folder / "some-1.bin", content)
        assert what_was_kept(folder / "some-1.bin") == content
    assert [one.name for one in folder.iterdir()] == ["some-1.bin"]


def test_what_is_not_there_is_none(folder: Path) -> None:
    assert what_was_kept(folder / "some-1.bin") is None
    (folder / "some-2.bin").mkdir(parents=True)
    assert what_was_kept(folder / "some-2.bin") is None


@POSIX
def test_nobody_else_can_read_it(folder: Path) -> None:
    before = os.umask(0)
    try:
        keep(folder / "some-1.bin", b"one")
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "some-1.bin").stat().st_mode) == 0o600


@POSIX
def test_a_file_that_others_could_read_is_replaced_by_one_they_cannot(folder: Path) -> None:
    folder.mkdir()
    (folder / "some-1.bin").write_bytes(b"old")
    (folder / "some-1.bin").chmod(0o644)
    keep(folder / "some-1.bin", b"one")
    assert stat.S_IMODE((folder / "some-1.bin").stat().st_mode) == 0o600


@POSIX
def test_the_folder_of_somebody_else_is_neither_read_nor_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(folder / "some-1.bin", b"one")
    given_away(folder, monkeypatch)
    assert not is_own(folder)
    assert what_was_kept(folder / "some-1.bin") is None
    keep(folder / "some-2.bin", b"two")
    assert not (folder / "some-2.bin").exists()


def test_what_a_killed_process_left_is_removed_and_what_another_one_is_writing_stays(folder: Path) -> None:
    folder.mkdir()
    long_ago = time.time() - 2 * 3600
    for name in ("some-1.bin.12.345", "safe-1.json.12.345", "some-2.bin", "notes.12.345", "now.bin.12.345"):
        (folder / name).write_bytes(b"half")
        if not name.startswith("now"):
            os.utime(folder / name, (long_ago, long_ago))
    keep(folder / "some-3.bin", b"whole")
    assert sorted(one.name for one in folder.iterdir()) == [
        "notes.12.345",
        "now.bin.12.345",
        "some-2.bin",
        "some-3.bin",
    ]
