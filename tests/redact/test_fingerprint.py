from __future__ import annotations

import hashlib
import re

from hypothesis import given
from hypothesis import strategies as st

from tests.redact.made import KEY, OTHER_KEY
from tightlip.redact.fingerprint import fingerprint


@given(st.text(max_size=40))
def test_a_fingerprint_is_keyed_and_never_a_bare_hash(value: str):
    printed = fingerprint(KEY, "a-rule", value)
    assert re.fullmatch(r"tl1:[a-z2-7]{26}", printed)
    assert printed == fingerprint(KEY, "a-rule", value)
    assert printed != fingerprint(OTHER_KEY, "a-rule", value)
    assert printed != fingerprint(KEY, "b-rule", value)
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
    assert digest[:16] not in printed


def test_rule_and_value_cannot_be_shifted_into_each_other():
    assert fingerprint(KEY, "a", "bc") != fingerprint(KEY, "ab", "c")
