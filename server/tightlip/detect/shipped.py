"""Where the rules of this installation lie."""

from __future__ import annotations

from pathlib import Path


def rules_directory() -> Path:
    """Folder of the rules that came with this installation: in the wheel beside the package, else in the checkout."""
    packaged = Path(__file__).resolve().parent.parent / "rules"
    return packaged if packaged.is_dir() else packaged.parents[2] / "rules"


def rule_files(directory: Path) -> list[Path]:
    """All rule files under `directory` (secrets, then personal data), in a stable order."""
    return [*sorted((directory / "secrets").glob("*.toml")), *sorted((directory / "pii").glob("*.toml"))]
