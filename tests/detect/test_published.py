"""Secrets that a standard or a maker prints for everybody."""

from __future__ import annotations

import pytest

from tightlip.detect.detector import Document, detect
from tightlip.detect.published import is_published
from tightlip.detect.ruleset import builtin_ruleset

CLIENT = "czZCaGRSa3F0Mzpn" + "WDFmQmF0M2JW"


@pytest.mark.parametrize(
    "value", [CLIENT, "JBSWY3DP" + "EHPK3PXP", "tGzv3JOkF0" + "XG5Qx2TlKWIA", "QWxhZGRpbjpv" + "cGVuIHNlc2FtZQ=="]
)
def test_it_is_known(value: str) -> None:
    assert is_published(value)
    assert not is_published(value[:-1])


def test_it_is_suppressed() -> None:
    found = detect(Document(f"Authorization: Basic {CLIENT}\n"), builtin_ruleset())
    assert not found.findings
    assert [one.kind for one in found.suppressed] == ["reserved"]
