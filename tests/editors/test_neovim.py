"""What a developer sees in Neovim, and what is left on disk. Every test runs the real editor and the real server."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.editors.conftest import PLUGIN, Neovim
from tightlip.detect.detector import Document, detect
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.detect.sample import fill

pytestmark = [pytest.mark.xdist_group("neovim"), pytest.mark.timeout(300)]

Write = Callable[[str, str], Path]

TOKEN = fill("ghp_{crc32-base62:30}")
OTHER = fill("{crc32-base62:30}")
SECOND = "ghp_" + OTHER
EMAIL = "k73.vinterhage@" + "g" + "mail.com"
RULE = "github-personal-access-token"
TITLE = "GitHub personal access token"


def runs(value: str, size: int = 6) -> set[str]:
    """Every run of `size` characters of a value."""
    return {value[at : at + size] for at in range(len(value) - size + 1)}


def traces(data: bytes, *values: str) -> set[str]:
    """The runs of the values that are still in a file."""
    text = data.decode("utf-8", errors="replace")
    return {run for value in values for run in runs(value) if run in text}


def only(diagnostics: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(diagnostics) == 1, diagnostics
    return diagnostics[0]


@pytest.mark.parametrize(
    ("name", "text", "line", "column"),
    [
        ("deploy.py", f'import os\n\ntoken = "{TOKEN}"\n', 2, 9),
        ("astral.py", f'smile = "😀𝒳 é {TOKEN}"\n', 0, len('smile = "😀𝒳 é '.encode())),
        ("dos.py", f'first = 1\r\ntoken = "{TOKEN}"\r\nlast = 2\r\n', 1, 9),
        ("no_end.py", f'token = "{TOKEN}"', 0, 9),
        ("feed.py", f'a = 1\n\x0c\nb = "\u2028"\ntoken = "{TOKEN}"\n', 3, 9),
        (".env", f"GITHUB_TOKEN={TOKEN}\n", 0, 13),
        ("credentials", f"[default]\ntoken = {TOKEN}\n", 1, 8),
    ],
    ids=["python", "astral", "crlf", "no-last-line-end", "form-feed", "dotenv", "no-file-type"],
)
def test_a_secret_is_marked_exactly_and_one_action_redacts_it(
    neovim: Neovim, write: Write, name: str, text: str, line: int, column: int
) -> None:
    path = write(name, text)
    seen = neovim.run("redact", path, given={"count": 1, "left": 0})
    finding = only(seen["before"])
    assert (finding["line"], finding["column"], finding["text"]) == (line, column, TOKEN)
    assert (finding["source"], finding["code"], finding["severity"]) == ("tightlip", RULE, "ERROR")
    assert [action["title"] for action in seen["actions"] if action["preferred"]] == ["Redact this value"]
    assert seen["undone"] == text.replace("\r\n", "\n").removesuffix("\n")
    saved = path.read_bytes()
    assert not traces(saved, TOKEN)
    assert saved.count(b"\r\n") == text.count("\r\n")
    token = saved.decode().split("TL_GITHUB_TOKEN_")[1][:6]
    # nothing but the value has changed
    assert saved.decode().rstrip("\r\n") == text.replace(TOKEN, f"TL_GITHUB_TOKEN_{token}").rstrip("\r\n")


def test_one_action_redacts_a_customers_cell_of_a_table(neovim: Neovim, write: Write) -> None:
    rows = f"id,full_name,email,city\n1,Test User,user@example.com,Nowhere\n2,Johanna Ödberg,{EMAIL},Lund\n"
    path = write("customers.csv", rows)
    looked = neovim.run("look", path, given={"rule": "email"})
    mail = next(finding for finding in looked["found"] if finding["text"] == EMAIL)
    assert mail["line"] == 2
    assert mail["column"] == len("2,Johanna Ödberg,".encode())
    assert mail["source"] == "tightlip"
    index, count = looked["found"].index(mail) + 1, len(looked["found"])
    seen = neovim.run("redact", path, given={"count": count, "left": count - 1, "index": index})
    saved = path.read_bytes()
    assert not traces(saved, EMAIL)
    assert [line.count(b",") for line in saved.splitlines()] == [3, 3, 3]
    assert seen["undone"] == rows.removesuffix("\n")


def test_only_the_chosen_value_goes(neovim: Neovim, write: Write) -> None:
    path = write("two.py", f'a = "{TOKEN}"\nb = "{SECOND}"\nagain = "{TOKEN}"\n')
    seen = neovim.run("redact", path, given={"count": 3, "left": 1, "index": 1})
    assert only(seen["after"])["text"] == SECOND
    lines = path.read_text().splitlines()
    assert lines[0].split('"')[1] == lines[2].split('"')[1], "the same value has the same placeholder"
    assert SECOND in lines[1]


def test_a_restricted_file_says_so_and_is_not_copied(neovim: Neovim, restricted: Path) -> None:
    seen = neovim.run("restricted", restricted)
    shown = only(seen["before"])
    assert (shown["line"], shown["column"]) == (0, 0)
    assert (shown["source"], shown["code"], shown["severity"]) == ("tightlip", "restricted", "ERROR")
    assert "acme/pay" in shown["message"]
    assert "payments@acme.example" in shown["message"]
    assert seen["related"] == [{"uri": (restricted.parent / "tightlip.toml").as_uri(), "line": 0}]
    assert seen["status"] == "tightlip: restricted"
    assert seen["register"] == "untouched"
    assert any(shown["message"] in message for message in seen["messages"]), seen["messages"]


def test_lines_of_a_restricted_file_are_known_where_they_are_put(
    neovim: Neovim, write: Write, restricted: Path
) -> None:
    names = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    lines = [f'    {name}_tranche = settle_claim(ledger["{name}"], cutoff_of("{name} zone"))' for name in names]
    restricted.write_text("\n".join(["def settle(ledger):", *lines, "    return first_tranche", ""]))
    text = "import ledgers\n\nprint(ledgers)\n"
    other = write("app/main.py", text)
    subprocess.run(["git", "init", "-q", other.parent], check=True)
    fenced = write("app/prices.py", "a = 1\n# tightlip: private-begin pricing\nmargin = 3\n# tightlip: private-end\n")
    given = {"first": 2, "last": 11, "other": str(other), "behind": 2, "fenced": str(fenced)}
    seen = neovim.run("copied", restricted, given=given)
    assert only(seen["restricted"])["code"] == "restricted"
    marked = only(seen["marked"])
    assert (marked["line"], marked["column"], seen["last_line"]) == (2, 0, 11)
    assert marked["text"].split("\n") == lines
    assert (marked["source"], marked["code"], marked["severity"]) == ("tightlip", "copied-code", "WARN")
    assert marked["message"] == (
        "10 lines of restricted code from acme/pay, ledger.py:2-11: an assistant would receive them. "
        "Ask payments@acme.example."
    )
    assert seen["related"] == [{"uri": (restricted.parent / "tightlip.toml").as_uri(), "line": 0}]
    assert seen["status"] == "tightlip: 1"
    assert "tranche" not in seen["copied"] + seen["redacted"]
    assert seen["copied"] == seen["redacted"] + "\n"
    assert [action["title"] for action in seen["actions"] if action["preferred"]] == ["Redact this passage"]
    assert not [action["title"] for action in seen["actions"] if "Allow" in action["title"]]
    saved = other.read_text()
    assert "tranche" not in saved
    assert saved.startswith('import ledgers\n\n    "TL_COPIED_CODE_')
    assert saved.endswith('"\nprint(ledgers)\n')
    assert (seen["undone"], seen["restored"]) == (True, True)
    section = only(seen["section"])
    assert (section["code"], section["severity"], section["text"]) == ("private-section", "ERROR", "margin = 3")
    assert "margin" not in fenced.read_text()
    assert fenced.read_text().count("tightlip: private-") == 2
    assert seen["yanked"] == (
        f"tightlip: the clipboard holds {marked['message']} :Tightlip redact clipboard makes it safe."
    )


def test_commands_do_what_they_say(neovim: Neovim, write: Write) -> None:
    third = fill("ghp_{crc32-base62:30} ").strip()
    path = write("three.py", f'import os\na = "{TOKEN}"\nb = "{SECOND}"\nc = "{third}"\n')
    subprocess.run(["git", "init", "-q", path.parent], check=True)
    seen = neovim.run("commands", path)
    names = ["copy", "log", "redact", "redact!", "report", "restart", "restore", "scan", "scan!", "status"]
    assert seen["completion"] == names
    assert seen["restore_completion"] == seen["redact_completion"] == ["clipboard"]
    assert seen["statusline"] == "tightlip: 3"
    assert seen["status"] == f"tightlip: 3 values an assistant should not receive: {TITLE}."
    assert traces(seen["one"].encode(), TOKEN) == set()
    assert SECOND in seen["one"]
    assert third in seen["one"]
    assert not traces(seen["range"].encode(), TOKEN, SECOND)
    assert third in seen["range"]
    assert not traces(seen["whole"].encode(), TOKEN, SECOND, third)
    assert seen["restored"] is True
    assert seen["untouched"] is True
    assert seen["copied"] == seen["whole"] + "\n"
    assert seen["selection"] == seen["whole"].splitlines()[1].split('"')[1], "no half of a value is copied"
    assert seen["answer"] == f"use {TOKEN} here"
    assert "redact" in seen["nonsense"]
    assert seen["scan"] == "tightlip: 3 findings in 1 of 1 file."
    assert seen["quickfix"] == [{"line": 2, "text": f"{TITLE} (3)", "type": "E"}]
    assert seen["scan_stopped"] is True
    assert seen["report"].startswith("# tightlip report")
    assert seen["report_is_scratch"] is True
    assert seen["copy"] == seen["whole"]
    assert seen["copy_type"] == "python"
    assert seen["log"].endswith("lsp.log")
    assert not traces(json.dumps(seen["messages"]).encode() + seen["report"].encode(), TOKEN, SECOND, third)


def test_a_buffer_without_a_name_is_checked_and_redacted(neovim: Neovim, tmp_path: Path) -> None:
    text = f"a question 😀\nwith {TOKEN} in it"
    seen = neovim.run("unnamed", given={"text": text, "name": str(tmp_path / "named.txt")})
    finding = only(seen["pasted"])
    assert (finding["line"], finding["column"], finding["text"]) == (1, 5, TOKEN)
    assert (finding["source"], finding["code"]) == ("tightlip", RULE)
    assert seen["attached"] == 0
    assert seen["status"] == "tightlip: 1"
    assert not traces((seen["copied"] + seen["redacted"]).encode(), TOKEN)
    assert seen["restored"] == text
    assert (seen["first"], seen["second"]) == (1, 0)
    assert only(seen["named"])["text"] == TOKEN


@pytest.mark.parametrize("manager", ["lazy.nvim", "vim.pack"])
def test_it_works_as_the_readme_has_a_plugin_manager_install_it(neovim: Neovim, write: Write, manager: str) -> None:
    path = write("app.py", f'token = "{TOKEN}"\n')
    home = neovim.home / "HOME" / "src"
    home.mkdir(parents=True)
    home.joinpath("tightlip").symlink_to(PLUGIN.parent.parent, target_is_directory=True)
    readme = (PLUGIN / "README.md").read_text(encoding="utf-8")
    seen = neovim.run("installed", path, environment={"DRIVE_INSTALL": manager, "DRIVE_README": readme})
    assert only(seen["found"])["text"] == TOKEN
    assert (seen["command"], seen["guards"]) == (2, 5)


def test_files_of_every_name_are_checked_by_one_server(neovim: Neovim, write: Write, tmp_path: Path) -> None:
    names = ["one/app.py", "one/unknown.zzz", "two/credentials", "two/dump.sql", "loose.txt"]
    for name in names:
        write(name, f'token = "{TOKEN}"\n')
    for root in ("one", "two"):
        subprocess.run(["git", "init", "-q", tmp_path / "work" / root], check=True)
    start = tmp_path / "work" / names[0]
    seen = neovim.run("types", start, given={"names": [str(tmp_path / "work" / name) for name in names]})
    types = [seen["checked"][str(tmp_path / "work" / name)] for name in names]
    assert types == ["python", "", "", "sql", "text"]
    assert seen["clients"] == 1
    assert sorted(Path(folder).name for folder in seen["folders"]) == ["one", "two"]


def test_the_status_line_says_how_things_stand_and_nothing_more(neovim: Neovim, write: Write) -> None:
    seen = neovim.run("states", write("app.py", f'token = "{TOKEN}"\n'))
    assert seen["findings"] == "tightlip: 1"
    assert seen["sentence"] == f"1 value an assistant should not receive: {TITLE}."
    assert (seen["safe"], seen["checking_at_first"], seen["checking"]) == ("", "", "tightlip: checking")
    assert seen["restricted"] == "tightlip: restricted"
    assert (seen["problem"], seen["safe_with_problem"]) == (
        "tightlip: restricted, policy problem",
        "tightlip: policy problem",
    )
    assert (seen["untrusted"], seen["well"]) == ("tightlip: policy untrusted", "")
    assert seen["overruled"] == "warn"
    assert any("the policy requires" in message for message in seen["messages"])
    assert seen["gone"] == "tightlip: not running"


def test_a_killed_server_leaves_the_editor_usable_and_comes_back(neovim: Neovim, write: Write) -> None:
    path = write("app.py", f'token = "{TOKEN}"\n')
    seen = neovim.run("killed", path)
    assert seen["shown_while_dead"] == 0
    assert seen["saved"] == "# typed while there was no server"
    assert only(seen["back"])["line"] == 1
    assert seen["clients"] == 0, "a server that keeps dying is left alone until one asks"
    assert only(seen["after_restart"])["text"] == TOKEN


def test_a_killed_worker_does_not_stop_the_warnings(neovim: Neovim, write: Write) -> None:
    path = write("app.py", f'clean = 1\ntoken = "{TOKEN}"\n')
    seen = neovim.run("worker", path, given={"line": f'typed = "{SECOND}"'}, settings={"deep": True, "deepIdle": 0})
    assert seen["workers"] > 0
    assert seen["same_server"] is True


def test_health_finds_nothing_wrong(neovim: Neovim, write: Write) -> None:
    path = write("app.py", f'token = "{TOKEN}"\n')
    health = neovim.run("health", path, given={"count": 1})["health"]
    assert "ERROR" not in health
    assert "tightlip 0." in health
    assert "Client: attached to 1 buffer" in health
    assert "Organisation: " in health
    assert "Policy: built-in defaults" in health
    assert "Key: " in health
    assert "Worker: " in health


def test_no_server_is_said_once_and_health_tells_what_to_do(neovim: Neovim, write: Write) -> None:
    path = write("app.py", f'token = "{TOKEN}"\n')
    missing = {"TIGHTLIP_COMMAND": json.dumps(["no-such-program-here"])}
    seen = neovim.run("absent", path, environment=missing)
    told = [message for message in seen["messages"] if "checks nothing" in message]
    assert len(told) == 1
    assert "no-such-program-here" in told[0]
    assert "pipx install tightlip" in told[0]
    assert path.parent.joinpath("other.py").read_text() == 'still = "usable"\n'
    health = neovim.run("health", path, environment=missing)["health"]
    assert "ERROR" in health
    assert "pipx install tightlip" in health


def test_a_program_of_the_project_is_not_run(neovim: Neovim, write: Write, tmp_path: Path) -> None:
    planted = write(".venv/bin/tightlip", '#!/bin/sh\ntouch "$0.was-run"\n')
    planted.chmod(0o755)
    path = write("app.py", "x = 1\n")
    environment = {
        "TIGHTLIP_COMMAND": None,
        "VIRTUAL_ENV": str(planted.parent.parent),
        "PATH": f"{planted.parent}:.venv/bin:/usr/bin:/bin",
    }
    health = neovim.run("health", path, environment=environment)["health"]
    assert "active virtual environment" in health
    assert not planted.with_name("tightlip.was-run").exists()


def test_it_can_be_turned_off_and_on(neovim: Neovim, write: Write) -> None:
    path = write("app.py", f'token = "{TOKEN}"\n')
    seen = neovim.run("disabled", path, environment={"DRIVE_DISABLED": "1"})
    assert (seen["clients"], seen["after_restart"], seen["command"]) == (0, 0, 2)
    assert "not enabled" in "".join(seen["messages"])


def test_no_log_of_the_editor_holds_a_value(neovim: Neovim, write: Write) -> None:
    path = write("app.py", f'token = "{TOKEN}"\nmail = "{EMAIL}"\n')
    neovim.run("health", path, given={"count": 2}, settings={"deep": True})
    logs = [file for file in (neovim.home / "XDG_STATE_HOME").rglob("*.log") if file.is_file()]
    for log in logs:
        assert not traces(log.read_bytes(), TOKEN, EMAIL), log
    assert not traces(neovim.output.encode(), TOKEN, EMAIL)


def test_typing_is_followed(neovim: Neovim, write: Write, record_property: Callable[[str, object], None]) -> None:
    path = write("app.py", f'clean = 1\ntoken = "{TOKEN}"\n')
    seen = neovim.run("typing", path, given={"line": f'typed = "{SECOND}"'})
    # for information: 150 ms of it are Neovim's own debounce
    record_property("edit_to_diagnostics_ms", [seen["median"], seen["worst"]])
    print(f"edit to diagnostics: median {seen['median']:.0f} ms, worst {seen['worst']:.0f} ms")


def test_help_has_no_double_or_dead_tags(neovim: Neovim) -> None:
    seen = neovim.run("help")
    assert set(seen["tags"]) >= {"tightlip", ":Tightlip", "g:tightlip_cmd", "tightlip-guards", "tightlip-traces"}
    assert seen["dead"] == []


def test_the_picture_holds_no_value_and_loads_nothing() -> None:
    drawn = (PLUGIN / "screenshot.svg").read_text(encoding="utf-8")
    assert [finding.rule for finding in detect(Document(drawn, "screenshot.svg"), builtin_ruleset()).findings] == []
    assert "url(" not in drawn.replace("url(#", "")
    assert "href" not in drawn
