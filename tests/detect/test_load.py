from __future__ import annotations

from pathlib import Path

import pytest

from tests.detect.conftest import TOML
from tightlip.detect.load import load_rules
from tightlip.detect.shipped import rule_files, rules_directory
from tightlip.errors import RuleError


def load(tmp_path: Path, text: str) -> str:
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(RuleError) as caught:
        load_rules([path], tmp_path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("checksum =", "chekcsum =", 'bad.toml:11:1: unknown key "chekcsum". Did you mean "checksum"?'),
        ('category = "secret"', 'category = "secrets"', '"category" must be one of secret, pii, restricted, term'),
        ('severity = "error"', "severity = 1", 'bad.toml:6:1: "severity" must be a string'),
        ('id = "github-personal-access-token"', 'id = "GitHub PAT"', "lower-case words joined by hyphens"),
        ('placeholder = "GITHUB_TOKEN"', 'placeholder = "github"', "upper-case words"),
        (r"pattern = '\b(?P<value>ghp_[A-Za-z0-9]{36})\b'", "pattern = '(?P<value>ghp_'", '"pattern" does not compile'),
        (r"(?P<value>ghp_[A-Za-z0-9]{36})", "ghp_[A-Za-z0-9]{36}", '"pattern" needs a group named value'),
        ("gate = 'ghp_[A-Za-z0-9]{36}'", "", '"pattern" and "gate" go together'),
        ('"crc32-base62"', '"crc99"', 'unknown validator "crc99"'),
        ('fields = ["password", "passwd", "pwd"]', 'fields = ["passWord"]', 'field name "passWord" must be in snake_case'),
        ('fields = ["password", "passwd", "pwd"]', 'fields = "password"', '"fields" must be a list of strings'),
        ('references = ["https://owasp.org/"]', "", 'a rule needs "references"'),
        ("[[rule]]\nid = \"password\"", "[[rules]]\nid = \"password\"", 'unknown table "rules"'),
        ('id = "password"', 'id = "badge"', 'rule id "badge" stands already at bad.toml:'),
    ],
)  # fmt: skip
def test_a_mistake_in_a_rule_file_is_named_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in TOML
    said = load(tmp_path, TOML.replace(old, new, 1))
    assert message in said
    assert said.startswith("bad.toml:")


def test_a_file_that_is_no_toml_is_named_with_its_line(tmp_path: Path) -> None:
    assert load(tmp_path, "[[rule]]\nid = \n").startswith("bad.toml:2:")


def test_a_rule_says_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(TOML)
    assert load_rules([path], tmp_path)[0].source == "small.toml:2"


def test_the_rules_of_this_checkout_are_found_and_loaded() -> None:
    files = rule_files(rules_directory())
    assert {path.parent.name for path in files} == {"secrets", "pii"}
    assert len(load_rules(files)) >= 80
