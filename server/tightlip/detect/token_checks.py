"""What vendors build into their tokens so that one can be told from a look-alike, without asking the vendor."""

from __future__ import annotations

import base64
import binascii
import re
import zlib

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
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
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _BASE36[rest] + digits
    return digits
