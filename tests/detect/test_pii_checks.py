"""Checks of personal identifiers: what was made by the rule passes, what is off by one does not, and nothing raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.detect import pii_checks
from tightlip.detect.sample import fill
from tightlip.detect.validators import parse_validator

NAMES = (
    "email",
    "phone",
    "payment-card",
    "public-ip",
    "us-ssn",
    "dea",
    "npi",
    "vin",
    "lu-national-id",
    "au-medicare",
    "sg-nric",
    "tw-hk-id",
)


@pytest.mark.parametrize(
    ("check", "template"),
    [
        ("email", "{email}"),
        ("phone", "{phone:+US}"),
        ("phone", "{phone:+DE}"),
        ("payment-card", "{card:4,16}"),
        ("payment-card", "{card:37,15}"),
        ("payment-card", "{card:36,14}"),
        ("payment-card", "{card-grouped:2221}"),
        ("payment-card", "{card:62,19}"),
        ("public-ip", "{ip}"),
        ("public-ip", "{ip:6}"),
        ("us-ssn", "{ssn}"),
        ("us-ssn", "{ssn:plain}"),
        ("dea", "{dea}"),
        ("npi", "{npi}"),
        ("vin", "{vin}"),
        ("vin", "1M8GDM9AXKP042788"),  # the worked example of 49 CFR 565
        ("lu-national-id", "{lu-id}"),
        ("au-medicare", "{au-medicare}"),
        ("sg-nric", "{sg-nric:S}"),
        ("sg-nric", "{sg-nric:T}"),
        ("sg-nric", "{sg-nric:F}"),
        ("sg-nric", "{sg-nric:G}"),
        ("tw-hk-id", "{tw-id}"),
        ("tw-hk-id", "{hkid}"),
        ("tw-hk-id", "A123456789"),  # the example of the Taiwanese household registration
        ("stdnum-in-pan", "KTBPR1234H"),
        ("stdnum-is-kennitala", "{stdnum:is-kennitala,170384-###9}"),
        ("stdnum-imei", "{stdnum:imei,35#############}"),
    ],
)
def test_a_valid_number_passes(check, template):
    assert parse_validator(check)(fill(template))


@pytest.mark.parametrize("check", ["dea", "npi", "vin", "au-medicare", "sg-nric:S", "sg-nric:G", "tw-id", "hkid"])
def test_a_changed_last_character_is_noticed(check):
    name, number = (
        check.partition(":")[0].replace("tw-id", "tw-hk-id").replace("hkid", "tw-hk-id"),
        fill("{" + check + "}"),
    )
    position = 8 if name in ("vin", "au-medicare") else len(number) - 1
    alphabet = "0123456789" if number[position].isdigit() else "ABCDEFGHIJKLMNPQRTUWXZ"
    changed = [number[:position] + c + number[position + 1 :] for c in alphabet if c != number[position]]
    assert not any(parse_validator(name)(other) for other in changed)


@pytest.mark.parametrize(
    ("check", "value"),
    [
        ("email", "icon@2x.png"),
        ("email", "left-pad@1.3.0"),
        ("email", "getty@tty1.service"),
        ("email", "this@Activity.name"),
        ("email", "a..b@acme-prod.com"),
        ("email", "a@-acme.com"),
        ("email", "x" * 65 + "@acme-prod.com"),
        ("phone", "+12345678"),
        ("phone", "+999 123 456 789"),
        ("phone", "no number"),
        ("payment-card", str(2**52)),
        ("payment-card", "4000000000000002"[:15]),
        ("payment-card", "9999999999999995"),
        ("public-ip", "192.168.100.200"),
        ("public-ip", "2.4.9.11"),
        ("public-ip", "300.1.1.1"),
        ("public-ip", "fe80::1"),
        ("us-ssn", "666-12-3456"),
        ("us-ssn", "123-00-4567"),
        ("us-ssn", "123-45-0000"),
        ("us-ssn", "912-34-5678"),
    ],
)
def test_what_cannot_be_one_does_not_pass(check, value):
    assert not parse_validator(check)(value)


@pytest.mark.parametrize("power", range(43, 64))
def test_no_power_of_two_is_a_card(power):
    assert not any(pii_checks.payment_card(str(2**power + step)) for step in (-1, 0, 1))


@given(st.text(max_size=40), st.sampled_from(NAMES))
def test_no_text_makes_a_check_raise(value, name):
    assert parse_validator(name)(value) in (True, False)


@given(st.from_regex(r"[A-Z0-9+@. -]{8,19}", fullmatch=True), st.sampled_from(NAMES))
def test_nothing_shaped_like_an_identifier_makes_a_check_raise(value, name):
    assert parse_validator(name)(value) in (True, False)
