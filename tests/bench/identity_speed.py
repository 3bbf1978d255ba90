"""Which repository a file belongs to: for the first time, again, and with the commits its history begins with."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.table import Row
from tightlip.finding import Classification
from tightlip.provenance.classify import RepoEntry, classify, relevant
from tightlip.provenance.fences import section_findings
from tightlip.provenance.repository import Repositories, Repository

COMMITS = 8000
FILES = 200
ROUNDS = 15


def run() -> list[Row]:
    """All rows of the table."""
    with repository() as root:
        return [*identity(root), *root_commits(root), decision(root), fences()]


def identity(root: Path) -> list[Row]:
    """A repository not seen before, beside one bare run of git in turns, the best of each; then every file of it again."""
    cold: list[float] = []
    bare: list[float] = []
    for _ in range(ROUNDS):
        cold.append(seconds(lambda: Repositories().of(root / "src" / "f0.txt")))
        bare.append(seconds(lambda: git(root, "rev-parse", "--show-toplevel")))
    first, other = min(cold) * 1e3, min(bare) * 1e3
    warm = warm_time(root, lambda repositories, path: repositories.at(path, is_file=True))
    return [
        Row(
            "the repository of a file, first look",
            f"{first:.1f} ms",
            f"{other:.1f} ms git rev-parse --show-toplevel",
            f"{first / other:.1f}x",
            "<= 5 ms",
            first <= 5,
        ),
        Row("the same, every further file", f"{warm * 1e6:.0f} µs", "", "", "<= 50 µs", warm * 1e6 <= 50),
    ]


def root_commits(root: Path) -> list[Row]:
    """The root of a long history, and what asking for it costs every further file."""
    cold: list[float] = []
    bare: list[float] = []
    for _ in range(5):
        repositories = Repositories()
        known = found(repositories.of(root))
        cold.append(seconds(lambda known=known, repositories=repositories: repositories.with_roots(known)))
        bare.append(seconds(lambda: git(root, "rev-list", "--max-parents=0", "HEAD")))
    first, other = min(cold) * 1e3, min(bare) * 1e3
    warm = warm_time(
        root, lambda repositories, path: repositories.with_roots(found(repositories.at(path, is_file=True)))
    )
    return [
        Row(
            f"its root among {COMMITS:,} commits, first look",
            f"{first:.0f} ms",
            f"{other:.0f} ms git rev-list --max-parents=0",
            f"{first / other:.1f}x",
            "",
            None,
        ),
        Row("the same, every further file", f"{warm * 1e6:.0f} µs", "", "", "<= 50 µs", warm * 1e6 <= 50),
    ]


def decision(root: Path) -> Row:
    """The class of a file by a policy of 500 repositories, named by remotes and roots."""
    entries = [
        RepoEntry(
            Classification.RESTRICTED,
            remotes=(f"github.com/acme/r{number}",),
            roots=(f"{number:040x}",),
            paths=(f"clients/c{number}/**",) if number % 10 == 0 else (),
            base="/code",
            layer="org",
        )
        for number in range(1, 501)
    ]
    repositories = Repositories()
    known = repositories.with_roots(found(repositories.of(root)))
    some = relevant(entries, known)
    path = str(root / "src" / "f0.txt")
    classify(path, known, some)
    each = seconds(lambda: [classify(path, known, some) for _ in range(FILES)]) / FILES
    return Row(
        "the class of a file, 500 repositories in the policy", f"{each * 1e6:.0f} µs", "", "", "<= 1 ms", each <= 1e-3
    )


def fences() -> Row:
    """A text of code in which no section is fenced."""
    text = "    value = compute_private_part(first, second)  # not fenced\n" * 1000
    each = min(seconds(lambda: section_findings(text)) for _ in range(50))
    return Row(
        f"no fenced section in 1,000 lines ({len(text) // 1000} KB)",
        f"{each * 1e6:.0f} µs",
        "",
        "",
        "<= 100 µs",
        each <= 1e-4,
    )


def warm_time(root: Path, look: Callable[[Repositories, str], Repository | None]) -> float:
    """Seconds a file takes of a repository that is known: the path resolved, the repository looked for; median of all."""
    repositories = Repositories()
    paths = [root / "src" / f"d{number % 20}" / f"f{number}.txt" for number in range(FILES)]
    times: list[float] = []
    for _ in range(3):
        for path in paths:
            times.append(seconds(lambda path=path: look(repositories, repositories.resolve(path))))
    return statistics.median(times[FILES:])


def seconds(action: Callable[[], object]) -> float:
    """How long an action takes."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def found(repository: Repository | None) -> Repository:
    """The repository, which is there."""
    if repository is None:
        raise LookupError("the repository just made was not found")
    return repository


def git(folder: Path, *arguments: str, given: str = "") -> None:
    """Run git in a folder, without anybody's own configuration."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, input=given.encode(), capture_output=True, check=True
    )


@contextmanager
def repository() -> Iterator[Path]:
    """A repository with a long history, two remotes and some folders."""
    with tempfile.TemporaryDirectory(prefix="tightlip-bench-") as name:
        root = Path(name).resolve() / "pay"
        root.mkdir()
        git(root, "init", "-q", "-b", "main")
        git(root, "remote", "add", "origin", "git@github.com:dev/pay.git")
        git(root, "remote", "add", "upstream", "https://github.com/acme/pay.git")
        git(root, "fast-import", "--quiet", given="".join(history()))
        for number in range(20):
            (root / "src" / f"d{number}").mkdir(parents=True)
        yield root


def history() -> Iterator[str]:
    """Commits as git fast-import reads them."""
    for number in range(1, COMMITS + 1):
        yield f"commit refs/heads/main\nmark :{number}\ncommitter Dev <dev@example.com> {1700000000 + number} +0000\ndata 1\nm\n"
        yield f"from :{number - 1}\n" if number > 1 else ""
        yield f"M 100644 inline src/f{number % 50}.txt\ndata 6\n{number:06d}\n\n"


if __name__ == "__main__":
    from rich.console import Console

    from tests.bench.table import show

    sys.exit(0 if show("identity", run(), Console(width=170)) else 1)
