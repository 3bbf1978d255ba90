"""Texts that commands read and write: a file, or standard input and output, in whatever encoding they came."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from typing import NamedTuple

from tightlip.cli.decode import Decoded, decode
from tightlip.errors import TightlipError

STANDARD = "-"


class Input(NamedTuple):
    """A text as it was read."""

    decoded: Decoded
    path: str | None
    """Where it is from; None for standard input without a name."""


def read_text(file: str, name: str | None = None) -> Input:
    """Text of a file, or of standard input (`-`), which may be given a name. Raises TightlipError where there is none."""
    try:
        if file == STANDARD:
            data = sys.stdin.buffer.read()
        else:
            with open(file, "rb") as opened:
                data = opened.read()
    except OSError as problem:
        raise TightlipError(f"cannot read {file}: {problem.strerror}; check the name and its permissions") from None
    decoded = decode(data)
    if decoded is None:
        raise TightlipError(f"{'what came in' if file == STANDARD else file} is not text; name a text file")
    return Input(decoded, name if name is not None or file == STANDARD else file)


def write_text(decoded: Decoded, text: str) -> None:
    """Write to standard output, byte for byte in the encoding the text came in."""
    sys.stdout.flush()
    sys.stdout.buffer.write(decoded.encode(text))
    sys.stdout.buffer.flush()


def replace_text(file: str, decoded: Decoded, text: str) -> None:
    """Put a text in place of a file's, in one step and with its permissions. Raises TightlipError where that fails."""
    target = os.path.realpath(file)
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".tightlip-")  # noqa: PTH120
        with os.fdopen(handle, "wb") as opened:
            opened.write(decoded.encode(text))
        shutil.copymode(target, temporary)
        os.replace(temporary, target)  # noqa: PTH105
    except OSError as problem:
        if temporary and os.path.exists(temporary):  # noqa: PTH110
            os.unlink(temporary)  # noqa: PTH108
        raise TightlipError(f"cannot write {file}: {problem.strerror}; it is as it was") from None
