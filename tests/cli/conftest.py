from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import tightlip
from tests.policy.conftest import keys, org  # noqa: F401 - fixtures: an organisation of the test's own

collect_ignore = ["test_posix.py"] if sys.platform == "win32" else []


class Repository:
    """A real git repository in a temporary folder, untouched by the machine's own git configuration."""

    def __init__(self, root: Path):
        self.root = root
        root.mkdir(exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, check: bool = True, **variables: str) -> str:
        environment = {
            **os.environ,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@example.com",
            "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@example.com",
            **variables,
        }
        done = subprocess.run(
            ["git", "-C", str(self.root), *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout

    def write(self, path: str, content: str | bytes) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return target

    def commit(self, message: str = "change") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD").strip()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """An empty repository, which is also the working directory."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    created = Repository(tmp_path / "work")
    monkeypatch.chdir(created.root)
    return created


SERVER = Path(tightlip.__file__).resolve().parent.parent


class Run(NamedTuple):
    code: int
    out: str
    err: str


def run(*arguments: str, cwd: Path | str | None = None, feed: str | bytes = b"", **variables: str) -> Run:
    """The real command in a process of its own. It is started away from any folder whose files Python could import."""
    environment = {**os.environ, "PYTHONPATH": str(SERVER), **variables}
    done = subprocess.run(
        command(*arguments),
        cwd=cwd,
        input=feed.encode() if isinstance(feed, str) else feed,
        capture_output=True,
        env=environment,
        timeout=60,
        check=False,
    )
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def command(*arguments: str) -> list[str]:
    """As the installed console script: the current folder is not on the import path."""
    return [
        sys.executable,
        "-c",
        "import sys; sys.path.remove(''); from tightlip.__main__ import main; sys.exit(main())",
        *arguments,
    ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory outside of any repository."""
    created = tmp_path / "here"
    created.mkdir()
    monkeypatch.chdir(created)
    return created
