"""Synthetic numbers and addresses: phone, card, account, identity, device."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from tightlip.redact.draws import Draws, digits_of, in_shape, rounds
from tightlip.redact.invented import Pool, luhn_digit


def phone(value: str, draws: Draws, pool: Pool) -> Iterator[str]:
    """A number reserved for fiction of the same country, grouped alike; without one, a North American one in international form."""
    digits = digits_of(value)
    country, national = _country(value, digits)
    if country is None:
        return
    patterns = [re.sub(r"[^0-9x]", "", one) for one in pool["phone"]]
    same_country = [one for one in patterns if one.startswith(country)]
    fitting = [one for one in same_country if len(_national_form(one, country, national)) == len(digits)]
    head = len({"": country, "00+": f"00{country}", "0": "0"}.get(national, "")) + 1
    alike = [
        one for one in fitting if country != "1" and _national_form(one, country, national)[:head] == digits[:head]
    ]
    fitting = alike or fitting
    for turn in rounds():
        pattern = draws.pick(f"pattern {turn}", fitting or same_country or [p for p in patterns if p[0] == "1"])
        drawn = iter(draws.digits(f"digits {turn}", pattern.count("x") or 1))
        number = "".join(next(drawn) if c == "x" else c for c in pattern)
        if fitting:
            yield in_shape(value, _national_form(number, country, national))
        else:
            yield _international(value, number)


def _international(value: str, number: str) -> str:
    """An E.164 number in groups, with the separator the value uses."""
    separator = next((c for c in value.lstrip("+( ") if c in " -."), "")
    code = next((one for one in _CODES if number.startswith(one)), number[:2])
    groups = [code, number[len(code) : len(code) + 3], number[len(code) + 3 : len(code) + 6], number[len(code) + 6 :]]
    return "+" + separator.join(group for group in groups if group)


_CODES = ("1", "44", "49", "33", "61", "46", "353")


def _country(value: str, digits: str) -> tuple[str | None, str]:
    """Calling code (None if it cannot be told) and how the number begins nationally: empty when it holds the code."""
    if value.lstrip(" (").startswith("+") or digits.startswith("00"):
        bare = digits.removeprefix("00")
        code = next((one for one in _CODES if bare.startswith(one)), bare[:2])
        return code, "00+" if digits.startswith("00") else ""
    if len(digits) == 11 and digits[0] == "1":
        return "1", ""
    if len(digits) in (7, 10) and digits[0] not in "01":
        return "1", "local" if len(digits) == 7 else "area"
    if len(digits) == 11 and digits[:2] in ("01", "02", "07"):
        return "44", "0"
    return None, ""


def _national_form(number: str, country: str, national: str) -> str:
    """The digits of an E.164 number as a value writes them: see `_country`."""
    rest = number.removeprefix(country)
    return {"": number, "00+": "00" + number, "0": "0" + rest, "area": rest, "local": rest[-7:]}[national]


def card(value: str, draws: Draws, pool: Pool) -> Iterator[str]:
    """A published test number of the same brand and length."""
    digits = digits_of(value)
    fitting = [one for one in pool["payment-card"] if len(one) == len(digits) and _brand(one) == _brand(digits)]
    yield from (in_shape(value, one) for one in draws.turned("card", fitting))


_BRANDS = (
    ("visa", re.compile(r"4")),
    ("mastercard", re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720")),
    ("amex", re.compile(r"3[47]")),
    ("diners", re.compile(r"30[0-5]|3095|3[689]")),
    ("jcb", re.compile(r"35(?:2[89]|[3-8])")),
    ("discover", re.compile(r"6011|64[4-9]|65")),
    ("unionpay", re.compile(r"62|81")),
    ("maestro", re.compile(r"50|5[6-9]|6")),
)


def _brand(digits: str) -> str:
    return next((name for name, pattern in _BRANDS if pattern.match(digits)), "")


def iban(value: str, draws: Draws, pool: Pool) -> Iterator[str]:
    """The same country's example of the SWIFT IBAN registry."""
    plain = "".join(c for c in value if c.isalnum()).upper()
    fitting = [one for one in pool["iban"] if one[:2] == plain[:2] and len(one) == len(plain)]
    for one in draws.turned("iban", fitting):
        shaped = in_shape(value, one)
        yield shaped.lower() if value.islower() else shaped


def ssn(value: str, draws: Draws, pool: Pool) -> Iterator[str]:
    """Set aside for advertisements; then of an area never assigned (SSA randomization FAQ), without a leading zero if undashed."""
    digits = digits_of(value)
    if len(digits) != 9:
        return
    yield from (in_shape(value, one) for one in draws.turned("advert", [f"98765432{last}" for last in range(10)]))
    area = "666" if value == digits else "000"
    for turn in rounds():
        group, serial = 1 + draws.number(f"group {turn}", 99), 1 + draws.number(f"serial {turn}", 9999)
        yield in_shape(value, f"{area}{group:02d}{serial:04d}")


def ip(value: str, draws: Draws, pool: Pool) -> Iterator[str]:
    """Of the documentation ranges (RFC 5737, RFC 3849); a prefix length stays."""
    address, slash, size = value.partition("/")
    try:
        version = ipaddress.ip_address(address.strip()).version
    except ValueError:
        return
    for turn in rounds():
        if version == 4:
            new = f"{draws.pick(f'net {turn}', pool['ipv4'])}.{1 + draws.number(f'host {turn}', 254)}"
        else:
            new = f"2001:db8::{1 + draws.number(f'net {turn}', 0xFFFE):x}:{1 + draws.number(f'host {turn}', 0xFFFE):x}"
        yield new + slash + size


def mac(value: str, draws: Draws, pool: Pool) -> Iterator[str]:
    """Of the documentation range 00-00-5E-00-53-xx (RFC 9542)."""
    if sum(c in "0123456789abcdefABCDEF" for c in value) != 12:
        return
    start = draws.number("last octet", 256)
    for step in range(256):
        octets = f"00005E0053{(start + step) % 256:02X}"
        shaped = in_shape(value, octets)
        yield shaped.lower() if any(c in "abcdef" for c in value) or not any(c in "ABCDEF" for c in value) else shaped


def nino(value: str, draws: Draws, pool: Pool) -> Iterator[str]:
    """With the prefix QQ: Q is never used (HMRC NIM39110)."""
    letters = sum(c.isalnum() for c in value)
    for turn in rounds():
        number = f"QQ{draws.digits(f'digits {turn}', 6)}{draws.pick(f'suffix {turn}', 'ABCD')}"
        yield in_shape(value, number[:letters])


def nhs(value: str, draws: Draws, pool: Pool) -> Iterator[str]:
    """999 000 0000 to 999 999 9999 are never issued; with the mod-11 check digit (NHS data dictionary)."""
    for turn in rounds():
        body = "999" + draws.digits(turn, 6)
        check = 11 - sum(int(c) * weight for c, weight in zip(body, range(10, 1, -1), strict=True)) % 11
        if check != 10 and len(digits_of(value)) == 10:
            yield in_shape(value, f"{body}{check % 11}")


def sin(value: str, draws: Draws, pool: Pool) -> Iterator[str]:
    """Beginning with 0, as none is that Service Canada issues; Luhn-valid."""
    for turn in rounds():
        body = "0" + draws.digits(turn, 7)
        if len(digits_of(value)) == 9:
            yield in_shape(value, body + luhn_digit(body))


def imei(value: str, draws: Draws, pool: Pool) -> Iterator[str]:
    """Of reporting body 00, for test devices (GSMA TS.06); Luhn-valid."""
    for turn in rounds():
        body = "00" + draws.digits(turn, 12)
        if len(digits_of(value)) == 15:
            yield in_shape(value, body + luhn_digit(body))
