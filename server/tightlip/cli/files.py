"""Which texts a scan reads: files of a work tree, blobs of an index or a history."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from tightlip.cli import git
from tightlip.cli.ignore import OWN, Ignores, read_ignores
from tightlip.cli.paths import label, way_from_here
from tightlip.cli.report import Skipped
from tightlip.errors import TightlipError
from tightlip.guard import workspace_root


class Source(NamedTuple):
    """One text to read. Few fields, made by the thousand."""

    path: str
    """Absolute; for a blob, where it lies or lay in the work tree."""
    shown: str
    """As reported."""
    size: int
    """Bytes."""
    root: str = ""
    """Workspace whose policy counts; for a blob, the repository that holds it."""
    oid: str = ""
    """Blob to read instead of the file."""
    added: tuple[range, ...] | None = None
    """Lines (from 1, as git counts them) whose findings count; None: all."""


class Selection(NamedTuple):
    """What the paths of a command line come to."""

    sources: list[Source]
    skipped: list[Skipped]
    messages: list[str]
    """What must be said: a path that does not exist, a folder that is ignored as a whole."""
    wanting: bool
    """Whether one of the named paths gave nothing at all."""


def select_files(paths: Sequence[str], *, trusted: bool = True, governed: bool = False) -> Selection:
    """Files of a work tree. A file that is named is read even if git ignores it; a folder is read as git sees it.

    Of a work tree that is not `trusted`, no ignore file leaves anything out, whoever reads it: all is read but `.git`.
    Where an organisation has the say (`governed`), `.tightlipignore` leaves nothing out, and that is told.
    """
    sources: dict[str, Source] = {}
    skipped: list[Skipped] = []
    messages: list[str] = []
    wanting = False
    for path in paths:
        try:
            status = os.stat(path)  # noqa: PTH116
        except (OSError, ValueError) as problem:
            messages.append(_missing(path, problem))
            wanting = True
            continue
        found = _Finder(str(workspace_root(Path(path))), trusted=trusted, governed=governed)
        absolute = os.path.abspath(path)  # noqa: PTH100
        if stat.S_ISDIR(status.st_mode):
            shown = label(path)
            why_none = found.list_folder(absolute, "" if shown == "." else shown.rstrip("/") + "/")
            if not found.sources and not found.skipped:
                messages.append(f"{path}: {why_none}")
                wanting = True
        else:
            found.add(absolute, label(path), status)
        for source in found.sources:
            sources.setdefault(source.path, source)
        skipped += found.skipped
        messages += found.messages
    if governed and (refused := next((one.shown for one in sources.values() if _is_own(one)), "")):
        messages.append(f"{refused}: ignored: only the organisation may exclude files")
    return Selection(sorted(sources.values(), key=attrgetter("shown")), skipped, messages, wanting)


def _is_own(source: Source) -> bool:
    return os.path.basename(source.path) == OWN  # noqa: PTH119


def _missing(path: str, problem: OSError | ValueError) -> str:
    if isinstance(problem, PermissionError):
        return f"{path}: not readable; check its permissions"
    return f"{path}: no such file or folder; check the spelling"


class _Finder:
    """Collects the files of one workspace."""

    def __init__(self, root: str, *, trusted: bool = True, governed: bool = False):
        self.root = root
        self.ignore_files = () if not trusted else (".gitignore",) if governed else (".gitignore", OWN)
        """Names of those that count."""
        self.sources: list[Source] = []
        self.skipped: list[Skipped] = []
        self.messages: list[str] = []

    def add(self, path: str, shown: str, status: os.stat_result) -> None:
        """Add one file that is no folder."""
        mode = status.st_mode
        if stat.S_ISREG(mode):
            self.sources.append(Source(path, shown, status.st_size, self.root))
        elif stat.S_ISLNK(mode):
            self.skipped.append(Skipped(shown, "link"))
        else:
            self.skipped.append(Skipped(shown, "special"))

    def list_folder(self, folder: str, shown: str) -> str:
        """Add the files of a folder; the answer is why there are none, should there be none."""
        if not self.ignore_files:
            self._walk(folder, shown)
            return "nothing to check in it; it is empty"
        names = git.listed(folder)
        if isinstance(names, git.Refusal):
            if not names.outside:
                self.messages.append(
                    f"{shown or '.'}: git could not list it ({names.message}); all its files are read instead"
                )
            self._walk(folder, shown)
            return "nothing to check in it; it is empty, or its ignore files leave nothing"
        ignores = _Own(folder, names)
        for name in names:
            path = f"{folder}/{name}" if os.sep == "/" else os.path.join(folder, *name.split("/"))  # noqa: PTH118
            try:
                status = os.lstat(path)
            except OSError:
                continue  # deleted in the work tree, still in the index
            if OWN in self.ignore_files and ignores.found and ignores.matches(name):
                self.skipped.append(Skipped(shown + name, "excluded", f"{OWN} excludes this file."))
            elif stat.S_ISDIR(status.st_mode):
                self._nested(path.rstrip("/"), shown + name.rstrip("/") + "/")
            else:
                self.add(path, shown + name, status)
        return "nothing to check in it; git ignores all its files (name a file to check it all the same)"

    def _nested(self, folder: str, shown: str) -> None:
        if os.path.lexists(os.path.join(folder, ".git")):  # noqa: PTH118
            self.list_folder(folder, shown)
        else:
            self._walk(folder, shown)

    def _walk(self, top: str, shown: str) -> None:
        """Add all files below a folder that its ignore files do not leave out."""
        pending: list[tuple[str, str, Ignores | None]] = [(top, "", None)]
        while pending:
            folder, prefix, above = pending.pop()
            try:
                with os.scandir(folder) as listing:
                    entries = sorted(listing, key=attrgetter("name"))
            except OSError as problem:
                self.skipped.append(Skipped(shown + prefix, "unreadable", problem.strerror or ""))
                continue
            here = [entry.name for entry in entries if entry.name in self.ignore_files]
            ignores = read_ignores(folder, prefix, here, above) if here else above
            for entry in entries:
                is_folder = entry.is_dir(follow_symlinks=False)
                if entry.name == ".git":
                    continue
                if ignores is not None and ignores.matches(prefix + entry.name + ("/" if is_folder else "")):
                    continue
                if is_folder:
                    pending.append((entry.path, f"{prefix}{entry.name}/", ignores))
                else:
                    self.add(entry.path, shown + prefix + entry.name, entry.stat(follow_symlinks=False))


class _Own:
    """`.tightlipignore` files that bear on the files git listed under a folder."""

    def __init__(self, folder: str, names: list[str]):
        self._top, self._offset = git.work_tree_above(folder)
        levels = [name.rpartition("/")[0] for name in names if name == OWN or name.endswith("/" + OWN)]
        self._levels: dict[str, Ignores | None] = {}
        self._own = {self._offset + level + "/" if level else self._offset for level in levels}
        above = self._offset
        while above:
            above = above[:-1].rpartition("/")[0]
            above = above + "/" if above else ""
            if os.path.isfile(os.path.join(self._top, above, OWN)):  # noqa: PTH113, PTH118
                self._own.add(above)
        self.found = bool(self._own)

    def matches(self, name: str) -> bool:
        path = self._offset + name
        folder, slash, _ = path.rstrip("/").rpartition("/")
        ignores = self._at(folder + slash)
        return ignores is not None and ignores.matches(path)

    def _at(self, prefix: str) -> Ignores | None:
        if prefix not in self._levels:
            above = None
            if prefix:
                folder, slash, _ = prefix[:-1].rpartition("/")
                above = self._at(folder + slash)
            if prefix in self._own:
                above = read_ignores(os.path.join(self._top, prefix), prefix, (OWN,), above)  # noqa: PTH118
            self._levels[prefix] = above
        return self._levels[prefix]


def _prefix(top: str) -> str:
    """What turns a path of the repository into one relative to the working directory."""
    way = way_from_here(top)
    return "" if way == "." else label(way) + "/"


def _under(top: str, paths: Sequence[str]) -> list[str]:
    """Paths of the command line as literal pathspecs from the repository's top."""
    specs: list[str] = []
    for path in paths:
        way = os.path.relpath(os.path.realpath(path), os.path.realpath(top)).replace(os.sep, "/")
        if way.startswith(".."):
            raise TightlipError(
                f"{path} lies outside the repository at {_prefix(top) or '.'}; name paths of one repository"
            )
        if way != ".":
            specs.append(f":(top,literal){way}")
    return specs if len(specs) == len(paths) else []


def _anchor(paths: Sequence[str]) -> str:
    first = paths[0] if paths else "."
    return first if os.path.isdir(first) else os.path.dirname(first) or "."  # noqa: PTH112, PTH120


def select_staged(paths: Sequence[str]) -> Selection:
    """Files of the index that differ from HEAD, with the content the index holds. Raises GitError outside of a repository."""
    top = git.required_top_level(_anchor(paths), "--staged")
    blobs = git.staged(top, _under(top, paths))
    return Selection(_blob_sources(top, git.sized(top, blobs)), [], [], False)


def select_history(paths: Sequence[str]) -> Selection:
    """Every blob of every commit, once. Raises GitError outside of a repository."""
    top = git.required_top_level(_anchor(paths), "--history")
    messages = []
    if git.is_shallow(top):
        messages = ["this clone is shallow: older history is not here and was not checked (git fetch --unshallow)"]
    return Selection(_blob_sources(top, git.history(top, _under(top, paths))), [], messages, False)


def _blob_sources(top: str, blobs: Sequence[git.Blob]) -> list[Source]:
    prefix = _prefix(top)
    return sorted(
        (
            Source(os.path.join(top, blob.path), label(prefix + blob.path), blob.size, top, blob.oid)  # noqa: PTH118
            for blob in blobs
        ),
        key=attrgetter("shown"),
    )


def select_added(paths: Sequence[str], revision: str, *, trusted: bool = True) -> Selection:
    """Files with lines that are new since HEAD left `revision`; untracked files are new as a whole, and where the work tree
    is not `trusted` so are those that git ignores.

    Raises GitError outside of a repository or for an unknown revision.
    """
    top = git.required_top_level(_anchor(paths), "--diff")
    pathspecs = _under(top, paths)
    added = git.added_lines(top, git.fork_point(top, revision), pathspecs)
    added.update(dict.fromkeys(git.untracked(top, pathspecs, ignored=not trusted)))
    found = _Finder(top)
    prefix = _prefix(top)
    for name, ranges in sorted(added.items()):
        path = os.path.join(top, name)  # noqa: PTH118
        try:
            status = os.lstat(path)
        except OSError:
            continue
        if stat.S_ISDIR(status.st_mode):
            continue  # a repository inside this one has its own history
        found.add(path, label(prefix + name), status)
        if ranges is not None and found.sources and found.sources[-1].path == path:
            found.sources[-1] = found.sources[-1]._replace(added=tuple(ranges))
    return Selection(found.sources, found.skipped, [], False)


def chunks(sources: Sequence[Source], size: int, count: int) -> Iterator[list[Source]]:
    """Runs of sources of at most about `size` bytes and `count` texts."""
    chunk: list[Source] = []
    weight = 0
    for source in sources:
        if chunk and (weight + source.size > size or len(chunk) >= count):
            yield chunk
            chunk, weight = [], 0
        chunk.append(source)
        weight += source.size
    if chunk:
        yield chunk
