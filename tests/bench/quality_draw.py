"""Draws text of a shape: `draw(rng, "npm_<base62:36>")`. Written for the bench alone, so that it shares no slip with the rules."""

from __future__ import annotations

import random
import re

_FORM = re.compile(r"<([a-z0-9]+):(\d+)(?:-(\d+))?>")
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_ALPHABETS = {
    "digit": _DIGITS,
    "hex": _DIGITS + "abcdef",
    "upperhex": _DIGITS + "ABCDEF",
    "lower": _LOWER,
    "upper": _LOWER.upper(),
    "alpha": _LOWER + _LOWER.upper(),
    "lower36": _LOWER + _DIGITS,
    "upper36": _LOWER.upper() + _DIGITS,
    "icao": "CFGHJKLMNPRTVWXYZ0123456789",
    "base32": _LOWER.upper() + "234567",
    "base58": "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    "base62": _DIGITS + _LOWER.upper() + _LOWER,
    "base64": _DIGITS + _LOWER.upper() + _LOWER + "+/",
    "url64": _DIGITS + _LOWER.upper() + _LOWER + "-_",
    "upperbech": "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
}


def draw(rng: random.Random, shape: str) -> str:
    """The shape with each `<alphabet:count>` or `<alphabet:least-most>` filled. Raises KeyError for an unknown alphabet."""

    def form(match: re.Match[str]) -> str:
        least = int(match[2])
        size = rng.randint(least, int(match[3])) if match[3] else least
        return characters(rng, _ALPHABETS[match[1]], size)

    return _FORM.sub(form, shape)


def characters(rng: random.Random, alphabet: str, size: int) -> str:
    """`size` characters as a generator of keys would draw them; from six on, of every kind the alphabet has."""
    kinds = [kind for kind in (_LOWER, _LOWER.upper(), _DIGITS) if len(set(kind) & set(alphabet)) > 3]
    while True:
        text = "".join(rng.choices(alphabet, k=size))
        if size < 6 or all(set(text) & set(kind) for kind in kinds):
            return text


def uuid(rng: random.Random) -> str:
    """A random UUID, version 4."""
    return draw(rng, f"<hex:8>-<hex:4>-4<hex:3>-{rng.choice('89ab')}<hex:3>-<hex:12>")
