"""What only POSIX systems have: terminals, signals, pipes, links and permissions."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import threading
import time

import pytest

from tests.cli.conftest import SERVER, command, run
from tightlip.__main__ import main
from tightlip.cli.files import select_files
from tightlip.cli.processes import check_in_processes
from tightlip.cli.report import Skipped
from tightlip.cli.work import Settings
from tightlip.detect.sample import fill

SECRET = fill("ghp_{crc32-base62:30}")


def heed_interrupts():
    """A run in the background of a script inherits that they are ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_odd_path_is_shown_escaped(folder):
    (folder / "a\x1b[2Jb\nc.py").write_text(f"token = '{SECRET}'\n")
    result = run("scan", cwd=folder)
    assert "a\\x1b[2Jb\\nc.py:1:10  error" in result.out
    assert "\x1b" not in result.out


def test_colour_is_for_terminals_and_can_be_refused(folder):
    (folder / "a.py").write_text(f"token = '{SECRET}'\n")

    def on_terminal(**variables):
        ours, theirs = os.openpty()
        environment = {**os.environ, "PYTHONPATH": str(SERVER), "TERM": "xterm", **variables}
        process = subprocess.Popen(command("scan"), cwd=folder, stdout=theirs, stderr=theirs, env=environment)
        os.close(theirs)
        output = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:
                break
            if not part:
                break
            output += part
        process.wait()
        os.close(ours)
        return output.decode()

    assert "\x1b[" in on_terminal(NO_COLOR="")
    assert "\x1b[" not in on_terminal(NO_COLOR="1")
    assert "\x1b[" not in on_terminal(TERM="dumb")
    assert "\x1b[" not in run("scan", cwd=folder).out


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_interrupt_ends_with_130_and_without_a_traceback(folder, jobs):
    (folder / "a.txt").write_text("some words = 'and a value'\n" * 40_000)
    for number in range(400):
        os.link(folder / "a.txt", folder / f"{number}.txt")
    process = subprocess.Popen(
        command("scan", "--jobs", jobs), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(SERVER)}, preexec_fn=heed_interrupts,
    )  # fmt: skip
    time.sleep(1.0)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err.strip()) == (130, b"", b"")


def test_process_that_dies_loses_no_file(folder):
    (folder / "a.txt").write_text("some words = 'and a value'\n" * 40_000)
    for number in range(150):
        os.link(folder / "a.txt", folder / f"{number}.txt")
    sources = select_files(["."]).sources
    parts = [[source] for source in sources]
    killer = threading.Timer(1.0, lambda: [process.kill() for process in multiprocessing.active_children()])
    killer.start()
    outcomes = [one for _, (some, _) in check_in_processes(parts, Settings(), 2) for one in some]
    killer.join()
    assert sorted(one.path for one in outcomes) == [source.shown for source in sources]
    lost = [one for one in outcomes if isinstance(one, Skipped)]
    assert lost
    assert {one.reason for one in lost} == {"failed"}


def test_reader_that_goes_away_is_no_error(folder):
    (folder / "a.txt").write_text(f"token = '{SECRET}'\n")
    process = subprocess.Popen(
        command("scan"), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(SERVER)},
    )  # fmt: skip
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 141


def test_interrupt_while_waiting_is_quiet(folder):
    process = subprocess.Popen(
        command("check", "--jsonl"), cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=heed_interrupts,
    )  # fmt: skip
    process.stdin.write(b'{"i": 1, "text": "x"}\n')
    process.stdin.flush()
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err.strip()) == (130, b"", b"")


def test_links_and_pipes_are_named_not_followed(folder):
    (folder / "a.py").touch()
    (folder / "link.py").symlink_to("a.py")
    (folder / "loop").symlink_to(".")
    os.mkfifo(folder / "pipe")
    chosen = select_files(["."])
    assert [source.shown for source in chosen.sources] == ["a.py"]
    assert [(item.path, item.reason) for item in chosen.skipped] == [
        ("link.py", "link"),
        ("loop", "link"),
        ("pipe", "special"),
    ]


def test_each_problem_comes_with_what_to_do(folder, tmp_path, capsys, monkeypatch):
    key = tmp_path / "key"
    key.write_bytes(bytes(32))
    key.chmod(0o644)
    (folder / "tightlip.toml").write_text("[scan]\nexlcude = []\n")
    (tmp_path / "bin").mkdir()
    old = tmp_path / "bin" / "nvim"
    old.write_text("#!/bin/sh\necho 'NVIM v0.9.5'\n")
    old.chmod(0o755)
    monkeypatch.setenv("TIGHTLIP_KEY_FILE", str(key))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin")
    monkeypatch.setattr("tightlip.cli.git.program", lambda: str(tmp_path / "no-git"))
    assert main(["doctor", "--no-deep"]) == 1
    out = capsys.readouterr().out
    lines = out.splitlines()
    problems = [index for index, line in enumerate(lines) if line.startswith("!!")]
    assert all(lines[index + 1].strip().startswith("-> ") for index in problems)
    assert [lines[index].split()[1] for index in problems] == ["policy", "key", "git", "editors"]
    assert "tightlip.toml:2" in out
    assert "chmod 600" in out
    assert out.endswith("4 problems.\n")


def test_editors_on_the_path_are_told_with_their_versions(tmp_path, folder, capsys, monkeypatch):
    editor = tmp_path / "nvim"
    editor.write_text("#!/bin/sh\necho 'NVIM v0.11.4'\n")
    editor.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert main(["doctor", "--no-deep"]) == 0
    assert "Neovim: NVIM v0.11.4" in capsys.readouterr().out
