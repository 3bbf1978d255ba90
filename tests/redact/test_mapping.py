from __future__ import annotations

import copy
import pickle

import pytest

from tests.redact.made import KEY, every, redacted
from tightlip.redact.mapping import EMPTY, Entry, Form, Mapping
from tightlip.redact.placeholder import normalise, token_for

VALUE = "anna@corp.example"


def entry(value: str, token: str | None = None, form: Form = Form.TOKEN) -> Entry:
    return Entry(token or token_for(KEY, "EMAIL", value), value, value, "EMAIL", normalise("EMAIL", value), form=form)


def test_a_mapping_leads_both_ways():
    one = entry(VALUE)
    mapping = Mapping([one])
    assert mapping.lookup(one.token) is one
    assert mapping.token_of(VALUE) == one.token
    assert mapping.token_of(VALUE, Form.NUMBER) is None
    assert one.token in mapping
    assert (len(mapping), len(EMPTY)) == (1, 0)


def test_neither_repr_nor_str_shows_a_value():
    mapping = redacted(f"x = '{VALUE}'", *every(f"x = '{VALUE}'", [VALUE])).mapping
    shown = repr(mapping) + str(mapping) + repr(list(mapping.entries())) + repr(EMPTY)
    assert "corp" not in shown
    assert "EMAIL 1" in repr(mapping)


@pytest.mark.parametrize("write", [pickle.dumps, copy.deepcopy])
def test_a_mapping_cannot_be_written_down(write: object):
    with pytest.raises(TypeError, match="stays in memory"):
        write(Mapping([entry(VALUE)]))  # type: ignore[operator]


def test_merging_keeps_both_and_changes_neither():
    one, other = Mapping([entry(VALUE)]), Mapping([entry("bob@corp.example")])
    merged = one.merge(other)
    assert (len(one), len(other), len(merged)) == (1, 1, 2)
    assert EMPTY.merge(one) is one
    assert one.merge(EMPTY, one) is one


def test_of_two_spellings_the_first_stays():
    merged = Mapping([entry(VALUE)]).merge(Mapping([entry(VALUE.title())]))
    assert [one.original for one in merged.entries()] == [VALUE]


def test_a_token_of_two_different_values_is_restored_to_neither():
    merged = Mapping([entry(VALUE, "TL_EMAIL_7F3K2Q")]).merge(Mapping([entry("bob@corp.example", "TL_EMAIL_7F3K2Q")]))
    assert merged.lookup("TL_EMAIL_7F3K2Q") is None
    assert merged.ambiguous == {"TL_EMAIL_7F3K2Q"}
    again = merged.merge(Mapping([entry(VALUE, "TL_EMAIL_8G4M3R")]))
    assert again.ambiguous == {"TL_EMAIL_7F3K2Q"}
