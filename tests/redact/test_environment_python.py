"""`os.environ["X"]` in Python: every file that compiled still does, and reads the variable."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tightlip.finding import Span
from tightlip.redact.edit import apply
from tightlip.redact.environment import environment_edit
from tightlip.syntax.language import LANGUAGES

SECRET = "Sek" + "rit123"


def looked_up(text: str) -> str | None:
    text = text.replace("¤", SECRET)
    start = text.index(SECRET)
    edit = environment_edit(text, Span(start, start + len(SECRET)), "API_KEY", LANGUAGES["python"])
    if edit is None:
        return None
    result = apply(text, edit.edits)
    compile(result.removeprefix("\ufeff"), "<result>", "exec")
    assert SECRET not in result
    return result


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('"¤"', 'os.environ["API_KEY"]'),
        ("'¤'", 'os.environ["API_KEY"]'),
        ("b'¤'", 'os.environ["API_KEY"].encode()'),
        ("u'¤'", 'os.environ["API_KEY"]'),
        ("f'¤'", 'os.environ["API_KEY"]'),
        ("'''¤'''", 'os.environ["API_KEY"]'),
        ('"Bearer ¤"', "f\"Bearer {os.environ['API_KEY']}\""),
        ("'Bearer ¤'", "f'Bearer {os.environ[\"API_KEY\"]}'"),
        ('u"a ¤"', "f\"a {os.environ['API_KEY']}\""),
        ('r"C:\\¤"', "fr\"C:\\{os.environ['API_KEY']}\""),
        ('f"a {1} ¤"', "f\"a {1} {os.environ['API_KEY']}\""),
        ('f"{{¤}}"', "f\"{{{os.environ['API_KEY']}}}\""),
        ('"a ¤ {}".format(1)', "f\"a {os.environ['API_KEY']} {{}}\".format(1)"),
        ('"a ¤ %s" % 1', "f\"a {os.environ['API_KEY']} %s\" % 1"),
        ('"\\N{EM DASH} ¤"', "f\"\\N{EM DASH} {os.environ['API_KEY']}\""),
        ('"""a\n¤\n"""', 'f"""a\n{os.environ[\'API_KEY\']}\n"""'),
        ('"a" "¤"', '"a" f"{os.environ[\'API_KEY\']}"'),
        ('("a"\n     "¤"\n     "b")', '("a"\n     f"{os.environ[\'API_KEY\']}"\n     "b")'),
        ('b"a ¤!"', 'b"a " + os.environ["API_KEY"].encode() + b"!"'),
        ('b"a ¤".strip()', '(b"a " + os.environ["API_KEY"].encode()).strip()'),
        ('{"a": ["¤"]}', '{"a": [os.environ["API_KEY"]]}'),
        ("len('¤')", 'len(os.environ["API_KEY"])'),
    ],
)
def test_an_expression_reads_the_variable(expression: str, expected: str):
    assert looked_up(f"import os\nx = {expression}\n") == f"import os\nx = {expected}\n"


@pytest.mark.parametrize(
    "text",
    [
        "# ¤\n",
        '"""¤"""\n',
        'def f():\n    """a ¤"""\n',
        'x = b"a" b"¤"\n',
        "x = f\"{len('¤')}\"\n",
        "match x:\n    case '¤':\n        pass\n",
        "os = 1\nx = '¤'\n",
        "def f(os): return '¤'\n",
        "from x import os\ny = '¤'\n",
        "x = '¤'\ny = (\n",
        "¤ = 1\n",
        '"""doc"""; x = "¤"\n',
    ],
)
def test_nothing_is_offered_where_no_lookup_may_stand(text: str):
    assert looked_up(text) is None


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", "import os\n\n"),
        ('"""doc"""\n', '"""doc"""\n\nimport os\n\n'),
        ('"""doc"""\n\n', '"""doc"""\n\nimport os\n\n'),
        ('"""doc\nmore"""\n\nimport sys\n', '"""doc\nmore"""\n\nimport os\nimport sys\n'),
        ("from __future__ import annotations\n", "from __future__ import annotations\n\nimport os\n\n"),
        (
            "from __future__ import annotations\n\nimport sys\n",
            "from __future__ import annotations\n\nimport os\nimport sys\n",
        ),
        ("#!/usr/bin/env python\n", "#!/usr/bin/env python\nimport os\n\n"),
        (
            "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n",
            "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nimport os\n\n",
        ),
        ("# Copyright\n# of nobody\n\n", "# Copyright\n# of nobody\n\nimport os\n\n"),
        ("\ufeff", "\ufeffimport os\n\n"),
        ("\ufeff# -*- coding: utf-8 -*-\n", "\ufeff# -*- coding: utf-8 -*-\nimport os\n\n"),
        ("import os\n", "import os\n"),
        ("import sys, os\n", "import sys, os\n"),
        ("import os.path\n", "import os.path\n"),
        ("import sys\n", "import os\nimport sys\n"),
        ("def f():\n    import os\n\n", "import os\n\ndef f():\n    import os\n\n"),
    ],
)
def test_the_import_goes_where_it_belongs(head: str, expected: str):
    assert looked_up(f"{head}x = '¤'\n") == f'{expected}x = os.environ["API_KEY"]\n'


@pytest.mark.parametrize(
    ("head", "call"),
    [
        ("import os as system\n", "system.environ"),
        ("from os import environ\n", "environ"),
        ("from os import path, environ as env\n", "env"),
    ],
)
def test_an_import_of_another_form_is_used(head: str, call: str):
    assert looked_up(f"{head}x = '¤'\n") == f'{head}x = {call}["API_KEY"]\n'


def test_an_import_below_comes_too_late():
    assert looked_up("x = '¤'\nimport os\n") == 'import os\n\nx = os.environ["API_KEY"]\nimport os\n'


def test_line_ends_are_kept():
    assert looked_up("x = 1\r\ny = '¤'\r\n") == 'import os\r\n\r\nx = 1\r\ny = os.environ["API_KEY"]\r\n'


def test_a_value_written_as_several_literals_becomes_one_lookup():
    text = 'import os\nx = ("Sek"\n     "rit123")\n'
    start = text.index("Sek")
    edit = environment_edit(text, Span(start, text.index('")')), "API_KEY", LANGUAGES["python"])
    assert edit is not None
    assert apply(text, edit.edits) == 'import os\nx = (os.environ["API_KEY"])\n'


HEADS = [
    "",
    '"""doc"""\n',
    "from __future__ import annotations\n",
    "import sys\n",
    "# c\n\n",
    "#!/x\n",
    "import os as o\n",
    "x = 1;y = 2\n",
]
FRAMES = [
    "k = {}\n",
    "f(a, {})\n",
    "k = [{}, 1]\n",
    "def f(a={}):\n    return a\n",
    "k = {}.strip()\n",
    "if {} in k:\n    pass\n",
]
FRAMES += [
    "class A:\n    k: str = {}  # c\n",
    "@d({})\ndef f(): ...\n",
    "k = (\n  {}\n)\n",
    "assert {}, 1\n",
    "k = not {}\n",
    "lambda: {}\n",
]


@pytest.mark.filterwarnings("ignore:invalid escape sequence")
@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(HEADS),
    st.sampled_from(FRAMES),
    st.sampled_from(["", "b", "r", "f", "u", "rb", "fr"]),
    st.sampled_from(["'", '"', "'''", '"""']),
    st.text("ab {}%\\né", max_size=5),
    st.text("ab {}%\\né", max_size=5),
    st.booleans(),
)
def test_every_result_compiles_and_evaluates_to_the_same_text(
    head: str, frame: str, prefix: str, quote: str, before: str, after: str, chained: bool
):
    literal = f"{prefix}{quote}{before}¤{after}{quote}" + (f" {prefix}'z'" if chained else "")
    text = head + frame.replace("{}", literal)
    try:
        compile(text.replace("¤", SECRET), "<text>", "exec")
        original = eval(literal.replace("¤", SECRET))
    except (SyntaxError, ValueError, NameError, TypeError):
        return
    result = looked_up(text)
    if result is None:
        return
    expression = looked_up(f"import os\nx = ({literal})\n")
    assert expression is not None
    scope: dict[str, object] = {}
    os.environ["API_KEY"] = SECRET
    try:
        exec(expression, scope)
    finally:
        del os.environ["API_KEY"]
    assert scope["x"] == original
