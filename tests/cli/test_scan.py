"""`tightlip scan`, mostly as a real process."""

from __future__ import annotations

import gc
import gzip
import json
import os
import re
import shlex
import subprocess
import sys
import zipfile

import pytest

from tests.cli.conftest import SERVER, command, run
from tests.detect.people import FILES, NAMED, people
from tightlip.__main__ import main
from tightlip.cli.formats import NAMES
from tightlip.detect.gate import Gate
from tightlip.detect.sample import fill

SECRET = fill("ghp_{crc32-base62:30}")
PASSWORD = fill("{password:12}")


def found(result):
    """(path, line) of the findings of a JSON report."""
    entries = json.loads(result.out)["findings"]
    return [(entry["path"], entry["line"]) for entry in entries if entry["rule"] == "github-personal-access-token"]


def test_exit_code_tells_clean_found_and_failed(folder):
    (folder / "clean.py").write_text("x = 1\n")
    assert run("scan", cwd=folder)[:1] == (0,)
    (folder / "found.py").write_text(f"token = '{SECRET}'\n")
    result = run("scan", cwd=folder)
    assert result.code == 1
    assert "found.py:1:10  error        GitHub personal access token  [github-personal-access-token]\n" in result.out
    assert result.err == ""
    assert run("scan", "--format", "nonsense", cwd=folder).code == 2


def test_path_that_does_not_exist_is_said_and_never_a_silent_zero(folder):
    result = run("scan", "tset", cwd=folder)
    assert result.code == 2
    assert result.err == "tightlip: tset: no such file or folder; check the spelling\n"
    (folder / "a.py").write_text("x = 1\n")
    result = run("scan", "tset", "a.py", cwd=folder)
    assert result.code == 0
    assert "tset: no such file" in result.err


def test_excluded_path_is_said(folder):
    (folder / "tightlip.toml").write_text('[scan]\nexclude = ["vendor/"]\n')
    (folder / "vendor").mkdir()
    (folder / "vendor" / "a.py").write_text(f"token = '{SECRET}'\n")
    result = run("scan", "vendor/a.py", cwd=folder)
    assert result.code == 2
    assert result.err == "tightlip: vendor/a.py: not checked. tightlip.toml:2 excludes this file.\n"
    result = run("scan", cwd=folder)
    assert result.code == 0
    assert "not checked, excluded by policy: vendor/a.py (tightlip.toml:2 excludes this file.)" in result.out
    assert run("scan", "--strict", "vendor", cwd=folder).code == 2


def test_mistake_in_the_policy_is_said_with_its_place_and_is_no_clean_scan(folder):
    (folder / "tightlip.toml").write_text("[scan]\nexlcude = ['x']\n")
    (folder / "a.py").write_text("x = 1\n")
    result = run("scan", cwd=folder)
    assert result.code == 2
    assert re.search(r'^tightlip: tightlip.toml:2.*"exlcude".*"exclude"', result.err)


def test_policy_file_of_the_command_line_replaces_the_repositorys_own(folder):
    (folder / "tightlip.toml").write_text("[detect.secret]\naction = 'off'\n")
    (folder / "a.py").write_text(f"token = '{SECRET}'\n")
    (folder / "empty.toml").write_text("")
    (folder / "wrong.toml").write_text("[sacn]\n")
    assert run("scan", "a.py", cwd=folder).code == 0
    assert run("scan", "--config", "empty.toml", "a.py", cwd=folder).code == 1
    result = run("scan", "--config", "wrong.toml", "a.py", cwd=folder)
    assert result.code == 2
    assert result.err.startswith("tightlip: wrong.toml:1")
    assert "cannot read" in run("scan", "--config", "none.toml", "a.py", cwd=folder).err


@pytest.fixture
def mixed(folder):
    """A folder with everything that is not simply text."""
    (folder / "found.py").write_text(f"token = '{SECRET}'\nb = '{SECRET}'  # gitleaks:allow\npassword = '{PASSWORD}'\n")
    (folder / "latin.py").write_bytes(f"# caf\xe9\ntoken = '{SECRET}'\n".encode("latin-1"))
    (folder / "wide.txt").write_bytes(f"token = '{SECRET}'\r\n".encode("utf-16"))
    (folder / "image.png").write_bytes(b"\x89PNG\0\0\0" + bytes(range(256)) * 8)
    (folder / "big.txt").write_bytes(b"x" * 30_000)
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("in/side.py", f"token = '{SECRET}'\n")
        archive.writestr("clean.py", "x = 1\n")
    (folder / "log.gz").write_bytes(gzip.compress(f"x\ny {SECRET}\n".encode()))
    return folder


@pytest.mark.parametrize("form", NAMES)
@pytest.mark.parametrize("more", [(), ("--all", "--strict", "--archives", "--max-size", "20000")])
def test_no_format_tells_a_value(mixed, form, more):
    result = run("scan", "--format", form, *more, cwd=mixed)
    assert result.code == 1
    for start in range(len(SECRET) - 6):
        piece = SECRET[start : start + 6]
        assert piece not in result.out
        assert piece not in result.err
    assert "github-personal-access-token" in result.out


def test_what_was_not_checked_is_counted_and_listed(mixed):
    result = run("scan", "--max-size", "20000", cwd=mixed)
    assert "note: latin.py: This is not Unicode; it was read as Latin-1.\n" in result.out
    assert "not checked, binary: image.png\n" in result.out
    assert "not checked, archived (--archives looks inside): a.zip, log.gz\n" in result.out
    assert "not checked, larger than --max-size: big.txt (30,000 bytes)\n" in result.out
    assert re.search(
        r"\d findings \(\d secret\) in 3 of 3 files, .*; \d allowed or no real value; not checked: ", result.out
    )


def test_every_encoding_and_archive_is_looked_into(mixed):
    result = run("scan", "--archives", "--format", "json", cwd=mixed)
    assert found(result) == [
        ("a.zip!/in/side.py", 1), ("found.py", 1), ("latin.py", 2), ("log.gz!/log", 2), ("wide.txt", 1),
    ]  # fmt: skip


def test_strict_ignores_allow_comments(mixed):
    assert ("found.py", 2) in found(run("scan", "--strict", "--format", "json", "found.py", cwd=mixed))


def test_severities_can_be_chosen(mixed):
    few = json.loads(run("scan", "--min-severity", "error", "--format", "json", "found.py", cwd=mixed).out)
    every = json.loads(run("scan", "--all", "--format", "json", "found.py", cwd=mixed).out)
    assert len(few["findings"]) + few["summary"]["hidden"] == len(every["findings"]) > len(few["findings"])
    assert every["summary"]["hidden"] == 0


def test_several_processes_find_the_same(mixed):
    one = run("scan", "--format", "csv", "--archives", "--all", "--jobs", "1", cwd=mixed)
    for number in range(300):
        (mixed / f"clean{number}.txt").write_text("x = 1\n")
    many = run("scan", "--format", "csv", "--archives", "--all", "--jobs", "2", cwd=mixed)
    assert many.out == one.out
    assert many.code == one.code == 1
    assert " in 4 of 30" in many.err or " in 5 of 30" in many.err


def test_report_goes_into_a_file(folder):
    (folder / "ä.py").write_text(f"token = '{SECRET}'\n")
    result = run("scan", "--format", "json", "--output", "report.json", "ä.py", cwd=folder)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("tightlip: 1 finding (1 secret) in 1 of 1 file")
    assert json.loads((folder / "report.json").read_text(encoding="utf-8"))["findings"][0]["path"] == "ä.py"
    result = run("scan", "--output", "none/report.txt", "ä.py", cwd=folder)
    assert result.code == 2
    assert "cannot write the report" in result.err


def test_restricted_repository_is_noted_and_is_no_finding(repository):
    repository.git("remote", "add", "origin", "https://github.com/acme/pay.git")
    repository.write("tightlip.toml", '[[repo]]\nmatch = { remote = "github.com/acme/pay" }\nclass = "restricted"\n')
    repository.write("a.py", "x = 1\n")
    result = run("scan", cwd=repository.root)
    assert result.code == 0, result.err
    assert "note: 2 files: Restricted: acme/pay may not be shared with an assistant" in result.out


# git


def test_staged_scan_sees_the_index_in_a_real_hook(repository):
    hook = repository.write(".git/hooks/pre-commit", "")
    line = shlex.join(command("scan", "--staged", "--format", "csv"))
    hook.write_text(f'#!/bin/sh\nPYTHONPATH="{SERVER}" exec {line} >"$TMPDIR/report.csv"\n')
    hook.chmod(0o755)
    report = repository.root.parent / "report.csv"
    variables = {"TMPDIR": str(repository.root.parent)}
    repository.write("sub/a.py", f"token = '{SECRET}'\n")
    repository.git("add", "--all")
    repository.write("sub/a.py", "token = None\n")
    repository.git("commit", "--quiet", "--message", "x", check=False, **variables)
    assert "sub/a.py" in report.read_text()
    assert repository.git("rev-list", "--all") == ""
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "x", **variables)
    # a partial commit has an index of its own: what is staged besides is not looked at
    repository.write("sub/a.py", "token = 1\n")
    repository.write("b.py", f"token = '{SECRET}'\n")
    repository.git("add", "b.py")
    repository.git("commit", "--quiet", "--message", "y", "sub/a.py", **variables)
    assert repository.git("rev-list", "--count", "HEAD").strip() == "2"


def test_diff_reports_only_new_lines(repository):
    repository.write("a.py", f"one = '{SECRET}'\nx = 1\n")
    repository.commit()
    repository.write("a.py", f"# moved\none = '{SECRET}'\nx = 1\r\ntwo = '{SECRET}'\n")
    repository.write("new.py", f"three = '{SECRET}'\n")
    result = run("scan", "--diff", "HEAD", "--format", "json", cwd=repository.root)
    assert found(result) == [("a.py", 4), ("new.py", 1)]
    repository.commit()
    assert run("scan", "--diff", "HEAD", cwd=repository.root).code == 0
    result = run("scan", "--diff", "nonsense", cwd=repository.root)
    assert result.code == 2
    assert '"nonsense" names no commit here' in result.err


def test_history_names_commit_and_path_once(repository):
    repository.write("a.py", f"token = '{SECRET}'\n")
    first = repository.commit()
    repository.git("mv", "a.py", "b.py")
    repository.commit()
    repository.git("rm", "--quiet", "b.py")
    repository.write("sub/c.py", "x = 1\n")
    repository.commit()
    assert run("scan", cwd=repository.root).code == 0
    result = run("scan", "--history", "--format", "json", cwd=repository.root)
    assert result.code == 1
    (entry,) = json.loads(result.out)["findings"]
    assert (entry["path"], entry["commit"]) == ("a.py", first)
    assert (
        json.loads(run("scan", "--history", "--format", "json", cwd=repository.root / "sub").out)["findings"][0]["path"]
        == "../a.py"
    )
    assert f"(commit {first[:12]})" in run("scan", "--history", cwd=repository.root).out


def test_history_finds_the_same_in_several_processes(repository):
    for number in range(5):
        repository.write(f"{number}.py", f"n = {number}\ntoken = '{SECRET}'\n")
        repository.commit()
    for number in range(300):
        repository.write(f"clean/{number}.txt", f"{number}\n")
    repository.commit()
    one = run("scan", "--history", "--format", "csv", "--jobs", "1", cwd=repository.root)
    two = run("scan", "--history", "--format", "csv", "--jobs", "2", cwd=repository.root)
    assert one.out == two.out
    assert one.out.count("\n") == 6


@pytest.mark.parametrize("option", [["--staged"], ["--diff", "HEAD"], ["--history"]])
def test_git_modes_outside_of_a_repository_say_what_they_need(folder, option):
    result = run("scan", *option, cwd=folder)
    assert result.code == 2
    assert result.err.startswith(f"tightlip: {option[0]} needs a git repository")


def test_modes_exclude_each_other(folder):
    result = run("scan", "--staged", "--history", cwd=folder)
    assert result.code == 2
    assert "--staged and --history exclude each other" in result.err


def test_ci_paths_count_from_the_root_of_the_repository(repository):
    repository.write("sub/a.py", f"token = '{SECRET}'\n")
    result = run("scan", "--format", "sarif", cwd=repository.root / "sub")
    (run_,) = json.loads(result.out)["runs"]
    assert run_["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "sub/a.py"


# the process


def test_scan_opens_no_socket(mixed, tmp_path):
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(
        "import sys\n"
        "def refuse(event, args):\n"
        "    if event.startswith('socket.'):\n"
        "        raise RuntimeError('a socket: ' + event)\n"
        "sys.addaudithook(refuse)\n"
    )
    paths = os.pathsep.join((str(tmp_path / "hook"), str(SERVER)))
    result = run("scan", "--archives", "--jobs", "2", cwd=mixed, PYTHONPATH=paths)
    assert result.code == 1, result.err
    assert "failed" not in result.out
    assert "socket" not in result.err


HEAVY = ("pygls", "lsprotocol", "presidio_analyzer", "detect_secrets", "rich", "spacy", "jinja2", "multiprocessing.pool",
         "concurrent.futures", "asyncio", "tldextract", "numpy", "requests", "urllib.request")  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [
        ["scan", "a.py"],
        ["check"],
        ["check", "--jsonl"],
        ["redact", "a.py"],
        ["rules", "list"],
        ["index", "build", ".", "-o", "a.idx"],
        ["index", "query", "a.py", "--index", "a.idx"],
    ],
)
def test_commands_load_no_heavy_library(folder, arguments):
    (folder / "a.py").write_text(f"token = '{SECRET}'\n")
    script = (
        "import sys; sys.path.remove(''); from tightlip.__main__ import main; main(sys.argv[1:]);"
        f"print('loaded:', [name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=folder, input=b"", capture_output=True, check=True,
        env={**os.environ, "PYTHONPATH": str(SERVER)},
    )  # fmt: skip
    assert b"loaded: []" in done.stderr


def test_nothing_in_a_scanned_folder_is_run(folder, tmp_path):
    marker = tmp_path / "ran"
    names = ("multiprocessing", "json", "rich", "pathspec", "csv", "jinja2", "concurrent", "tightlip", "sitecustomize")
    for name in names:
        (folder / f"{name}.py").write_text(f"open({str(marker)!r}, 'w')\n")
    for number in range(250):
        (folder / f"{number}.txt").write_text("x\n")
    for form in ("csv", "html"):
        result = run("scan", "--jobs", "2", "--format", form, cwd=folder)
        assert result.code == 0, result.err
    assert not marker.exists()


def test_a_file_that_the_pass_fails_at_costs_no_other_file(folder, monkeypatch, capsys):
    whole = Gate.candidates_of_all

    def broken(gate, texts):
        if any("broken" in text for text in texts):
            raise ValueError(f"could not parse {SECRET}")
        return whole(gate, texts)

    (folder / "a.py").write_text(f"token = '{SECRET}'\n")
    (folder / "b.py").write_text("broken\n")
    (folder / "c.py").write_text(f"token = '{SECRET}'\n")
    monkeypatch.setattr(Gate, "candidates_of_all", broken)
    assert main(["scan", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [entry["path"] for entry in report["findings"]] == ["a.py", "c.py"]
    assert [(entry["path"], entry["reason"]) for entry in report["skipped"]] == [("b.py", "failed")]
    assert SECRET not in str(report["skipped"])


def test_unexpected_error_tells_type_and_place_and_no_text(folder, monkeypatch, capsys):
    def broken(*_):
        raise ValueError(f"could not parse {SECRET}")

    (folder / "a.py").write_text("x = 1\n")
    monkeypatch.setattr("tightlip.cli.scan.check_all", broken)
    assert main(["scan"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(
        r"tightlip: internal error: ValueError in tightlip\.cli\.scan, line \d+\. Please report it .*\n", err
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["scan", "--nonsense"], "tightlip: No such option '--nonsense'. See `tightlip scan --help`.\n"),
        (["nonsense"], "tightlip: No such command 'nonsense'. See `tightlip --help`.\n"),
        (
            ["scan", "--jobs", "0"],
            "tightlip: Invalid value for '--jobs' / '-j': 0 is not in the range x>=1. See `tightlip scan --help`.\n",
        ),
    ],
)
def test_wrong_use_is_one_sentence(capsys, arguments, sentence):
    assert main(arguments) == 2
    assert capsys.readouterr().err == sentence


def test_version_and_help(capsys):
    assert main(["--version"]) == 0
    assert re.fullmatch(r"tightlip \d+\.\d+\.\d+\n", capsys.readouterr().out)
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in ("scan", "redact", "restore", "check", "rules", "doctor", "server"))


def test_rows_of_people_are_one_finding_and_every_value_with_all(folder):
    rows = people(40)
    rows[3]["amount"] = SECRET
    (folder / "users.csv").write_text(FILES["users.csv"](rows))
    result = run("scan", cwd=folder)
    assert result.code == 1
    assert (
        "users.csv:2:3  warning      Realistic personal data: 40 rows × 8 columns  [realistic-personal-data]\n"
        in result.out
    )
    assert "GitHub personal access token" in result.out
    assert "241 findings (1 secret, 240 personal) in 1 of 1 file" in result.out
    report = json.loads(run("scan", "--format", "json", cwd=folder).out)
    table, secret = report["findings"]
    assert (table["rule"], secret["rule"]) == ("realistic-personal-data", "github-personal-access-token")
    assert table["table"] == {"rows": 40, "columns": table["table"]["columns"], "values": 240}
    assert list(table["table"]["columns"]) == list(NAMED)
    assert report["summary"]["findings"] == {"secret": 1, "pii": 240}
    everything = json.loads(run("scan", "--all", "--format", "json", cwd=folder).out)
    assert len(everything["findings"]) == 40 * len(NAMED) + 1
    assert report["summary"]["hidden"] == 40 * len(NAMED) - 240
    sarif = json.loads(run("scan", "--format", "sarif", cwd=folder).out)
    assert [one["ruleId"] for one in sarif["runs"][0]["results"]] == [table["rule"], secret["rule"]]
    assert not any(row[key] in result.out for row in rows for key in NAMED)


def test_the_name_of_a_table_changes_with_its_values_only(folder):
    def fingerprint(text):
        (folder / "users.csv").write_text(text)
        return json.loads(run("scan", "--format", "json", cwd=folder).out)["findings"][0]["fingerprint"]

    first = fingerprint(FILES["users.csv"](people(40)))
    assert fingerprint("# a line more\n" + FILES["users.csv"](people(40))) == first
    assert fingerprint(FILES["users.csv"](people(41))) != first


def test_a_redacted_table_holds_none_of_its_values(folder):
    rows = people(40)
    (folder / "users.csv").write_text(FILES["users.csv"](rows))
    redacted = run("redact", "users.csv", cwd=folder).out
    assert not any(row[key] in redacted for row in rows for key in NAMED)


def test_whoever_runs_a_command_has_garbage_collected_afterwards_as_before(folder):
    assert gc.isenabled()
    for arguments in (["scan", str(folder)], ["--version"], ["no-such-command"]):
        main(arguments)
        assert gc.isenabled()
