"""Checks a rule can name. A check takes the value and says yes or no; it never raises for a value, however strange.

A name may carry a number: `entropy>=3.2`, `digits>=2`. Checks of national identifiers come from python-stdnum.
"""

from __future__ import annotations

import base64
import binascii
import importlib
import json
import math
import re
import zlib
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from tightlip.detect import pii_checks
from tightlip.detect.pii_checks import luhn
from tightlip.detect.randomness import randomness
from tightlip.detect.suppress import is_placeholder
from tightlip.detect.token_checks import (
    base58check,
    base62,
    basic_credentials,
    bech32,
    bitlocker,
    discord_id,
    gitlab_routable,
    grafana_crc32,
    matrix_crc32,
    ripple_base58check,
    strkey,
)
from tightlip.syntax.lazy import lazy

Validator = Callable[[str], bool]

_SPEC = lazy(r"([a-z][a-z0-9-]*)(?:>=(\d+(?:\.\d+)?))?")


def shannon_entropy(value: str) -> float:
    """Shannon entropy of the characters, in bits per character; 0.0 for the empty text."""
    if not value:
        return 0.0
    size = len(value)
    return -sum(count / size * math.log2(count / size) for count in Counter(value).values())


@lru_cache(maxsize=512)
def parse_validator(spec: str) -> Validator:
    """The check a specification names. Raises ValueError, with a sentence, for an unknown name or a missing number."""
    match = _SPEC.fullmatch(spec)
    if match is None:
        raise ValueError(f'"{spec}" is not a validator; write a name, or a name and a limit as in "entropy>=3.2"')
    name, limit = match[1], match[2]
    if name in _LIMITED:
        if limit is None:
            raise ValueError(f'validator "{name}" needs a limit, as in "{name}>=2"')
        check, least = _LIMITED[name], float(limit)
        return lambda value: check(value) >= least
    if limit is not None:
        raise ValueError(f'validator "{name}" takes no limit')
    if name in _PLAIN:
        return _PLAIN[name]
    if name.startswith("stdnum-"):
        return _stdnum(name.removeprefix("stdnum-"))
    raise ValueError(f'unknown validator "{name}"')


def mod97(value: str) -> bool:
    """ISO 7064 mod 97-10, as an IBAN uses it (ISO 13616)."""
    text = "".join(c for c in value.upper() if c.isascii() and c.isalnum())
    if len(text) < 5:
        return False
    moved = text[4:] + text[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def crc32_base62(value: str) -> bool:
    """GitHub's and npm's token checksum: the last six characters are the CRC-32 of the part between prefix and them.

    Source: github.blog, "Behind GitHub's new authentication token formats".
    """
    body = value.rpartition("_")[2]
    if len(body) <= 6:
        return False
    return base62(zlib.crc32(body[:-6].encode("utf-8", "replace"))).rjust(6, "0") == body[-6:]


def jwt(value: str) -> bool:
    """Whether the first part is a JSON object with an `alg` (RFC 7515 section 4.1.1)."""
    head = value.split(".", 1)[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return False
    return isinstance(header, dict) and "alg" in header


def not_placeholder(value: str) -> bool:
    """Whether a chosen value is more than a word of documentation (`password`, `secret`, `changeme`)."""
    if is_placeholder(value, structural=True):
        return False
    if (word := _NUMBERED_WORD.fullmatch(value)) is not None and is_placeholder(word[1], structural=False):
        return False
    # one in 300 generated values holds a word like "tbd" by chance
    return randomness(value) >= 3 or not is_placeholder(value, structural=False)


_NUMBERED_WORD = lazy(r"([A-Za-z]{4,12}?)(?:1|12|123|1234|12345|123456)?[!@#]?")
"""A word with the ending that rules for passwords ask for: `Password123!`."""


def _distinct(value: str) -> float:
    return len(set(value))


def _count(characters: str) -> Callable[[str], float]:
    wanted = frozenset(characters)
    return lambda value: sum(map(wanted.__contains__, value))


def _stdnum(module: str) -> Validator:
    # two of its packages have the name of a Python keyword and an underscore to set them apart: in_, is_
    name = "stdnum." + ".".join(f"{part}_" if part in ("in", "is") else part for part in module.split("-"))
    if module.startswith("stdnum") or not re.fullmatch(r"(?:[a-z]{2}_?\.)?[a-z0-9]+_?", name.removeprefix("stdnum.")):
        raise ValueError(f'"stdnum-{module}" does not name a python-stdnum module; write stdnum-de-idnr or stdnum-imei')

    def check(value: str) -> bool:
        # imported on the first candidate: most documents hold none, and a hook process must start fast
        try:
            return bool(importlib.import_module(name).is_valid(value))
        except (ValueError, IndexError, KeyError, TypeError, AttributeError):
            return False

    return check


def _run(value: str) -> int:
    """The longest run of characters of Base64: a code or a sentence between the lines of a key has none."""
    return max(map(len, _BASE64.findall(value)), default=0)


_BASE64 = lazy(r"[A-Za-z0-9+/]+")

_LIMITED: dict[str, Callable[[str], float]] = {
    "entropy": shannon_entropy,
    "distinct": _distinct,
    "length": len,
    "digits": _count("0123456789"),
    "letters": _count("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "uppers": _count("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "lowers": _count("abcdefghijklmnopqrstuvwxyz"),
    "random": randomness,
    "run": _run,
}
_PLAIN: dict[str, Validator] = {
    "luhn": luhn,
    "mod97": mod97,
    "crc32-base62": crc32_base62,
    "jwt": jwt,
    "gitlab-routable": gitlab_routable,
    "grafana-crc32": grafana_crc32,
    "bech32": bech32,
    "base58check": base58check,
    "ripple-base58check": ripple_base58check,
    "strkey": strkey,
    "matrix-crc32": matrix_crc32,
    "bitlocker": bitlocker,
    "basic-credentials": basic_credentials,
    "discord-id": discord_id,
    "not-placeholder": not_placeholder,
    "email": pii_checks.email,
    "phone": pii_checks.phone,
    "payment-card": pii_checks.payment_card,
    "public-ip": pii_checks.public_ip,
    "us-ssn": pii_checks.us_ssn,
    "dea": pii_checks.dea,
    "npi": pii_checks.npi,
    "vin": pii_checks.vin,
    "lu-national-id": pii_checks.lu_national_id,
    "au-medicare": pii_checks.au_medicare,
    "sg-nric": pii_checks.sg_nric,
    "tw-hk-id": pii_checks.tw_hk_id,
}
