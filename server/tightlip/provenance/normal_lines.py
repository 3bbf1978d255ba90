"""Lines of code as they are compared: without white space and marks of quotation, and only those that tell where they are from.

They are bytes, because what is done to the bytes of a whole text at once costs microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple
from zlib import crc32

from tightlip.provenance.common_lines import common_lines
from tightlip.syntax.lazy import lazy

LEAST = 16
"""Bytes a normalised line must have: shorter ones (`return False`, `} else {`) stand in every project."""
DIGEST = 5
"""Bytes of a line's hash. Of ten million lines, 40 bits give one of 250 texts of 400 lines a chance hit; a match needs three."""

_UNTOLD = b" \t\v\f,;"
_QUOTES = bytes.maketrans(b'"', b"'")
_SPACES = tuple(space.encode() for space in "\u00a0\u200b\u202f\ufeff")
_MARKS = b"+->#/*|"
"""What a diff, a quotation and a comment put before a line."""

_IMPORT = lazy(
    r"import|from[\w.]+import|(?:include|require)[<'(]|using[A-Z]|package[a-z][\w.]*\Z|use[\w:]+::"
    r"|export(?:type)?[{*].*from'|(?:const|let|var)[\w{}:$\[\]]+=(?:await)?(?:require|import)\(|\}=require\(|\}from'"
)
_HEADER = 16_000
_COMMENTS = lazy(r"(?s)(?:\s|(?:#|//|--|;|%)[^\n]*|/\*.*?\*/|<!--.*?-->|\"\"\".*?\"\"\"|'''.*?''')*")
_LICENCE = lazy(r"(?i)licen[cs]e|copyright|spdx-|all rights reserved")


class LongLines(NamedTuple):
    """Lines of a text that are long enough to tell something, normalised."""

    numbers: list[int]
    """Where each stands, from 0, as the Language Server Protocol counts lines."""
    lines: list[bytes]
    total: int
    """Lines of the text, short ones too."""


def long_lines(text: str) -> LongLines:
    """Normalise a text and take its lines of at least `LEAST` bytes.

    Indentation, spaces, line ends, the kind of quotes, commas, semicolons and what a diff, a quotation or a comment puts
    before a line make no difference.
    """
    data = text.encode("utf-8", "surrogatepass")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not data.isascii():
        for space in _SPACES:
            data = data.replace(space, b"")
    every = data.translate(_QUOTES, _UNTOLD).split(b"\n")
    numbers: list[int] = []
    lines: list[bytes] = []
    for number, line in enumerate(every):
        if len(line) >= LEAST:
            bare = line.lstrip(_MARKS)
            if len(bare) >= LEAST:
                numbers.append(number)
                lines.append(bare)
    return LongLines(numbers, lines, len(every))


def hashes_of(lines: Iterable[bytes], key: bytes) -> list[bytes]:
    """Keyed hashes of normalised lines: BLAKE2b (RFC 7693), `DIGEST` bytes. A key has at most 64 bytes."""
    begin = blake2b(digest_size=DIGEST, key=key).copy  # to copy one that has its key costs a third less than a new one
    hashes: list[bytes] = []
    for line in lines:
        one = begin()
        one.update(line)
        hashes.append(one.digest())
    return hashes


def tells(line: bytes) -> bool:
    """Whether a normalised, long line says something of where it is from: no import, and none that many projects have."""
    return crc32(line) not in common_lines() and not _IMPORT.match(line.decode("latin-1"))


def licence_lines(text: str) -> int:
    """How many lines a licence takes at the top of a text: those of its first comments, where they speak of one."""
    top = text[:_HEADER].replace("\r\n", "\n").replace("\r", "\n")
    comments = _COMMENTS.match(top)
    return comments[0].count("\n") if comments and _LICENCE.search(comments[0]) else 0
