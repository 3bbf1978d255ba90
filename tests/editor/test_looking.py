"""What cannot be told of a document takes nothing from what can."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.editor.wire import Wire
from tightlip.detect.sample import fill
from tightlip.editor import looking
from tightlip.guard import Guard

TOKEN = fill("ghp_{crc32-base62:30}")
TEXT = f'# token = "{TOKEN}"\n'


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    wire.initialize({"textDocument": {"diagnostic": {}, "hover": {"contentFormat": ["plaintext"]}}})
    yield wire
    wire.close()


def broken(*args: object, **kwargs: object) -> None:
    raise RuntimeError(TOKEN)


def opened(wire: Wire, path: Path) -> dict[str, Any]:
    item = {"uri": path.as_uri(), "languageId": "toml", "version": 1, "text": TEXT}
    wire.notify("textDocument/didOpen", {"textDocument": item})
    return {"textDocument": {"uri": path.as_uri()}}


@pytest.mark.parametrize(
    ("room", "name", "sentence"),
    [
        (looking, "notes_on", "Mistakes in this policy file could not be looked for: RuntimeError"),
        (Guard, "remember", "Lines of this text will not be known again where they are pasted: RuntimeError"),
    ],
)
def test_a_fault_in_what_is_told_besides_costs_no_finding(
    wire: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: object, name: str, sentence: str
) -> None:
    monkeypatch.setattr(room, name, broken)
    document = opened(wire, tmp_path / "tightlip.toml")
    found, notice = wire.ask("textDocument/diagnostic", document)["items"]
    assert (found["code"], notice["code"]) == ("github-personal-access-token", "failed")
    assert notice["message"].startswith(sentence)
    assert wire.ask("textDocument/hover", {**document, "position": {"line": 0, "character": 15}}) is not None
    assert TOKEN not in str(wire.out)


def test_what_was_found_and_cannot_be_shown_is_told_to_be_there(
    wire: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = looking.diagnostics_of
    monkeypatch.setattr(looking, "diagnostics_of", lambda *args, **more: broken() if more else show(*args))
    document = opened(wire, tmp_path / "a.toml")
    (notice,) = wire.ask("textDocument/diagnostic", document)["items"]
    assert notice["message"].startswith("What was found in this text could not be shown: RuntimeError")
    assert wire.ask("textDocument/hover", {**document, "position": {"line": 0, "character": 15}}) is not None
