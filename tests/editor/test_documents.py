"""The server's text is the client's text, whatever is typed, in every encoding of positions."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types as lsp

from tightlip.editor import line_starts
from tightlip.editor.documents import UTF8, UTF16, UTF32, LinedText
from tightlip.finding import Span

ENCODINGS = (UTF8, UTF16, UTF32)
ALPHABET = [
    "a",
    "b",
    "7",
    "\n",
    "\r",
    "\r\n",
    "\f",
    "\v",
    "\x1c",
    "\x85",
    "\u2028",
    "é",
    "漢",
    "😀",
    "\ud83d",
    "\ude00",
    "\0",
    "\ufeff",
]

texts = st.lists(st.sampled_from(ALPHABET), max_size=30).map("".join)
places = st.tuples(st.integers(0, 8), st.integers(0, 12))
encodings = st.sampled_from(ENCODINGS)


class Naive:
    """The same document the slow way: a list of lines and one unit count per character."""

    def __init__(self, text: str, encoding: str):
        self.text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        self.encoding = encoding

    def units(self, character: str) -> int:
        if self.encoding == UTF32:
            return 1
        codec, width = ("utf-8", 1) if self.encoding == UTF8 else ("utf-16-le", 2)
        return len(character.encode(codec, "surrogatepass")) // width

    def lines(self) -> list[tuple[int, str]]:
        pieces = re.split(r"(\r\n|\r|\n)", self.text)
        lines, offset = [], 0
        for index in range(0, len(pieces), 2):
            lines.append((offset, pieces[index]))
            offset += len(pieces[index]) + (len(pieces[index + 1]) if index + 1 < len(pieces) else 0)
        return lines

    def offset(self, line: int, character: int) -> int:
        lines = self.lines()
        if line >= len(lines):
            return len(self.text)
        offset, content = lines[line]
        for c in content:
            character -= self.units(c)
            if character < 0:
                break
            offset += 1
        return offset

    def position(self, offset: int) -> tuple[int, int]:
        lines = self.lines()
        line = max(number for number, (start, _) in enumerate(lines) if start <= offset)
        start, content = lines[line]
        return line, sum(self.units(c) for c in content[: offset - start])

    def replace(self, start: tuple[int, int], end: tuple[int, int], new: str) -> None:
        a, b = sorted((self.offset(*start), self.offset(*end)))
        self.__init__(self.text[:a] + new + self.text[b:], self.encoding)


def partial(start: tuple[int, int], end: tuple[int, int], new: str) -> lsp.TextDocumentContentChangePartial:
    return lsp.TextDocumentContentChangePartial(text=new, range=lsp.Range(lsp.Position(*start), lsp.Position(*end)))


@settings(max_examples=400, deadline=None)
@given(texts, encodings, st.lists(st.tuples(places, places, texts), max_size=8))
def test_every_edit_gives_the_text_and_lines_of_the_slow_way(text, encoding, edits):
    fast, slow = LinedText(text, encoding), Naive(text, encoding)
    assert fast.text == slow.text
    for start, end, new in edits:
        fast = fast.changed(partial(start, end, new))
        slow.replace(start, end, new)
        assert fast.text == slow.text
        assert list(fast.starts) == [offset for offset, _ in slow.lines()]


@settings(max_examples=400, deadline=None)
@given(texts, encodings, places)
def test_positions_and_offsets_agree_with_the_slow_way(text, encoding, place):
    fast, slow = LinedText(text, encoding), Naive(text, encoding)
    assert fast.offset(*place) == slow.offset(*place)
    offsets = range(len(fast.text) + 1)
    expected = [slow.position(offset) for offset in offsets]
    assert fast.positions(offsets) == expected
    assert fast.positions(reversed(offsets)) == expected[::-1]
    for offset, position in zip(offsets, expected, strict=True):
        inside_line_end = fast.text[offset - 1 : offset + 1] == "\r\n"
        assert fast.offset(*position) == (offset - 1 if inside_line_end else offset)


@settings(max_examples=200, deadline=None)
@given(texts, encodings, st.lists(st.tuples(places, places, texts), max_size=6))
def test_an_edited_text_counts_columns_as_one_opened_anew(text, encoding, edits):
    edited = LinedText(text, encoding)
    for start, end, new in edits:
        edited = edited.changed(partial(start, end, new))
    fresh = LinedText(edited.text, encoding)
    offsets = range(len(edited.text) + 1)
    assert edited.positions(offsets) == fresh.positions(offsets)
    assert [edited.offset(line, c) for line in range(4) for c in range(9)] == [
        fresh.offset(line, c) for line in range(4) for c in range(9)
    ]


@pytest.mark.parametrize("separator", ["\f", "\v", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_only_the_protocols_line_ends_end_a_line(separator):
    assert LinedText(f"a{separator}b\nc").line_count == 2


def test_a_range_outside_the_text_is_clamped_and_a_reversed_one_turned_round():
    text = LinedText("one\ntwo\n")
    assert text.span(lsp.Range(lsp.Position(0, 99), lsp.Position(99, 99))) == Span(3, 8)
    assert text.span(lsp.Range(lsp.Position(1, 2), lsp.Position(0, 1))) == Span(1, 6)
    assert text.changed(partial((1, 3), (0, 0), "")).text == "\n"


def test_a_column_inside_a_character_is_its_start():
    assert LinedText("😀b", UTF16).offset(0, 1) == 0
    assert LinedText("é漢b", UTF8).offset(0, 3) == 1
    assert LinedText("😀b", UTF16).offset(0, 2) == 1


def test_two_halves_of_a_character_typed_apart_become_one_as_in_the_client():
    text = LinedText("x\ud83d", UTF16).changed(partial((0, 2), (0, 2), "\ude00y"))
    assert text.text == "x😀y"
    assert text.offset(0, 3) == 2


def test_a_whole_change_replaces_the_text():
    text = LinedText("a\nb", UTF8).changed(lsp.TextDocumentContentChangeWholeDocument(text="é"))
    assert (text.text, text.encoding, text.line_count) == ("é", UTF8, 1)


def test_a_snapshot_does_not_change_with_later_edits():
    before = LinedText("a\nb\n")
    before.changed(partial((0, 0), (1, 0), "zzz"))
    assert (before.text, list(before.starts)) == ("a\nb\n", [0, 2, 4])


@pytest.mark.parametrize("filler", ["x", "é", "漢", "😀"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_hundred_thousand_findings_on_one_line_are_placed_in_one_pass(filler, encoding):
    text = LinedText(filler * 300_000, encoding)
    places = text.positions(range(0, 300_000, 3))  # a tenth of a second; one pass per finding would take hours
    assert places[-1] == (0, 299_997 * (places[1][1] // 3))


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 40),
    st.lists(
        st.tuples(st.integers(0, 600), st.integers(0, 300), st.sampled_from(["", "x", "\n", "a\n" * 30])), max_size=12
    ),
)
def test_the_line_index_is_right_over_many_blocks(lines, edits):
    text = LinedText("ab\n" * lines)
    size, line_starts.SIZE = line_starts.SIZE, 4
    try:
        for start, length, new in edits:
            begin = min(start, len(text.text))
            text = text.replaced(Span(begin, min(begin + length, len(text.text))), new)
            fresh = LinedText(text.text)
            assert list(text.starts) == list(fresh.starts)
            assert [text.starts[line] for line in range(len(text.starts))] == list(fresh.starts)
            offsets = range(len(text.text) + 1)
            assert text.positions(offsets) == fresh.positions(offsets)
    finally:
        line_starts.SIZE = size
