"""Findings a team has already looked at with another scanner: `.secrets.baseline` and `.gitleaksignore`."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import cast

from attrs import field, frozen

from tightlip.finding import Notice, RuleId
from tightlip.syntax.lazy import lazy

BASELINE = ".secrets.baseline"
GITLEAKS_IGNORE = ".gitleaksignore"

MAX_SIZE = 50_000_000
"""Bytes of a file that is read."""


@frozen
class IgnoredLine:
    """One line of `.gitleaksignore`: `file:rule:line`, or `commit:file:rule:line`."""

    rule: str
    line: int
    commit: str = ""
    source: str = ""


@frozen
class Baselines:
    """What the baselines of one repository suppress.

    detect-secrets names a value by its plain SHA-1, which tells a guessed password; the hashes are compared here and
    never written anywhere.
    """

    hashes: Mapping[str, Mapping[str, frozenset[int]]] = field(default=MappingProxyType({}), repr=False)
    """By file (from the root, with slashes) and SHA-1 of a known value (hexadecimal): the lines it was seen on."""
    lines: Mapping[str, tuple[IgnoredLine, ...]] = MappingProxyType({})
    baseline: str = BASELINE
    """File name, as a reason gives it."""
    notices: tuple[Notice, ...] = ()
    """A file that is there and cannot be read."""

    @classmethod
    def load(cls, root: Path, baseline: Path | None = None, *, only_named: bool = False) -> Baselines:
        """Read the baselines in `root`; `baseline` names the one of detect-secrets where it lies elsewhere. Never raises.

        With `only_named` none counts but that one.
        """
        notices: list[Notice] = []
        if only_named:
            if baseline is None:
                return cls()
            return cls(
                _hashes(_text(baseline, notices, wanted=True), baseline.name, notices),
                {},
                baseline.name,
                tuple(notices),
            )
        path = baseline or root / BASELINE
        hashes = _hashes(_text(path, notices, wanted=baseline is not None), path.name, notices)
        lines = _ignored(_text(root / GITLEAKS_IGNORE, notices, wanted=False))
        return cls(hashes, lines, path.name, tuple(notices))

    def covers(self, path: str) -> bool:
        """Whether anything in the file could be suppressed; `path` counts from the root, with slashes."""
        return path in self.hashes or path in self.lines

    def suppresses(self, path: str, line: int, rule: RuleId, value: str, commit: str | None = None) -> str | None:
        """Why a finding is known already, or None.

        `path` counts from the root, with slashes; `line` from 1. `commit` is the commit looked at; without one it is the
        working tree, for which an entry of any commit counts: the line number is all gitleaks keeps.
        """
        if hashes := self.hashes.get(path):
            known = any(_sha1(part) in hashes for part in _parts(value))
            if known or any(line in hashes.get(_sha1(part), ()) for part in _vague_parts(value)):
                return f"known in {self.baseline}"
        for ignored in self.lines.get(path, ()):
            in_commit = not commit or not ignored.commit or commit.startswith(ignored.commit)
            if ignored.line == line and in_commit and _same_kind(ignored.rule, rule):
                return f"known in {ignored.source}"
        return None


_CREDENTIAL = lazy(r"://[^\s/:@]*:([^\s@]+)@")
_KEY_HEADER = lazy(r"-----(BEGIN [A-Z ]{0,30}?PRIVATE KEY(?: BLOCK)?)-----")
_PREFIX = lazy(r"(gh[a-z])_")


def _parts(value: str) -> Iterable[str]:
    """The value, and the password in it where it is a URL: detect-secrets takes that for the secret."""
    yield value
    if (match := _CREDENTIAL.search(value)) is not None:
        yield match[1]


def _vague_parts(value: str) -> Iterable[str]:
    """Parts that detect-secrets' private key and GitHub plugins hash in place of the value: they say nothing without a line."""
    for pattern in (_KEY_HEADER, _PREFIX):
        if (match := pattern.match(value)) is not None:
            yield match[1]


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


_SECRET_WORDS = frozenset(
    ("key", "token", "secret", "password", "credential", "credentials", "pat", "webhook", "uri", "url")
)


def _same_kind(theirs: str, ours: RuleId) -> bool:
    """Whether gitleaks' rule and ours mean one kind: the same id, the same vendor, or its generic rule and a secret of ours.

    Two scanners never have the same ids; on one line of one file the vendor (the first word of both) is enough.
    """
    if theirs == ours:
        return True
    first, _, _ = theirs.partition("-")
    words = ours.split("-")
    if first == "generic":
        return not _SECRET_WORDS.isdisjoint(words)
    return first == words[0]


def _text(path: Path, notices: list[Notice], *, wanted: bool) -> str:
    try:
        if not path.is_file():
            problem = "is missing" if wanted else ""
        elif path.stat().st_size > MAX_SIZE:
            problem = f"is larger than {MAX_SIZE // 1_000_000} MB"
        else:
            return path.read_text(encoding="utf-8-sig", errors="surrogateescape")
    except (OSError, ValueError):
        problem = "cannot be read"
    if problem:
        notices.append(Notice("baseline", f"{path.name} {problem}: what it knows is reported again."))
    return ""


def _hashes(text: str, name: str, notices: list[Notice]) -> dict[str, dict[str, frozenset[int]]]:
    """Known values and their lines by file; those audited as real (`is_secret`) are not known, they are still to be dealt with."""
    if not text.strip():
        return {}
    try:
        data: object = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    results = cast("dict[str, object]", data).get("results") if isinstance(data, dict) else None
    if not isinstance(results, dict):
        notices.append(Notice("baseline", f"{name} is not a detect-secrets baseline: what it knows is reported again."))
        return {}
    hashes: dict[str, dict[str, frozenset[int]]] = {}
    for file, entries in cast("dict[str, object]", results).items():
        for entry in cast("list[object]", entries) if isinstance(entries, list) else ():
            if not isinstance(entry, dict):
                continue
            fields = cast("dict[str, object]", entry)
            hashed, line = fields.get("hashed_secret"), fields.get("line_number")
            if isinstance(hashed, str) and fields.get("is_secret") is not True:
                known = hashes.setdefault(_slashes(file), {})
                known[hashed.lower()] = known.get(hashed.lower(), frozenset()) | (
                    {line} if isinstance(line, int) else set()
                )
    return hashes


def _ignored(text: str) -> dict[str, tuple[IgnoredLine, ...]]:
    """Entries by file. A line that has another form is no entry, as for gitleaks."""
    lines: dict[str, list[IgnoredLine]] = {}
    for number, raw in enumerate(text.split("\n"), 1):
        entry = raw.strip()
        if not entry or entry.startswith("#"):
            continue
        head, _, line = entry.rpartition(":")
        head, _, rule = head.rpartition(":")
        if not head or not rule or not line.isascii() or not line.isdigit() or len(line) > 9:
            continue
        commit, colon, file = head.partition(":")
        if not colon or not re.fullmatch(r"[0-9a-f]{7,64}", commit):
            commit, file = "", head
        ignored = IgnoredLine(rule, int(line), commit, f"{GITLEAKS_IGNORE}:{number}")
        lines.setdefault(_slashes(file), []).append(ignored)
    return {file: tuple(entries) for file, entries in lines.items()}


def _slashes(file: str) -> str:
    return file.replace("\\", "/").removeprefix("./")
