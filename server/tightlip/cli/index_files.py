"""Which files an index of a repository is built from."""

from __future__ import annotations

import os
import stat
from typing import NamedTuple

from tightlip.cli import git
from tightlip.cli.decode import decode
from tightlip.cli.files import select_files
from tightlip.errors import TightlipError
from tightlip.provenance.indexable import MOST_BYTES
from tightlip.provenance.repository import Repositories


class CodeFile(NamedTuple):
    """A file to read."""

    path: str
    """Absolute."""
    name: str
    """From the repository's root, with `/`."""
    size: int
    """Bytes."""


class Tree(NamedTuple):
    """A repository, or a folder that is none."""

    names: tuple[str, ...]
    """Normalised remotes, or the folder's name."""
    files: tuple[CodeFile, ...]
    roots: tuple[str, ...] = ()
    """Ids of its root commits."""


def tracked_files(path: str) -> Tree:
    """What git tracks under a folder; all files of one that lies in no repository. Links and submodules are left out.

    Raises TightlipError for what is no folder, and where git cannot list it.
    """
    if not os.path.isdir(path):  # noqa: PTH112
        raise TightlipError(f"{path}: no such folder; name a repository")
    repositories = Repositories()
    folder = repositories.resolve(path)
    repository = repositories.of(folder)
    if repository is None:
        found = [
            CodeFile(source.path, os.path.relpath(source.path, folder).replace(os.sep, "/"), source.size)
            for source in select_files([folder]).sources
        ]
        return Tree((os.path.basename(folder) or folder,), tuple(sorted(found)))  # noqa: PTH119
    names = git.run(folder, "ls-files", "--cached", "--full-name", "-z").split(b"\0")
    roots = repositories.with_roots(repository).roots
    return Tree(
        repository.remotes or (repository.name,), _regular(repository.root, names), roots.commits if roots else ()
    )


def texts_under(path: str) -> tuple[CodeFile, ...]:
    """Every file under a folder that git does not ignore, or the one file. Raises TightlipError where there is nothing."""
    chosen = select_files([path])
    if not chosen.sources:
        raise TightlipError(chosen.messages[0] if chosen.messages else f"{path}: there is no file to read")
    return tuple(CodeFile(source.path, source.shown, source.size) for source in chosen.sources)


def read_code(file: CodeFile) -> str | None:
    """Text of a file; None for one that is gone, cannot be read, is no text, or is too large to have been written."""
    if file.size > MOST_BYTES:
        return None
    try:
        with open(file.path, "rb") as opened:
            decoded = decode(opened.read())
    except OSError:
        return None
    return decoded.text if decoded else None


def _regular(root: str, names: list[bytes]) -> tuple[CodeFile, ...]:
    found: list[CodeFile] = []
    for name in sorted({os.fsdecode(name) for name in names if name}):
        path = os.path.join(root, *name.split("/"))  # noqa: PTH118
        try:
            status = os.lstat(path)
        except OSError:
            continue  # deleted in the work tree, still in the index
        if stat.S_ISREG(status.st_mode):
            found.append(CodeFile(path, name, status.st_size))
    return tuple(found)
