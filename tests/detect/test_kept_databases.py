"""What is compiled once is taken from the disk, and nothing that is wrong with the disk is an error."""

from __future__ import annotations

import os
import time
from pathlib import Path

import hyperscan
import pytest

from tightlip.detect import kept_databases as module
from tightlip.detect.custom import CustomRules
from tightlip.detect.kept_databases import kept
from tightlip.detect.rule import Rule
from tightlip.detect.terms import Terms, TermSpec
from tightlip.finding import Category, Confidence, Severity


class Maker:
    """Counts how often something is made."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> list[bytes]:
        self.times += 1
        return [b"one", b"", b"three"]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Maker:
    monkeypatch.setenv("TIGHTLIP_CACHE_DIR", str(tmp_path / "cache"))
    return Maker()


def test_it_is_made_once_for_the_same_sources(make: Maker) -> None:
    for _ in range(3):
        assert kept("some", ["a", "b"], make, list) == [b"one", b"", b"three"]
    assert make.times == 1
    kept("some", ["a", "bc"], make, list)
    kept("some", ["ab"], make, list)
    kept("other", ["a", "b"], make, list)
    assert make.times == 4


@pytest.mark.parametrize("damage", [lambda b: b[:-1] + b"!", lambda b: b[:40], lambda b: b"", lambda b: b"x" + b])
def test_a_damaged_file_is_made_again(make: Maker, tmp_path: Path, damage) -> None:
    kept("some", ["a"], make, list)
    (path,) = (tmp_path / "cache").iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert kept("some", ["a"], make, list) == [b"one", b"", b"three"]
    assert make.times == 2


def test_what_another_processor_wrote_is_made_again(make: Maker) -> None:
    kept("some", ["a"], make, list)
    loads: list[int] = []

    def load(parts: list[bytes]) -> list[bytes]:
        loads.append(1)
        if len(loads) == 1:
            raise hyperscan.HyperscanError("of another processor")
        return parts

    assert kept("some", ["a"], make, load) == [b"one", b"", b"three"]
    assert (make.times, len(loads)) == (2, 2)


def test_a_policy_that_is_being_written_does_not_fill_the_disk(make: Maker, tmp_path: Path) -> None:
    for number in range(module._KEEP + 5):
        kept("some", [str(number)], make, list)
    assert len(list((tmp_path / "cache").iterdir())) == module._KEEP


def test_what_is_used_stays_and_what_is_longest_unused_goes(make: Maker, tmp_path: Path) -> None:
    now = time.time()
    for number in range(module._KEEP):
        kept("some", [str(number)], make, list)
        (path,) = (one for one in (tmp_path / "cache").iterdir() if one.stat().st_mtime > now - 1000)
        os.utime(path, (now - 1e6 + number, now - 1e6 + number))
    kept("some", ["0"], make, list)
    kept("some", ["another"], make, list)
    made = make.times
    kept("some", ["0"], make, list)
    kept("some", ["another"], make, list)
    assert make.times == made
    kept("some", ["1"], make, list)
    assert make.times == made + 1


def test_a_file_that_was_noted_today_is_only_read(make: Maker, tmp_path: Path) -> None:
    kept("some", ["a"], make, list)
    (path,) = (tmp_path / "cache").iterdir()
    lately = time.time() - 3600
    os.utime(path, (lately, lately))
    kept("some", ["a"], make, list)
    assert path.stat().st_mtime == pytest.approx(lately)


def test_without_a_folder_to_write_to_it_is_made_each_time(make: Maker, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    for _ in range(2):
        assert kept("some", ["a"], make, list) == [b"one", b"", b"three"]
    assert make.times == 2


def test_neither_file_nor_name_has_the_words_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIGHTLIP_CACHE_DIR", str(tmp_path / "cache"))
    terms = [TermSpec(f"t-{word}", (word,)) for word in ("falconia", "nordwind", "Müllerei")]
    Terms.build([*terms, TermSpec("p", pattern=r"greifswald-\d+")])
    badge = Rule("own", "Own", Category.PII, Severity.WARNING, Confidence.MEDIUM, "OWN", fields=("badgerella",))
    CustomRules.build([badge])
    files = list((tmp_path / "cache").iterdir())
    assert {file.name.partition("-")[0] for file in files} == {"terms", "patterns", "fields"}
    for file in files:
        content = file.read_bytes().lower()
        for word in ("falconia", "nordwind", "müllerei", "greifswald", "badgerella"):
            assert word.encode() not in content
        assert b"falco" not in content
