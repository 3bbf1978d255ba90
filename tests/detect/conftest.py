"""Small rules for the engine's tests, so that they do not depend on what `rules/` holds today."""

from __future__ import annotations

from pathlib import Path

import pytest

from tightlip.detect.load import load_rules
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import Ruleset

TOML = r"""
[[rule]]
id = "github-personal-access-token"
title = "GitHub personal access token"
category = "secret"
severity = "error"
confidence = "medium"
placeholder = "GITHUB_TOKEN"
pattern = '\b(?P<value>ghp_[A-Za-z0-9]{36})\b'
gate = 'ghp_[A-Za-z0-9]{36}'
checksum = "crc32-base62"
references = ["https://docs.github.com/"]
matches = ["token = 'ghp_{crc32-base62:30}'"]
misses = ["ghp_{base62:35}"]

[[rule]]
id = "password"
title = "Password"
category = "secret"
severity = "warning"
confidence = "low"
placeholder = "PASSWORD"
fields = ["password", "passwd", "pwd"]
value = '\S{6,200}'
references = ["https://owasp.org/"]
matches = ["password = 'x{base62:12}'"]
misses = ["password = None"]

[[rule]]
id = "badge"
title = "Badge number"
category = "pii"
entity = "BADGE"
severity = "warning"
confidence = "medium"
placeholder = "BADGE"
pattern = '\b(?P<value>BDG-\d{6})\b'
gate = 'BDG-\d{6}'
fields = ["badge_number"]
value = '\d{6}'
keywords = []
references = ["https://example.org/"]
matches = ["BDG-{digits:6}", "badge_number: '{digits:6}'"]
misses = ["BDG-{digits:5}"]

[[rule]]
id = "near-word"
title = "Needs a word near it"
category = "secret"
severity = "warning"
confidence = "medium"
placeholder = "NEAR"
pattern = '\b(?P<value>nw[0-9a-f]{16})\b'
gate = 'nw[0-9a-f]{16}'
keywords = ["nearcloud"]
references = ["https://example.org/"]
matches = ["nearcloud nw{hex:16}"]
misses = ["nw{hex:16}"]
"""


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rule, ...]:
    path: Path = tmp_path_factory.mktemp("rules") / "small.toml"
    path.write_text(TOML)
    return load_rules([path])


@pytest.fixture(scope="session")
def ruleset(rules: tuple[Rule, ...]) -> Ruleset:
    return Ruleset.build(rules)
