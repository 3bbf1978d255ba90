"""A guard with two rules of its own, in a repository under the test's own folder."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from tightlip.detect.detector import Document
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import Ruleset
from tightlip.finding import Category, Confidence, Severity, Surface
from tightlip.guard import Guard, Inspection
from tightlip.policy.load import above_all, load_policy

if TYPE_CHECKING:
    from tests.policy.conftest import Org

CANARY = "key-" + "Qz7Wx9Lm3Vb5"
OTHER = "key-" + "Np4Rt8Ks2Hd6"
TEXT = f'access = "{CANARY}"\nother = "{OTHER}"\n'
RESTRICT = """\
[[repo]]
match = { remote = "github.com/acme/*" }
contact = "payments@acme.example"
paths = { "docs/**" = "internal" }
"""


def rule(name: str, category: Category, pattern: str, **more: object) -> Rule:
    values: dict[str, object] = {
        "id": name,
        "title": name.replace("-", " ").capitalize(),
        "category": category,
        "severity": Severity.ERROR if category is Category.SECRET else Severity.WARNING,
        "confidence": Confidence.HIGH,
        "placeholder": "KEY",
        "pattern": rf"(?P<value>{pattern})",
        "gate": pattern,
    } | more
    return Rule(**values)  # pyright: ignore[reportArgumentType]


RULESET = Ruleset.build(
    [
        rule("acme-access-key", Category.SECRET, "key-[A-Za-z0-9]{12}"),
        rule("person-number", Category.PII, "P[0-9]{9}", confidence=Confidence.LOW),
    ]
)


def repository(folder: Path, remote: str) -> None:
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "remote", "add", "origin", remote], cwd=folder, check=True)


def guard_of(root: Path, policy: str = "", **more: object) -> Guard:
    if policy:
        (root / "tightlip.toml").write_text(policy)
    categories = {rule.id: rule.category for rule in RULESET.rules}
    return Guard(load_policy(root, root, categories), RULESET, root, **more)  # pyright: ignore[reportArgumentType]


def governed_guard(root: Path, org: Org) -> Guard:
    """A guard of `root` on the machine of an organisation."""
    above = above_all(org.places)
    categories = {rule.id: rule.category for rule in RULESET.rules}
    return Guard(load_policy(root, root, categories, above=above), RULESET, root, above=above)


def look(guard: Guard, path: Path | None, text: str = TEXT, surface: Surface = Surface.PROMPT) -> Inspection:
    return guard.inspect(Document(text, str(path) if path else None), surface)


def kinds(inspection: Inspection) -> list[tuple[str, str]]:
    return [(suppressed.kind, suppressed.reason) for suppressed in inspection.suppressed]
