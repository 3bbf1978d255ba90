"""How an index of restricted repositories is written: sorted keyed hashes of their lines.

What the file holds, all numbers little-endian:

    8 bytes     MAGIC, whose last byte is the version
    4 bytes     length of the header
    header      JSON: key or its name, repositories, counts, and start and length of every section
    sections    see SECTIONS
    32 bytes    BLAKE2b of everything before

No line of a source text is in it; the paths of the files are. The key keeps apart indexes that do not share it, and keeps
the hashes of one that does not hold its key (`--key-file`) from telling anything to those without the key. Whoever has both
can ask whether a line that he guessed is in the repository: give them only to people who may ask that.
The checksum finds damage, and not a forger: sign an index that travels, as a policy is signed.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Mapping
from hashlib import blake2b
from typing import NamedTuple, cast

from attrs import frozen

from tightlip.errors import TightlipError
from tightlip.provenance.files import open_file
from tightlip.provenance.normal_lines import DIGEST

MAGIC = b"TLINDEX\x01"
CHECKSUM = 32
KEY = 32
"""Bytes of a key."""
BLOB = 8
"""Bytes of the keyed hash of a blob id."""
MOST_FILES = 3
"""Files a line may stand in and still tell where it is from."""
ROOT = "root:"
"""What the id of a root commit begins with among the names of a repository; no remote does."""
SECTIONS = ("buckets", "rests", "places", "starts", "path_ends", "paths", "blobs")
"""Buckets: where, in the rests, the hashes begin whose first `prefix` bytes are 0, 1, 2 ...; rests and places: the other bytes
of each hash, in order, and where the line stands, counted through all files; starts and path ends: a number for each file;
blobs: keyed hashes of blob ids with the number of their file, in order."""
_HEADER_AT = len(MAGIC) + 4
_MOST_HEADER = 4_000_000
"""Bytes; a repository takes about a hundred."""
_FEW = 20_000
"""Hashes up to which their first byte is enough to look them up by."""


class Indexed(NamedTuple):
    """One repository in an index."""

    names: tuple[str, ...]
    """Normalised remotes, or the folder's name."""
    files: int
    lines: int
    """Lines of its files, whether indexed or not."""
    roots: tuple[str, ...] = ()
    """Ids of its root commits, which its clones and forks have, too."""


@frozen
class Header:
    """What an index says of itself."""

    key: bytes | None
    """None where it is kept in a file of its own."""
    key_name: str
    prefix: int
    place: int
    """Bytes of a place."""
    hashes: int
    blobs: int
    repositories: tuple[Indexed, ...]
    sections: Mapping[str, tuple[int, int]]
    """Start and length of each."""

    @property
    def files(self) -> int:
        """Files of all repositories."""
        return sum(one.files for one in self.repositories)

    @property
    def lines(self) -> int:
        """Lines of all repositories."""
        return sum(one.lines for one in self.repositories)


def prefix_of(hashes: int) -> int:
    """How many bytes of a hash say its bucket, in an index of so many."""
    return 1 if hashes <= _FEW else 2


def name_of_key(key: bytes) -> str:
    """What an index calls the key it was built with; it does not tell the key."""
    return blake2b(b"name of a key", digest_size=8, key=key).hexdigest()


def keyed_blob(blob: str, key: bytes) -> bytes:
    """A blob id as an index holds it."""
    return blake2b(bytes.fromhex(blob), digest_size=BLOB, key=key).digest()


def damaged(path: str) -> TightlipError:
    """The error that says so."""
    return TightlipError("this index is damaged; fetch it or build it again", file=path)


def mapped_file(path: str) -> tuple[mmap.mmap, int]:
    """Content and size of a file that begins as an index does. Raises TightlipError for any other."""
    try:
        with os.fdopen(open_file(path), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size >= _HEADER_AT + CHECKSUM and file.read(len(MAGIC))[:-1] == MAGIC[:-1]:
                return mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ), size
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "it is no file"
        raise TightlipError(f"cannot read this index: {reason}", file=path) from None
    raise TightlipError("this is no index of tightlip; `tightlip index build` makes one", file=path)


def read_header(path: str, mapped: mmap.mmap, size: int) -> Header:
    """The header, in which all sizes agree with each other and the file's. Raises TightlipError where they do not."""
    if mapped[: len(MAGIC)] != MAGIC:
        raise TightlipError("this index is of another version of tightlip; build it again with this one", file=path)
    length = int.from_bytes(mapped[len(MAGIC) : _HEADER_AT], "little")
    if length > min(_MOST_HEADER, size - _HEADER_AT - CHECKSUM):
        raise damaged(path)
    try:
        read = json.loads(mapped[_HEADER_AT : _HEADER_AT + length])
        header = _parsed(cast("dict[str, object]", read))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise damaged(path) from None
    lengths = {
        "buckets": 4 * (256**header.prefix + 1),
        "rests": header.hashes * (DIGEST - header.prefix),
        "places": header.hashes * header.place,
        "starts": 4 * header.files,
        "path_ends": 4 * header.files,
        "blobs": header.blobs * (BLOB + 4),
    }
    at = _aligned(_HEADER_AT + length)
    for name in SECTIONS:
        start, section = header.sections[name]
        if start != at or section != lengths.get(name, section):
            raise damaged(path)
        at = _aligned(start + section)
    if at + CHECKSUM != size:
        raise damaged(path)
    return header


def _parsed(fields: Mapping[str, object]) -> Header:
    """A header of JSON. Raises what reading a wrong one raises."""
    key = fields["key"]
    repositories = tuple(
        _indexed([_text(name) for name in cast("list[object]", names)], _number(files), _number(lines))
        for names, files, lines in cast("list[list[object]]", fields["repositories"])
    )
    sections = {
        name: (_number(start), _number(length))
        for name, (start, length) in cast("dict[str, list[object]]", fields["sections"]).items()
    }
    header = Header(
        key=None if key is None else bytes.fromhex(_text(key)),
        key_name=_text(fields["key_name"]),
        prefix=_number(fields["prefix"]),
        place=_number(fields["place"]),
        hashes=_number(fields["hashes"]),
        blobs=_number(fields["blobs"]),
        repositories=repositories,
        sections=sections,
    )
    if header.prefix != prefix_of(header.hashes) or header.place not in (3, 4) or set(sections) != set(SECTIONS):
        raise ValueError(header.prefix)
    if not all(one.names for one in repositories) or (header.key is not None and len(header.key) != KEY):
        raise ValueError(len(repositories))
    return header


def _indexed(names: list[str], files: int, lines: int) -> Indexed:
    roots = tuple(name.removeprefix(ROOT) for name in names if name.startswith(ROOT))
    return Indexed(tuple(name for name in names if not name.startswith(ROOT)), files, lines, roots)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value))
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 48:
        raise TypeError(type(value))
    return value


def _aligned(offset: int) -> int:
    """The next offset at which numbers of four bytes may start."""
    return (offset + 3) // 4 * 4
