from __future__ import annotations

import bz2
import gzip
import io
import tarfile
import time
import zipfile

import pytest

from tightlip.cli.archive import DEPTH, Member, is_archive, members

MAX = 1_000_000
SECRET = b"key = 'value'\n"


def zipped(contents, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return file.getvalue()


def tarred(contents, mode="w"):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:
        for name, data in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def read(data, name="a.zip", max_size=MAX):
    return list(members(io.BytesIO(data), len(data), name, max_size))


def texts(data, name="a.zip", max_size=MAX):
    return {item.name: item.data for item in read(data, name, max_size) if isinstance(item, Member)}


def reasons(data, name="a.zip", max_size=MAX):
    return [item.reason for item in read(data, name, max_size) if not isinstance(item, Member)]


@pytest.mark.parametrize(
    ("name", "data", "inside"),
    [
        ("a.zip", zipped({"x/a.txt": SECRET}), "a.zip!/x/a.txt"),
        ("a.jar", zipped({"a.txt": SECRET}, zipfile.ZIP_STORED), "a.jar!/a.txt"),
        ("a.tar", tarred({"x/a.txt": SECRET}), "a.tar!/x/a.txt"),
        ("a.tgz", tarred({"a.txt": SECRET}, "w:gz"), "a.tgz!/a.txt"),
        ("a.tar.bz2", tarred({"a.txt": SECRET}, "w:bz2"), "a.tar.bz2!/a.txt"),
        ("log.txt.gz", gzip.compress(SECRET), "log.txt.gz!/log.txt"),
        ("log.bz2", bz2.compress(SECRET), "log.bz2!/log"),
        ("a.zip", zipped({"in/b.tar.gz": tarred({"a.txt": SECRET}, "w:gz")}), "a.zip!/in/b.tar.gz!/a.txt"),
    ],
    # archives hold the time they were made at: in a test's name it would be another one in each of its processes
    ids=lambda value: value if isinstance(value, str) else "data",
)
def test_members_of_every_kind_of_archive_are_read(name, data, inside):
    assert is_archive(data[:512])
    assert texts(data, name) == {inside: SECRET}


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\..\\windows", "a/./../../b"])
def test_member_names_cannot_lead_out_of_the_archive(name):
    for data in (zipped({name: SECRET}), tarred({name: SECRET})):
        (shown,) = texts(data)
        assert ".." not in shown
        assert shown.startswith("a.zip!/")
        assert "!//" not in shown


def test_nesting_ends_at_the_limit_and_says_so():
    data = SECRET
    for _ in range(DEPTH + 1):
        data = zipped({"inner.zip": data})
    assert reasons(data) == ["limit"]
    assert texts(data) == {}


def test_member_larger_than_the_limit_is_named_not_read():
    data = zipped({"big.txt": b"ab" * MAX, "small.txt": SECRET}, zipfile.ZIP_STORED)
    assert reasons(data) == ["too-large"]
    assert list(texts(data)) == ["a.zip!/small.txt"]
    assert reasons(tarred({"big.txt": b"ab" * MAX})) == ["too-large"]
    assert reasons(gzip.compress(bytes(range(256)) * 8000)) == ["too-large"]


def test_zip_bomb_costs_neither_time_nor_memory():
    bomb = zipped({f"{number}.txt": bytes(900_000) for number in range(50)})
    assert set(reasons(bomb)) == {"limit"}
    assert texts(bomb) == {}


def test_tar_and_gzip_bombs_end_at_the_ratio():
    start = time.perf_counter()
    for bomb in (gzip.compress(bytes(60_000_000), 1), tarred({"a": bytes(60_000_000)}, "w:gz")):
        assert set(reasons(bomb)) <= {"limit", "too-large"}
        assert texts(bomb) == {}
    assert time.perf_counter() - start < 20  # making them takes the time; a bomb that goes off takes minutes


def test_many_members_end_at_the_limit(monkeypatch):
    monkeypatch.setattr("tightlip.cli.archive.MEMBERS", 10)
    data = zipped({f"{number}.txt": SECRET for number in range(30)})
    assert len(texts(data)) == 10
    assert reasons(data) == ["limit"]


def test_total_of_all_members_ends_at_the_limit():
    data = tarred({f"{number}.txt": bytes([65 + number % 26]) * 9_000 for number in range(60)})
    assert reasons(data, max_size=10_000) == ["limit"]
    assert 15 <= len(texts(data, max_size=10_000)) <= 25


def test_encrypted_member_is_named():
    data = bytearray(zipped({"a.txt": SECRET}))
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    data[local + 6] |= 1
    data[central + 8] |= 1
    assert reasons(bytes(data)) == ["encrypted"]


@pytest.mark.parametrize("cut", range(5, 160, 13))
def test_damaged_archives_are_named_never_an_error(cut):
    for whole in (zipped({"a.txt": SECRET * 9}), tarred({"a.txt": SECRET}, "w:gz"), gzip.compress(SECRET * 50)):
        broken = bytearray(whole[: max(20, len(whole) - cut)])
        broken[cut % len(broken)] ^= 0xFF
        read(bytes(broken))


def test_zip_with_an_endless_table_of_contents_is_not_opened(monkeypatch):
    monkeypatch.setattr("tightlip.cli.archive._DIRECTORY", 10)
    assert reasons(zipped({"a.txt": SECRET})) == ["limit"]
