"""What ends is told in time, in the same words and days wherever it is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from attrs import evolve

from tightlip.policy.bundle import Bundle, read_bundle
from tightlip.policy.expiry import SOON, expiry_of
from tightlip.policy.model import AllowEntry, ExceptionEntry
from tightlip.syntax.toml import parse_toml

TODAY = date(2026, 11, 22)
ALLOW = AllowEntry("r", "tl1:x", expires=TODAY, source="p.toml:3")
EXCEPTION = ExceptionEntry("EX-1", "r", "a", TODAY, source="p.toml:4")


@pytest.mark.parametrize(
    ("days", "told", "is_over"),
    [
        (-1, "this allow expired on 2026-11-21: remove it, or have it approved anew", True),
        (0, "this allow expires on 2026-11-22, today", False),
        (1, "this allow expires on 2026-11-23, tomorrow", False),
        (30, "this allow expires on 2026-12-22, in 30 days", False),
    ],
)
def test_an_end_is_told_from_thirty_days_before(days: int, told: str, is_over: bool):
    assert expiry_of(evolve(ALLOW, expires=TODAY + timedelta(days)), TODAY) == (told, is_over, "p.toml:3")


def test_what_ends_later_or_never_is_not_told():
    assert expiry_of(evolve(ALLOW, expires=TODAY + SOON + timedelta(1)), TODAY) is None
    assert expiry_of(evolve(ALLOW, expires=None), TODAY) is None
    assert expiry_of(bundle(""), TODAY) is None


def test_a_policy_and_an_exception_are_told_by_what_they_are():
    found = expiry_of(bundle("expires = 2026-11-21"), TODAY)
    assert found == ("this policy expired on 2026-11-21: make a new revision of it", True, "p.toml:1")
    found = expiry_of(EXCEPTION, TODAY)
    assert found is not None
    assert found.message == "exception EX-1 expires on 2026-11-22, today"


def test_what_is_only_asked_for_cannot_end_soon_and_can_be_over():
    asked = evolve(EXCEPTION, approved=False)
    assert expiry_of(asked, TODAY) is None
    found = expiry_of(asked, TODAY + timedelta(1))
    assert found is not None
    assert found.is_over


def bundle(line: str) -> Bundle:
    found = read_bundle(parse_toml(f'[bundle]\nid = "acme"\n{line}\n', "p.toml")).bundle
    assert found is not None
    return found
