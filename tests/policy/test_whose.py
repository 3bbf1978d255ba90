"""Every line of a policy that has a part in what is told of a finding is named; built-in defaults are not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.editor.policies import organised
from tests.guarded import RULESET
from tightlip.finding import Category
from tightlip.guard import Guard
from tightlip.policy.load import NOTHING_ABOVE, Above, load_policy
from tightlip.policy.whose import lines_of

CATEGORIES = {rule.id: rule.category for rule in RULESET.rules}
KEY = "acme-access-key"


def told(folder: Path, rule: str, category: Category, above: Above = NOTHING_ABOVE, file: str = "x.py") -> list[str]:
    policy = load_policy(folder, folder, CATEGORIES, above=above)
    guard = Guard(policy, RULESET, folder, above=above, today=lambda: date(2026, 11, 22))
    lines = lines_of(rule, category, guard.whereabouts(folder / file))
    assert all(line.file is not None and Path(line.file).is_file() for line in lines)
    assert all(line.source.endswith(f"{Path(line.file or '').name}:{line.line}") for line in lines)
    return [str(line).replace(f"{folder}/", "") for line in lines]


def test_of_built_in_defaults_nothing_is_said(tmp_path: Path):
    assert told(tmp_path, KEY, Category.SECRET) == []
    (tmp_path / "tightlip.toml").write_text('[detect.pii]\naction = "block"\n')
    assert told(tmp_path, KEY, Category.SECRET) == []


def test_who_set_action_and_severity_is_said(tmp_path: Path):
    above = organised(tmp_path, '[detect.secret]\naction = "block"\n[detect.pii]\nfixtures = "warn"\n')
    (tmp_path / "tightlip.toml").write_text('[detect.rule.acme-access-key]\naction = "warn"\nseverity = "error"\n')
    assert told(tmp_path, KEY, Category.SECRET, above) == [
        "Action: block, set by the organisation (etc/tightlip.toml:2)."
    ]
    assert told(tmp_path, "person-number", Category.PII, above) == []
    assert told(tmp_path, "person-number", Category.PII, above, "tests/x.py") == [
        "Action: warn, set by the organisation (etc/tightlip.toml:4)."
    ]
    assert told(tmp_path, KEY, Category.SECRET) == [
        "Action: warn, set by the repository (tightlip.toml:2).",
        "Severity: error, set by the repository (tightlip.toml:3).",
    ]


@pytest.mark.parametrize(
    ("entry", "rule", "category"),
    [
        ('[[term]]\nid = "falcon"\ntext = "Peregrine"\n', "falcon", Category.TERM),
        ('[[rule]]\nid = "badge"\ncategory = "pii"\npattern = "B-[0-9]{6}"\n', "badge", Category.PII),
    ],
)
def test_a_word_or_rule_of_a_policys_own_is_that_files(tmp_path: Path, entry: str, rule: str, category: Category):
    (tmp_path / "tightlip.toml").write_text(entry)
    assert told(tmp_path, rule, category) == ["Looked for by the repository (tightlip.toml:1)."]


def test_the_exception_that_lowers_an_action_is_said(tmp_path: Path):
    text = '[[exception]]\nid = "EX-1"\nscope = { category = "secret" }\nreason = "r"\napprover = "ciso"\nexpires = 2099-01-01\n'
    assert told(tmp_path, KEY, Category.SECRET, organised(tmp_path, text)) == [
        "Action: info, by exception EX-1 of ciso until 2099-01-01 (etc/tightlip.toml:1)."
    ]
