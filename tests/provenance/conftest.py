from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Git = Callable[..., str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, so that nobody's own git configuration takes part."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    return folder


@pytest.fixture
def git(home: Path) -> Git:
    """Runs git in a folder: `git(folder, "remote", "-v")` -> what it printed."""

    def run(folder: Path, *arguments: str) -> str:
        identity = ["-c", "user.name=Dev", "-c", "user.email=dev@example.com", "-c", "protocol.file.allow=always"]
        done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True)
        return done.stdout

    return run


@pytest.fixture
def make(tmp_path: Path, git: Git) -> Callable[..., Path]:
    """Makes a repository with one commit: `make("pay", origin="...")` -> its folder, symbolic links resolved."""

    def repository(name: str, **remotes: str) -> Path:
        folder = (tmp_path / name).resolve()
        folder.mkdir(parents=True)
        git(folder, "init", "-q", "-b", "main")
        (folder / "app.py").write_text("x = 1\n")
        git(folder, "add", ".")
        git(folder, "commit", "-q", "-m", "first")
        for remote, url in remotes.items():
            git(folder, "remote", "add", remote, url)
        return folder

    return repository
