"""What a person has allowed counts as far as it was allowed, and no further."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from tests.guarded import CANARY, OTHER, governed_guard, guard_of, kinds, look
from tests.policy.conftest import Org
from tightlip.errors import TightlipError
from tightlip.redact.key import ephemeral_key


def test_a_fingerprint_allows_one_value_and_no_other(root: Path) -> None:
    guard = guard_of(root, key=ephemeral_key())
    (first, _) = look(guard, root / "x.py").findings
    (root / "tightlip.toml").write_text(
        f'[[allow]]\nfingerprint = "{guard.fingerprint(first)}"\nreason = "test account"\nexpires = 2027-01-31\n'
    )
    guard.reload()
    guard_today = guard_of(root, key=guard.key, today=lambda: date(2027, 1, 31))
    seen = look(guard_today, root / "x.py")
    assert [finding.value for finding in seen.findings] == [OTHER]
    assert kinds(seen) == [("allow", "test account (tightlip.toml:1)")]
    expired = guard_of(root, key=guard.key, today=lambda: date(2027, 2, 1))
    assert len(look(expired, root / "x.py").findings) == 2


def test_a_rule_can_be_allowed_in_a_path(root: Path) -> None:
    guard = guard_of(root, '[[allow]]\nrule = "acme-access-key"\npath = "tests/**"\nreason = "made up"\n')
    assert look(guard, root / "tests" / "a" / "x.py").findings == ()
    assert len(look(guard, root / "src" / "x.py").findings) == 2
    assert len(look(guard, None).findings) == 2


def test_a_key_that_cannot_be_used_allows_nothing_and_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIGHTLIP_KEY_FILE", str(root / "key"))
    guard = guard_of(root, '[[allow]]\nfingerprint = "tl1:x"\nreason = "r"\n')
    assert len(look(guard, root / "x.py").findings) == 2
    assert "TIGHTLIP_KEY_FILE" in str(guard.problems[0])
    with pytest.raises(TightlipError):
        guard.fingerprint(look(guard, root / "x.py").findings[0])


def test_what_a_baseline_knows_is_not_reported(root: Path) -> None:
    hashed = hashlib.sha1(CANARY.encode(), usedforsecurity=False).hexdigest()
    (root / ".secrets.baseline").write_text(json.dumps({"results": {"src/x.py": [{"hashed_secret": hashed}]}}))
    (root / ".gitleaksignore").write_text("src/x.py:acme-token:2\n")
    guard = guard_of(root)
    assert kinds(look(guard, root / "src" / "x.py")) == [
        ("baseline", "known in .secrets.baseline"),
        ("baseline", "known in .gitleaksignore:1"),
    ]
    assert len(look(guard, root / "y.py").findings) == 2
    (root / ".secrets.baseline").write_text("no baseline")
    guard.reload()
    assert len(look(guard, root / "src" / "x.py").findings) == 1
    assert [problem.message for problem in guard.problems] == [
        ".secrets.baseline is not a detect-secrets baseline: what it knows is reported again."
    ]


def test_a_baseline_elsewhere_is_named_by_the_policy(root: Path) -> None:
    hashed = hashlib.sha1(CANARY.encode(), usedforsecurity=False).hexdigest()
    (root / "ci").mkdir()
    (root / "ci" / "known").write_text(json.dumps({"results": {"x.py": [{"hashed_secret": hashed}]}}))
    guard = guard_of(root, '[detect.detect_secrets]\nbaseline = "ci/known"\n')
    assert kinds(look(guard, root / "x.py")) == [("baseline", "known in known")]


def test_under_an_organisation_only_the_baseline_that_it_names_counts(root: Path, org: Org) -> None:
    def baseline(path: Path, value: str) -> None:
        hashed = hashlib.sha1(value.encode(), usedforsecurity=False).hexdigest()
        path.write_text(json.dumps({"results": {"x.py": [{"hashed_secret": hashed}]}}))

    baseline(root / ".secrets.baseline", CANARY)
    (root / ".gitleaksignore").write_text("x.py:acme-token:2\n")
    guard = guard_of(root)
    assert len(look(guard, root / "x.py").suppressed) == 2
    org.write(text="[detect]\n")
    governed = governed_guard(root, org)
    assert len(look(governed, root / "x.py").findings) == 2
    assert [str(problem) for problem in governed.problems] == [
        ".secrets.baseline:1:1: ignored: only the organisation may name a baseline",
        ".gitleaksignore:1:1: ignored: only the organisation may name a baseline",
    ]
    baseline(org.folder / "known", OTHER)
    org.write(text='[detect.detect_secrets]\nbaseline = "known"\n')
    governed.reload()
    assert [finding.value for finding in look(governed, root / "x.py").findings] == [CANARY]
