from __future__ import annotations

import pytest

from tightlip.syntax.language import LANGUAGES
from tightlip.syntax.wrapped import wrapped_at


@pytest.mark.parametrize(
    ("language", "text", "content", "sure"),
    [
        ("python", 'SecretStr("x")', "x", True),
        ("python", 'digest("x")', "x", False),
        ("python", 'other or "x"', "x", True),
        ("python", 'a if b else "x"', "x", True),
        ("python", 'os.getenv("A") or "x"', "A", False),
        ("javascript", "process.env.A ?? 'x'", "x", True),
        ("javascript", "a ? b : 'x'", "x", True),
        ("javascript", "{ key: 'x' }", None, None),
        ("rust", 'String::from("x")', "x", True),
        ("go", '[]byte("x")', "x", True),
        ("terraform", 'var.a == "" ? "x" : var.a', "x", True),
        ("python", "name", None, None),
        ("python", "call(1)\n'x'", None, None),
    ],
)
def test_the_literal_an_expression_gives(language: str, text: str, content: str | None, sure: bool | None):
    wrapped = wrapped_at(text, 0, LANGUAGES[language])
    found = None if wrapped is None else text[slice(*wrapped.literal.span)]
    assert (found, wrapped and wrapped.sure) == (content, sure)
