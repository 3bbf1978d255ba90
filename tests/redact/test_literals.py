"""Where the literals of a text are, in every language whose redaction must stay parseable."""

from __future__ import annotations

import pytest

from tightlip.finding import Span
from tightlip.redact.literals import Literals
from tightlip.syntax.language import LANGUAGES


def around(text: str, language: str) -> str | None:
    """The literal that encloses the `¤` of a text."""
    at = text.index("¤")
    literal = Literals(text, LANGUAGES[language]).enclosing(Span(at, at + 1))
    return None if literal is None else text[literal.span.start : literal.span.end]


@pytest.mark.parametrize(
    ("language", "text", "inside"),
    [
        ("python", "x = 'it\\'s ¤'", "it\\'s ¤"),
        ("python", "# don't\nx = '¤'", "¤"),
        ("python", 'x = """a"b\n¤"""', 'a"b\n¤'),
        ("python", "x = rb'\\'¤'; y = ''", "\\'¤"),
        ("javascript", "// it's\nx = `a\n¤`", "a\n¤"),
        ("javascript", "/* ' */ x = '¤'", "¤"),
        ("go", 'x := `\\`; y := "¤"', "¤"),
        ("java", 'char c = \'"\'; String s = "¤";', "¤"),
        ("rust", 'let x = r#"a"¤"#;', 'a"¤'),
        ("rust", "fn f<'a>(x: &'a str) { g(\"¤\") }", "¤"),
        ("csharp", 'var x = @"a\\"; var y = "¤";', "¤"),
        ("php", "# it's\n#[A('¤')]", "¤"),
        ("sql", "-- don't\nSELECT 'it''s ¤'", "it''s ¤"),
        ("shell", "# it's\nx='a\n¤'", "a\n¤"),
        ("shell", "cat <<EOF\nit's\nEOF\nx='¤'", "¤"),
        ("yaml", "a: it's\nb: '¤'", "¤"),
        ("yaml", "a: |\n  'tis\n  it\nb: '¤ ''x'''", "¤ ''x''"),
        ("yaml", "a: ['b', \"¤\"]", "¤"),
        ("toml", "a = 'C:\\'\nb = '''it's ¤'''", "it's ¤"),
        ("json", '{"a\\"": "¤"}', "¤"),
        ("csv", 'a,"b ""¤"", c"', 'b ""¤"", c'),
        ("dotenv", "# it's\nA='¤'", "¤"),
        ("terraform", 'a = "¤" # "', "¤"),
    ],
)
def test_a_literal_is_found_behind_what_looks_like_one(language: str, text: str, inside: str):
    assert around(text, language) == inside


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", "x = a ¤ b"),
        ("python", "# '¤'"),
        ("python", "x = 'unclosed ¤\ny = 1"),
        ("yaml", "a: it's ¤ 'q"),
        ("yaml", "a: plain 'quoted ¤' scalar"),
        ("yaml", "a: 1 # '¤'"),
        ("csv", "it's ¤, it's"),
        ("shell", "cat <<'EOF'\n'¤'\nEOF\n"),
        ("markdown", "'¤'"),
        ("html", "<a b='¤'>"),
    ],
)
def test_what_is_no_literal_is_not_taken_for_one(language: str, text: str):
    assert around(text, language) is None


def test_comments_are_told_from_code():
    text = "a = 1  # b\nc = '# d'\n"
    literals = Literals(text, LANGUAGES["python"])
    assert [literals.is_comment(text.index(one)) for one in ("a", "b", "c", "d")] == [False, True, False, False]


def test_prefix_quote_and_escapes_are_told():
    text = "x = rb'''a'''"
    literal = Literals(text, LANGUAGES["python"]).enclosing(Span(9, 10))
    assert literal is not None
    assert (literal.prefix, literal.quote, literal.escapes, literal.outer) == ("rb", "'''", "backslash", Span(4, 13))
