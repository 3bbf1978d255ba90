"""Of a workspace nobody trusts, a policy file can make things stricter and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policy.stacks import said_by
from tightlip.finding import Action, Category, Classification
from tightlip.policy.keys import KEYS
from tightlip.policy.layers import fold
from tightlip.policy.load import load_policy
from tightlip.policy.model import BUILTIN, Layer, RulePolicy, Setting
from tightlip.policy.read import FilePolicy

actions = st.sampled_from(Action).map(lambda value: Setting(value, "repo", "tightlip.toml:1"))


@st.composite
def files(draw: st.DrawFn) -> FilePolicy:
    return FilePolicy(
        "/r/tightlip.toml",
        Layer.REPO,
        settings=draw(said_by("repo", "tightlip.toml:1")),
        rules=draw(st.dictionaries(st.sampled_from(["a", "b"]), st.builds(RulePolicy, st.none() | actions))),
    )


@given(st.lists(files(), max_size=3))
def test_no_untrusted_file_weakens_the_defaults(found: list[FilePolicy]):
    policy = fold(found, {"a": Category.SECRET, "b": Category.PII}, trusted=False)
    for name, key in KEYS.items():
        if key.path[-1] != "fixtures":
            assert not key.is_looser(policy.settings[name].value, BUILTIN.settings[name].value), name
    assert policy.rule_action("a", Category.SECRET).value >= Action.BLOCK
    assert policy.rule_action("b", Category.PII).value >= Action.ASK
    assert policy.inline_allow.value is False


def test_what_leaves_out_quietens_or_names_a_file_does_not_count(tmp_path: Path):
    (tmp_path / "tightlip.toml").write_text(
        """
[scan]
exclude = ["*"]
[[allow]]
rule = "generic-secret"
path = "*"
reason = "trust me"
[detect.rule.generic-secret]
severity = "hint"
[detect.detect_secrets]
baseline = "mine.json"
[detect.presidio]
recognizers = "mine.yaml"
[[repo]]
class = "restricted"
"""
    )
    policy = load_policy(tmp_path, trusted=False)
    assert (policy.exclude, policy.allows, policy.baseline, policy.recognizers) == ((), (), None, None)
    assert dict(policy.rules) == {}
    assert [repo.classification for repo in policy.repos] == [Classification.RESTRICTED]


@pytest.mark.parametrize("layer", [Layer.ORG, Layer.USER])
def test_allow_comments_of_an_untrusted_workspace_do_not_count_whoever_lets_them(layer: Layer):
    said = {"inline.allow": Setting[object](True, layer.label, "t:2")}
    found = FilePolicy("/x/tightlip.toml", layer, settings=said)
    assert fold([found]).inline_allow.value is True
    assert fold([found], trusted=False).inline_allow.value is False
