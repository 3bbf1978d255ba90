from __future__ import annotations

import pytest

from tightlip.syntax.language import LANGUAGES, language_of


@pytest.mark.parametrize(
    ("path", "language_id", "text", "name"),
    [
        ("a/b.py", None, "", "python"),
        ("C:\\x\\B.PY", None, "", "python"),
        (".env.local", "plaintext", "", "dotenv"),
        ("prod.env", None, "", "dotenv"),
        ("config.yml.example", None, "", "yaml"),
        ("Dockerfile.dev", None, "", "dockerfile"),
        (".npmrc", None, "", "ini"),
        (None, "typescriptreact", "", "typescript"),
        ("Untitled-1", "shellscript", "", "shell"),
        (None, None, "#!/usr/bin/env python3\n", "python"),
        (None, None, '  {"a": 1}', "json"),
        (None, None, "just words", "plaintext"),
        ("x.unknown", "klingon", "", "plaintext"),
    ],
)
def test_language_is_told_by_name_then_editor_then_text(
    path: str | None, language_id: str | None, text: str, name: str
) -> None:
    assert language_of(path, language_id, text).name == name


def test_every_language_is_known_by_its_own_name() -> None:
    for name, language in LANGUAGES.items():
        assert language_of(None, name).name == name == language.name
