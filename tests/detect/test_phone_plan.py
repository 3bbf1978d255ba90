"""The numbering plans, put together once, say of every number what libphonenumber says of it."""

from __future__ import annotations

import importlib
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.detect import phone_plan
from tightlip.detect.phone_plan import is_assignable
from tightlip.detect.pii_checks import phone

LIBRARY: Any = importlib.import_module("phonenumbers")
COUNTRIES: dict[int, tuple[str, ...]] = LIBRARY.COUNTRY_CODE_TO_REGION_CODE
KINDS = ("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "voip", "pager", "uan", "personal_number")


def asked(number: str) -> bool:
    try:
        return LIBRARY.is_valid_number(LIBRARY.parse(number, None))
    except LIBRARY.NumberParseException:
        return False


def numbers_near_real_ones(code: int, rng: random.Random) -> list[str]:
    """Example numbers of a country with up to two digits changed, written with joints."""
    found: list[str] = []
    for region in COUNTRIES[code]:
        metadata: Any = LIBRARY.PhoneMetadata.metadata_for_region_or_calling_code(code, region)
        examples = {getattr(metadata, kind).example_number for kind in KINDS if getattr(metadata, kind) is not None}
        for example in sorted(filter(None, examples)):
            for _ in range(6):
                digits = [*rng.choice(("", "", "", "0")), *str(example)]
                for _ in range(rng.randrange(3)):
                    digits[rng.randrange(len(digits))] = rng.choice("0123456789")
                found.append(f"+{code}" + "".join(rng.choice(("", "", " ", "-", ".", "/")) + digit for digit in digits))
    return found


@pytest.mark.parametrize("first", "123456789")
def test_a_plan_says_what_the_library_says(first: str) -> None:
    rng = random.Random(first)
    told = 0
    for code in COUNTRIES:
        if str(code).startswith(first):
            for number in numbers_near_real_ones(code, rng):
                answer = is_assignable(number)
                assert answer in (None, asked(number)), number
                told += answer is not None
    assert told > 20


@given(st.from_regex(r"\+[1-9](?:[ ./()-]{0,2}[0-9]){6,14}", fullmatch=True))
def test_so_it_does_for_any_digits(number: str) -> None:
    assert is_assignable(number) in (None, asked(number))


@given(st.text("+0123456789 ()-./x#;=ext", max_size=24))
def test_what_is_no_number_is_left_to_the_library(value: str) -> None:
    assert phone(value) is asked(value)


def test_without_metadata_the_library_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(LIBRARY, "PhoneMetadata")
    phone_plan._plan.cache_clear()
    phone_plan._plan_of.cache_clear()
    try:
        assert is_assignable("+14155550000") is None
    finally:
        phone_plan._plan.cache_clear()
        phone_plan._plan_of.cache_clear()
