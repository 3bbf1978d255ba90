from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.conftest import command, run
from tests.detect.people import FILES, NAMED, people
from tightlip.detect.sample import fill

SECRET = fill("ghp_{crc32-base62:30}")


def lines(*entries):
    return "".join((entry if isinstance(entry, str) else json.dumps(entry)) + "\n" for entry in entries)


def test_verdict_tells_decision_reasons_and_places_without_the_value(folder):
    text = f"Zoë 😀 token = '{SECRET}'\n"
    result = run("check", cwd=folder, feed=text)
    verdict = json.loads(result.out)
    assert result.code == 1
    assert verdict["decision"] == "block"
    (finding,) = verdict["findings"]
    assert text[finding["start"] : finding["end"]] == SECRET
    assert finding["rule"] == "github-personal-access-token"
    assert verdict["reasons"][0]["rule"] == "github-personal-access-token"
    assert SECRET not in result.out + result.err


def test_harmless_text_may_go(folder):
    result = run("check", cwd=folder, feed="please explain this function")
    assert (result.code, json.loads(result.out)["decision"]) == (0, "off")


def test_surface_counts(folder):
    result = run("check", "--surface", "editor", cwd=folder, feed=f"token = '{SECRET}'\n")
    assert (result.code, json.loads(result.out)["decision"]) == (0, "warn")


def test_path_tells_the_repository(repository):
    repository.write("tightlip.toml", '[[repo]]\nmatch = { path = "private/" }\nclass = "restricted"\n')
    result = run("check", "--path", "private/a.py", cwd=repository.root, feed="x = 1\n")
    assert (result.code, json.loads(result.out)["decision"]) == (1, "block"), result.err
    assert run("check", "--path", "open/a.py", cwd=repository.root, feed="x = 1\n").code == 0


def test_binary_input_is_refused(folder):
    result = run("check", cwd=folder, feed=bytes(100))
    assert (result.code, result.out) == (2, "")


def test_stream_answers_every_line_and_goes_on_after_a_malformed_one(folder):
    feed = lines(
        {"i": 0, "text": "nothing"},
        {"i": "b", "text": f"😀 '{SECRET}'", "path": "x/a.py"},
        "not JSON",
        "",
        {"i": 3, "text": 5},
        {"i": 4},
        [1],
        {"i": 6, "text": "x", "path": 7},
        {"i": 7, "text": "\ud800 lone"},
        {"text": "without a number"},
        "[" * 100_000,
        {"i": {"any": ["thing"]}, "text": "a\x00b"},
    ).encode() + b"\xff\xfe\n" + json.dumps({"i": "last", "text": "no line end"}).encode()  # fmt: skip
    result = run("check", "--jsonl", cwd=folder, feed=feed)
    answers = [json.loads(line) for line in result.out.splitlines()]
    assert result.code == 0, result.err
    assert [answer["i"] for answer in answers] == [
        0, "b", None, 3, 4, None, 6, 7, None, None, {"any": ["thing"]}, None, "last",
    ]  # fmt: skip
    assert [index for index, answer in enumerate(answers) if "error" in answer] == [2, 3, 4, 5, 6, 9, 11]
    assert answers[1]["decision"] == "block"
    (finding,) = answers[1]["findings"]
    assert set(finding) == {"rule", "category", "entity", "severity", "confidence", "start", "end"}
    assert (finding["start"], finding["end"]) == (3, 3 + len(SECRET))
    assert answers[0] == {"i": 0, "decision": "off", "findings": []}
    assert SECRET not in result.out


def test_malformed_line_is_not_repeated(folder):
    result = run("check", "--jsonl", cwd=folder, feed=f'{{"text": "{SECRET}\n')
    assert "error" in json.loads(result.out)
    assert SECRET not in result.out + result.err


def test_each_line_is_answered_at_once(folder):
    process = subprocess.Popen(command("check", "--jsonl"), cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for number in range(3):
        process.stdin.write(lines({"i": number, "text": "x"}).encode())
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["i"] == number
    process.stdin.close()
    assert process.wait(10) == 0
    process.stdout.close()


@pytest.mark.parametrize("path", [None, "src/a.py"])
def test_stream_takes_no_start_per_line(folder, path):
    feed = lines(*({"i": number, "text": f"line {number}: x = 'y'\n", "path": path} for number in range(4000)))
    start = time.perf_counter()
    result = run("check", "--jsonl", cwd=folder, feed=feed)
    assert result.out.count("\n") == 4000
    assert time.perf_counter() - start < 30  # about 0.7 s; a start per line would take many minutes


def test_rows_of_people_are_told_and_every_finding_is_still_there(folder):
    text = FILES["users.csv"](people(40))
    verdict = json.loads(run("check", "--path", "users.csv", cwd=folder, feed=text).out)
    assert len(verdict["findings"]) == 40 * len(NAMED)
    assert verdict["realistic"]["rows"] == 40
    assert verdict["realistic"]["values"] == 40 * len(NAMED)
    assert json.loads(run("check", cwd=folder, feed="hello").out)["realistic"] is None


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a file that can never be written")
def test_an_answer_that_cannot_be_written_is_no_yes(tmp_path):
    """Elsewhere a refusal got lost where its output could not be read, and what it refused went through."""
    token = fill("ghp_{crc32-base62:30}")
    with FULL.open("w") as full:
        for text in ("x = 1\n", f"token = '{token}'\n"):
            done = subprocess.run(command("check"), input=text, text=True, stdout=full, cwd=tmp_path, check=False)
            assert done.returncode == 2
