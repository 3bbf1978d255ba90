"""What git's configuration files say as text: the addresses that are written there, and the files they include."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from tightlip.provenance.files import text_of
from tightlip.syntax.lazy import lazy

_MOST_FILES = 100
_SECTION = lazy(r'\s*\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]')
_URL = lazy(r"\s*(?:\[[^\]]*\]\s*)?(?:push)?url\s*=\s*(.*)", re.IGNORECASE)
_PATH = lazy(r"\s*(?:\[[^\]]*\]\s*)?path\s*=\s*(.*)", re.IGNORECASE)


def written_urls(path: str) -> list[tuple[str, str]]:
    """Remote names and addresses as the configuration file has them, before `insteadOf`.

    A policy may name either form, and this one is known without git, too.
    """
    urls: list[tuple[str, str]] = []
    remote: str | None = None
    for line in text_of(path).split("\n"):
        section = _SECTION.match(line)
        if section is not None:
            remote = section[2] if section[1].lower() == "remote" else None
        if remote is not None and (url := _URL.match(line)) is not None:
            urls.append((remote, _value(url[1])))
    return urls


def with_included(paths: Iterable[str]) -> tuple[str, ...]:
    """The files, and those that they include or may include (git-config(1), "Includes"): whether the condition of an
    `includeIf` holds is not asked. A hundred at most."""
    found = list(dict.fromkeys(paths))
    known = set(found)
    for path in found:  # grows
        for named in _includes(path):
            if named not in known and len(found) < _MOST_FILES:
                known.add(named)
                found.append(named)
    return tuple(found)


def _includes(path: str) -> list[str]:
    text = text_of(path)
    if "nclude" not in text and "NCLUDE" not in text:
        return []
    paths: list[str] = []
    including = False
    for line in text.split("\n"):
        section = _SECTION.match(line)
        if section is not None:
            including = section[1].lower() in ("include", "includeif")
        if including and (named := _PATH.match(line)) is not None:
            paths.append(os.path.join(os.path.dirname(path), os.path.expanduser(_value(named[1]))))
    return paths


def _value(text: str) -> str:
    return re.sub(r"\s+[#;].*", "", text).strip().strip('"')
