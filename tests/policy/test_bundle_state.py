"""Revisions and last good copies are remembered; a memory that is damaged is told, and neither believed nor reset."""

from __future__ import annotations

import os
import stat
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.policy.conftest import NOW
from tightlip.policy.bundle import Bundle
from tightlip.policy.bundle_state import Good, recall, remember

ACME = Bundle("acme", 7, None, None, "", "b.toml:1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "policy"


def good(
    revision: int | None = 7, place: str = "/org/b.toml", data: bytes = b"x = 1\n", signature: bytes = b"sig"
) -> Good:
    return Good(place, ACME._replace(revision=revision), data, signature)


def note(folder: Path, *found: Good, now: datetime = NOW) -> None:
    assert remember(recall(str(folder)), list(found), now) is None


def test_nothing_is_remembered_before_the_first_time(folder: Path):
    memory = recall(str(folder))
    assert (memory.revisions, memory.places, memory.problem) == ({}, {}, None)
    assert not folder.exists()


def test_what_was_noted_is_recalled_with_a_copy(folder: Path):
    note(folder, good(), good(3, "/org/other.toml", b"y", b"sig 2"))
    memory = recall(str(folder))
    assert memory.revisions == {"acme": 7}
    assert memory.places["/org/b.toml"].at == NOW
    found = memory.copy("/org/b.toml")
    assert found is not None
    assert found[1:] == (b"x = 1\n", b"sig")
    assert memory.copy("/org/nothing.toml") is None


def test_of_an_unsigned_policy_the_revision_is_noted_and_no_copy(folder: Path):
    note(folder, good(signature=b""))
    assert recall(str(folder)).revisions == {"acme": 7}
    assert [path.name for path in folder.iterdir()] == ["seen.json"]


def test_a_revision_never_falls(folder: Path):
    note(folder, good(7))
    note(folder, good(5))
    assert recall(str(folder)).revisions == {"acme": 7}


def test_two_processes_that_began_at_the_same_time_lose_no_revision(folder: Path):
    stale = recall(str(folder))
    note(folder, good(9))
    remember(stale, [good(7)], NOW)
    assert recall(str(folder)).revisions == {"acme": 9}


def test_what_is_known_is_not_written_again_on_the_same_day(folder: Path):
    note(folder, good())
    before = (folder / "seen.json").stat().st_ino
    note(folder, good(), now=NOW + timedelta(hours=23))
    assert (folder / "seen.json").stat().st_ino == before
    note(folder, good(), now=NOW + timedelta(hours=25))
    assert recall(str(folder)).places["/org/b.toml"].at == NOW + timedelta(hours=25)


def test_a_copy_that_was_lost_is_made_again(folder: Path):
    note(folder, good())
    found = recall(str(folder)).copy("/org/b.toml")
    assert found is not None
    Path(found[0]).unlink()
    assert recall(str(folder)).copy("/org/b.toml") is None
    note(folder, good())
    assert recall(str(folder)).copy("/org/b.toml") == found


def test_an_old_copy_goes_when_a_new_one_comes_and_other_files_stay(folder: Path):
    note(folder, good())
    (folder / "mine.toml").write_text("")
    note(folder, good(8, data=b"x = 2\n"))
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 4
    assert names[-2:] == ["mine.toml", "seen.json"]


def test_files_are_the_accounts_alone(folder: Path):
    before = os.umask(0)
    try:
        note(folder, good())
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "nonsense",
        '{"revisions": {"acme": "7"}, "places": {}}',
        '{"revisions": {"acme": -1}, "places": {}}',
        '{"revisions": {"acme": true}, "places": {}}',
        '{"revisions": {}, "places": {"/b": {"id": "a", "at": "2026-01-01", "copy": ""}}}',
        '{"revisions": {}, "places": {"/b": {"id": "a", "at": "2026-01-01T00:00:00+00:00", "copy": "../../x"}}}',
        "[" * 100_000,
    ],
)
def test_a_damaged_memory_is_told_and_stays_until_a_person_deletes_it(folder: Path, text: str):
    folder.mkdir(parents=True)
    file = folder / "seen.json"
    file.write_text(text)
    for _ in range(2):
        memory = recall(str(folder))
        assert memory.problem is not None
        assert str(memory.problem).startswith(f"{file}: what was seen of policies cannot be read")
        assert remember(memory, [good()], NOW) is None
        assert file.read_text() == text
    file.unlink()
    note(folder, good())
    assert recall(str(folder)).revisions == {"acme": 7}


def test_a_memory_of_another_kind_or_size_is_told(folder: Path):
    folder.mkdir(parents=True)
    os.mkfifo(folder / "seen.json")
    assert "not a regular file" in str(recall(str(folder)).problem)
    (folder / "seen.json").unlink()
    (folder / "seen.json").write_bytes(b" " * 1_000_001)
    assert "larger than" in str(recall(str(folder)).problem)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "state").write_text("")
    problem = remember(recall(str(tmp_path / "state" / "policy")), [good()], NOW)
    assert "cannot be remembered" in str(problem)


def test_an_account_without_a_home_is_told():
    assert "has no home" in str(remember(recall(""), [good()], NOW))
    assert remember(recall(""), [good(None, signature=b"")], NOW) is None


texts = st.text(st.characters(codec="utf-8"), max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=texts,
    place=texts,
    revision=st.integers(0, 2**63 - 1),
    now=st.datetimes(timezones=st.just(timezone.utc)),
)
def test_whatever_is_noted_is_recalled(tmp_path_factory, name: str, place: str, revision: int, now: datetime):
    folder = tmp_path_factory.mktemp("state")
    bundle = ACME._replace(id=name or "x", revision=revision)
    assert remember(recall(str(folder)), [Good(place, bundle, b"d", b"s")], now) is None
    memory = recall(str(folder))
    assert memory.problem is None
    assert memory.revisions == {bundle.id: revision}
    assert memory.places[place].at == now


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary() | st.recursive(st.none() | st.integers() | texts, lambda inner: st.dictionaries(texts, inner)).map(repr)
)
def test_no_bytes_make_the_memory_raise(tmp_path_factory, data: bytes | str):
    folder = tmp_path_factory.mktemp("state")
    (folder / "seen.json").write_bytes(data if isinstance(data, bytes) else data.replace("'", '"').encode())
    memory = recall(str(folder))
    assert memory.problem is not None
    assert memory.copy("x") is None
