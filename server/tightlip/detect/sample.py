"""Fills the `{...}` of rule examples, so that no example in a rule file is a token another scanner would report.

Forms: `{base62:36}`, `{hex:32}`, `{upper:16}` ... draw characters from an alphabet; `{name}` calls a maker (`{card}`), and
`{sign:=}` gives its own argument.
The same example always gives the same text.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import zlib
from collections.abc import Callable

from tightlip.detect.pii_checks import luhn
from tightlip.detect.sample_pii import PII_MAKERS
from tightlip.detect.token_checks import base36, base62, bech32_polymod

_FORM = re.compile(r"\{([a-z][a-z0-9-]*)(?::([^{}]*))?\}")

LOWER = "abcdefghijklmnopqrstuvwxyz"
UPPER = LOWER.upper()
DIGITS = "0123456789"
ALPHABETS = {
    "digits": DIGITS,
    "hex": DIGITS + "abcdef",
    "upperhex": DIGITS + "ABCDEF",
    "lower": LOWER,
    "upper": UPPER,
    "letters": LOWER + UPPER,
    "lower36": LOWER + DIGITS,
    "upper36": UPPER + DIGITS,
    "base32": UPPER + "234567",
    "base58": "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    "base62": DIGITS + UPPER + LOWER,
    "base64": DIGITS + UPPER + LOWER + "+/",
    "base64url": DIGITS + UPPER + LOWER + "-_",
    "word": DIGITS + UPPER + LOWER + "_",
    "password": DIGITS + UPPER + LOWER + "!#%*+-.:?@^_~",
}


def fill(template: str) -> str:
    """The example text of a template. Raises ValueError for an unknown form."""
    rng = random.Random(hashlib.sha256(template.encode()).digest())

    def form(match: re.Match[str]) -> str:
        name, argument = match[1], match[2]
        if name in ALPHABETS and argument and argument.isdigit():
            return draw(rng, ALPHABETS[name], int(argument))
        if name in _MAKERS:
            return _MAKERS[name](rng, argument or "")
        if argument is None and name not in ALPHABETS:
            return match[0]  # braces of the example itself, as in `${name}`
        raise ValueError(f'unknown form "{match[0]}" in an example')

    return _FORM.sub(form, template)


def draw(rng: random.Random, alphabet: str, size: int) -> str:
    """`size` characters, with every kind (upper, lower, digit) the alphabet has, and no long run, where they fit."""
    while True:
        text = "".join(rng.choice(alphabet) for _ in range(size))
        kinds = [kind for kind in (UPPER, LOWER, DIGITS) if set(kind) <= set(alphabet)]
        if size < 2 * len(kinds) or all(set(text) & set(kind) for kind in kinds):
            return text


def _github(rng: random.Random, argument: str) -> str:
    body = draw(rng, ALPHABETS["base62"], int(argument or "30"))
    return body + base62(zlib.crc32(body.encode())).rjust(6, "0")


def _card(rng: random.Random, argument: str) -> str:
    prefix, _, size = (argument or "4,16").partition(",")
    body = prefix + draw(rng, DIGITS, int(size or "16") - len(prefix) - 1)
    return next(body + digit for digit in DIGITS if luhn(body + digit))


def _jwt(rng: random.Random, argument: str) -> str:
    def part(data: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

    claims = part({"sub": draw(rng, LOWER, 12), "iat": 1700000000 + rng.randrange(10**7)})
    return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{claims}.{draw(rng, ALPHABETS['base64url'], 43)}"


def _iban(rng: random.Random, argument: str) -> str:
    country = argument or "DE"
    size = {"DE": 22, "GB": 22, "FR": 27, "NL": 18, "ES": 24, "IT": 27}[country]
    body = {"GB": "WEST", "NL": "INGB", "IT": "X"}.get(country, "")
    body += draw(rng, DIGITS, size - 4 - len(body))
    rest = int("".join(str(int(c, 36)) for c in body + country + "00")) % 97
    return f"{country}{98 - rest:02d}{body}"


def _grouped(number: str) -> str:
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def _gitlab(rng: random.Random, argument: str) -> str:
    payload = base64.urlsafe_b64encode(rng.randbytes(16) + b"o:1\nu:%x\x07" % rng.randrange(16**3)).decode().rstrip("=")
    token = f"{argument}{payload}.01.{base36(len(payload)).rjust(2, '0')}"
    return token + base36(zlib.crc32(token.encode())).rjust(7, "0")


def _grafana(rng: random.Random, argument: str) -> str:
    token = argument + draw(rng, ALPHABETS["base62"], 32)
    return f"{token}_{zlib.crc32(token.encode()).to_bytes(4, 'little').hex()}"


def _bech32(rng: random.Random, argument: str) -> str:
    alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    prefix, data = argument.lower(), [rng.randrange(32) for _ in range(52)]
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + data
    checksum = bech32_polymod([*values, 0, 0, 0, 0, 0, 0]) ^ 1
    data += [checksum >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{prefix}1{''.join(alphabet[value] for value in data)}".upper()


def _basic(rng: random.Random, argument: str) -> str:
    return base64.b64encode(f"{argument or draw(rng, LOWER, 8)}:{draw(rng, ALPHABETS['base62'], 20)}".encode()).decode()


def _discord(rng: random.Random, argument: str) -> str:
    number = draw(rng, "123456789", 1) + draw(rng, DIGITS, int(argument or "18") - 1)
    return base64.urlsafe_b64encode(number.encode()).decode().rstrip("=")


def _pem(rng: random.Random, argument: str) -> str:
    """A block of the kind `argument` names: `RSA PRIVATE KEY`; `RSA PRIVATE KEY,\\n` joins its lines with `\\n`."""
    label, _, joint = argument.partition(",")
    body = base64.b64encode(b"0\x82" + rng.randbytes(180)).decode()
    lines = [body[start : start + 64] for start in range(0, len(body), 64)]
    return (joint or "\n").join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----"])


_MAKERS: dict[str, Callable[[random.Random, str], str]] = {
    "sign": lambda _rng, argument: argument,  # `password{sign:=}x` is no assignment to other scanners
    "crc32-base62": _github,
    "card": _card,
    "jwt": _jwt,
    "card-grouped": lambda rng, argument: _grouped(_card(rng, argument)),
    "iban": _iban,
    "iban-grouped": lambda rng, argument: _grouped(_iban(rng, argument)),
    "gitlab-routable": _gitlab,
    "grafana-crc32": _grafana,
    "bech32": _bech32,
    "basic": _basic,
    "discord-id": _discord,
    "pem": _pem,
    **PII_MAKERS,
}
