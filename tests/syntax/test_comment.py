"""Comments and documentation in code."""

from __future__ import annotations

import pytest

from tightlip.syntax.comment import begins_in_comment, is_documentation
from tightlip.syntax.language import LANGUAGES


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", "x = 1\n    # ask 'HERE'\n"),
        ("javascript", "/**\n * `HERE`\n */\n"),
        ("typescript", '// not "HERE"'),
        ("sql", "-- 'HERE'"),
    ],
)
def test_a_line_that_is_a_comment(language: str, text: str) -> None:
    assert begins_in_comment(text, text.index("HERE"), LANGUAGES[language])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", "x = 'HERE'  # a comment"),
        ("python", "y = x\\\n    * 'HERE'"),
        ("javascript", "let x = 'HERE' // a comment"),
        ("javascript", "// a comment\nlet x = 'HERE'"),
        ("json", '{"x": "HERE"}'),
    ],
)
def test_a_line_that_is_none(language: str, text: str) -> None:
    assert not begins_in_comment(text, text.index("HERE"), LANGUAGES[language])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", '"""HERE"""'),
        ("python", '# a licence\n\nr"""\nA module: HERE\n"""'),
        ("python", "def f():\n    '''Do it.\n\n    x = 'HERE'\n    '''\n"),
        ("python", 'async def f(\n    a: int, b=None\n) -> dict[str, int]:  # why\n    """HERE"""\n'),
        ("python", 'def f(a,\n      b=None):\n    """HERE"""\n'),
        ("python", 'class A:\n    token: str | None = None\n    """Such as HERE"""\n'),
        ("python", 'class A:\n    size = 4\n    """HERE"""\n    token: Optional[str]\n'),
        ("python", 'import x\nEXAMPLES = r"""\n- password: HERE\n"""'),
        ("python", "_LOGIN_USAGE = '''\nlogin --password HERE\n'''"),
        (
            "python",
            "class A(B):\n    \"\"\"With\n    class C:\n        '''\n        inner\n        '''\n    HERE\n    \"\"\"\n",
        ),
        ("javascript", "/**\n * token = 'HERE'\n */\n"),
        ("rust", '/// token = "HERE"\nfn f() {}\n'),
    ],
)
def test_documentation(language: str, text: str) -> None:
    assert is_documentation(text, text.index("HERE"), LANGUAGES[language])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", 'def f():\n    """Do it."""\n    x = "HERE"\n'),
        ("python", 'def f():\n    """Do it.\n\n    Example::\n    """\n    x = "HERE"\n'),
        ("python", 'x = """\nHERE\n"""'),
        ("python", 'EXAMPLES = """\nx: y\n"""\nx = "HERE"'),
        ("python", 'EXAMPLE_CONFIG = """\nHERE\n"""'),
        ("python", 'def f():\n    """Do it.\n\n    x = get()\n    """\n    x = "HERE"\n'),
        ("python", 'class A:\n    x: str = f(\n    """HERE"""\n    )'),
        ("python", 'f(\n    """\n    HERE\n    """)'),
        ("python", '"""A module."""\nx = "HERE"'),
        ("python", '"""\nA module.\n"""\nx = "HERE"'),
        ("python", "# token = 'HERE'"),
        ("javascript", "// token = 'HERE'"),
        ("javascript", "/** a token */\nlet x = 'HERE'"),
        ("markdown", "* HERE"),
    ],
)
def test_what_is_no_documentation(language: str, text: str) -> None:
    assert not is_documentation(text, text.index("HERE"), LANGUAGES[language])


def test_looking_back_ends_somewhere() -> None:
    text = '"""\n' + "x\n" * 50_000 + "HERE"
    assert not is_documentation(text, len(text) - 4, LANGUAGES["python"])
