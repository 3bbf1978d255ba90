from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.syntax.joined import block_at, joined
from tightlip.syntax.language import LANGUAGES
from tightlip.syntax.literal import literal_at, value_of


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("python", '"ab" + "cd"', "abcd"),
        ("python", '"ab" "cd"', "abcd"),
        ("python", "(\n    'ab'\n    'cd'\n)", "abcd"),
        ("python", '"ab"\n"""about it"""', "ab"),
        ("python", '"ab"\n"cd"', "ab"),
        ("python", '"ab" + name + "cd"', "ab"),
        ("python", '"ab", "cd"', "ab"),
        ("python", '"ab\\\ncd"', "abcd"),
        ("python", '"""\n  ab\n  cd\n"""', "abcd"),
        ("javascript", "'ab' +\n  'cd'", "abcd"),
        ("javascript", "'ab' 'cd'", "ab"),
        ("c", '"ab"\n  "cd"', "abcd"),
        ("php", "'ab' . 'cd'", "abcd"),
        ("php", "'ab' + 'cd'", "ab"),
        ("lua", '"ab" .. "cd"', "abcd"),
        ("ruby", "'ab' \\\n 'cd'", "abcd"),
        ("ruby", "'ab'\n'cd'", "ab"),
        ("sql", "'ab' || 'cd'", "abcd"),
        ("shell", '"ab"\\\n"cd"', "abcd"),
        ("shell", "ab\\\ncd", "abcd"),
        ("json", '"ab" + "cd"', "ab"),
    ],
)
def test_literals_are_joined_as_their_language_joins_them(language: str, text: str, value: str):
    start = text.index("(") + 6 if text.startswith("(") else 0
    literal = literal_at(text, start, LANGUAGES[language])
    assert literal is not None
    assert value_of(text, joined(text, literal, LANGUAGES[language])).strip() == value


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("yaml", "|\n  ab\n  cd\nnext: 1", "abcd"),
        ("yaml", ">-\n  ab\n", "ab"),
        ("yaml", "\n  ab\n", "ab"),
        ("yaml", "\n  ab: cd\n", None),
        ("yaml", "\n  - ab\n", None),
        ("yaml", "!!str ab", "ab"),
        ("yaml", "&anchor 'ab'", "ab"),
        ("terraform", "<<EOT\nab\ncd\nEOT\n", "abcd"),
        ("terraform", "<<-EOT\n  ab\n  EOT\n", "ab"),
        ("properties", "\\\n  ab", "ab"),
        ("python", "|\n  ab", None),
    ],
)
def test_a_block_is_a_value_in_as_many_pieces_as_it_has_lines(language: str, text: str, value: str | None):
    block = block_at(text, 0, LANGUAGES[language])
    assert (block and value_of(text, block)) == value


@given(st.text("ab\"'+ \n\\|<E", max_size=60), st.sampled_from(sorted(LANGUAGES)))
def test_pieces_lie_in_order_inside_the_span(text: str, name: str):
    language = LANGUAGES[name]
    literal = block_at(text, 0, language) or literal_at(text, 0, language)
    if literal is None:
        return
    whole = joined(text, literal, language) if not literal.pieces else literal
    assert 0 <= whole.span.start <= whole.span.end <= len(text)
    if whole.pieces:
        assert (whole.pieces[0].start, whole.pieces[-1].end) == whole.span
        ends = [place for piece in whole.pieces for place in piece]
        assert ends == sorted(ends)
