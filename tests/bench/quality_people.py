"""Values of people who do not exist: valid by their checks, outside every reserved range; and reserved ones beside them."""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable

import phonenumbers
from stdnum import iban, luhn

from tests.bench.quality_draw import draw

Maker = Callable[[random.Random], str]

_GIVEN = "Annika Declan Maëlle Giacomo Ewa Björn Thandiwe Rohan Yuki Siobhán Matteo Zofia Oskar Leila Hugo Freya Anselm Nieves Tadeusz Imogen".split()
_FAMILY = "Kowalczyk Ferreira Lindgren O'Halloran Okafor Moreau Brandstätter Castellano Nakamura de-Vries Petridis Halvorsen Szabo Whitcombe Iyer Çelik".split()
_STREETS = (
    "{n} Marlborough Crescent", "{n} Elm Grove", "Lindenstraße {n}", "Am Mühlbach {n}a", "{n} rue des Acacias", "{n} bis avenue Victor Hugo", "Calle de Alcalá {n}, 3º B",
    "Via Garibaldi {n}", "Rua das Flores {n}", "Keizersgracht {n}", "ul. Długa {n}/4", "Storgatan {n}", "{n} W 14th St Apt 5C", "P.O. Box {n}12",
)  # fmt: skip
_CITIES = "Wolverhampton Düsseldorf Clermont-Ferrand Zaragoza Bergamo Coimbra Groningen Wrocław Västerås Odense Trondheim Tampere Bursa Milwaukee Adelaide".split()
_POST_CODES = (
    "SW4 7BX",
    "M20 3JQ",
    "40213",
    "75011",
    "28009",
    "24122",
    "3000-213",
    "1016 DV",
    "53-661",
    "722 14",
    "5000",
    "33100",
    "53203",
    "53203-1417",
    "H2X 1Y4",
    "560034",
)
_MAIL = (
    "gmail.com",
    "gmx.de",
    "orange.fr",
    "outlook.com",
    "libero.it",
    "yahoo.co.uk",
    "web.de",
    "wp.pl",
    "telia.com",
    "hotmail.es",
    "icloud.com",
    "proton.me",
)
_DIAGNOSES = (
    "Type 2 diabetes",
    "Asthma bronchiale",
    "F32.1",
    "Migräne",
    "hypertension",
    "Epilepsie",
    "HIV positive",
    "dépression",
)


def _ascii(name: str) -> str:
    table = str.maketrans({"ë": "e", "ö": "o", "á": "a", "ä": "a", "Ç": "C", "'": "", "-": ""})
    return name.translate(table).lower()


def given(rng: random.Random) -> str:
    """A first name."""
    return rng.choice(_GIVEN)


def family(rng: random.Random) -> str:
    """A family name."""
    return rng.choice(_FAMILY)


def person(rng: random.Random) -> str:
    """A full name, now and then family name first."""
    first, last = given(rng), family(rng)
    return rng.choice((f"{first} {last}",) * 4 + (f"{first} {rng.choice('ABEMRT')}. {last}",))


def email(rng: random.Random) -> str:
    """An address at a provider, or in a company that does not exist."""
    first, last = _ascii(given(rng)), _ascii(family(rng))
    host = (
        rng.choice(_MAIL)
        if rng.random() < 0.7
        else f"{draw(rng, '<lower:7>')}-{rng.choice(('logistik.de', 'consulting.co.uk', 'labs.io'))}"
    )
    local = rng.choice(
        (
            f"{first}.{last}",
            f"{first[0]}{last}{rng.randint(2, 98)}",
            f"{last}_{first}",
            f"{first}+shop",
            f"{first}.{last}{rng.randint(1961, 2004)}",
        )
    )
    return f"{local}@{host}"


def phone(style: int) -> Maker:
    """A number of one of many countries, valid by libphonenumber, in one of its formats."""

    def make(rng: random.Random) -> str:
        while True:
            region = rng.choice(("US", "GB", "DE", "FR", "ES", "IT", "NL", "SE", "PL", "IN", "BR", "JP", "AU"))
            example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
            if example is None:
                continue
            national = str(example.national_number)
            drawn = national[:3] + "".join(rng.choice("23456789") for _ in national[3:])
            number = phonenumbers.PhoneNumber(country_code=example.country_code, national_number=int(drawn))
            if phonenumbers.is_valid_number(number) and "555" not in drawn:
                return phonenumbers.format_number(number, style)

    return make


def card(rng: random.Random) -> str:
    """A card number with a valid check digit, plain, in groups or with dashes."""
    head, size = rng.choice((("4", 16), ("4", 16), ("51", 16), ("2221", 16), ("37", 15), ("6011", 16), ("36", 14)))
    body = head + draw(rng, f"<digit:{size - len(head) - 1}>")
    number = body + luhn.calc_check_digit(body)
    if size != 16:
        return number
    joint = rng.choice(("", "", " ", "-"))
    return joint.join(number[at : at + 4] for at in range(0, 16, 4))


def bank_account(rng: random.Random) -> str:
    """An IBAN, plain or in groups of four."""
    shape = rng.choice(
        (
            "DE<digit:18>",
            "GBMIDL<digit:14>",
            "FR<digit:10><digit:11><digit:2>",
            "NLRABO<digit:10>",
            "ES<digit:20>",
            "PL<digit:24>",
            "SE<digit:20>",
            "CH<digit:17>",
            "AT<digit:16>",
            "DK<digit:14>",
        )
    )
    while True:
        country, body = shape[:2], draw(rng, shape[2:])
        number = country + iban.calc_check_digits(f"{country}00{body}") + body
        if iban.is_valid(number, check_country=True):
            return number if rng.random() < 0.6 else " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def stdnum(module: str, *shapes: str) -> Maker:
    """A number of one of the shapes that python-stdnum's module takes as valid."""

    def make(rng: random.Random) -> str:
        check = importlib.import_module(f"stdnum.{module}")
        shape = rng.choice(shapes)
        for _ in range(300_000):
            number = draw(rng, shape)
            if check.is_valid(number):
                return number
        raise ValueError(f"no valid number of {module}")

    return make


def shaped(*shapes: str) -> Maker:
    """A value of one of the shapes."""
    return lambda rng: draw(rng, rng.choice(shapes))


def chosen(*values: str) -> Maker:
    """One of some values."""
    return lambda rng: rng.choice(values)


def birthday(rng: random.Random) -> str:
    """A date of birth as it is written in one country or another."""
    year, month, day = rng.randint(1938, 2006), rng.randint(1, 12), rng.randint(13, 28)
    return rng.choice(
        (
            f"{year}-{month:02}-{day}",
            f"{day}.{month:02}.{year}",
            f"{month:02}/{day}/{year}",
            f"{day}/{month:02}/{year}",
            f"{year}/{month:02}/{day}",
        )
    )


def street(rng: random.Random) -> str:
    """Street and house number."""
    return rng.choice(_STREETS).format(n=rng.randint(3, 187))


def ssn(rng: random.Random) -> str:
    """A US social security number outside the ranges that were never issued."""
    return f"{rng.choice((*range(101, 665), *range(667, 899)))}-{rng.randint(11, 98)}-{rng.randint(1102, 9891)}"


def address(rng: random.Random) -> str:
    """A public IPv4 address."""
    return f"{rng.choice((62, 81, 84, 91, 93, 145, 178, 185))}.{rng.randint(20, 240)}.{rng.randint(1, 250)}.{rng.randint(2, 250)}"


def imei(rng: random.Random) -> str:
    """A device number with its check digit."""
    body = draw(rng, "35<digit:12>")
    return body + luhn.calc_check_digit(body)


def npi(rng: random.Random) -> str:
    """A US provider number; its check digit counts the issuer's prefix 80840 (45 CFR 162.406)."""
    body = draw(rng, "1<digit:8>")
    return body + luhn.calc_check_digit(f"80840{body}")


def vin(rng: random.Random) -> str:
    """A vehicle number with the North American check digit (49 CFR 565)."""
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True))
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    body = draw(rng, "1HGCM<digit:3>0A<digit:7>")
    rest = sum((values.get(c) or int(c)) * weight for c, weight in zip(body, weights, strict=True)) % 11
    return body[:8] + ("X" if rest == 10 else str(rest)) + body[9:]


city: Maker = chosen(*_CITIES)
post_code: Maker = chosen(*_POST_CODES)
diagnosis: Maker = chosen(*_DIAGNOSES)
