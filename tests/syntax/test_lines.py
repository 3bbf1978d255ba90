from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.syntax.lines import LineIndex, line_starts

TEXTS = st.text(st.sampled_from("ab\n\r\f\v\x85\u2028é😀"), max_size=60)


@given(TEXTS)
def test_only_line_feed_and_carriage_return_end_a_line(text: str) -> None:
    assert line_starts(text) == [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]


@given(TEXTS, st.integers(-3, 70))
def test_an_offset_survives_the_way_to_line_and_column_and_back(text: str, offset: int) -> None:
    index = LineIndex(text)
    line, column = index.line_column(offset)
    inside = min(max(offset, 0), len(text))
    back = index.offset(line, column)
    # only an offset between \r and \n has no place of its own
    assert back == inside or text[back : back + 2] == "\r\n"


@given(TEXTS)
def test_lines_together_are_the_text(text: str) -> None:
    index = LineIndex(text)
    assert "".join(index.line_text(line) for line in range(len(index.starts))) == re.sub(r"[\r\n]", "", text)


@pytest.mark.parametrize(("line", "column", "offset"), [(-1, 5, 0), (0, 99, 2), (9, 0, 7), (1, 1, 5)])
def test_a_place_outside_is_the_nearest_end(line: int, column: int, offset: int) -> None:
    assert LineIndex("ab\r\ncde").offset(line, column) == offset
