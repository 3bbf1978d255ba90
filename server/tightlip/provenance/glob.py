"""Globs as `.gitignore` writes them, for paths and for remotes.

`*` stays inside one segment, `**` crosses them, and what lies under a match matches too.
"""

from __future__ import annotations

import os
import re
import sys
import time
from functools import lru_cache

from tightlip.provenance.files import real_path
from tightlip.provenance.glob_expression import compile_glob
from tightlip.syntax.lazy import lazy

_WILDCARD = lazy(r"[*?\[\\]")
_SEEN = 10.0
"""Seconds for which the links on a glob's way are not looked for again."""
FOLDS_CASE = sys.platform in ("darwin", "win32")
"""Whether file names that differ only in case usually name one file here."""


def glob_problem(pattern: str) -> str | None:
    """Why a glob cannot be used, or None. A negated one is refused: it could only take back what another restricts."""
    if not pattern.strip():
        return "a glob may not be empty"
    if pattern.startswith("!"):
        return 'a glob may not begin with "!"'
    if pattern.startswith("#"):
        return 'a glob that begins with "#" is a comment; write "\\#"'
    try:
        expression = _expression(pattern)
    except (ValueError, re.error):
        return f'"{pattern}" is not a glob'
    return None if expression is not None else f'"{pattern}" matches nothing'


def matches(pattern: str, name: str, *, fold: bool = FOLDS_CASE) -> bool:
    """Whether a glob matches a slash-separated name or one of its parent folders; False for a glob that cannot be used.

    `fold` compares without regard to case.
    """
    pattern, name = _composed(pattern), _composed(name)
    try:
        expression = _expression(pattern.lower() if fold else pattern)
    except (ValueError, re.error):
        return False
    name = slashes(name.lower() if fold else name)
    name = name[1:] if name.startswith("/") else name.removeprefix("./")
    return expression is not None and expression.match(name) is not None


def path_matches(pattern: str, path: str, base: str, *, fold: bool = FOLDS_CASE, follow: bool = True) -> bool:
    """Whether a glob matches an absolute path. A glob counts from the folder `base`, with `~/` from the home folder.

    A leading slash anchors at `base`, as in `.gitignore`; a glob that begins with `/` also matches as an absolute path.
    `path` has its links resolved, and so have the home folder and `base`. With `follow`, so has the folder a glob begins with,
    besides as it is written: not for what loosens, for a repository may hold links. `fold` compares without regard to case.
    """
    for folder, rest in _resolved(pattern, base, follow=follow):
        inside = relative(path, folder, fold=fold)
        if inside is not None and matches(rest, inside, fold=fold):
            return True
    if pattern.startswith("~/"):
        inside = relative(path, os.path.expanduser("~"), fold=fold)
        return inside is not None and matches(pattern[1:], inside, fold=fold)
    inside = relative(path, base, fold=fold)
    if inside is not None and matches(pattern, inside, fold=fold):
        return True
    return _is_absolute(pattern) and matches("/" + slashes(pattern).lstrip("/"), slashes(path).lstrip("/"), fold=fold)


def may_match_in(pattern: str, folder: str, base: str, *, fold: bool = FOLDS_CASE) -> bool:
    """Whether `path_matches` can say yes of a file that lies in a folder, by the text before the first wildcard alone.

    Costs a microsecond: of five hundred globs it leaves the few that are worth compiling.
    """
    literal = _literal(slashes(pattern))
    if "/" not in pattern.rstrip("/"):
        return True
    here = slashes(folder).rstrip("/") + "/"
    starts = [slashes(base).rstrip("/") + "/" + literal.lstrip("/")]
    if pattern.startswith("~/"):
        starts = [slashes(os.path.expanduser("~")) + literal[1:]]
    elif _is_absolute(pattern):
        starts.append(literal)
    for real, rest in _resolved(pattern, base, follow=True):
        starts.append(real.rstrip("/") + "/" + _literal(rest).lstrip("/"))
    if not (here.isascii() and pattern.isascii() and base.isascii()):
        here, starts = _composed(here), [_composed(start) for start in starts]
    if fold:
        here, starts = here.lower(), [start.lower() for start in starts]
    return any(here.startswith(start) or start.startswith(here) for start in starts)


def _resolved(pattern: str, base: str, *, follow: bool) -> tuple[tuple[str, str], ...]:
    """Where the links lead of the folder a glob begins with, and the rest of it; nothing where no link is on the way."""
    home = os.path.expanduser("~") if pattern.startswith("~/") else ""
    return _links(slashes(pattern), slashes(base), slashes(home), follow, int(time.monotonic() // _SEEN))


@lru_cache(maxsize=16_384)
def _links(pattern: str, base: str, home: str, follow: bool, turn: int) -> tuple[tuple[str, str], ...]:
    """As `_resolved` says; `turn` counts on, so that a link that was made since is seen."""
    start, rest = (home, pattern[1:]) if home else (base.rstrip("/"), pattern)
    found = {(_real(start, turn), rest)} if start else set[tuple[str, str]]()
    if follow and "/" in pattern.rstrip("/"):
        wholes = [start + "/" + rest.lstrip("/"), *([pattern] if _is_absolute(pattern) else [])]
        found |= {_led(whole, turn) for whole in wholes if slashes(os.path.normpath(whole)) == whole.rstrip("/")}
    return tuple(pair for pair in found if pair not in ((start, rest), ("", "")))


def _led(whole: str, turn: int) -> tuple[str, str]:
    """The real path of the folder an absolute glob begins with, and the rest of it; of one without wildcards, all of it."""
    literal = _literal(whole)
    folder = literal.rstrip("/") if literal.strip() == whole else literal.rpartition("/")[0]
    real = _real(folder, turn)
    if real == folder:
        return "", ""
    if folder != whole.rstrip("/"):
        return real, whole[len(folder) :]
    above, _, name = real.rpartition("/")
    return above or "/", "/" + re.sub(r"([*?\[\]\\ ])", r"\\\1", name) + whole[len(folder) :]


@lru_cache(maxsize=16_384)
def _real(folder: str, turn: int) -> str:
    """The real path of a folder, asked once of each: five hundred globs have most of their way in common."""
    above, slash, name = folder.rpartition("/")
    if not slash or not name:
        return folder
    path = f"{_real(above, turn)}/{name}"
    return slashes(real_path(path)) if os.path.islink(path) else path


def _composed(text: str) -> str:
    """One spelling of characters with marks, of which a Mac writes another than a keyboard (UAX #15, NFC)."""
    if text.isascii():
        return text
    from unicodedata import normalize  # few need it

    return normalize("NFC", text)


@lru_cache(maxsize=4096)
def _literal(pattern: str) -> str:
    wildcard = _WILDCARD.search(pattern)
    return (pattern if wildcard is None else pattern[: wildcard.start()]).rstrip()


@lru_cache(maxsize=256)
def relative(path: str, base: str, *, fold: bool = FOLDS_CASE) -> str | None:
    """`path` from the folder `base`, with slashes, or None when it does not lie under it.

    `fold` compares without regard to case.
    """
    path, base = _composed(slashes(path)), _composed(slashes(base).rstrip("/"))
    compared, folder = (path.lower(), base.lower()) if fold else (path, base)
    return path[len(base) + 1 :] if compared.startswith(folder + "/") else None


def slashes(path: str) -> str:
    """The path with forward slashes, whatever the platform writes."""
    return path.replace("\\", "/") if os.sep == "\\" else path


def _is_absolute(pattern: str) -> bool:
    return pattern.startswith("/") or (pattern[1:3] in (":/", ":\\") and pattern[0].isascii() and pattern[0].isalpha())


_expression = lru_cache(maxsize=65_536)(compile_glob)
