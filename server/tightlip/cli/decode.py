"""Bytes of a file -> text, or the answer that they are none."""

from __future__ import annotations

import codecs
from typing import NamedTuple

_HEAD = 8192
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with UTF-16's mark, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\b\x1b")) + b"\x7f"


class Decoded(NamedTuple):
    """A text, how it was encoded and with which byte order mark; `mark + text.encode(encoding)` gives the bytes back."""

    text: str
    encoding: str
    """`utf-8`, `utf-16-le`, ... or `latin-1`, which takes any bytes and is a guess."""
    mark: bytes = b""

    def encode(self, text: str) -> bytes:
        """Another text in the same encoding; what that cannot hold comes as UTF-8 escapes never do: as `?`."""
        return self.mark + text.encode(self.encoding, "replace")


def decode(data: bytes) -> Decoded | None:
    """Text of a file's bytes, or None for a binary file. Line ends stay as they are."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return Decoded(data[len(mark) :].decode(encoding), encoding, mark)
            except UnicodeDecodeError:
                break
    has_nul = b"\0" in data
    if has_nul and (wide := _utf16_without_mark(data)) is not None:
        return wide
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None if has_nul else Decoded(data.decode("latin-1"), "latin-1")
    return None if has_nul and _mostly_control(data) else Decoded(text, "utf-8")


def _utf16_without_mark(data: bytes) -> Decoded | None:
    """Text of UTF-16 without a byte order mark: nearly every second byte of Latin text is NUL, and always the same second."""
    head = data[:_HEAD]
    if len(head) < 4 or len(data) % 2:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    encoding = "utf-16-le" if odd > 4 * even else "utf-16-be"
    if max(even, odd) * 2 < len(head) * 0.7 or min(even, odd) * 2 > len(head) * 0.05:
        return None
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _mostly_control(text[:_HEAD].encode("utf-8", "replace")) else Decoded(text, encoding)


def _mostly_control(data: bytes) -> bool:
    head = data[:_HEAD]
    return (len(head) - len(head.translate(None, _CONTROL))) * 10 > len(head)
