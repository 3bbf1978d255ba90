"""Tokens that stand for values: `TL_EMAIL_7F3K2Q`.

A token is an ASCII identifier, so it is legal as a name, in a string, a CSV cell, a YAML scalar, a URL and an SQL string.
It says what it stands for, and the same value of one workspace has the same token in every file: its last part is
HMAC-SHA256 (RFC 2104) under the workspace's key, written in Crockford's base 32 (no I, L, O, U).
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from functools import lru_cache

BODY = "0-9A-HJKMNP-TV-Z"
"""Characters of a token's last part, as they stand in a regular expression's class."""

LONGEST_TYPE = 40
"""Letters and digits a token's type has at most."""

TOKEN = re.compile(
    rf"TL_(?!TL_)[A-Z](?:_?(?!TL_)[A-Z0-9]){{0,{LONGEST_TYPE - 1}}}?_(?=[0-9]*[A-HJKMNP-TV-Z])(?=[A-HJKMNP-TV-Z]*[0-9])"
    rf"[{BODY}]{{6}}(?:[{BODY}]{{2}}){{0,3}}"
)
"""A token: `TL_`, a type, and 6, 8, 10 or 12 characters with at least one letter and one digit."""

LONGER = re.compile(rf"(?:[{BODY}]{{2}}){{1,3}}(?![A-Za-z0-9_])")
"""Text that would make a longer token of the token right before it."""

SIZES = (6, 8, 10, 12)
"""How many characters a token's last part may have; more than six only to tell two values or two spellings apart."""

INVISIBLE = "\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff"
"""Characters that take no room, as they stand in a regular expression's class."""

NUMBER = re.compile(r"[0-9](?:[0-9_]*[0-9])?(?:\.[0-9]+)?")
"""An unsigned number as it stands unquoted in code or data."""

_CROCKFORD = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ" * 8
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_SPACES = re.compile(r"\s+")
_DIGITS_OF = frozenset("PHONE MOBILE CELL FAX TEL CARD PAN SSN ITIN EIN IMEI NHS".split())
_LETTERS_AND_DIGITS_OF = frozenset("IBAN BIC VAT NINO PASSPORT MAC".split())


@lru_cache(maxsize=1024)
def type_name(placeholder: str) -> str:
    """The type part of a token, made legal: upper-case letters, digits and single underscores, a letter first."""
    name = (
        re.sub(r"[^A-Z0-9]+", "_", placeholder.upper()).strip("_").replace("TL_", "TL")[: LONGEST_TYPE - 1].rstrip("_")
    )
    if not name:
        return "VALUE"
    if name.endswith("TL"):  # before the next underscore it would look like the beginning of a token
        name = name[:-1]
    return name if name[0].isalpha() else f"N{name}"


def normalise(type_: str, value: str) -> str:
    """What all spellings of one value have in common, for its type.

    E-mail addresses are casefolded; of phone, card and social security numbers only the digits count (of every script), of
    IBANs and the like letters and digits; names lose double spaces; everything is NFC and free of invisible characters. A
    secret of another type is taken as it is.
    """
    words = _words(type_)
    plain = value if value.isascii() else unicodedata.normalize("NFC", _INVISIBLE.sub("", value))
    if words & {"EMAIL", "MAIL"}:
        return plain.strip().casefold()
    if words & _DIGITS_OF and (digits := _digits(plain)):
        return digits
    if words & _LETTERS_AND_DIGITS_OF:
        return "".join(c for c in unicodedata.normalize("NFKC", plain).upper() if c.isalnum())
    if words & {"PERSON", "NAME", "ADDRESS", "CITY"}:
        return _SPACES.sub(" ", plain).strip()
    return plain


@lru_cache(maxsize=1024)
def _words(type_: str) -> frozenset[str]:
    return frozenset(type_.split("_"))


def token_for(key: bytes, type_: str, value: str) -> str:
    """The token of a value: the same for every spelling of it, in every text, under one key.

    `type_` is a finding's placeholder (or entity) name.
    """
    name = type_name(type_)
    return token_of_normal(key, name, normalise(name, value))


def token_of_normal(key: bytes, name: str, normal: str, size: int = 6) -> str:
    """The token of a normalised value of a legal type name. A longer `size` of `SIZES` begins with the shorter token."""
    return f"TL_{name}_{_body(_mac(key, name, b'', normal), size)}"


def variant_of_normal(key: bytes, name: str, normal: str, spelling: str, size: int = 8) -> str:
    """The token of another spelling of a value whose own token is taken: that token, and two to six characters more."""
    return token_of_normal(key, name, normal) + _characters(_mac(key, name, b"\x01", spelling))[: size - 6]


def number_for(key: bytes, type_: str, value: str, attempt: int = 0) -> str:
    """A number to stand for an unquoted number: as many digits, dots and underscores where it has them, no new leading zero.

    It differs from `value` and shares no six digits in a row with it. Another `attempt` gives another number; every hundred
    attempts it grows by one digit, for the case that all short ones are taken.
    """
    name = type_name(type_)
    shape = value + "0" * (attempt // 100)
    while True:
        mac = _mac(key, name, b"\x02%d\x00" % attempt, normalise(name, value))
        digits = f"{int.from_bytes(mac, 'big') % 10**77:077d}" * (len(shape) // 77 + 1)
        number = _fill(shape, digits)
        if number != value and not _share_run(number, value):
            return number
        attempt += 1 << 20


def _mac(key: bytes, name: str, domain: bytes, value: str) -> bytes:
    return hmac.digest(key, name.encode() + b"\x00" + domain + value.encode("utf-8", "surrogatepass"), "sha256")


def _characters(mac: bytes) -> str:
    """One character of Crockford's base 32 for every byte."""
    return mac.translate(_CROCKFORD).decode()


def _body(mac: bytes, size: int) -> str:
    """The first characters that begin with six of which some are letters and some digits."""
    characters = _characters(mac)
    for start in range(len(characters) - SIZES[-1] + 1):
        head = characters[start : start + 6]
        if not head.isdigit() and not head.isalpha():
            return characters[start : start + size]
    return ("7Z" + characters)[:size]


def _digits(value: str) -> str:
    if value.isascii():
        return "".join(c for c in value if "0" <= c <= "9")
    return "".join(str(unicodedata.decimal(c)) for c in value if unicodedata.decimal(c, -1) >= 0)


def _fill(shape: str, digits: str) -> str:
    """`shape` with its digits replaced one by one; the first is a zero only where it was one."""
    source = iter(digits)
    filled = [next(source) if c.isdigit() else c for c in shape]
    filled[0] = "0" if shape[0] == "0" and len(shape) > 1 else "123456789"[int(filled[0]) % 9]
    return "".join(filled)


def _share_run(one: str, other: str, size: int = 6) -> bool:
    return any(one[start : start + size] in other for start in range(len(one) - size + 1))
