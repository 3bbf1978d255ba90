from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.detect.baseline import BASELINE, GITLEAKS_IGNORE, Baselines
from tightlip.detect.sample import fill

VALUE = "pw-" + "kQ92mZpGx7"


def sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def baseline(root: Path, *entries: dict[str, object], file: str = "src/app.py", name: str = BASELINE) -> Baselines:
    (root / name).write_text(json.dumps({"version": "1.5.0", "results": {file: list(entries)}}))
    return Baselines.load(root)


def test_a_value_known_to_detect_secrets_is_suppressed_in_its_file(tmp_path: Path) -> None:
    known = baseline(tmp_path, {"type": "Secret Keyword", "hashed_secret": sha1(VALUE), "line_number": 3})
    assert known.suppresses("src/app.py", 99, "generic-password", VALUE) == "known in .secrets.baseline"
    assert known.suppresses("src/other.py", 3, "generic-password", VALUE) is None
    assert known.suppresses("src/app.py", 3, "generic-password", VALUE + "x") is None
    assert known.covers("src/app.py")
    assert not known.covers("src/other.py")


def test_a_value_audited_as_real_is_still_reported(tmp_path: Path) -> None:
    known = baseline(tmp_path, {"hashed_secret": sha1(VALUE), "is_secret": True})
    assert known.suppresses("src/app.py", 1, "generic-password", VALUE) is None
    known = baseline(tmp_path, {"hashed_secret": sha1(VALUE), "is_secret": False})
    assert known.suppresses("src/app.py", 1, "generic-password", VALUE) is not None


def test_names_of_windows_are_understood(tmp_path: Path) -> None:
    known = baseline(tmp_path, {"hashed_secret": sha1(VALUE)}, file="src\\app.py")
    assert known.suppresses("src/app.py", 1, "generic-password", VALUE)


def test_a_baseline_written_by_detect_secrets_itself_is_understood(tmp_path: Path) -> None:
    url = f"postgres://app:{VALUE}@db.internal/x"
    header = "-----" + "BEGIN RSA PRIVATE" + " KEY-----"
    key = f"{header}\n{fill('{base64:64}')}\n{header.replace('BEGIN', 'END')}"
    token = fill("ghp_{crc32-base62:30}")
    (tmp_path / "a.env").write_text(f"DATABASE_URL={url}\nTOKEN={token}\n")
    (tmp_path / "b.pem").write_text(key + "\n")
    script = "from detect_secrets.main import main; import sys; main(['scan', 'a.env', 'b.pem'])"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True, capture_output=True, text=True)
    (tmp_path / BASELINE).write_text(done.stdout)
    known = Baselines.load(tmp_path)
    assert known.notices == ()
    assert known.suppresses("a.env", 1, "postgres-url", url)
    assert known.suppresses("a.env", 1, "postgres-url", VALUE)
    assert known.suppresses("a.env", 2, "github-personal-access-token", token)
    assert known.suppresses("b.pem", 1, "private-key", key)
    # of these two it keeps only the first word, which every other token of the file has, too
    assert known.suppresses("a.env", 3, "github-personal-access-token", token) is None
    assert known.suppresses("b.pem", 9, "private-key", key) is None
    assert known.suppresses("b.pem", 1, "private-key", fill("{base64:64}")) is None


def test_the_hashes_are_not_in_the_repr(tmp_path: Path) -> None:
    assert sha1(VALUE) not in repr(baseline(tmp_path, {"hashed_secret": sha1(VALUE)}))


def ignoring(root: Path, text: str) -> Baselines:
    (root / GITLEAKS_IGNORE).write_text(text)
    return Baselines.load(root)


COMMIT = "ab12" * 10


@pytest.mark.parametrize(
    ("theirs", "ours", "same"),
    [
        ("aws-access-key-id", "aws-access-key-id", True),
        ("aws-access-token", "aws-access-key-id", True),
        ("generic-api-key", "generic-password", True),
        ("generic-api-key", "stripe-secret-key", True),
        ("generic-api-key", "email-address", False),
        ("github-pat", "aws-access-key-id", False),
    ],
)
def test_a_line_known_to_gitleaks_is_suppressed_for_the_same_kind(
    tmp_path: Path, theirs: str, ours: str, same: bool
) -> None:
    known = ignoring(tmp_path, f"# seen\n\nsrc/app.py:{theirs}:7\n")
    reason = "known in .gitleaksignore:3" if same else None
    assert known.suppresses("src/app.py", 7, ours, VALUE) == reason
    assert known.suppresses("src/app.py", 8, ours, VALUE) is None
    assert known.suppresses("src/app2.py", 7, ours, VALUE) is None


def test_an_entry_of_a_commit_counts_in_that_commit_and_the_working_tree(tmp_path: Path) -> None:
    for written in (COMMIT, COMMIT[:7]):
        known = ignoring(tmp_path, f"{written}:src/app.py:aws-access-token:7\r\n")
        assert known.suppresses("src/app.py", 7, "aws-access-key-id", VALUE)
        assert known.suppresses("src/app.py", 7, "aws-access-key-id", VALUE, commit=COMMIT)
        assert known.suppresses("src/app.py", 7, "aws-access-key-id", VALUE, commit="b" * 40) is None


def test_a_file_name_with_a_colon_is_understood(tmp_path: Path) -> None:
    known = ignoring(tmp_path, f"{COMMIT}:a:b.py:aws-access-token:7\nc:d.py:aws-access-token:8\n")
    assert known.covers("a:b.py")
    assert known.covers("c:d.py")


def test_without_files_nothing_is_known(tmp_path: Path) -> None:
    assert Baselines.load(tmp_path) == Baselines()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"results": 3}', "\ufeff{}", "[" * 100_000])
def test_a_file_that_is_no_baseline_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / BASELINE).write_text(content)
    known = Baselines.load(tmp_path)
    assert known.hashes == {}
    assert [notice.code for notice in known.notices] == ([] if not content else ["baseline"])


def test_a_baseline_the_policy_names_and_that_is_missing_is_told(tmp_path: Path) -> None:
    (notice,) = Baselines.load(tmp_path, tmp_path / "ci.baseline").notices
    assert notice.message == "ci.baseline is missing: what it knows is reported again."


def test_a_pipe_in_place_of_a_file_does_not_hold_us_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / GITLEAKS_IGNORE)
    assert Baselines.load(tmp_path).lines == {}


json_values: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["results", "hashed_secret", "is_secret", "a"]), inner, max_size=3)
    ),
)


@given(json_values, st.text(max_size=60))
def test_whatever_stands_in_the_files_nothing_raises(
    tmp_path_factory: pytest.TempPathFactory, data: object, text: str
) -> None:
    root = tmp_path_factory.getbasetemp() / "baselines"
    root.mkdir(exist_ok=True)
    (root / BASELINE).write_text(json.dumps(data))
    (root / GITLEAKS_IGNORE).write_text(text, encoding="utf-8", errors="replace")
    Baselines.load(root).suppresses("a", 1, "aws-access-key-id", text)
