"""URIs and paths. A URI is a key as the client wrote it, never folded or cut; only `file:` URIs have a path."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

_DRIVE = re.compile(r"/[A-Za-z]:")


def path_of(uri: str) -> str | None:
    """Absolute path of a `file:` URI, or None for an untitled buffer, a notebook cell and every other scheme."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme.lower() != "file":
        return None
    path = unquote(parts.path)
    if parts.netloc and parts.netloc != "localhost":
        path = f"//{parts.netloc}{path}"
    elif _DRIVE.match(path):
        path = path[1].lower() + path[2:]
    if "\0" in path or not path.strip("/"):
        return None
    return path.replace("/", "\\") if os.sep == "\\" else path


def uri_of(path: str | Path) -> str:
    """`file:` URI of an absolute path."""
    return Path(path).as_uri()


def is_under(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies in it."""
    folder = folder.rstrip("/\\")
    return path == folder or path.startswith((folder + "/", folder + os.sep))


def name_of(uri: str) -> str:
    """Last part of a URI's path: what a person calls the document."""
    return unquote(uri.partition("#")[0].partition("?")[0]).rstrip("/").rpartition("/")[2] or uri
