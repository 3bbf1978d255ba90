"""Hosts that a person gave another name in `~/.ssh/config` (ssh_config(5)): `github-work` for `github.com`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fnmatch import translate
from functools import lru_cache
from typing import NamedTuple

from tightlip.provenance.files import text_of
from tightlip.syntax.lazy import lazy

_LINE = lazy(r"\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*?)\s*")
_WORD = lazy(r'"([^"]*)"|(\S+)')
_MOST_FILES = 50

Hosts = tuple[str, ...]
"""The patterns of one `Host` line; none at all where a `Match` begins, of which nothing is believed."""


class SshHosts(NamedTuple):
    """What is written there. Nothing is run for it: whether a `Match` holds is not asked, and what stands below one is left out."""

    names: tuple[tuple[tuple[Hosts, ...], str], ...]
    """Real names in their order, each with the `Host` lines that must all match."""
    files: tuple[str, ...]
    """All files it was read from, or would be if they were there."""

    def real_name(self, host: str) -> str:
        """The host ssh connects to for a name: the first that is given counts."""
        for conditions, name in self.names:
            if all(_matches(patterns, host) for patterns in conditions):
                return name.replace("%h", host).replace("%%", "%")
        return host


def ssh_hosts() -> SshHosts:
    """Read the configuration of the person who runs us, and the files it includes, one level deep."""
    path = os.path.join(os.path.expanduser("~"), ".ssh", "config")
    names: list[tuple[tuple[Hosts, ...], str]] = []
    files = [path]
    for conditions, keyword, value in _lines(path):
        if keyword == "hostname":
            names.append((conditions, value))
        elif keyword == "include":
            for included in _included(value, os.path.dirname(path)):
                if len(files) < _MOST_FILES:
                    files.append(included)
                    inner = [(conditions + more, name) for more, key, name in _lines(included) if key == "hostname"]
                    names += inner
    return SshHosts(tuple(names), tuple(files))


def _lines(path: str) -> Iterator[tuple[tuple[Hosts, ...], str, str]]:
    """Keywords in lower case with their values, and under which `Host` line each stands."""
    conditions: tuple[Hosts, ...] = ()
    for line in text_of(path).split("\n"):
        parts = _LINE.fullmatch(line)
        if parts is None:
            continue
        keyword, value = parts[1].lower(), parts[2]
        if keyword == "host":
            conditions = (_words(value),)
        elif keyword == "match":
            conditions = ((),)
        elif keyword == "hostname":
            yield conditions, keyword, "".join(_words(value)[:1])
        elif keyword == "include":
            yield conditions, keyword, value


def _included(value: str, folder: str) -> Iterator[str]:
    for word in _words(value):
        path = os.path.join(folder, os.path.expanduser(word))
        if any(wildcard in path for wildcard in "*?["):
            from glob import glob  # few write one

            yield from sorted(glob(path))
        else:
            yield path


def _words(value: str) -> Hosts:
    return tuple(match[1] or match[2] or "" for match in _WORD.finditer(value))


@lru_cache(maxsize=4096)
def _matches(patterns: Hosts, host: str) -> bool:
    """Whether one pattern matches and none that is negated does (ssh_config(5), "PATTERNS")."""
    negated = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    plain = [pattern for pattern in patterns if not pattern.startswith("!")]
    return any(_is(pattern, host) for pattern in plain) and not any(_is(pattern, host) for pattern in negated)


def _is(pattern: str, host: str) -> bool:
    """`*` and `?` alone are special there."""
    return re.match(translate(pattern.replace("[", "[[]")), host, re.IGNORECASE) is not None
