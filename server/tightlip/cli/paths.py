"""Paths as people and machines are shown them."""

from __future__ import annotations

import os
import posixpath


def label(path: str) -> str:
    """A path as reported: normalised, with `/`, and from the working directory where it lies below it."""
    normal = os.path.normpath(path)
    if os.path.isabs(normal):  # noqa: PTH117
        way = way_from_here(normal)
        normal = normal if way.startswith("..") else way
    return normal.replace(os.sep, "/")


def way_from_here(path: str) -> str:
    """A path from the working directory; the path itself on another drive."""
    try:
        return os.path.relpath(path)
    except ValueError:
        return path


def printable(text: str) -> str:
    """A path or a name with every control, direction and line-breaking character escaped (`\\n`, `\\u202e`, `\\xff`)."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:  # a byte that is no UTF-8 (os.fsdecode)
        return f"\\x{number - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")


def from_root(prefix: str, path: str) -> str:
    """A reported path as seen from the repository's root; `prefix` is the working directory from there (`server/`)."""
    return path if path.startswith("/") or not prefix else posixpath.normpath(prefix + path)
