"""Files of a workspace folder that are not open: which there are, and their texts as an editor would show them."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

from attrs import frozen
from pathspec import GitIgnoreSpec

from tightlip.provenance.git import GitError, ask_git_in

MAX_FILES = 50_000
"""Files of one folder that are listed; a larger folder is scanned on the command line."""
MAX_BYTES = 5_000_000
"""Bytes of a file that a workspace scan reads; larger ones are counted as passed over."""

_OWN_IGNORE = ".tightlipignore"
_SKIPPED_FOLDERS = frozenset(
    {".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".tox", ".mypy_cache"}
)
_BINARY_HEAD = 8192
_TIME_LIMIT = 30.0
"""Seconds git may take to list a large repository."""


@frozen
class Stamp:
    """What changes when a file does."""

    size: int
    modified: int
    """Nanoseconds since the epoch."""


def list_files(folder: str, *, governed: bool = False) -> list[str]:
    """Absolute paths of the files git knows or would take in, sorted; without those `.tightlipignore` names, but where an
    organisation has the say (`governed`).

    Outside of git, all files but those in folders that hold no sources.
    """
    names = _git_files(folder)
    if names is None:
        names = _walked_files(folder)
    ignore = Path(folder, _OWN_IGNORE)
    if not governed and ignore.is_file():
        try:
            spec = GitIgnoreSpec.from_lines(ignore.read_text("utf-8-sig", "replace").splitlines())
        except (OSError, ValueError):
            spec = GitIgnoreSpec(())
        names = [name for name in names if not spec.match_file(name)]
    return [os.path.join(folder, name) for name in sorted(set(names))]  # noqa: PTH118


def stamp_of(path: str) -> Stamp | None:
    """Size and time of a regular file, or None."""
    try:
        status = os.stat(path, follow_symlinks=False)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    return Stamp(status.st_size, status.st_mtime_ns) if os.path.isfile(path) else None  # noqa: PTH113


def read_file(path: str) -> str | None:
    """The text of a file as an editor shows it: without a byte order mark, UTF-8 or else Latin-1; None if it has none."""
    try:
        data = Path(path).read_bytes()
    except OSError:
        return None
    return decode(data)


def decode(data: bytes) -> str | None:
    """The text of a file's bytes, or None for a binary file."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if b"\0" in data[:_BINARY_HEAD]:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _git_files(folder: str) -> list[str] | None:
    """Names below `folder` as git lists them, or None where git does not answer."""
    try:
        listed = ask_git_in(folder, "ls-files", "-co", "--exclude-standard", "-z", time_limit=_TIME_LIMIT)
    except GitError:
        return None
    return [os.fsdecode(name) for name in listed.split(b"\0") if name and not name.endswith(b"/")]


def _walked_files(folder: str) -> list[str]:
    names: list[str] = []
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED_FOLDERS)
        names.extend(os.path.relpath(os.path.join(place, name), folder) for name in files)  # noqa: PTH118
        if len(names) > MAX_FILES:
            break
    return [name.replace(os.sep, "/") for name in names]
