from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.finding import Span
from tightlip.syntax.language import LANGUAGES
from tightlip.syntax.literal import enclosing_literal, literal_at

LANGUAGE_NAMES = st.sampled_from(sorted(LANGUAGES))


@pytest.mark.parametrize(
    ("language", "text", "content"),
    [
        ("python", '"abc" + x', "abc"),
        ("python", "'a\\'b'", "a\\'b"),
        ("python", 'rb"a\\b"', "a\\b"),
        ("python", '"""two\nlines"""', "two\nlines"),
        ("python", "name", None),
        ("python", "call(1)", None),
        ("python", "42", "42"),
        ("python", "42x", None),
        ("python", '"never closed', None),
        ("javascript", "`tick ${x}`", "tick ${x}"),
        ("go", '"a\\"b"', 'a\\"b'),
        ("csharp", '@"C:\\dir"', "C:\\dir"),
        ("rust", 'r#"raw"#', "raw"),
        ("sql", "'it''s'", "it''s"),
        ("yaml", "plain value # why", "plain value"),
        ("yaml", "'it''s' # c", "it''s"),
        ("yaml", "*anchor", None),
        ("yaml", "|", None),
        ("dotenv", "value with spaces", "value with spaces"),
        ("dotenv", '"never closed', "never closed"),
        ("shell", "bare;rest", "bare"),
        ("properties", "a=b,c", "a=b,c"),
        ("json", '"x"', "x"),
        ("json", "12", "12"),
        ("xml", "text</a>", "text"),
        ("plaintext", "word, next", "word"),
        ("plaintext", "word.", "word"),
        ("plaintext", "word&next=1", "word"),
        ("ini", "word ; why", "word"),
        ("yaml", "key:", None),
        ("xml", '"ends with \\"', "ends with \\"),
        ("shell", "'ends with \\'", "ends with \\"),
        ("shell", "$'word'", "word"),
        ("swift", '#"word"#', "word"),
        ("ruby", "%q(word)", "word"),
        ("perl", "q{word}", "word"),
        ("lua", "[==[word]==]", "word"),
        ("c", 'R"x(word)x"', "word"),
    ],
)
def test_a_literal_ends_where_its_language_says(language: str, text: str, content: str | None) -> None:
    literal = literal_at("x" + text, 1, LANGUAGES[language])
    assert (literal and ("x" + text)[slice(*literal.span)]) == content


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("a: {b: word, c: 1}", "word"),
        ("a: [b: word]", "word"),
        ('- "b: word"', "word"),
        ("- 'b: word' # why", "word"),
        ("b: word, next", "word, next"),
    ],
)
def test_a_bare_value_of_yaml_ends_with_what_it_stands_in(text: str, content: str) -> None:
    literal = literal_at(text, text.index("word"), LANGUAGES["yaml"])
    assert literal is not None
    assert text[slice(*literal.span)] == content


@given(st.text(max_size=40), st.sampled_from(["", "u", "b", "r"]))
def test_a_python_literal_is_what_python_reads(value: str, prefix: str) -> None:
    if prefix in ("b", "r"):
        value = value.encode("ascii", "ignore").decode().replace("\\", "").replace("'", "").replace('"', "")
        value = "".join(c for c in value if c.isprintable())
    source = prefix + repr(value)
    literal = literal_at(source, 0, LANGUAGES["python"])
    assert literal is not None
    assert literal.span == (len(prefix) + 1, len(source) - 1)
    expected = ast.literal_eval(source)
    assert expected == (value.encode() if prefix == "b" else value)


@given(LANGUAGE_NAMES, st.text(st.sampled_from("ab\"'`\\\n\r $#{}=<>/*"), max_size=40), st.integers(0, 45))
def test_no_text_breaks_it_and_a_literal_lies_in_the_text(language: str, text: str, offset: int) -> None:
    literal = literal_at(text, offset, LANGUAGES[language])
    if literal is not None:
        assert offset <= literal.span.start <= literal.span.end <= len(text)


@pytest.mark.parametrize(
    ("language", "text", "inner", "content"),
    [
        ("python", 'a = f("x", "Bearer abc") # "no"', "abc", "Bearer abc"),
        ("python", 'a = rb"raw abc"', "abc", "raw abc"),
        ("javascript", "const s = 'it\\'s abc'", "abc", "it\\'s abc"),
        ("python", "a = abc", "abc", None),
        ("python", "it's abc", "abc", None),
    ],
)
def test_the_literal_around_a_value_is_found(language: str, text: str, inner: str, content: str | None) -> None:
    start = text.index(inner)
    literal = enclosing_literal(text, Span(start, start + len(inner)), LANGUAGES[language])
    assert (literal and text[slice(*literal.span)]) == content


def test_of_a_very_long_line_every_string_is_still_known() -> None:
    line = 'f("one", ' + "x1 + " * 20_000 + '"two", ' + "'three' " * 4_000 + ")\n"
    for word in ("one", "two", "three"):
        for start in (line.index(word), line.rindex(word)):
            literal = enclosing_literal(line, Span(start, start + len(word)), LANGUAGES["python"])
            assert literal is not None
            assert line[literal.span.start : literal.span.end] == word
    assert enclosing_literal(line, Span(line.rindex("x1"), line.rindex("x1") + 2), LANGUAGES["python"]) is None


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("python", r'"a\"b" c', r"a\"b"),
        ("python", '"a\nb"', None),
        ("python", '"' + "\\" * 4_096 + '"', None),
        ("python", "'" + "x" * 4_095 + "'", "x" * 4_095),
        ("python", "'" + "x" * 4_096 + "'", None),
        ("sql", "'it''s'", "it''s"),
        ("sql", "'it\nis'", "it\nis"),
        ("yaml", "'it''s'", "it''s"),
        ("yaml", '"open', "open"),
        ("shell", r"'a\'", "a\\"),
        ("go", r"`a\`", "a\\"),
    ],
)
def test_a_string_ends_where_its_language_says(language: str, text: str, value: str | None) -> None:
    literal = literal_at(text, 0, LANGUAGES[language])
    assert (text[literal.span.start : literal.span.end] if literal is not None else None) == value
