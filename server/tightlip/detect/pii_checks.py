"""Checks of personal identifiers that python-stdnum does not have, or not in the form a rule needs."""

from __future__ import annotations

import importlib
import ipaddress
import re
from functools import lru_cache

from tightlip.detect.phone_plan import is_assignable
from tightlip.syntax.lazy import lazy

_FILE_ENDINGS = frozenset(
    """
    png jpg jpeg gif svg webp ico bmp tif tiff pdf js mjs cjs jsx ts tsx css scss less html htm json jsonc yml yaml xml txt csv tsv
    lock map min toml ini cfg conf log tmp bak exe dll jar war whl tgz gz bz2 xz tar deb rpm dmg iso service socket timer target
    mount path slice vue svelte java kt swift php rb erb ipynb proto sql md5 sha256 sig asc pem crt
    """.split()
)
_NOT_A_MAILBOX = frozenset({"this", "super", "return", "break", "continue", "label", "file", "self", "static"})


_CAMEL = lazy(r"[a-z][A-Z]")


def luhn(value: str) -> bool:
    """Luhn mod 10 over the digits of `value` (ISO/IEC 7812-1 annex B)."""
    digits = [ord(c) - 48 for c in value if "0" <= c <= "9"]
    if len(digits) < 2:
        return False
    odd = digits[-1::-2]
    even = (d * 2 - 9 if d > 4 else d * 2 for d in digits[-2::-2])
    return (sum(odd) + sum(even)) % 10 == 0


def email(value: str) -> bool:
    """Whether an address can be a person's mailbox: a plausible domain, no file name or package version behind the @.

    Source: RFC 5321 sections 4.1.2 and 4.5.3.1 (64 and 255 octets), RFC 1035 section 2.3.1 (labels).
    """
    local, _, domain = value.rpartition("@")
    if not 1 <= len(local) <= 64 or ".." in local or local.lower() in _NOT_A_MAILBOX:
        return False
    return _has_mailboxes(domain)


@lru_cache(maxsize=1024)
def _has_mailboxes(domain: str) -> bool:
    """Whether a domain can be that of an address; thousands of addresses share a few."""
    labels = domain.lower().split(".")
    if len(domain) > 253 or len(labels) < 2 or ".." in domain:
        return False
    if _CAMEL.search(domain.rpartition(".")[2]) is not None:
        return False  # an annotation of OData: `target@Redfish.AllowableValues`
    if labels[-1] in _FILE_ENDINGS or not labels[-1].isalpha():
        return False
    if len(labels) == 2 and not any(c.isalpha() for c in labels[0]) and len(labels[0]) < 3:
        return False
    return not any(label.startswith("-") or label.endswith("-") for label in labels)


def phone(value: str) -> bool:
    """Whether an international number (with +) is assignable in its country's numbering plan (libphonenumber's metadata)."""
    known = is_assignable(value)
    if known is not None:
        return known
    phonenumbers = importlib.import_module("phonenumbers")  # 30 ms, and most documents hold no number
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(value, None)))
    except phonenumbers.NumberParseException:
        return False


_CARDS = (
    (lazy(r"4"), (16, 19)),
    (lazy(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),
    (lazy(r"3[47]"), (15,)),
    (lazy(r"30[0-5]|3095|3[689]"), (14, 16)),
    (lazy(r"352[89]|35[3-8]"), (16, 19)),
    (lazy(r"6011|64[4-9]|65"), (16, 19)),
    (lazy(r"62"), (16, 17, 18, 19)),
    (lazy(r"5018|5020|5038|5893|6304|6759|676[1-3]"), (16, 19)),
    (lazy(r"220[0-4]"), (16, 19)),
)


_REPEATED = lazy(r"(\d)\1{5}|(\d\d)\2{3}")


def payment_card(value: str) -> bool:
    """Whether a number has a card brand's first digits and length (ISO/IEC 7812) and passes Luhn, and is no round number.

    A power of two, or one beside it, passes by chance (2**52 is a Visa number) and stands in many programs. Gateways' test
    cards repeat a digit or a pair of digits; one of 9,000 issued numbers does so too.
    """
    digits = "".join(c for c in value if "0" <= c <= "9")
    if not any(prefix.match(digits) and len(digits) in sizes for prefix, sizes in _CARDS):
        return False
    number = int(digits)
    if (
        digits.endswith("00000000")
        or _REPEATED.search(digits)
        or any(near & (near - 1) == 0 for near in (number - 1, number, number + 1))
    ):
        return False
    return luhn(digits)


def public_ip(value: str) -> bool:
    """Whether an address is a host's on the public Internet and not rather a version number (all parts below 64)."""
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    if not address.is_global or address.is_multicast:
        return False
    return address.version == 6 or max(address.packed) >= 64


def us_ssn(value: str) -> bool:
    """Whether nine digits can be a US Social Security number: areas 000, 666 and 900 on, group 00 and serial 0000 are never
    assigned (SSA, randomization FAQ)."""
    digits = "".join(c for c in value if "0" <= c <= "9")
    if len(digits) != 9:
        return False
    return digits[:3] not in ("000", "666") and digits[0] != "9" and digits[3:5] != "00" and digits[5:] != "0000"


def dea(value: str) -> bool:
    """US DEA registration number: digits 1, 3, 5 plus twice digits 2, 4, 6 end in the seventh."""
    digits = [int(c) for c in value[2:] if "0" <= c <= "9"]
    return len(digits) == 7 and (sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6]


def npi(value: str) -> bool:
    """US National Provider Identifier: Luhn with the issuer's 80840 before it (45 CFR 162.406)."""
    return len(value) == 10 and luhn("80840" + value)


_VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True)) | {
    c: c for c in "0123456789"
}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin(value: str) -> bool:
    """Check digit of a North American vehicle identification number (49 CFR 565.15)."""
    text = value.upper()
    if len(text) != 17 or any(c not in _VIN_VALUES for c in text):
        return False
    rest = sum(int(_VIN_VALUES[c]) * weight for c, weight in zip(text, _VIN_WEIGHTS, strict=True)) % 11
    return text[8] == "0123456789X"[rest]


def lu_national_id(value: str) -> bool:
    """Luxembourg identification number: the twelfth digit is Luhn's, the thirteenth Verhoeff's, of the first eleven."""
    if len(value) != 13 or not (value.isascii() and value.isdigit()):
        return False
    verhoeff = importlib.import_module("stdnum.verhoeff")
    return luhn(value[:12]) and bool(verhoeff.is_valid(value[:11] + value[12]))


def au_medicare(value: str) -> bool:
    """Australian Medicare card number: weights 1, 3, 7, 9 twice over the first eight digits give the ninth."""
    digits = [int(c) for c in value if "0" <= c <= "9"]
    if len(digits) not in (10, 11):
        return False
    return sum(d * weight for d, weight in zip(digits, (1, 3, 7, 9, 1, 3, 7, 9), strict=False)) % 10 == digits[8]


def sg_nric(value: str) -> bool:
    """Check letter of a Singaporean NRIC or FIN."""
    text = value.upper()
    if not re.fullmatch(r"[STFGM][0-9]{7}[A-Z]", text):
        return False
    total = sum(int(c) * weight for c, weight in zip(text[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True))
    rest = (total + {"T": 4, "G": 4, "M": 3}.get(text[0], 0)) % 11
    if text[0] == "M":
        return text[8] == "KLJNPQRTUWX"[10 - rest]
    return text[8] == ("JZIHGFEDCBA" if text[0] in "ST" else "XWUTRQPNMLK")[rest]


_TAIWAN = {letter: number for number, letter in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO", 10)}


def tw_hk_id(value: str) -> bool:
    """Check digit of a Taiwanese national identification number or a Hong Kong identity card number."""
    text = "".join(c for c in value.upper() if c.isalnum())
    if re.fullmatch(r"[A-Z][0-9]{9}", text):
        first = _TAIWAN[text[0]]
        total = first // 10 + first % 10 * 9
        total += sum(int(c) * weight for c, weight in zip(text[1:], (8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True))
        return total % 10 == 0
    if re.fullmatch(r"[A-Z]{1,2}[0-9]{6}[0-9A]", text):
        numbers = [36] * (9 - len(text)) + [int(c, 36) for c in text]
        return sum(number * weight for number, weight in zip(numbers, range(9, 0, -1), strict=True)) % 11 == 0
    return False
