"""What changes while something else is under way is not lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp

from tests.editor.wire import Wire
from tightlip.editor import session as rooms

RESTRICTING = "[[repo]]\n"


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    wire.initialize()
    yield wire
    wire.close()


def until(wire: Wire, condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        wire.loop.run_until_complete(asyncio.sleep(0.005))


def codes(wire: Wire, uri: str) -> list[Any]:
    """Of the diagnostics that were pushed last."""
    pushed = [
        message["params"] for message in wire.out if message.get("method") == lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS
    ]
    told = [params["diagnostics"] for params in pushed if params["uri"] == uri]
    return [item["code"] for item in told[-1]] if told else ["nothing yet"]


def opened(wire: Wire, path: Path) -> str:
    item = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": "x = 1\n"}
    wire.notify(lsp.TEXT_DOCUMENT_DID_OPEN, {"textDocument": item})
    return path.as_uri()


def test_a_folder_that_comes_while_the_rooms_below_are_loaded_has_its_own_policy(
    wire: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, load = wire.server.session, rooms._import  # pyright: ignore[reportPrivateUsage]
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "tightlip.toml").write_text(RESTRICTING)

    def load_meanwhile() -> None:
        load()
        folder = lsp.WorkspaceFolder(inner.as_uri(), "inner")
        wire.loop.call_soon_threadsafe(session.change_folders, [folder], [])

    monkeypatch.setattr(rooms, "_import", load_meanwhile)
    uri = opened(wire, inner / "a.py")
    until(wire, lambda: codes(wire, uri) != ["nothing yet"])
    assert session.guards.root_of(str(inner / "a.py")) == str(inner)


def test_a_policy_that_cannot_be_told_counts_all_the_same(
    wire: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = opened(wire, tmp_path / "a.py")
    until(wire, lambda: codes(wire, uri) == [])

    def broken(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(rooms, "state_of", broken)
    policy = tmp_path / "tightlip.toml"
    policy.write_text(RESTRICTING)
    wire.notify(lsp.TEXT_DOCUMENT_DID_SAVE, {"textDocument": {"uri": policy.as_uri()}})
    until(wire, lambda: codes(wire, uri) == ["restricted"])
