"""Synthetic people: e-mail address, name, street, city, postcode, date, user name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tightlip.redact.draws import ATTEMPTS, Draws, cased, in_shape, rounds
from tightlip.redact.invented import Pool


def email(value: str, draws: Draws, pool: Pool) -> Iterator[str]:
    """At a domain of RFC 2606, with the same ending where it has one."""
    dotted = "." in value.partition("@")[0]
    ending = value.rpartition(".")[2].lower()
    same_ending = [domain for domain in pool["email-domain"] if domain.endswith(f".{ending}")]
    for turn in rounds():
        given = draws.pick(f"given {turn}", pool["given-name"]).lower()
        family = re.sub(r"[^a-z]", "", draws.pick(f"family {turn}", pool["family-name"]).lower())
        domain = draws.pick(f"domain {turn}", same_ending or pool["email-domain"])
        number = draws.digits(f"number {turn}", 3)
        local = f"{given}.{family}{number}" if dotted else f"{given}{number}"
        address = f"{local}@{domain}"
        yield address.upper() if value.isupper() else address


def name(value: str, draws: Draws, pool: Pool) -> Iterator[str]:
    """As many words in the same order and case."""
    words = re.findall(r"[^\s,]+", value)
    for turn in rounds():
        given = draws.pick(f"given {turn}", pool["given-name"])
        family = draws.pick(f"family {turn}", pool["family-name"])
        if len(words) < 2:
            name = given if int(turn) < ATTEMPTS // 2 else family
        elif "," in value:
            name = f"{family}, {given}"
        elif len(words) == 2:
            name = f"{given} {family}"
        else:
            middle = draws.pick(f"middle {turn}", "ABCDEFGHJKLMNPRSTVWY")
            name = f"{given} {middle}. {family}"
        yield cased(value, name)


def street(value: str, draws: Draws, pool: Pool) -> Iterator[str]:
    """A street that is nowhere, the house number on the same side."""
    number = re.search(r"[0-9]+", value)
    size = min(len(number[0]), 4) if number else 0
    for turn in rounds():
        name = draws.pick(f"street {turn}", pool["street"])
        house = str(10 ** (size - 1) + draws.number(f"house {turn}", 9 * 10 ** (size - 1))) if size else ""
        first = number is None or not value[: number.start()].strip()
        line = f"{house} {name}" if first else f"{name} {house}"
        town = f", {draws.pick(f'city {turn}', pool['city'])}" if "," in value else ""
        yield cased(value, line.strip() + town)


def city(value: str, draws: Draws, pool: Pool) -> Iterator[str]:
    """A city that is nowhere."""
    yield from (cased(value, one) for one in draws.turned("city", pool["city"]))


def postcode(value: str, draws: Draws, pool: Pool) -> Iterator[str]:
    """A code no country gives out: see the comments; None for other formats."""
    plain = "".join(c for c in value if c.isalnum())
    for turn in rounds():
        digits = draws.digits(turn, 6)
        if re.fullmatch(r"[A-Za-z][0-9][A-Za-z][0-9][A-Za-z][0-9]", plain):
            code = f"W{digits[0]}D{digits[1]}Q{digits[2]}"  # Canada Post uses no W first, no D and no Q
        elif plain.isdigit() and 4 <= len(plain) <= 9:
            # no country's code begins with three zeros; 00000 itself is left alone
            tail = draws.number(f"tail {turn}", 10 ** (min(len(plain), 5) - 3) - 1) + 1
            code = f"{tail:0{min(len(plain), 5)}d}" + digits[: max(len(plain) - 5, 0)]
        elif re.fullmatch(r"[A-Za-z]{1,2}[0-9][0-9A-Za-z]?[0-9][A-Za-z]{2}", plain):
            code = (
                f"ZZ99{digits[0]}{'ABDEFGHJLN'[int(digits[1])]}{'PQRSTUWXYZ'[int(digits[2])]}"  # NHS pseudo postcodes
            )
            yield f"{code[:4]} {code[4:]}" if " " in value else code
            continue
        else:
            return
        yield in_shape(value, code[: len(plain)])


_DATE = re.compile(r"(?P<a>[0-9]{1,4})(?P<s>[-/. ])(?P<b>[0-9]{1,2})(?P=s)(?P<c>[0-9]{1,4})(?P<rest>[T ][0-9:.+Z-]*)?")


_COMPACT_DATE = re.compile(r"(?:18|19|20)[0-9]{6}")


_MONTHS = "January February March April May June July August September October November December".split()


_NAMED_DATE = re.compile(
    r"(?P<before>[0-9]{1,2}(?:st|nd|rd|th)?[ .-]*)?(?P<month>[A-Za-z]{3,9})(?P<dot>\.?)(?P<after>[ -][0-9]{1,2}(?:st|nd|rd|th)?)?"
    r"(?P<gap>,?[ -])(?P<year>[0-9]{4})"
)


def date(value: str, draws: Draws, pool: Pool) -> Iterator[str]:
    """The first of January of a year between 1950 and 1999, in the same format: what nobody takes for a real date."""
    numeric, named = _DATE.fullmatch(value), _NAMED_DATE.fullmatch(value)
    for turn in rounds():
        year = 1950 + draws.number(f"year {turn}", 50)
        month = day = 1  # which also reads as the same date whichever of the two comes first
        if numeric is not None:
            first, second, third = numeric["a"], numeric["b"], numeric["c"]
            parts = (year, month, day) if len(first) == 4 else (day, month, year)
            shaped = (_sized(n, old) for n, old in zip(parts, (first, second, third), strict=True))
            rest = re.sub(r"[0-9]", "0", numeric["rest"] or "")
            yield numeric["s"].join(shaped) + rest
        elif _COMPACT_DATE.fullmatch(value):
            yield f"{year}{month:02d}{day:02d}"
        elif named is not None:
            name = _MONTHS[month - 1]
            short = name[:3] if len(named["month"]) == 3 else name
            head = re.sub(r"[0-9]+(?:st|nd|rd|th)?", str(day), named["before"] or "")
            tail = re.sub(r"[0-9]+(?:st|nd|rd|th)?", str(day), named["after"] or "")
            yield f"{head}{short}{named['dot']}{tail}{named['gap']}{year}"
        else:
            return


def _sized(number: int, old: str) -> str:
    text = str(number)
    return text[-2:].rjust(2, "0") if len(old) <= 2 and (len(old) == 2 or number > 99) else text.rjust(len(old), "0")


def username(value: str, draws: Draws, pool: Pool) -> Iterator[str]:
    """A first name and four digits."""
    for turn in rounds():
        yield f"{draws.pick(turn, pool['given-name']).lower()}{draws.digits(turn, 4)}"
