"""A glob as an expression that never goes back: of any name it tells in time linear in the name whether it matches.

Globs are written by strangers too, and in the usual translation ten stars are ten loops inside each other. Here what stands
between two wildcards is looked for once, at the first place where it can stand; for globs that place is always right.
`(?=(?P<g>...))(?P=g)` holds on to it: an atomic group, which Python before 3.11 cannot write.
"""

from __future__ import annotations

import re


def compile_glob(pattern: str) -> re.Pattern[str] | None:
    """The expression for `match`, or None for a line of `.gitignore` that names nothing (a comment, `!x`, an open `[`).

    Raises ValueError for what is no glob. `[...]` never stands for a slash, as in git.
    """
    pattern = pattern if pattern.endswith("\\ ") else pattern.rstrip()
    if not pattern or pattern[0] in "#!" or pattern == "/":
        return None
    segments = _segments(pattern)
    if segments == ["**"]:
        return re.compile("[^/]*/" if pattern.endswith("/") else r"[\s\S]")
    try:
        return re.compile(_Source().of(segments))
    except _OpenBracketError:
        return None


class _OpenBracketError(Exception):
    pass


def _segments(pattern: str) -> list[str]:
    segments = pattern.split("/")
    if not segments[0]:
        del segments[0]
    elif len(segments) == 1 or (len(segments) == 2 and not segments[1]):
        segments.insert(0, "**")  # a name alone lies at any depth
    if not segments[-1]:
        segments[-1] = "**"  # what ends with a slash is a folder
    return [each for at, each in enumerate(segments) if each != "**" or segments[at - 1 : at] != ["**"]]


class _Source:
    def __init__(self) -> None:
        self._held = 0

    def of(self, segments: list[str]) -> str:
        inside = segments[-1] == "**"
        runs: list[list[str]] = [[]]
        for segment in segments:
            if segment == "**":
                runs.append([])
            else:
                runs[-1].append(segment)
        if inside:
            runs.pop()
        source = self._run(runs[0], last=len(runs) == 1, inside=inside) if runs[0] else ""
        for at, run in enumerate(runs[1:], 2):
            last = at == len(runs)
            part = "(?:[^/]*/)*?" + self._run(run, last=last, inside=inside)
            source += part if last else self._hold(part)
        return source

    def _run(self, segments: list[str], *, last: bool, inside: bool) -> str:
        """Segments one behind the other, and the end of the last."""
        return "/".join(map(self._segment, segments)) + (r"(?:/|\Z)" if last and not inside else "/")

    def _segment(self, segment: str) -> str:
        if segment == "*":
            return "[^/]+"
        first, *further = _pieces(segment)
        source = "".join(first)
        for at, piece in enumerate(further, 1):
            text = "".join(piece)
            if at == len(further):
                source += rf"[^/]{{{len(piece)},}}" + (f"(?<={text})" if text else "")
            elif text:
                source += self._hold("[^/]*?" + text)
        return source

    def _hold(self, part: str) -> str:
        self._held += 1
        return f"(?=(?P<g{self._held}>{part}))(?P=g{self._held})"


def _pieces(segment: str) -> list[list[str]]:
    """What stands between the stars of a segment: one expression for each character."""
    pieces: list[list[str]] = [[]]
    at = 0
    while at < len(segment):
        character = segment[at]
        at += 1
        if character == "*":
            pieces.append([])
        elif character == "?":
            pieces[-1].append("[^/]")
        elif character == "[":
            one, at = _bracket(segment, at)
            pieces[-1].append(one)
        elif character != "\\":
            pieces[-1].append(re.escape(character))
        elif at < len(segment):
            pieces[-1].append(re.escape(segment[at]))
            at += 1
        else:
            raise ValueError("a glob may not end with a single backslash")
    return pieces


def _bracket(segment: str, start: int) -> tuple[str, int]:
    """The characters of a `[...]` whose first character is at `start`, and where it ends."""
    negated = segment[start : start + 1] in ("!", "^")
    start += negated
    end = segment.find("]", start + 1)
    if end < 0:
        raise _OpenBracketError
    said, at, source = segment[start:end], 0, ""
    while at < len(said):
        low = high = said[at]
        at += 1
        if said[at : at + 1] == "-" and at + 1 < len(said):
            high = said[at + 1]
            at += 2
        if low > high:
            raise ValueError("a range of a glob runs backwards")
        source += f"{re.escape(low)}-{re.escape(high)}"
    return f"(?!/)[{'^' if negated else ''}{source}]", end + 1
