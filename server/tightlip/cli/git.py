"""What git knows: which files are there, what is staged, which lines are new, what history holds.

Git is run so that it neither asks, nor fetches, nor runs a program the repository names (`core.fsmonitor`, external
diffs, text conversion): a repository that is only looked at must not be able to act.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from typing import IO, NamedTuple

from tightlip.errors import TightlipError
from tightlip.provenance.git import OWNED_BY_ANYONE, QUIET, SAFE, git_program
from tightlip.provenance.git import GitError as NoGit

_CONFIG = (
    *SAFE,
    *("-c", "core.quotePath=false"),
    *("-c", "log.showSignature=false"),
    *("-c", "log.showRoot=true"),
)
_PATCH = (
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-renames",
    "--no-relative",
    "--inter-hunk-context=0",
    "--ignore-submodules=all",
)
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_NO_GIT = "git is needed for this and was not found; install it or put it on PATH"
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_ESCAPES = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


class GitError(TightlipError):
    """Git is missing, or refused."""


class Blob(NamedTuple):
    """Content that git stores."""

    oid: str
    path: str
    """Relative to the top of the work tree, with `/`."""
    size: int = -1
    """Bytes; -1 where git was not asked."""


class Refusal(NamedTuple):
    """Git's answer when it cannot list a folder."""

    message: str
    outside: bool
    """Whether the reason is only that the folder lies in no repository."""


def program() -> str:
    """Absolute path of git. Raises GitError where there is none."""
    try:
        return git_program()
    except NoGit:
        raise GitError(_NO_GIT) from None


def environment() -> dict[str, str]:
    """Environment for git. Paths that a hook runs under (`GIT_DIR`, `GIT_INDEX_FILE`) are kept, and made absolute."""
    variables = dict(os.environ)
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"):
        if variables.get(name):
            variables[name] = os.path.abspath(variables[name])  # noqa: PTH100 - git's own environment, text in and out
    return {**variables, **QUIET}


def run(folder: str, *arguments: str) -> bytes:
    """Standard output of a git command in `folder`. Raises GitError with the first line git said."""
    owner = () if arguments[0] == "diff" else OWNED_BY_ANYONE  # a diff may run filters
    try:
        done = subprocess.run(
            [program(), *_CONFIG, *owner, "-C", folder, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment(),
            check=False,
        )
    except OSError:
        raise GitError(_NO_GIT) from None
    if done.returncode:
        raise GitError(_first_line(done.stderr))
    return done.stdout


def _first_line(stderr: bytes) -> str:
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines or ["git failed"]
    return fatal[0].removeprefix("fatal: ").removeprefix("error: ")


def listed(folder: str) -> list[str] | Refusal:
    """Tracked and untracked-but-not-ignored paths under `folder`, relative to it; a nested repository ends in `/`."""
    try:
        output = run(folder, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    except GitError as problem:
        outside = "not a git repository" in problem.message or "must be run in a work tree" in problem.message
        return Refusal(problem.message, outside)
    return sorted(set(_names(output)))


def _names(output: bytes) -> list[str]:
    return [os.fsdecode(name) for name in output.split(b"\0") if name]


def work_tree_above(folder: str) -> tuple[str, str]:
    """The nearest folder at or above that holds `.git`, and the way from it: ("/code/a", "src/x/")."""
    top, offset = folder, ""
    while not os.path.lexists(os.path.join(top, ".git")):  # noqa: PTH118
        above, name = os.path.split(top)
        if above == top:
            return folder, ""
        top, offset = above, f"{name}/{offset}"
    return top, offset


def required_top_level(folder: str, option: str) -> str:
    """Top of the work tree or, in a bare repository, its folder. Raises GitError naming the option that needs one."""
    try:
        if run(folder, "rev-parse", "--is-bare-repository").strip() == b"true":
            return os.path.abspath(folder)  # noqa: PTH100
        return os.path.normpath(os.fsdecode(run(folder, "rev-parse", "--show-toplevel").rstrip(b"\n")))
    except GitError as problem:
        raise GitError(f"{option} needs a git repository: {problem.message}") from None


def head_commit(folder: str) -> str | None:
    """Id of HEAD's commit, or None before the first."""
    try:
        return run(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip()
    except GitError:
        return None


def staged(top: str, pathspecs: Sequence[str]) -> list[Blob]:
    """Files of the index that differ from HEAD (all of them before the first commit): what a commit would record."""
    base = head_commit(top) or run(top, "hash-object", "-t", "tree", "--stdin").decode().strip()  # the empty tree
    output = run(
        top, "diff-index", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--diff-filter=ACMT", base,
        "--", *pathspecs,
    )  # fmt: skip
    blobs: list[Blob] = []
    fields = output.split(b"\0")
    for head, path in zip(fields[::2], fields[1::2], strict=False):
        _, mode, _, oid, _ = head.decode().split(" ")
        if mode.startswith("100"):
            blobs.append(Blob(oid, os.fsdecode(path)))
    return blobs


def fork_point(top: str, revision: str) -> str:
    """Commit at which HEAD left `revision` (itself when it is an ancestor). Raises GitError for an unknown revision."""
    try:
        commit = (
            run(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
        )
    except GitError:
        raise GitError(f'"{revision}" names no commit here; check the spelling, or fetch it first') from None
    try:
        return run(top, "merge-base", commit, "HEAD").decode().split()[0]
    except (GitError, IndexError):
        return commit


def added_lines(top: str, commit: str, pathspecs: Sequence[str]) -> dict[str, list[range] | None]:
    """Lines (from 1) of work tree files that are not in `commit`; None for a file git takes as binary.

    Keys are paths relative to `top`. Untracked files are not among them.
    """
    added: dict[str, list[range] | None] = {}
    for entry in run(top, "diff", *_PATCH, "--numstat", "-z", commit, "--", *pathspecs).split(b"\0"):
        counts, _, path = entry.rpartition(b"\t")
        if counts == b"-\t-":
            added[os.fsdecode(path)] = None
    patch = run(
        top, "diff", *_PATCH, "--unified=0", "--src-prefix=a/", "--dst-prefix=b/", "--diff-filter=AMT", commit,
        "--", *pathspecs,
    )  # fmt: skip
    ranges: list[range] = []
    lines = iter(patch.split(b"\n"))
    for line in lines:
        if line.startswith(b"+++ "):
            ranges = []
            added.setdefault(os.fsdecode(_unquoted(line[4:])[2:]), ranges)
        elif hunk := _HUNK.match(line):
            removed, new = int(hunk[1] or 1), int(hunk[3] or 1)
            ranges.append(range(int(hunk[2]), int(hunk[2]) + new))
            for _ in range(removed + new):
                if next(lines).startswith(b"\\"):  # "\ No newline at end of file" stands between the two halves
                    next(lines)
    return added


def untracked(top: str, pathspecs: Sequence[str], *, ignored: bool = False) -> list[str]:
    """Paths, relative to `top`, that are neither tracked nor, unless `ignored` ones are wanted too, ignored."""
    standard = () if ignored else ("--exclude-standard",)
    return _names(run(top, "ls-files", "--others", *standard, "-z", "--", *pathspecs))


def _unquoted(name: bytes) -> bytes:
    """A path as git writes it in a patch: quoted like a C string when it holds odd characters, else with a tab behind spaces."""
    if not name.startswith(b'"'):
        return name.rstrip(b"\t")

    def plain(match: re.Match[bytes]) -> bytes:
        return bytes([int(match[1], 8)]) if len(match[1]) == 3 else _ESCAPES.get(match[1], match[1])

    return _ESCAPE.sub(plain, name.rstrip(b"\t")[1:-1])


def history(top: str, pathspecs: Sequence[str] = ()) -> list[Blob]:
    """Every blob that any branch, tag or stash can reach, once, with one of its paths and its size."""
    listed = run(top, "rev-list", "--objects", "--all", *(["--", *pathspecs] if pathspecs else []))
    checked = _piped(top, ["cat-file", "--batch-check=%(objecttype) %(objectname) %(objectsize) %(rest)"], listed)
    blobs: list[Blob] = []
    for line in checked.split(b"\n"):
        kind, _, rest = line.partition(b" ")
        if kind == b"blob":
            oid, size, path = rest.split(b" ", 2)
            blobs.append(Blob(oid.decode(), os.fsdecode(path) or oid.decode(), int(size)))
    return blobs


def sized(top: str, blobs: Sequence[Blob]) -> list[Blob]:
    """The same blobs with their sizes; -1 for one this clone does not hold."""
    if not blobs:
        return []
    request = b"".join(blob.oid.encode() + b"\n" for blob in blobs)
    answers = _piped(top, ["cat-file", "--batch-check=%(objectsize)"], request).splitlines()
    return [
        blob._replace(size=int(answer) if answer.isdigit() else -1) for blob, answer in zip(blobs, answers, strict=True)
    ]


def _piped(top: str, arguments: list[str], standard_input: bytes) -> bytes:
    done = subprocess.run(
        [program(), *_CONFIG, *OWNED_BY_ANYONE, "-C", top, *arguments],
        input=standard_input,
        capture_output=True,
        env=environment(),
        check=False,
    )
    if done.returncode:
        raise GitError(_first_line(done.stderr))
    return done.stdout


def is_shallow(top: str) -> bool:
    """Whether older history was cut off when this repository was cloned."""
    return run(top, "rev-parse", "--is-shallow-repository").strip() == b"true"


def origins(top: str, oids: set[str]) -> dict[str, tuple[str, str]]:
    """Oldest commit, and the path in it, that brought in each of the blobs. Blobs of no commit are left out."""
    found: dict[str, tuple[str, str]] = {}
    command = [
        "log", "--all", "--reverse", "--topo-order", "--format=commit %H", "--raw", "--no-abbrev", "--no-renames",
        "-m", "-z",
    ]  # fmt: skip
    process = subprocess.Popen(
        [program(), *_CONFIG, *OWNED_BY_ANYONE, "-C", top, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )
    assert process.stdout is not None
    commit, oid = "", ""
    try:
        for part in _parts(process.stdout):
            field = part.lstrip(b"\n")
            if oid:
                if oid in oids:
                    found.setdefault(oid, (commit, os.fsdecode(part)))
                oid = ""
                if len(found) == len(oids):
                    break
            elif field.startswith(b"commit "):
                commit = field[7:].decode()
            elif field.startswith(b":"):
                oid = field.split(b" ")[3].decode()
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
    return found


def _parts(stream: IO[bytes]) -> Iterator[bytes]:
    """NUL-separated parts of a stream."""
    rest = b""
    while chunk := stream.read(65536):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
    if rest:
        yield rest


class BlobReader:
    """Reads blobs of one repository through one `git cat-file` process; close it when done."""

    def __init__(self, top: str):
        self._process = subprocess.Popen(
            [program(), *_CONFIG, *OWNED_BY_ANYONE, "-C", top, "cat-file", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )

    def read(self, oid: str) -> bytes | None:
        """Content of a blob; None when this clone does not hold it."""
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None
        assert answers is not None
        requests.write(oid.encode() + b"\n")
        requests.flush()
        head = answers.readline().split()
        if len(head) != 3:
            return None
        content = answers.read(int(head[2]))
        answers.read(1)
        return content

    def close(self) -> None:
        """End the process."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait()
