"""The record keeps what was decided, one line each, and nothing of the text."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from pathlib import Path
from threading import Thread

import pytest

from tightlip.errors import TightlipError
from tightlip.evidence.record import Entry, append

ENTRY = Entry("sent-anyway", "vscode:chat", "block", ("github-personal-access-token",), "/home/dev/shop/deploy.py")


def test_a_line_says_when_where_what_and_what_was_chosen(tmp_path: Path):
    path = append(ENTRY, tmp_path / "data" / "record.jsonl", datetime(2027, 1, 31, 8, 30, tzinfo=timezone.utc))
    assert json.loads(path.read_text()) == {
        "time": "2027-01-31T08:30:00+00:00",
        "event": "sent-anyway",
        "surface": "vscode:chat",
        "decision": "block",
        "rules": ["github-personal-access-token"],
        "file": "/home/dev/shop/deploy.py",
    }
    assert os.name != "posix" or path.stat().st_mode & 0o077 == 0


def test_lines_written_at_the_same_time_do_not_mix(tmp_path: Path):
    path = tmp_path / "record.jsonl"
    threads = [Thread(target=lambda: [append(ENTRY, path) for _ in range(50)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [json.loads(line)["event"] for line in path.read_text().splitlines()] == ["sent-anyway"] * 200


def test_a_record_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TightlipError, match="cannot write the record"):
        append(ENTRY, tmp_path / "file" / "record.jsonl")
