"""Makers of personal data for rule examples: valid by their checks, outside every reserved range, and nobody's on purpose."""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable

Maker = Callable[[random.Random, str], str]

_GIVEN = ("Katharina", "Oliver", "Marguerite", "Henrik", "Beatriz", "Tobias", "Nadine", "Callum", "Ingrid", "Rafael")
_FAMILY = (
    "Brandt",
    "Hughes",
    "Delacroix",
    "Lindqvist",
    "Carvalho",
    "Hoffmann",
    "Verbeek",
    "MacLeod",
    "Sorensen",
    "Ibarra",
)
_TRIES = 200_000


def _pick(rng: random.Random, argument: str) -> str:
    return rng.choice(argument)


def _letters(rng: random.Random, size: int) -> str:
    return "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(size))


def _email(rng: random.Random, argument: str) -> str:
    return f"{rng.choice(_GIVEN)}.{rng.choice(_FAMILY)}@{argument or _letters(rng, 9) + '.com'}".lower()


_PHONES = {
    "US": ("1", "", ("(212) 6##-####", "415-7##-####", "617 8## ####")),
    "GB": ("44", "0", ("20 71## ####", "7911 1#####")),
    "DE": ("49", "0", ("30 84######", "1512 34#####")),
    "FR": ("33", "0", ("6 12 ## ## ##", "1 42 ## ## ##")),
    "ES": ("34", "", ("612 ### ###", "91 3## ## ##")),
}


def _phone(rng: random.Random, argument: str) -> str:
    """`US`: as it is written in the country; `+US`: with its calling code; `plain`: ten digits."""
    if argument == "plain":
        return "2126" + "".join(rng.choice("23456789") for _ in range(6))
    code, trunk, shapes = _PHONES[argument.removeprefix("+") or "US"]
    national = _hashes(rng, rng.choice(shapes), digits="23456789")
    if argument.startswith("+"):
        return f"+{code} {national.replace('(', '').replace(')', '')}"
    return trunk + national


def _hashes(rng: random.Random, shape: str, digits: str = "0123456789") -> str:
    """`shape` with `#` made a digit, `^` one that is not 0, `?` a capital letter."""
    alphabets = {"#": digits, "^": "123456789", "?": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    return "".join(rng.choice(alphabets.get(c, c)) for c in shape)


def _stdnum(rng: random.Random, argument: str) -> str:
    """`de-idnr,4##########`: numbers of that shape are drawn until python-stdnum's module takes one."""
    module, _, shape = argument.partition(",")
    name = ".".join(f"{part}_" if part in ("in", "is") else part for part in module.split("-"))
    check = importlib.import_module(f"stdnum.{name}")
    return _drawn(rng, shape, check.is_valid)


def _drawn(rng: random.Random, shape: str, check: Callable[[str], bool]) -> str:
    for _ in range(_TRIES):
        number = _hashes(rng, shape)
        if check(number):
            return number
    raise ValueError(f'no valid number of the shape "{shape}"')


def _by_check(shape: str, check: str) -> Maker:
    def make(rng: random.Random, argument: str) -> str:
        checks = importlib.import_module("tightlip.detect.pii_checks")
        return _drawn(rng, shape.replace("S", argument) if argument else shape, getattr(checks, check))

    return make


def _ssn(rng: random.Random, argument: str) -> str:
    number = f"{rng.randrange(200, 650)}-{rng.randrange(11, 99)}-{rng.randrange(1001, 9999)}"
    return number.replace("-", "") if argument == "plain" else number


def _reserved(rng: random.Random, argument: str) -> str:
    """A value that is nobody's, of the kind of a pool: `payment-card`, `iban`."""
    return importlib.import_module("tightlip.detect.safe").builtin_safe_values().pool(argument)[0]


def _ip(rng: random.Random, argument: str) -> str:
    if argument == "6":
        return f"2a01:4f8:{rng.randrange(16, 65535):x}:{rng.randrange(16, 65535):x}::{rng.randrange(2, 255):x}"
    return f"{rng.choice((84, 91, 93))}.{rng.randrange(130, 250)}.{rng.randrange(1, 250)}.{rng.randrange(10, 250)}"


def _mac(rng: random.Random, argument: str) -> str:
    joint = "" if argument == "plain" else argument or ":"
    return joint.join(f"{octet:02x}" for octet in (0x3C, 0x22, 0xFB, *(rng.randrange(16, 256) for _ in range(3))))


def _vin(rng: random.Random, argument: str) -> str:
    check = importlib.import_module("tightlip.detect.pii_checks").vin
    return _drawn(rng, "1HGCM8263#A00####", check)


PII_MAKERS: dict[str, Maker] = {
    "pick": _pick,
    "given": lambda rng, _: rng.choice(_GIVEN),
    "family": lambda rng, _: rng.choice(_FAMILY),
    "email": _email,
    "phone": _phone,
    "stdnum": _stdnum,
    "ssn": _ssn,
    "reserved": _reserved,
    "ip": _ip,
    "mac": _mac,
    "vin": _vin,
    "dea": _by_check("BM^######", "dea"),
    "npi": _by_check("1#########", "npi"),
    "lu-id": _by_check("19840317#####", "lu_national_id"),
    "au-medicare": _by_check("3#########", "au_medicare"),
    "sg-nric": _by_check("S#######?", "sg_nric"),
    "hkid": _by_check("K#######", "tw_hk_id"),
    "tw-id": _by_check("F2########", "tw_hk_id"),
}
