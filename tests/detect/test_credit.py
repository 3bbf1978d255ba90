"""Which addresses name the authors of published work."""

from __future__ import annotations

import pytest

from tightlip.detect.credit import is_credit, is_shown
from tightlip.detect.detector import Document, detect
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.finding import Severity, Span
from tightlip.syntax.language import language_of

ADDRESS = "k73.vinterhage@" + "g" + "mail.com"


def credited(text: str, path: str | None) -> bool:
    text = text.replace("@@", ADDRESS)
    start = text.index(ADDRESS)
    return is_credit(text, Span(start, start + len(ADDRESS)), language_of(path, None, text), path)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("AUTHORS", "K. Vinterhage <@@>"),
        ("doc/CREDITS.txt", "K. Vinterhage <@@>"),
        (".github/CODEOWNERS", "*.py @@"),
        ("x.dist-info/METADATA", "Author-email: K <@@>"),
        ("package.json", '{"bugs": {"email": "@@"}}'),
        ("a.py", "# ask K. Vinterhage <@@>\nx = 1\n"),
        ("a.py", '__author__ = ("A B, "\n              "K. Vinterhage <@@>")\n'),
        ("page.py", "text = 'pydoc by Ka-Ping Yee &lt;@@&gt;'"),
        ("guide.md", "This page is maintained by K. Vinterhage (@@)."),
        ("locale/de/LC_MESSAGES/pay.po", '# K. Vinterhage <@@>, 2019\nmsgid ""\n'),
        ("SECURITY.md", "Write to [us](mailto:@@)."),
        ("dist/THIRD-PARTY-NOTICES.md", " - K. Vinterhage <@@> (https://acme.example)"),
        ("a.js", "/**\n * user.email = '@@'\n */\n"),
        ("a.py", 'def f():\n    """Do it.\n\n    >>> f(to=\'@@\')\n    """\n'),
        ("a.proto", "// such as @@\nstring to = 1;"),
        ("ftplugin.vim", '" Maintainer:\tK. Vinterhage <@@>\n'),
    ],
)
def test_authors_and_contacts(path: str, text: str) -> None:
    assert credited(text, path)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("customers.csv", "author,email\nK. Vinterhage,@@\n"),
        ("dump.sql", "-- written by pg_dump\nINSERT INTO p (email) VALUES ('@@');\n"),
        ("people.json", '[{"name": "K. Vinterhage", "email": "@@"}]'),
        ("changes.json", '{"email": "@@"}'),
        ("test_a.py", 'customer = "@@"\n'),
        ("a.js", "// a customer\nlet to = '@@'"),
        ("a.py", '"""A module."""\ncustomer = "@@"\n'),
        ("security.json", '{"email": "@@"}'),
        ("notes.md", "The customer with the credit card is @@."),
        (None, "Thanks! The author of the complaint is @@."),
    ],
)
def test_everybody_else(path: str | None, text: str) -> None:
    assert not credited(text, path)


def test_a_persons_name_in_documentation_is_told_quietly() -> None:
    text = "f({ firstName: 'Katrin', lastName: 'Vinterhage' })"
    (readme,) = [one for one in detect(Document(text, "README.md"), builtin_ruleset()).findings if "last" in one.rule]
    (code,) = [one for one in detect(Document(text, "a.js"), builtin_ruleset()).findings if "last" in one.rule]
    assert (readme.severity, code.severity) == (Severity.INFORMATION, Severity.WARNING)


def test_an_authors_address_is_told_quietly_and_still_told() -> None:
    (finding,) = detect(Document(f"K. Vinterhage <{ADDRESS}>\n", "AUTHORS"), builtin_ruleset()).findings
    assert (finding.value, finding.severity, finding.evidence) == (
        ADDRESS,
        Severity.INFORMATION,
        "names an author or contact",
    )


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.ts", "/**\n * @param to such as @@\n */"),
        ("api/examples/people.json", '{"email": "@@"}'),
        ("examples-3.json", '{"email": "@@"}'),
        ("sample_customers_update.yaml", "email: @@\n"),
        ("reference.md", "client.send({to: '@@'})"),
        ("a.js", "description: 'Addresses, separated by commas, e.g. @@.'"),
        ("schema.json", '{"examples": ["@@"]}'),
    ],
)
def test_what_is_shown_as_an_example(path: str, text: str) -> None:
    assert shown(text, path)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("examples/people.csv", "name,email\nK. Vinterhage,@@\n"),
        ("exampled/people.json", '{"email": "@@"}'),
        ("a.js", "// e.g. a customer\nlet to = '@@'"),
        ("people.json", '{"email": "@@"}'),
        ("test_a.py", 'customer = "@@"\n'),
        (None, "Such as @@."),
    ],
)
def test_what_is_shown_to_nobody(path: str | None, text: str) -> None:
    assert not shown(text, path)


def shown(text: str, path: str | None) -> bool:
    text = text.replace("@@", ADDRESS)
    start = text.index(ADDRESS)
    return is_shown(text, Span(start, start + len(ADDRESS)), language_of(path, None, text), path)


@pytest.mark.parametrize(
    ("source", "severity"),
    [
        ("x = 1;\\n// NOTE(@@): drop this\\nlet y", Severity.INFORMATION),
        ('/**\\n * Written for\\n * \\"@@\\"\\n */', Severity.INFORMATION),
        ('let x = 1;\\nlet to = \\"@@\\";', Severity.WARNING),
    ],
)
def test_comments_in_a_source_map(source: str, severity: Severity) -> None:
    text = '{"version":3,"sourcesContent":["' + source.replace("@@", ADDRESS) + '"]}'
    found = detect(Document(text, "dist/a.js.map"), builtin_ruleset()).findings
    assert [finding.severity for finding in found] == [severity]


def test_an_address_in_a_docstring_is_told_quietly() -> None:
    text = 'def f():\n    """Move.\n\n    {"work_address": "118 Linden Boulevard"}\n    """\n    x = {"work_address": "118 Linden Boulevard"}\n'
    found = detect(Document(text, "a.py"), builtin_ruleset()).findings
    assert [finding.severity for finding in found] == [Severity.INFORMATION, Severity.WARNING]
