"""Lines of restricted code in another text.

A match is three distinct telling lines of one restricted file within 60 lines, or neighbouring ones that stand as far apart
there as here and have 90 characters together. Both are needed: by research on 1.2 million lines of code, single hashes of
stretches (winnowing) alarm on one of five unrelated files. Nothing is promised for copies of fewer than eight lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from hashlib import sha1
from typing import TYPE_CHECKING, NamedTuple, Protocol

from attrs import frozen

from tightlip.finding import Classification, Span
from tightlip.provenance.normal_lines import hashes_of, long_lines
from tightlip.provenance.regions import Hit, Region, regions
from tightlip.provenance.remote import is_host_name
from tightlip.syntax.lines import LineIndex, line_starts

if TYPE_CHECKING:
    from tightlip.provenance.classify import RepoEntry
    from tightlip.provenance.repository import Repository


@frozen
class Copied:
    """A stretch of a text that was copied from a restricted file."""

    span: Span
    """From the start of the first copied line to the end of the last one, without its line end."""
    repository: str
    """What a person calls it: `github.com/acme/pay`, a folder's name, or nothing for a buffer of no repository."""
    file: str
    """Path in the repository, with `/`; a remembered buffer's name."""
    first_line: int
    """The first copied line there, from 1."""
    last_line: int
    lines: int
    """How many distinct lines were recognised; what lies between them may be copied and changed, or too common to tell."""
    strict: bool
    """Whether it is sure enough to be blocked: four lines within 60, or neighbours of 120 characters."""
    whole_file: bool
    """Whether the text is the whole file, line ends and the end of the last line aside."""
    classification: Classification
    source: str
    """Where it is known from: the path of an index, or the id a buffer was remembered by."""
    entry: RepoEntry | None = None
    """The policy's entry that gave a remembered buffer its class."""


class Restricted(NamedTuple):
    """A file whose lines a source knows."""

    repositories: tuple[str, ...]
    """Normalised remotes of its repository, the one to show first; the folder's name where it has none."""
    path: str
    classification: Classification
    source: str
    entry: RepoEntry | None = None
    """The policy's entry that gave it its class, where the source knows."""
    common_dir: str = ""
    """`Repository.common_dir` of a remembered buffer's repository."""
    roots: tuple[str, ...] = ()
    """Root commits of its repository, where the source knows."""


class Own(NamedTuple):
    """Whose text is asked about: what a file has in common with itself and its own repository is no copy.

    To be its own, a repository must have all its remotes in common with the restricted one, or a root commit, or be the same
    on this disk. One remote of several does not do: `git remote add` would then hide every copy in it. So a fork, which has
    an address of its own, is known by its roots; where the index has none (it was built of a shallow clone), what the fork
    shares with its upstream is told. A folder's name says nothing: many repositories are called `backend`.
    """

    trees: tuple[Repository, ...] = ()
    """Its repository and those that is a submodule of."""
    source: str = ""
    """The id the text itself is remembered by."""
    with_roots: Callable[[Repository], Repository] | None = None
    """Asks for the root commits of a repository, which costs a walk through its history."""

    def holds(self, file: Restricted) -> bool:
        """Whether a restricted file is the text itself or of its repository."""
        if file.source == self.source:
            return True
        names = {name for name in file.repositories if is_host_name(name)}
        for tree in self.trees:
            if tree.common_dir == file.common_dir or tree.is_nothing_but(names.__contains__):
                return True
            # who has no name in common, and names of its own, need not be asked for its roots
            if file.roots and (not names.isdisjoint(tree.remotes) or not any(map(is_host_name, tree.remotes))):
                rooted = tree if tree.roots is not None or self.with_roots is None else self.with_roots(tree)
                if rooted.roots is not None and not set(file.roots).isdisjoint(rooted.roots.commits):
                    return True
        return False


class Lookup(NamedTuple):
    """A line that a source knows."""

    asked: int
    """Which of the hashes that were asked for."""
    file: int
    """Number of a file, as the source counts."""
    line: int
    """Line of that file, from 0."""


class LineSource(Protocol):
    """Something that knows lines of restricted files by their keyed hashes. Safe to ask from several threads."""

    @property
    def key(self) -> bytes:
        """Key of its hashes."""
        ...

    def look_up(self, hashes: Sequence[bytes]) -> list[Lookup]:
        """All it knows of some lines, in their order."""
        ...

    def file(self, number: int) -> Restricted:
        """What it knows of a file."""
        ...

    def whole(self, blob: str) -> Sequence[int]:
        """Numbers of the files whose content has this git blob id, as `blob_id` computes it."""
        ...


NOBODY = Own()


def own_of(
    repository: Repository | None, source: str = "", with_roots: Callable[[Repository], Repository] | None = None
) -> Own:
    """Whose text it is that lies in `repository` and is remembered by `source`."""
    return Own(tuple(repository.with_superprojects()) if repository else (), source, with_roots)


def find_copies(text: str, sources: Sequence[LineSource], own: Own = NOBODY) -> tuple[Copied, ...]:
    """Stretches of a text that are lines of restricted files, in the order of the text; each from the file it has most of.

    Costs about 1 µs for a line and key: indexes that share a key share that cost. Raises nothing: an index that turns out
    to be damaged knows less, and says so in its `problem`.
    """
    if not sources:
        return ()
    asked = long_lines(text)
    hashes: dict[bytes, list[bytes]] = {}
    found: list[_Found] = []
    for source in sources:
        if source.key not in hashes:
            hashes[source.key] = hashes_of(asked.lines, source.key)
        names = hashes[source.key]
        by_file: defaultdict[int, list[Hit]] = defaultdict(list)
        for lookup in source.look_up(names):
            line = lookup.asked
            by_file[lookup.file].append(Hit(asked.numbers[line], lookup.line, names[line], len(asked.lines[line])))
        if by_file:
            found += _in_files(source, by_file, text, own)
    return _told(text, found)


def blob_id(text: str) -> str:
    """The git blob id a text has when its lines end with \\n and the last one does too (SHA-1, 40 hexadecimal digits)."""
    data = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").encode("utf-8", "surrogatepass") + b"\n"
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


class _Found(NamedTuple):
    region: Region
    file: Restricted
    whole: bool


def _in_files(source: LineSource, by_file: dict[int, list[Hit]], text: str, own: Own) -> list[_Found]:
    found: list[_Found] = []
    whole = set(source.whole(blob_id(text)))
    for number in by_file.keys() | whole:
        file = source.file(number)
        if own.holds(file):
            continue
        hits = by_file.get(number, [])
        if number in whole:
            last = len(line_starts(text.rstrip("\r\n"))) - 1
            found.append(_Found(Region(0, last, 0, last, len({hit.line for hit in hits}), True, ()), file, True))
        else:
            found += [_Found(region, file, False) for region in regions(hits)]
    return found


def _told(text: str, found: Sequence[_Found]) -> tuple[Copied, ...]:
    """Of stretches that several files have, the file that has most; in the order of the text."""
    if not found:
        return ()
    claimed: set[int] = set()
    kept: list[_Found] = []
    for one in sorted(found, key=lambda one: (not one.whole, -one.region.lines, one.file.repositories, one.file.path)):
        here = one.region.here
        if one.whole and not kept:
            return (_copied(LineIndex(text), one),)
        if 2 * len(claimed.intersection(here)) < len(here):
            claimed.update(here)
            kept.append(one)
    index = LineIndex(text)
    return tuple(_copied(index, one) for one in sorted(kept, key=lambda one: (one.region.first, one.region.last)))


def _copied(index: LineIndex, one: _Found) -> Copied:
    region, file = one.region, one.file
    return Copied(
        span=Span(index.starts[region.first], index.line_end(region.last)),
        repository=file.repositories[0] if file.repositories else "",
        file=file.path,
        first_line=region.first_there + 1,
        last_line=region.last_there + 1,
        lines=region.lines,
        strict=region.strict,
        whole_file=one.whole,
        classification=file.classification,
        source=file.source,
        entry=file.entry,
    )
