"""Choices that depend on a key and a value only, and the shapes the chosen is written in."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Sequence

from attrs import frozen

from tightlip.redact.invented import Pool

ATTEMPTS = 400
"""How many candidates are tried before a kind counts as used up."""


@frozen
class Draws:
    """Choices that depend on key, kind and value only."""

    key: bytes
    kind: str
    value: str

    def number(self, what: str, below: int) -> int:
        """A number from 0 to `below` - 1 for a purpose."""
        message = "\0".join(("synthetic", self.kind, what, self.value)).encode("utf-8", "surrogatepass")
        return int.from_bytes(hmac.digest(self.key, message, "sha256")[:16], "big") % below

    def digits(self, what: str, count: int) -> str:
        """`count` digits for a purpose."""
        return f"{self.number(what, 10**count):0{count}d}"

    def turned(self, what: str, values: Sequence[str]) -> Iterator[str]:
        """All values, each once, from a drawn one on."""
        start = self.number(what, len(values)) if values else 0
        yield from values[start:]
        yield from values[:start]

    def pick(self, what: str, values: Sequence[str]) -> str:
        """One of the values."""
        return values[self.number(what, len(values))]


Maker = Callable[[str, Draws, Pool], Iterator[str]]


def rounds() -> Iterator[str]:
    """Purposes of one draw after another."""
    return (str(number) for number in range(ATTEMPTS * 4))


def digits_of(value: str) -> str:
    """The ASCII digits of a value."""
    return "".join(c for c in value if "0" <= c <= "9")


def in_shape(shape: str, characters: str) -> str:
    """`shape` with its letters and digits replaced one by one; as they are where the counts differ."""
    if sum(c.isalnum() for c in shape) != len(characters):
        return characters
    source = iter(characters)
    return "".join(next(source) if c.isalnum() else c for c in shape)


def cased(value: str, text: str) -> str:
    """The text in capitals or small letters if the value is."""
    if value.isupper():
        return text.upper()
    return text.lower() if value.islower() else text
