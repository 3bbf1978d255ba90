from __future__ import annotations

import pytest

from tests.cli.conftest import run
from tightlip.cli.server import parse_address
from tightlip.errors import TightlipError


@pytest.mark.parametrize(
    ("address", "parsed"),
    [
        ("127.0.0.1:4389", ("127.0.0.1", 4389)),
        ("localhost:0", ("localhost", 0)),
        ("[::1]:80", ("::1", 80)),
        ("4389", ("127.0.0.1", 4389)),
        (":4389", ("127.0.0.1", 4389)),
    ],
)
def test_loopback_addresses_are_taken(address, parsed):
    assert parse_address(address) == parsed


@pytest.mark.parametrize(
    "address", ["0.0.0.0:80", "192.168.1.4:80", "example.com:80", "[::]:80", "LOCALHOST.example:1"]
)
def test_addresses_that_others_can_reach_need_to_be_forced(address):
    with pytest.raises(TightlipError, match="--force-remote"):
        parse_address(address)
    assert parse_address(address, remote=True)[1] in (80, 1)


@pytest.mark.parametrize("address", ["", "host", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "127.0.0.1:-1"])
def test_what_is_no_address_is_said(address):
    with pytest.raises(TightlipError, match="is no address"):
        parse_address(address)


def message(body: str) -> bytes:
    return f"Content-Length: {len(body)}\r\n\r\n{body}".encode()


def test_server_speaks_on_standard_output_and_ends_with_its_client(folder):
    feed = (
        message(
            '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}'
        )
        + message('{"jsonrpc":"2.0","id":2,"method":"shutdown"}')
        + message('{"jsonrpc":"2.0","method":"exit"}')
    )
    result = run("server", "--stdio", "--log-file", "log.txt", "--log-level", "debug", cwd=folder, feed=feed)
    assert result.code == 0, result.err
    assert result.out.startswith("Content-Length: ")
    assert '"serverInfo"' in result.out
    assert result.err == ""
    assert (folder / "log.txt").exists()


def test_wrong_server_options_are_said(folder):
    assert run("server", "--tcp", "0.0.0.0:80", cwd=folder).code == 2
    assert run("server", "--stdio", "--tcp", "1", cwd=folder).code == 2
    assert "cannot write the log file" in run("server", "--log-file", "none/log.txt", cwd=folder).err
