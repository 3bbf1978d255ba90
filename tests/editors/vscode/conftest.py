"""One VS Code for all scenarios of this folder: starting it costs as much as ten of them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import CI
from tests.editors import install
from tests.editors.vscode.rig import VSCode
from tests.editors.vscode.samples import POLICY, VALUES, traces


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VSCode]:
    installed = install.folder()
    lacks = VSCode.lacks(installed)
    if lacks:
        if CI:
            pytest.fail(lacks)
        pytest.skip(lacks)
    vscode = VSCode(installed, tmp_path_factory.mktemp("vscode"))
    work = vscode.folder / "work"
    (work / "pay").mkdir(parents=True)
    subprocess.run(["git", "init", "-q", work], check=True)
    subprocess.run(["git", "init", "-q", work / "pay"], check=True)
    subprocess.run(["git", "-C", work / "pay", "remote", "add", "origin", "git@github.com:acme/pay.git"], check=True)
    (work / "tightlip.toml").write_text(POLICY)
    (work / "pay" / "tightlip.toml").write_text(POLICY)
    (work / "pay" / "ledger.py").write_text("def settle(account, amount):\n    return account.balance - amount\n")
    try:
        vscode.start()
        vscode.run("trust", {"clean": "tightlip.toml"})
        yield vscode
    finally:
        vscode.stop()


@pytest.fixture
def vscode(session: VSCode) -> Iterator[VSCode]:
    """Whatever a test does, no value is in anything that was written down: the protocol's trace is on in every one."""
    yield session
    with_values = [str(path) for path in session.logs() if traces(path.read_text("utf-8", "replace"), *VALUES)]
    assert with_values == []


@pytest.fixture
def write(session: VSCode) -> Callable[..., Path]:
    """Writes a text, byte for byte, to a file of a window's folder."""

    def written(name: str, text: str, window: str = "work") -> Path:
        path = session.folder / window / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return path

    return written
