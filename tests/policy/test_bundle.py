"""`[bundle]` says which policy a file is and when it holds; a mistake in it is told and costs nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.policy.bundle import Bundle, BundleRead, graced, read_bundle
from tightlip.syntax.toml import TomlDocument, parse_toml


def read(text: str) -> BundleRead:
    return read_bundle(parse_toml(text, "tightlip.toml"))


def bundle(text: str) -> Bundle:
    found = read(f"[bundle]\n{text}")
    assert found.bundle is not None
    return found.bundle


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=timezone.utc)


def test_every_key_is_read():
    found = read(
        """
[bundle]
id = "acme"
revision = 7
not_before = 2026-01-01
expires = 2027-01-31
incident_contact = "security@acme.example"
"""
    )
    assert found == BundleRead(
        Bundle(
            "acme",
            7,
            utc(2026, 1, 1),
            utc(2027, 1, 31, 23, 59, 59, 999999),
            "security@acme.example",
            "tightlip.toml:2",
        ),
        (),
        doubtful=False,
    )
    assert found.bundle is not None
    assert found.bundle.label == "acme revision 7"


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2027-01-31T08:00:00Z", utc(2027, 1, 31, 8)),
        ("2027-01-31T08:00:00+02:00", utc(2027, 1, 31, 6)),
        ("2027-01-31T08:00:00", utc(2027, 1, 31, 8)),
        ("2027-01-31", utc(2027, 1, 31, 23, 59, 59, 999999)),
        ('"2027-01-31"', utc(2027, 1, 31, 23, 59, 59, 999999)),
        ('"2027-01-31T08:00:00+02:00"', utc(2027, 1, 31, 6)),
        ('"2027-01-31T08:00:00Z"', utc(2027, 1, 31, 8)),
        ("9999-12-31", utc(9999, 12, 31, 23, 59, 59, 999999)),
    ],
)
def test_a_time_without_an_offset_is_utc_and_a_day_is_whole(written: str, moment: datetime):
    assert bundle(f"expires = {written}").expires == moment


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('revision = "7"', '"revision" must be a whole number'),
        ("revision = -1", '"revision" must be a whole number'),
        ("revision = true", '"revision" must be a whole number'),
        ("revision = 7.0", '"revision" must be a whole number'),
        ("revision = 9223372036854775808", '"revision" must be a whole number'),
        ('expires = "soon"', '"expires" must be a date or a time'),
        ("expires = 20270131", '"expires" must be a date or a time'),
        ("expires = 08:00:00", '"expires" must be a date or a time'),
        ("not_before = 0001-01-01T00:00:00+14:00", '"not_before" must be a date or a time'),
    ],
)
def test_what_protects_and_cannot_be_read_makes_the_policy_doubtful(line: str, message: str):
    found = read(f'[bundle]\nid = "acme"\n{line}')
    assert found.doubtful
    assert str(found.problems[0]).startswith(f"tightlip.toml:3:1: {message}")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('expire = "x"', 'unknown key "expire". Did you mean "expires"?'),
        ("incident_contact = 7", '"incident_contact" must be a text'),
        ("revision = 7", 'a "revision" counts for an "id"; write id = "acme"'),
        ('id = ""', '"id" must be a text'),
    ],
)
def test_other_mistakes_are_told_and_cost_themselves_only(line: str, message: str):
    found = read(f"[bundle]\nexpires = 2027-01-31\n{line}")
    assert [str(problem) for problem in found.problems] == [
        problem for problem in map(str, found.problems) if problem.startswith(f"tightlip.toml:3:1: {message}")
    ]
    assert found.problems
    assert not found.doubtful
    assert found.bundle is not None
    assert found.bundle.expires is not None


def test_a_policy_needs_no_bundle():
    assert read("") == BundleRead(None, (), doubtful=False)


@pytest.mark.parametrize("text", ["bundle = 3", "[[bundle]]\nid = 'a'", "bundle = []"])
def test_a_bundle_that_is_no_table_is_doubtful(text: str):
    found = read(text)
    assert found.bundle is None
    assert found.doubtful


def test_the_grace_period_is_thirty_days_and_ends_with_time_itself():
    assert graced(utc(2026, 11, 22)) - utc(2026, 11, 22) == timedelta(days=30)
    assert graced(utc(9999, 12, 31)).year == 9999


values = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes() | st.dates() | st.times(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=3,
)
names = st.sampled_from(["id", "revision", "not_before", "expires", "incident_contact"]) | st.text()


@given(values | st.dictionaries(names, values))
def test_no_bundle_makes_it_raise(value: object):
    found = read_bundle(TomlDocument({"bundle": value}, {}, "tightlip.toml"))
    assert not found.doubtful or found.problems
