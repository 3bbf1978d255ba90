from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.provenance.code import ACME, KEY, build, code, opened, text
from tightlip.errors import TightlipError
from tightlip.provenance import index_build
from tightlip.provenance.copied import blob_id, find_copies
from tightlip.provenance.index_build import Builder
from tightlip.provenance.index_file import Index, verify
from tightlip.provenance.index_key import read_key, read_or_make_key
from tightlip.provenance.normal_lines import hashes_of, long_lines

LEDGER = code("ledger", 60)
FILES = {"src/ledger.go": text(LEDGER), "src/bänk.go": text(code("bank")), "notes.md": "short\n"}


@pytest.fixture
def path(tmp_path):
    return build(tmp_path / "acme.idx", FILES)


def asked(index: Index, lines: list[str]) -> list[tuple[str, int]]:
    """Files and numbers of lines recognised."""
    return [(one.file, one.lines) for one in find_copies("\n".join(lines), [index])]


def test_the_same_files_and_key_give_the_same_bytes(tmp_path, path):
    build(tmp_path / "again.idx", FILES)
    build(tmp_path / "other.idx", FILES, key=bytes(32))
    first, second, third = ((tmp_path / name).read_bytes() for name in ("acme.idx", "again.idx", "other.idx"))
    assert first == second != third


def test_no_line_of_the_source_is_in_the_file_and_only_paths_are(path):
    content = Path(path).read_bytes()
    assert b"settle" not in content
    assert b"ledger, account" not in content
    assert "src/bänk.go".encode() in content


def test_what_is_verified_says_what_it_is_of(path):
    header = verify(path)
    (repository,) = header.repositories
    assert (repository.names, repository.files, repository.lines) == (ACME, 3, 61 + 41 + 2)
    assert (header.files, header.lines, header.hashes, header.key) == (3, 104, 100, KEY)
    assert repr(KEY) not in repr(Builder(KEY))


def test_an_index_without_its_key_is_asked_with_it_only(tmp_path):
    path = build(tmp_path / "acme.idx", FILES, with_key=False)
    assert KEY.hex().encode() not in Path(path).read_bytes()
    index = Index(path, KEY)
    assert asked(index, LEDGER[:20]) == [("src/ledger.go", 20)]
    index.close()
    with pytest.raises(TightlipError, match="does not hold its key"):
        Index(path)
    with pytest.raises(TightlipError, match="another key"):
        Index(path, bytes(32))


def test_several_repositories_keep_their_names(tmp_path):
    builder = Builder(KEY)
    for name in ("pay", "web"):
        builder.repository((f"github.com/acme/{name}",))
        builder.add("app.go", text(code(name)))
    builder.write(str(tmp_path / "all.idx"))
    index = Index(str(tmp_path / "all.idx"))
    told = find_copies("\n".join([*code("web")[:9], *["-"] * 70, *code("pay")[:9]]), [index])
    assert [one.repository for one in told] == ["github.com/acme/web", "github.com/acme/pay"]
    index.close()


def test_lines_of_code_that_is_no_secret_are_left_out(tmp_path):
    index = opened(tmp_path / "acme.idx", FILES, stop=text(LEDGER[:30]))
    assert asked(index, LEDGER[:30]) == []
    assert asked(index, LEDGER[30:]) == [("src/ledger.go", 30)]
    index.close()


def test_a_line_of_more_than_three_files_tells_nothing(tmp_path):
    shared = code("shared", 10)
    for count, lines in ((3, 10), (4, 0)):
        files = {f"{number}.go": text(shared, code(f"own{number}")) for number in range(count)}
        index = opened(tmp_path / f"{count}.idx", files)
        assert sum(number for _, number in asked(index, shared)) == lines
        index.close()


def test_a_file_that_is_there_twice_counts_once(tmp_path):
    builder = Builder(KEY)
    builder.repository(ACME)
    assert builder.add("a.go", text(LEDGER))
    assert not builder.add("b.go", text(LEDGER).replace("\n", "\r\n"))
    assert builder.write(str(tmp_path / "acme.idx")).files == 1


def test_large_indexes_are_asked_the_same_way(tmp_path):
    files = {f"{number}.go": text(code(f"part{number}", 600)) for number in range(40)}
    index = opened(tmp_path / "large.idx", files)
    assert index.header.prefix == 2
    assert asked(index, code("part17", 600)[100:140]) == [("17.go", 40)]
    assert asked(index, code("part40", 600)) == []
    index.close()


def test_an_index_of_nothing_is_refused(tmp_path):
    builder = Builder(KEY)
    builder.repository(ACME)
    with pytest.raises(TightlipError, match="no file to index"):
        builder.write(str(tmp_path / "none.idx"))
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_a_telling_line_makes_an_index_that_knows_nothing(tmp_path):
    index = opened(tmp_path / "little.idx", {"a.py": "x = 1\n"})
    assert asked(index, ["x = 1", *LEDGER]) == []
    verify(index.path)
    index.close()


def test_it_is_replaced_in_one_step_and_others_may_read_it(tmp_path, path):
    index = Index(path)
    build(path, {"other.go": text(code("other"))})
    assert asked(index, LEDGER) == [("src/ledger.go", 60)]
    index.close()
    assert [one.name for one in tmp_path.iterdir()] == ["acme.idx"]
    if sys.platform != "win32":
        assert stat.S_IMODE(Path(path).stat().st_mode) & 0o600 == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody cut a file that is mapped")
def test_a_file_that_is_cut_short_while_open_is_an_error(path):
    index = Index(path)
    with open(path, "r+b") as file:
        file.truncate(100)
    assert asked(index, LEDGER) == []
    assert "cut short" in str(index.problem)
    index.close()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no index of tightlip"),
        (b"PK\x03\x04" + bytes(200), "no index of tightlip"),
        (b"TLINDEX\x02" + bytes(200), "another version"),
        (b"TLINDEX\x01" + b"\xff" * 200, "damaged"),
        (b"TLINDEX\x01\x02\0\0\0{}" + bytes(200), "damaged"),
        (b"TLINDEX\x01\x04\0\0\0[[]]" + bytes(200), "damaged"),
    ],
)
def test_another_file_is_told_from_an_index(tmp_path, content, sentence):
    path = tmp_path / "x.idx"
    path.write_bytes(content)
    for read in (Index, verify):
        with pytest.raises(TightlipError, match=sentence) as told:
            read(str(path))
        assert told.value.file == str(path)


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    for path in (tmp_path / "none.idx", tmp_path):
        with pytest.raises(TightlipError, match="cannot read this index"):
            Index(str(path))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among its files")
def test_a_pipe_is_neither_read_nor_waited_for(tmp_path):
    pipe = str(tmp_path / "pipe")
    os.mkfifo(pipe)
    for read in (Index, verify, read_key):
        with pytest.raises(TightlipError, match="it is no file"):
            read(pipe)


def test_a_link_to_our_own_input_takes_nothing_from_it(tmp_path):
    (tmp_path / "key").symlink_to("/proc/self/fd/0" if sys.platform == "linux" else "/dev/stdin")
    code = "import sys\nfrom tightlip.provenance.index_key import read_key\ntry:\n    read_key(sys.argv[1])\n"
    code += "except Exception as problem:\n    print(problem.message)\nprint(sys.stdin.read())"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "key")], input="Content-Length: 2", capture_output=True, text=True
    )
    assert done.stdout.split("\n")[:2] == ["cannot read this key file: it is no file", "Content-Length: 2"]


def test_it_cannot_be_written_into_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(TightlipError, match="choose another --output"):
        build(tmp_path / "none" / "acme.idx", FILES)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(data=st.data())
def test_damage_is_an_error_or_a_wrong_answer_and_never_a_crash(tmp_path, data):
    whole = tmp_path / "whole.idx"
    if not whole.exists():
        build(whole, FILES)
    content = bytearray(whole.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1) | st.integers(0, 400))
        content[at] ^= data.draw(st.integers(1, 255))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    damaged = tmp_path / "damaged.idx"
    damaged.write_bytes(content)
    if bytes(content) != whole.read_bytes():
        with pytest.raises(TightlipError):
            verify(str(damaged))
    try:
        index = Index(str(damaged))
    except TightlipError as problem:
        assert problem.file == str(damaged)
        return
    assert index.problem is None
    assert isinstance(find_copies(text(LEDGER), [index]), tuple)
    assert isinstance(find_copies(text(LEDGER[5:30]), [index]), tuple)
    assert index.problem is None or "damaged" in index.problem.message
    index.close()


def test_damage_that_is_met_only_when_asked_is_told_then(tmp_path, path):
    whole = Index(path)
    places = whole.header.sections["places"]
    whole.close()
    content = bytearray(Path(path).read_bytes())
    content[places[0] : sum(places)] = b"\xff" * places[1]
    Path(path).write_bytes(content)
    index, sound = Index(path), opened(tmp_path / "sound.idx", FILES)
    assert asked(index, LEDGER[:30]) == []
    assert "damaged" in str(index.problem)
    assert len(find_copies(text(LEDGER[:30]), [index, sound])) == 1
    index.close()
    sound.close()


def rewritten(path: str, section: str, content: bytes) -> str:
    """The index with other numbers in a section, as somebody may have made it."""
    start, length = verify(path).sections[section]
    whole = Path(path).read_bytes()
    assert len(content) == length
    Path(path).write_bytes(whole[:start] + content + whole[start + length :])
    return path


@pytest.mark.parametrize("count", [4, 500])
def test_a_line_in_more_places_than_an_index_holds_is_damage(tmp_path, monkeypatch, count):
    monkeypatch.setattr(index_build, "MOST_FILES", 10_000)
    files = {f"{number}.go": text(code("shared", 10), code(f"own{number}", 2)) for number in range(count)}
    index = opened(tmp_path / "hostile.idx", files)
    assert index.look_up(hashes_of(long_lines(text(code("shared", 10))).lines, KEY)) == []
    assert "damaged" in str(index.problem)
    index.close()


def test_a_file_that_is_there_more_often_than_an_index_holds_is_told_a_few_times(path):
    index = Index(path)
    start, _ = index.header.sections["blobs"]
    index.close()
    one = Path(path).read_bytes()[start : start + 12]
    rewritten(path, "blobs", one * index.header.blobs)
    blobs = {blob_id(content) for content in FILES.values()}
    index = Index(path)
    assert max(len(index.whole(blob)) for blob in blobs) <= 3
    index.close()


def test_buckets_that_are_too_full_or_end_before_they_begin_are_damage(path):
    total = verify(path).sections["rests"][1]
    buckets = [0, total] * 128
    index = Index(rewritten(path, "buckets", b"".join(n.to_bytes(4, "little") for n in [*buckets, total])))
    assert asked(index, LEDGER) == []
    assert "damaged" in str(index.problem)
    index.close()


@pytest.mark.parametrize("section", ["starts", "path_ends"])
def test_files_that_are_out_of_order_are_damage(tmp_path, section):
    path = build(tmp_path / "acme.idx", {f"{name}.go": text(code(name)) for name in "abcd"})
    start, length = verify(path).sections[section]
    content = Path(path).read_bytes()[start : start + length]
    rewritten(path, section, content[:4] + content[8:12] + content[4:8] + content[12:])
    with pytest.raises(TightlipError, match="damaged"):
        Index(path)


def test_a_key_is_made_once_for_its_owner_alone(tmp_path):
    path = str(tmp_path / "acme.key")
    key = read_or_make_key(path)
    assert len(key) == 32
    assert read_or_make_key(path) == read_key(path) == key
    if sys.platform != "win32":
        assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"k" * 31, b"k" * 33])
def test_a_file_that_is_no_key_is_told(tmp_path, content):
    path = tmp_path / "acme.key"
    path.write_bytes(content)
    with pytest.raises(TightlipError, match="32 bytes"):
        read_or_make_key(str(path))
    with pytest.raises(TightlipError, match="cannot read this key file"):
        read_key(str(tmp_path / "none.key"))
    with pytest.raises(TightlipError, match="cannot make this key file"):
        read_or_make_key(str(tmp_path / "none" / "acme.key"))
