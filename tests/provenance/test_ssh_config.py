from __future__ import annotations

from pathlib import Path

import pytest

from tightlip.provenance.ssh_config import ssh_hosts

CONFIG = """
# comment
Host github-work gh-*
    HostName github.com
    User git
Host=!gh-x  "gh-[a]"  second.w?rk
\thostname = "%h.corp.example"
Match exec "touch ran"
    HostName never.example
Include more/*.conf single
Host *
    HostName late.example
"""


@pytest.fixture
def ssh(home: Path) -> Path:
    folder = home / ".ssh"
    (folder / "more").mkdir(parents=True)
    (folder / "config").write_text(CONFIG)
    return folder


@pytest.mark.parametrize(
    ("host", "real"),
    [
        ("github-work", "github.com"),
        ("GitHub-Work", "github.com"),
        ("gh-x", "github.com"),
        ("second.work", "second.work.corp.example"),
        ("second.w0rk", "second.w0rk.corp.example"),
        ("other", "late.example"),
    ],
)
def test_the_first_name_that_a_matching_host_line_gives_counts(ssh: Path, host: str, real: str) -> None:
    assert ssh_hosts().real_name(host) == real


def test_included_files_count_where_they_stand_and_below_the_host_line_they_stand_under(ssh: Path) -> None:
    (ssh / "config").write_text("Include more/*.conf\nHost a*\nInclude single\n")
    (ssh / "more" / "1.conf").write_text("Host m\nHostName more.example\nInclude deeper\n")
    (ssh / "deeper").write_text("Host m2\nHostName deeper.example\n")
    (ssh / "single").write_text("HostName a.example\n")
    hosts = ssh_hosts()
    assert [hosts.real_name(host) for host in ("m", "m2", "ab", "b")] == ["more.example", "m2", "a.example", "b"]
    assert hosts.files == tuple(str(ssh / name) for name in ("config", "more/1.conf", "single"))


def test_nothing_below_a_match_is_believed(ssh: Path) -> None:
    (ssh / "config").write_text("Match all\nHostName x.example\nInclude single\n")
    (ssh / "single").write_text("Host b\nHostName b.example\n")
    assert ssh_hosts().real_name("b") == "b"


def test_without_a_configuration_a_name_is_what_it_is(home: Path) -> None:
    hosts = ssh_hosts()
    assert (hosts.real_name("x"), hosts.files) == ("x", (str(home / ".ssh" / "config"),))
