"""`tightlip doctor`."""

from __future__ import annotations

import os
import platform
import re
import shutil
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, TimeoutError
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import click

from tightlip import __version__
from tightlip.cli import git
from tightlip.cli.paths import printable
from tightlip.errors import PolicyError, RefusedError, TightlipError
from tightlip.guard import Guard, load_guard, workspace_root
from tightlip.policy.model import Layer
from tightlip.redact.key import key_path

_LIBRARIES = ("hyperscan", "pygls", "lsprotocol", "presidio-analyzer", "detect-secrets", "spacy")
_EDITORS = {
    "nvim": "Neovim", "vim": "Vim", "emacs": "Emacs", "code": "VS Code", "code-insiders": "VS Code Insiders", "codium": "VSCodium",
    "cursor": "Cursor", "windsurf": "Windsurf", "hx": "Helix", "helix": "Helix", "zed": "Zed", "zeditor": "Zed", "kak": "Kakoune",
    "subl": "Sublime Text", "kate": "Kate",
}  # fmt: skip
_ASK = "ask who keeps it to mend it; `tightlip policy explain` tells more"
_PATIENCE = 5.0
_WORKER_PATIENCE = 60.0


class Check(NamedTuple):
    """One thing that was looked at."""

    name: str
    said: str
    remedy: str = ""
    """What to do; empty where nothing is wrong."""


@click.command()
@click.argument("folder", metavar="[DIR]", default=os.curdir, type=click.Path(exists=True, file_okay=False))
@click.option(
    "--deep/--no-deep", default=True, show_default=True, help="Start the worker with Presidio and detect-secrets."
)
@click.pass_context
def doctor(ctx: click.Context, folder: str, deep: bool) -> None:
    """Say what is installed, which policy is in force for a folder (default: this one), and what is wrong.

    Exits with 1 when something is wrong; each problem comes with what to do.
    """
    problems = 0
    for check in _checks(Path(folder), deep=deep):
        click.echo(f"{'!!' if check.remedy else 'ok'}  {check.name:<12}  {printable(check.said)}")
        if check.remedy:
            click.echo(f"    {'':<12}  -> {printable(check.remedy)}")
            problems += 1
    click.echo("Everything is in order." if not problems else f"{problems} problem{'' if problems == 1 else 's'}.")
    ctx.exit(1 if problems else 0)


def _checks(folder: Path, *, deep: bool) -> Iterator[Check]:
    yield Check(
        "tightlip", f"{__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    )
    yield Check("libraries", ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES))
    root, guard = workspace_root(folder), None
    try:
        guard = load_guard(root)
    except (ImportError, TightlipError) as problem:
        said = str(problem) if isinstance(problem, TightlipError) else f"cannot load {problem.name}"
        yield Check("rules", said, "install tightlip again: pip install --force-reinstall tightlip")
    if guard is not None:
        yield _rules(guard)
        yield _cache()
        yield from _policy(guard, root)
        yield _key(guard)
    if deep:
        yield _worker()
    yield _git()
    yield _editors()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _rules(guard: Guard) -> Check:
    counted = Counter(rule.category.value for rule in guard.ruleset.rules)
    kinds = ", ".join(f"{count} {category}" for category, count in sorted(counted.items()))
    remedy = "" if guard.ruleset.rules else "install tightlip again: pip install --force-reinstall tightlip"
    return Check("rules", f"{len(guard.ruleset.rules)} ({kinds or 'none'})", remedy)


def _cache() -> Check:
    from tightlip.detect.kept import cache_directory, is_own

    folder = cache_directory()
    files = list(folder.glob("rules-*.bin")) if folder.is_dir() and is_own(folder) else []
    if files:
        return Check("cache", f"compiled rules in {folder} ({sum(file.stat().st_size for file in files):,} bytes)")
    remedy = "give yourself the folder, or set TIGHTLIP_CACHE_DIR; every start takes a second longer until then"
    return Check("cache", f"is not yours, or cannot be written: {folder}", remedy)


def _policy(guard: Guard, root: Path) -> Iterator[Check]:
    organisation = guard.above.organisation
    theirs = [str(problem) for problem in guard.problems if _is_the_organisations(problem, guard)]
    if organisation is not None:
        said = organisation.sentence
        further = [problem for problem in theirs if problem not in said]
        wrong = organisation.broken or len(further) < len(theirs)
        yield Check("organisation", f"{organisation.state.value}: {said}", _ASK if wrong else "")
        for problem in further:
            yield Check("organisation", problem, _ASK)
    files = [_seen_from(root, file) for file in guard.policy.files]
    yield Check("policy", f"built-in defaults{', ' if files else ''}{', '.join(files)} for {root}")
    for problem in guard.problems:
        if str(problem) not in theirs:
            yield Check("policy", str(problem), _advice(problem, guard))


def _advice(problem: TightlipError, guard: Guard) -> str:
    """What to do about what is wrong with a file of the user's or the repository's."""
    if isinstance(problem, RefusedError):
        return ""  # as it should be: a lower layer asked, and does not get it
    if not isinstance(problem, PolicyError) or _path_of(problem, guard) in guard.policy.unreadable:
        return "mend this file; until then nothing of it counts"
    return "correct this entry; the rest of the file is in force"


def _is_the_organisations(problem: TightlipError, guard: Guard) -> bool:
    organisation = guard.above.organisation
    if organisation is None or isinstance(problem, RefusedError):
        return False
    return problem in organisation.problems or guard.above.layer_of(_path_of(problem, guard)) is Layer.ORG


def _path_of(problem: TightlipError, guard: Guard) -> str:
    return str((guard.top or Path()) / (problem.file or ""))


def _seen_from(root: Path, file: str) -> str:
    path = Path(file)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file


def _key(guard: Guard) -> Check:
    try:
        key = guard.key
    except TightlipError as problem:
        return Check("key", str(problem), "see there")
    if key.path is None:
        place = key_path(guard.top) if guard.top else "the user's data folder"
        return Check(
            "key", f"cannot be kept in {place}", "make the folder writable; until then nothing redacted can be restored"
        )
    mode = stat.S_IMODE(key.path.stat().st_mode)
    return Check("key", f"{key.path}" + (f" (mode {mode:04o})" if os.name == "posix" else ""))


def _worker() -> Check:
    """Start the deep lane and wait for its first answer."""
    from tightlip.detect.deep.client import DeepLane
    from tightlip.detect.deep.job import DeepJob

    lane = DeepLane()
    try:
        result = lane.submit(DeepJob("Dear Ms Miller, thank you.\n", "letter.txt")).result(_WORKER_PATIENCE)
        state = lane.state
    except (CancelledError, TimeoutError):
        return Check(
            "deep lane",
            lane.state.sentence,
            "try again; if it stays, install presidio-analyzer and detect-secrets again",
        )
    finally:
        lane.close()
    notices = " ".join(dict.fromkeys(notice.message for notice in result.notices))
    if state.worker is None:
        return Check("deep lane", notices or state.sentence, "install presidio-analyzer and detect-secrets again")
    models = ", ".join(state.worker.models) or "no spaCy model, so names of people are not looked for"
    said = f"worker answers: {len(state.worker.recognizers)} recognizers, {len(state.worker.plugins)} plugins, {models}"
    return Check("deep lane", said)


def _git() -> Check:
    said = _first_line(git.program)
    return Check(
        "git", said or "not found", "" if said else "install git; without it no history or staged change is seen"
    )


def _editors() -> Check:
    found: dict[str, str] = {}
    for command, name in _EDITORS.items():
        program = shutil.which(command)
        if program is not None and name not in found:
            found[name] = _first_line(lambda program=program: program)
    old = next((said for name, said in found.items() if name == "Neovim" and _is_old(said)), "")
    remedy = "the Neovim plugin needs 0.11 or newer" if old else ""
    told = "; ".join(f"{name}: {said or 'does not tell its version'}" for name, said in found.items())
    return Check("editors", told or "none on PATH", remedy)


def _is_old(neovim: str) -> bool:
    numbers = re.match(r"NVIM v(\d+)\.(\d+)", neovim)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) < (0, 11)


def _first_line(program: Callable[[], str]) -> str:
    """What a program says of its version; empty where it does not."""
    try:
        done = subprocess.run(
            [program(), "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
            cwd=os.path.dirname(sys.executable),  # noqa: PTH120 - not the folder that is looked at
        )
    except (OSError, subprocess.TimeoutExpired, TightlipError):
        return ""
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return lines[0].strip()[:80] if lines and not done.returncode else ""
