from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tightlip.detect.detector import Document, detect
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import Ruleset, builtin_ruleset
from tightlip.detect.sample import fill
from tightlip.detect.shipped import rules_directory

TOKEN = fill("ghp_{crc32-base62:30}")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder for the cache of a few rules: what is kept of them does not depend on their number."""
    few = tmp_path / "rules"
    for name in ("secrets/github.toml", "pii/contact.toml"):
        (few / name).parent.mkdir(parents=True)
        shutil.copy(rules_directory() / name, few / name)
    monkeypatch.setattr("tightlip.detect.ruleset.rules_directory", lambda: few)
    monkeypatch.setenv("TIGHTLIP_CACHE_DIR", str(tmp_path / "cache"))
    builtin_ruleset.cache_clear()
    yield tmp_path / "cache"
    builtin_ruleset.cache_clear()


def finds_the_token() -> bool:
    builtin_ruleset.cache_clear()
    return [f.value for f in detect(Document(f"t = '{TOKEN}'", "a.py"), builtin_ruleset()).findings] == [TOKEN]


def test_the_second_start_reads_the_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert finds_the_token()
    (file,) = cache.glob("rules-*")

    def no_compiling(rules: object) -> Ruleset:
        raise AssertionError("compiled again")

    monkeypatch.setattr(Ruleset, "build", no_compiling)
    assert finds_the_token()
    assert list(cache.glob("rules-*")) == [file]


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "other", "folder"])
def test_a_damaged_cache_is_rebuilt(cache: Path, damage: str) -> None:
    assert finds_the_token()
    (file,) = cache.glob("rules-*")
    content = bytearray(file.read_bytes())
    if damage == "folder":
        file.unlink()
        file.mkdir()
    elif damage == "flipped":
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    else:
        file.write_bytes({"empty": b"", "cut": bytes(content[:-10]), "other": b"something else"}[damage])
    assert finds_the_token()
    if damage != "folder":
        assert file.stat().st_size == len(content)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_cache_that_cannot_be_written_is_no_error(cache: Path) -> None:
    cache.mkdir()
    cache.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert finds_the_token()


def test_a_cache_folder_that_cannot_exist_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TIGHTLIP_CACHE_DIR", str(tmp_path / "file" / "cache"))
    assert finds_the_token()
    builtin_ruleset.cache_clear()


def test_of_a_cache_a_rule_is_made_when_it_is_asked_for(cache: Path) -> None:
    built = builtin_ruleset()
    builtin_ruleset.cache_clear()
    cached = builtin_ruleset()
    assert cached is not built
    assert dict(cached.categories) == {rule.id: rule.category for rule in built.rules}
    assert list(cached.by_id) == [rule.id for rule in built.rules]
    assert all(cached.by_id[rule.id] == rule for rule in built.rules)
    assert list(cached.rules[:2]) == list(built.rules[:2])
    assert cached.rules[-1] == built.rules[-1]
    assert "no-such-rule" not in cached.by_id
    assert cached.lexicon.lookup("customerEmail") == built.lexicon.lookup("customerEmail") != ()
    assert len(list(cache.glob("rules-*"))) == 1


def test_no_half_written_cache_is_ever_seen(cache: Path) -> None:
    code = "import pathlib, sys, tightlip.detect.ruleset as r; r.rules_directory = lambda: pathlib.Path(sys.argv[1]);"
    code += "print(len(r.builtin_ruleset().rules))"
    few = str(cache.parent / "rules")
    runs = [subprocess.Popen([sys.executable, "-c", code, few], stdout=subprocess.PIPE) for _ in range(3)]
    counts = {run.communicate()[0] for run in runs}
    (count,) = counts
    assert int(count) > 5
    assert sorted(path.suffix for path in cache.iterdir()) == [".bin", ".json"]


def test_a_patterns_reach_is_the_gates_longest_match(rules: tuple[Rule, ...]) -> None:
    assert Ruleset.build(rules).reach[0] == 40
