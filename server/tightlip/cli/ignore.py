"""Ignore files, in the manner of git: `.gitignore` where git itself does not answer, `.tightlipignore` everywhere."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

OWN = ".tightlipignore"
_MAX_SIZE = 1_000_000


class Ignores:
    """The ignore files of a folder and of those above it, down from `top`; deeper ones win, as in gitignore(5)."""

    __slots__ = ("_above", "_prefix", "_spec")

    def __init__(self, prefix: str, spec: GitIgnoreSpec | None, above: Ignores | None):
        self._prefix = prefix
        self._spec = spec
        self._above = above

    def matches(self, path: str) -> bool:
        """Whether a path below `top`, with `/` and with a `/` behind a folder, is ignored."""
        level: Ignores | None = self
        while level is not None:
            if level._spec is not None:
                included = level._spec.check_file(path[len(level._prefix) :]).include
                if included is not None:
                    return included
            level = level._above
        return False


def read_ignores(folder: str, prefix: str, names: Sequence[str], above: Ignores | None) -> Ignores | None:
    """`above` with the ignore files called `names` of a folder, which lies at `prefix` ("" or "a/b/") below the top.

    A file that cannot be read counts as empty: nothing is left out because of it.
    """
    lines: list[str] = []
    for name in names:
        try:
            with open(os.path.join(folder, name), encoding="utf-8-sig", errors="replace") as file:  # noqa: PTH118
                lines.extend(file.read(_MAX_SIZE).splitlines())
        except OSError:
            continue
    if not any(line.strip() and not line.startswith("#") for line in lines):
        return above
    from pathspec import GitIgnoreSpec  # 20 ms, and most folders have none

    return Ignores(prefix, GitIgnoreSpec.from_lines(_valid(lines), backend="simple"), above)


def _valid(lines: list[str]) -> list[str]:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines(lines, backend="simple")
    except ValueError:
        pass
    else:
        return lines
    kept: list[str] = []
    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line], backend="simple")
        except ValueError:
            continue
        kept.append(line)
    return kept
