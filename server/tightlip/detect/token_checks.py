"""What vendors build into their tokens so that one can be told from a look-alike, without asking the vendor."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zlib

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_RIPPLE58 = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def gitlab_routable(token: str) -> bool:
    """GitLab's routable tokens end with the CRC-32, in seven digits of base 36, of everything before it.

    Source: GitLab, lib/authn/token_field/generator/routable_token.rb. Tokens of the older form have no checksum.
    """
    return token.count(".") == 2 and token[-7:] == base36(zlib.crc32(token[:-7].encode("utf-8", "replace"))).rjust(
        7, "0"
    )


def grafana_crc32(token: str) -> bool:
    """Grafana's service account tokens end with the CRC-32 of the part before the last `_`: little-endian, hexadecimal.

    Source: Grafana, pkg/components/satokengen.
    """
    body, _, checksum = token.rpartition("_")
    return zlib.crc32(body.encode("utf-8", "replace")).to_bytes(4, "little").hex() == checksum


def bech32(text: str) -> bool:
    """Bech32 (BIP 173), as age writes its keys (age-encryption.org/v1), without BIP 173's limit of 90 characters."""
    if text not in (text.lower(), text.upper()):
        return False
    prefix, separator, data = text.lower().rpartition("1")
    if not separator or not prefix or len(data) < 6 or not text.isascii() or any(c not in _BECH32 for c in data):
        return False
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + [_BECH32.index(c) for c in data]
    return bech32_polymod(values) == 1


def bech32_polymod(values: list[int]) -> int:
    """The checksum polynomial of BIP 173 over five-bit values."""
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_BECH32_GENERATOR):
            if top >> bit & 1:
                checksum ^= generator
    return checksum


def base58check(text: str) -> bool:
    """Base58Check: the last four bytes are the beginning of the SHA-256 of the SHA-256 of the others.

    Source: Bitcoin, src/base58.cpp; wallets' keys (WIF, BIP 32, BIP 38) and Tezos' keys are written so.
    """
    return _ends_with_sha256(text, _BASE58)


def ripple_base58check(text: str) -> bool:
    """Base58Check in the alphabet of the XRP ledger (xrpl.org, "base58 Encodings")."""
    return _ends_with_sha256(text, _RIPPLE58)


def _ends_with_sha256(text: str, alphabet: str) -> bool:
    number = 0
    for character in text[:256]:
        digit = alphabet.find(character)
        if digit < 0:
            return False
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip(alphabet[0]))
    data = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    return len(data) > 4 and hashlib.sha256(hashlib.sha256(data[:-4]).digest()).digest()[:4] == data[-4:]


def strkey(text: str) -> bool:
    """Base 32 whose last two bytes are the CRC-16 (XMODEM) of the others, little-endian.

    Sources: Stellar, SEP-0023 "Strkeys"; NATS, nats-io/nkeys, strkey.go.
    """
    try:
        data = base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        return False
    return len(data) > 2 and binascii.crc_hqx(data[:-2], 0) == int.from_bytes(data[-2:], "little")


def matrix_crc32(token: str) -> bool:
    """Synapse's access tokens end with the CRC-32, in six digits of base 62, of what stands before the last `_`.

    Source: Synapse, synapse/handlers/auth.py.
    """
    body, _, checksum = token.rpartition("_")
    return base62(zlib.crc32(body.encode("utf-8", "replace"))).rjust(6, "0") == checksum


def bitlocker(key: str) -> bool:
    """Each of the eight groups is a 16-bit number times eleven (Microsoft, "BitLocker recovery password", MS-FVE)."""
    groups = key.split("-")
    return len(groups) == 8 and all(one.isdigit() and int(one) % 11 == 0 and int(one) // 11 < 65536 for one in groups)


def basic_credentials(value: str) -> bool:
    """Whether the value is Base64 of `user:password` (RFC 7617 section 2), with a password."""
    try:
        decoded = base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return False
    _, colon, password = decoded.partition(":")
    return bool(colon and password) and decoded.isprintable()


def discord_id(token: str) -> bool:
    """Whether the first part of a Discord bot token is Base64 of a user's id, a number of 17 to 20 digits."""
    head = token.partition(".")[0]
    try:
        number = base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return False
    return re.fullmatch(r"[0-9]{17,20}", number) is not None


def base36(number: int) -> str:
    """A natural number in digits and lower-case letters; empty for 0."""
    return _written(number, _BASE36)


def base62(number: int) -> str:
    """A natural number in digits, upper-case and lower-case letters; empty for 0."""
    return _written(number, _BASE62)


def _written(number: int, digits: str) -> str:
    text = ""
    while number:
        number, rest = divmod(number, len(digits))
        text = digits[rest] + text
    return text
