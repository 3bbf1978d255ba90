"""Every test runs with its own cache and data folders, so that nothing is taken from, or left on, the machine."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# how long an example takes is the benches' business; here a busy machine must not fail a test
settings.register_profile("tightlip", deadline=None)
settings.load_profile("tightlip")

CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")


def pytest_configure(config: pytest.Config) -> None:
    # set once by the controller; xdist's workers inherit it and share the compiled rules
    if "TIGHTLIP_TEST_HOME" not in os.environ:
        home = tempfile.TemporaryDirectory(prefix="tightlip-tests-")
        config.add_cleanup(home.cleanup)
        os.environ["TIGHTLIP_TEST_HOME"] = home.name
        os.environ["TIGHTLIP_CACHE_DIR"] = os.path.join(home.name, "cache")
        os.environ["XDG_DATA_HOME"] = os.path.join(home.name, "data")
        os.environ["XDG_CONFIG_HOME"] = os.path.join(home.name, "config")


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Forbids every socket in this process; the list holds what was tried."""
    import socket

    tried: list[str] = []

    def refuse(*args: object, **_: object) -> None:
        tried.append(repr(args[:2]))
        raise OSError("sockets are forbidden in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    yield tried
    assert tried == []


@pytest.fixture
def quiet_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """git without the settings of whoever runs the tests."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
