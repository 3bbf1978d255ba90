from __future__ import annotations

from pathlib import Path

import pytest

from tests.detect.conftest import TOML
from tightlip.detect.load import load_rules
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.detect.selftest import check_rules
from tightlip.errors import RuleError


def failures(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "r.toml"
    path.write_text(text)
    return [str(failure) for failure in check_rules(load_rules([path], tmp_path))]


def test_good_rules_have_no_failure(rules: tuple[Rule, ...]) -> None:
    assert list(check_rules(rules)) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{crc32-base62:30}", "{base62:35}", "matches[1] is not found"),
        ('misses = ["ghp_{base62:35}"]', 'misses = ["ghp_{base62:36}"]', "misses[1] is found, and should not be"),
        ("matches = [\"nearcloud nw{hex:16}\"]", "matches = [\"nw{hex:16}\"]", "matches[1] is not found"),
        ("gate = 'BDG-\\d{6}'", "gate = '[A-Z0-9-]'", "the gate reports"),
        ('matches = ["password = \'x{base62:12}\'"]', "matches = [\"password = 'changeme'\"]", "is not found (placeholder)"),
    ],
)  # fmt: skip
def test_a_rule_that_does_not_hold_is_named_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in TOML
    said, *_ = failures(tmp_path, TOML.replace(old, new, 1))
    assert said.startswith("r.toml:")
    assert message in said


def test_an_unknown_form_in_an_example_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="unknown form"):
        failures(tmp_path, TOML.replace("{crc32-base62:30}", "{base99:30}", 1))


def test_every_example_of_every_rule_holds() -> None:
    ruleset = builtin_ruleset()
    assert [str(failure) for failure in check_rules(ruleset.rules, ruleset)] == []
