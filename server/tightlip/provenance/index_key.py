"""A key that several indexes share, in a file of its own."""

from __future__ import annotations

import os

from tightlip.errors import TightlipError
from tightlip.provenance.files import open_file
from tightlip.provenance.index_header import KEY


def read_key(path: str) -> bytes:
    """The key in a file. Raises TightlipError for a file that cannot be read or does not hold exactly `KEY` bytes.

    Who may read the file is the organisation's choice: everybody who is to be warned needs it.
    """
    try:
        with os.fdopen(open_file(path), "rb") as file:
            key = file.read(KEY + 1)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "it is no file"
        raise TightlipError(f"cannot read this key file: {reason}", file=path) from None
    if len(key) != KEY:
        raise TightlipError(
            f"this file does not hold a key of {KEY} bytes; name the one the index was built with", file=path
        )
    return key


def read_or_make_key(path: str) -> bytes:
    """The key in a file, which is made with a new one, readable by its owner alone, where there is none.

    Raises TightlipError as `read_key` does, and where the file cannot be made.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except FileExistsError:
        return read_key(path)
    except OSError as problem:
        raise TightlipError(f"cannot make this key file: {problem.strerror}; choose another", file=path) from None
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(KEY))
    return read_key(path)
