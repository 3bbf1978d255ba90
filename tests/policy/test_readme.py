"""The policies that the README shows are policies."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tightlip.detect.ruleset import builtin_ruleset
from tightlip.policy.check import check_file
from tightlip.policy.load import NOTHING_ABOVE
from tightlip.policy.model import Layer

README = Path(__file__).resolve().parent.parent.parent / "README.md"
WRITTEN = date(2026, 11, 22)
SHOWN = re.findall(r"^```toml\n(.*?)^```", README.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def test_the_readme_shows_a_repositorys_policy_and_an_organisations():
    assert ["[bundle]" in text for text in SHOWN] == [False, True]
    assert all(table in SHOWN[1] for table in ("[[repo]]", "[[exception]]"))


@pytest.mark.parametrize("text", SHOWN)
def test_a_policy_that_the_readme_shows_holds_no_mistake(tmp_path: Path, text: str):
    path = tmp_path / "tightlip.toml"
    path.write_text(text, encoding="utf-8")
    layer = Layer.ORG if "[bundle]" in text else Layer.REPO
    found = check_file(path, "README.md", layer, builtin_ruleset().categories, NOTHING_ABOVE, WRITTEN)
    assert found is not None
    assert [str(remark) for remark in found] == []
