"""Values that belong to nobody, to make synthetic ones from: reserved by their registries, or invented.

Plain data. Card numbers and IBANs stand here without their check digits, which are computed, so that this file holds no
number another scanner would report.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

Pool = Mapping[str, tuple[str, ...]]
"""Kind -> values. Kinds: `payment-card`, `iban`, `phone` (E.164, `x` for a free digit), `email-domain`, `ipv4` (first three
octets), `given-name`, `family-name`, `street`, `city`, `passport`."""

_CARDS = (
    # without the last digit; Stripe docs.stripe.com/testing, Adyen and Braintree test card pages
    "424242424242424", "411111111111111", "401288888888188", "400005665566555", "222300312200322", "555555555555444",
    "510510510510510", "520082828282821", "37828224631000", "37144963539843", "37873449367100", "601111111111111",
    "601100099013942", "3056930902590", "3852000002323", "3622720627166", "353011133330000", "356600202036050",
    "620000000000000", "620000000000004", "620550000000000000", "422222222222", "677179802100000",
)  # fmt: skip
_BBANS = (
    # country and account part of the SWIFT IBAN registry's example
    "AT1904300234573201", "BE539007547034", "BG BNBG96611020345678", "CH00762011623852957", "CY002001280000001200527600",
    "CZ08000000192000145399", "DE370400440532013000", "DK00400440116243", "EE2200221020145685", "ES21000418450200051332",
    "FI12345600000785", "FR20041010050500013M02606", "GBNWBK60161331926819", "GR01101250000000012300695",
    "HR10010051863000160", "HU117730161111101800000000", "IEAIBK93115212345678", "IS0159260076545510730339",
    "ITX0542811101000000123456", "LI088100002324013AA", "LT1000011101001000", "LU0019400644750000", "LVBANK0000435195001",
    "MTMALT011000012345MTLCAST001S", "NLABNA0417164300", "NO86011117947", "PL109010140000071219812874",
    "PT000201231234567890154", "ROAAAA1B31007593840000", "SE50000000058398257466", "SI263300012039086",
    "SK12000000198742637541", "TR0006100519786457841326", "AE0331234567890123456", "SA80000000608010167519",
    "IL0108000000099999999", "UA3223130000026007233566001", "BR00360305000010009795493C1",
)  # fmt: skip
_PHONES = (
    # NANP 555-0100..0199 in geographic area codes
    *(f"+1{area}55501xx" for area in ("201", "202", "206", "212", "303", "312", "404", "415", "503", "512", "602", "617")),
    # Ofcom, numbers for drama
    "+447700900xxx", "+442079460xxx", "+441632960xxx", "+441134960xxx", "+441214960xxx", "+441614960xxx",
    # Bundesnetzagentur 148/2021
    "+493023125xxx", "+496990009xxx", "+494066969xxx", "+4917139200xx", "+49176040690xx",
    # ARCEP decision 2018-0881
    "+3319900xxxx", "+3326191xxxx", "+3335301xxxx", "+3346571xxxx", "+3353649xxxx", "+3363998xxxx",
    # ACMA, numbers for creative works
    "+61255501xxx", "+61491570006", "+61491570156", "+61491570157", "+61491570158", "+61491570159", "+61491570110",
    # PTS; ComReg
    "+467017406xx", "+463139006xx", "+464062804xx", "+468465004xx", "+3532091xxxxx",
)  # fmt: skip
_GIVEN = (
    "Avery", "Robin", "Casey", "Jordan", "Morgan", "Quinn", "Rowan", "Sasha", "Taylor", "Devon", "Emery", "Finley", "Harper",
    "Jamie", "Kendall", "Lennon", "Marlow", "Noel", "Parker", "Reese", "Skyler", "Tatum", "Wren", "Ellis",
)  # fmt: skip
_FAMILY = (
    "Sample", "Exampleton", "Testerby", "Mockingham", "Placeholt", "Fictley", "Specimann", "Modelsson", "Demowski",
    "Prototti", "Stubbington", "Samplewood", "Fixturelli", "Inventado", "Nonesuch", "Blankenhold", "Patternby", "Makebelin",
    "Draftwell", "Templeton-Mock", "Seedsen", "Dummond", "Fakeney", "Trialson",
)  # fmt: skip
_STREETS = (
    "Example Street", "Sample Road", "Specimen Lane", "Placeholder Avenue", "Mock Close", "Fiction Way", "Testfield Drive",
    "Demo Crescent", "Prototype Row", "Nowhere Lane", "Model Square", "Fixture Court", "Blank Terrace", "Pattern Hill",
)  # fmt: skip
_CITIES = (
    "Sampleton", "Exampleville", "Testford", "Mockbridge", "Fictionham", "Placeholder Bay", "Specimen Falls", "Modelstadt",
    "Demoburg", "Nowhere Springs",
)  # fmt: skip


@lru_cache(maxsize=1)
def default_pool() -> Pool:
    """The built-in values of every kind."""
    return {
        "payment-card": tuple(body + luhn_digit(body) for body in _CARDS),
        "iban": tuple(_iban(one.replace(" ", "")) for one in _BBANS),
        "phone": _PHONES,
        "email-domain": ("example.com", "example.org", "example.net"),
        "ipv4": ("192.0.2", "198.51.100", "203.0.113"),
        "given-name": _GIVEN,
        "family-name": _FAMILY,
        "street": _STREETS,
        "city": _CITIES,
    }


def luhn_digit(body: str) -> str:
    """The digit that completes `body` to a number valid by Luhn mod 10 (ISO/IEC 7812-1 annex B)."""
    doubled = (int(c) * 2 for c in body[::-2])
    total = sum(d - 9 if d > 9 else d for d in doubled) + sum(int(c) for c in body[-2::-2])
    return str(-total % 10)


def _iban(country_and_account: str) -> str:
    """With its two check digits (ISO 7064 mod 97-10, as ISO 13616 uses it)."""
    country, account = country_and_account[:2], country_and_account[2:]
    rest = int("".join(str(int(c, 36)) for c in account + country + "00")) % 97
    return f"{country}{98 - rest:02d}{account}"
