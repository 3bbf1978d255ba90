"""All the names a repository is known by: its remotes as they are written, as git uses them, and as ssh connects to them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from tightlip.provenance.configuration import with_included, written_urls
from tightlip.provenance.files import Stamp, stamp
from tightlip.provenance.git import GitError, configuration_files
from tightlip.provenance.git_folder import Place, place_at
from tightlip.provenance.remote import local_path, normalise_remote, through_ssh
from tightlip.provenance.ssh_config import SshHosts
from tightlip.syntax.lazy import lazy

_MOST_MET = 5
"""Repositories asked for one: a clone of a clone has three."""
_URL_LINE = lazy(r"^([^\t\n]+)\t(.+?) \((fetch|push)\)", re.MULTILINE)


class Run(Protocol):
    """Runs git: `run(root, git_dir, "remote", "-v")` -> what it printed. Raises GitError."""

    def __call__(self, root: str, git_dir: str, *arguments: str) -> str:
        """What git printed."""
        ...


class Addresses(NamedTuple):
    """What was found."""

    names: tuple[tuple[str, ...], ...]
    """Normalised names of each address, those of `origin` first."""
    problem: str
    """Why git could not be asked."""
    files: tuple[str, ...]
    """Files that say so, and their stamp from before they were read."""
    stamp: Stamp


def read_addresses(run: Run, place: Place, hosts: SshHosts, met: set[str] | None = None) -> Addresses:
    """The addresses of a repository. One that names a repository on this disk has the names of that one's, too."""
    met = set() if met is None else met
    met.add(place.common_dir)
    configurations = os.path.join(place.common_dir, "config"), os.path.join(place.git_dir, "config.worktree")
    files = with_included((*configurations, *configuration_files()))
    before = stamp(files)
    written = [pair for path in configurations for pair in written_urls(path)]
    told, problem = _told_urls(run, place)
    found: list[tuple[str, ...]] = []
    for urls in _addresses(told, written):
        urls += [through_ssh(url, hosts.real_name) for url in urls]
        names = tuple(dict.fromkeys(map(normalise_remote, urls)))
        there = next(filter(None, (_on_disk(url, place.root) for url in urls)), None)
        if there is None or there.common_dir in met or len(met) == _MOST_MET:
            found.append(names)
            continue
        inner = read_addresses(run, there, hosts, met)
        found += [(*names, *more) for more in inner.names] or [names]
        problem, files, before = problem or inner.problem, files + inner.files, before + inner.stamp
    return Addresses(tuple(found), problem, files, before)


def _on_disk(url: str, root: str) -> Place | None:
    path = local_path(url)
    if path is None or path.startswith(("//", "\\\\")):  # a share: to look there would be a call to another machine
        return None
    return place_at(os.path.join(root, path))


def _told_urls(run: Run, place: Place) -> tuple[list[tuple[str, str]], str]:
    """Remote names and addresses as git would use them, and why it could not be asked."""
    try:
        lines = _URL_LINE.findall(run(place.root, place.git_dir, "remote", "-v"))
        told = [(name, url) for name, url, _ in lines]
        fetch = {name: url for name, url, way in lines if way == "fetch"}
        # with a push address, `remote -v` shows only the first of several fetch addresses
        for name in {name for name, url, way in lines if way == "push" and fetch.get(name) != url}:
            urls = run(place.root, place.git_dir, "remote", "get-url", "--all", name)
            told.extend((name, url) for url in urls.splitlines())
    except GitError as reason:
        return [], str(reason)
    return told, ""


def _addresses(told: Sequence[tuple[str, str]], written: Sequence[tuple[str, str]]) -> Iterator[list[str]]:
    """What git uses and what is written for it, of one address after the other, those of `origin` first.

    Where a remote has several, which of them belong together cannot be told: then each is an address of its own.
    """
    names = dict.fromkeys(name for name, _ in (*told, *written))
    for name in sorted(names, key=lambda name: name != "origin"):
        used, as_written = (
            list(dict.fromkeys(url for remote, url in pairs if remote == name and url)) for pairs in (told, written)
        )
        if len(as_written) <= 1:
            yield from [[url, *as_written] for url in used] or ([as_written] if as_written else [])
        else:
            yield from [[url] for url in dict.fromkeys((*used, *as_written))]
