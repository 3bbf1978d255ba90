from __future__ import annotations

import json

import pytest

from tightlip.__main__ import main
from tightlip.detect.ruleset import builtin_ruleset

RULE = """
[[rule]]
id = "acme-token"
title = "Acme token"
category = "secret"
severity = "error"
confidence = "high"
placeholder = "ACME_TOKEN"
pattern = '\\bacme_(?P<value>[a-z]{20})\\b'
gate = 'acme_[a-z]{20}'
references = ["https://acme.example/tokens"]
matches = ["t = 'acme_{lower:20}'"]
misses = ["acme_{lower:19}"]
"""


def test_every_rule_is_listed_in_every_format(capsys):
    rules = builtin_ruleset().rules
    assert main(["rules", "list"]) == 0
    text = capsys.readouterr().out
    assert all(rule.id in text and rule.title in text for rule in rules)
    assert main(["rules", "list", "--format", "json"]) == 0
    assert [entry["id"] for entry in json.loads(capsys.readouterr().out)] == [rule.id for rule in rules]
    assert main(["rules", "list", "--format", "markdown"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(rules) + 2
    assert main(["rules", "list", "--category", "pii"]) == 0
    assert "github-personal-access-token" not in capsys.readouterr().out


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_every_rule_can_be_shown(capsys, form):
    for rule in builtin_ruleset().rules:
        assert main(["rules", "show", rule.id, "--format", form]) == 0
        shown = capsys.readouterr().out
        assert rule.id in shown
        assert rule.references[0] in shown
        assert form != "json" or json.loads(shown)["source"] == rule.source


def test_unknown_rule_gets_the_nearest_name(capsys):
    assert main(["rules", "show", "github-personal-acces-token"]) == 2
    assert 'did you mean "github-personal-access-token"?' in capsys.readouterr().err


@pytest.fixture
def few_rules(monkeypatch):
    """Only one of the shipped files: all of them together are tested where the rules are."""
    monkeypatch.setattr("tightlip.cli.rules.rule_files", lambda directory: [directory / "secrets" / "github.toml"])


def test_shipped_rules_hold(few_rules, capsys):
    assert main(["rules", "test"]) == 0
    assert capsys.readouterr().out.endswith("examples: all hold.\n")


def test_own_rules_are_tested_beside_the_shipped_ones(few_rules, folder, capsys):
    (folder / "acme.toml").write_text(RULE)
    assert main(["rules", "test", "acme.toml"]) == 0
    assert capsys.readouterr().out == "1 rule, 2 examples: all hold.\n"
    (folder / "acme.toml").write_text(RULE.replace("acme_{lower:20}", "acme_{lower:18}"))
    assert main(["rules", "test", "acme.toml"]) == 1
    out, err = capsys.readouterr()
    assert 'acme.toml:2: rule "acme-token": matches[1] is not found' in out
    assert "1 of " in err


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("title =", "titel =", 'acme.toml:4:1: unknown key "titel". Did you mean "title"?'),
        ("[a-z]{20})", "[a-z]{20", "acme.toml:9:1: "),
        ('"acme-token"', '"github-personal-access-token"', "acme.toml:2: "),
        ("[[rule]]", "[[rule]", "acme.toml:2"),
    ],
)
def test_mistake_in_a_rule_file_names_file_and_line(few_rules, folder, capsys, old, new, sentence):
    (folder / "acme.toml").write_text(RULE.replace(old, new, 1))
    assert main(["rules", "test", "acme.toml"]) == 2
    assert capsys.readouterr().err.startswith(f"tightlip: {sentence}")


def test_rule_file_that_does_not_exist_is_said(few_rules, folder, capsys):
    assert main(["rules", "test", "none.toml"]) == 2
    assert capsys.readouterr().err.startswith("tightlip: none.toml: cannot read this file")
