"""What is sent to the worker: the changed part, of that the lines that may hold a value, and never more than fits."""

from hypothesis import given
from hypothesis import strategies as st

from tightlip.detect.deep.regions import BUDGET, LONGEST_LINE, REACH, around, changed, choose
from tightlip.finding import Span
from tightlip.syntax.language import LANGUAGES

PYTHON, CSV, MARKDOWN = LANGUAGES["python"], LANGUAGES["csv"], LANGUAGES["markdown"]
lines_of_text = st.lists(st.sampled_from(["a", "b@c", "12345678", "", "é\U0001f600", "x = 1"]), max_size=12).map(
    "\n".join
)


def sent(selection, kind="lines"):
    return [region.text for region in selection.regions if region.kind == kind]


def test_lines_that_may_hold_a_value_are_sent_and_others_are_not():
    likely = [
        "mail bob@acme.io",
        "url = https://u:p@h/x",
        "phone 030 901820",
        "tin = ABCDE1234F",
        "nino QQ 12 34 56 C",
        "mac aa:bb:cc:dd:ee:ff",
        'greeting("correct horse")',
        "PASSWORD=hunter22",
        "# pragma: allowlist nextline secret",
        "x" * 30,
    ]
    unlikely = ["import os", "def f(a, b):", "    return a + b", "x = 12", "", "for i in range(100):", 's = ""']
    for line in likely:
        assert sent(choose(line, PYTHON)) == [line]
    assert sent(choose("\n".join(unlikely), PYTHON)) == []
    assert sent(choose("anything", PYTHON, every_line=True)) == ["anything"]


def test_neighbouring_lines_are_one_region_at_its_offset_whatever_the_line_end():
    text = "a@b\r\nc@d\rimport os\n\ne@f"
    assert [(r.text, r.offset) for r in choose(text, PYTHON).regions] == [("a@b\r\nc@d", 0), ("e@f", text.index("e@f"))]


def test_what_does_not_fit_is_told_with_its_place():
    text = "value = '12345678'\n" * 20_000
    selection = choose(text, PYTHON)
    assert sum(map(len, sent(selection))) <= BUDGET + 20_000
    (notice,) = selection.notices
    first = text.count("\n", 0, notice.span.start) + 1
    assert (notice.code, f"from line {first} on" in notice.message) == ("deep-too-large", True)
    assert (notice.span.start, notice.span.end) == (len("".join(sent(selection))) + 1, len(text))


def test_one_very_long_line_is_left_out_and_the_others_are_not():
    text = f"a@b\n{'x@y ' * LONGEST_LINE}\nc@d"
    selection = choose(text, PYTHON)
    assert sent(selection) == ["a@b", "c@d"]
    assert "line 2 (" in selection.notices[0].message


def test_tables_are_sent_with_their_column_names():
    (region,) = choose('\ufeffid;Full Name;"e-mail"\n1;x;bob@acme.io\n', CSV).regions
    assert (region.columns, region.separator) == (("id", "Full Name", "e-mail"), ";")
    assert choose("a@b\n", CSV).regions[0].columns == ()


def test_prose_is_sent_where_two_capitalised_words_stand_side_by_side():
    text = "# by Ada Lovelace\nclass Grace Hopper\nx = 'To Grace Hopper'\n/* Émile Zola\n"
    assert sent(choose(text, PYTHON), "prose") == ["# by Ada Lovelace", "x = 'To Grace Hopper'"]
    assert sent(choose(text, LANGUAGES["javascript"]), "prose") == ["x = 'To Grace Hopper'", "/* Émile Zola"]
    assert len(sent(choose(text, MARKDOWN), "prose")) == 4


@given(lines_of_text, lines_of_text)
def test_the_changed_ranges_are_all_that_differs(before, after):
    old, new = changed(before, after)
    assert before[: old.start] == after[: new.start]
    assert before[old.end :] == after[new.end :]
    assert (old.start == old.end and new.start == new.end) == (before == after)


@given(lines_of_text, st.integers(0, 40), st.integers(0, 40))
def test_a_change_is_widened_to_whole_lines_and_their_neighbours(text, start, size):
    start = min(start, len(text))
    change = Span(start, min(start + size, len(text)))
    part = around(text, change)
    assert part.start <= change.start <= change.end <= part.end
    assert part.start == 0 or text[part.start - 1] == "\n"
    assert part.end == len(text) or text[part.end] == "\n"


def test_in_a_very_long_line_only_the_surroundings_of_a_change_are_looked_at():
    text = "token=abcdefgh, " * 100_000
    part = around(text, Span(800_000, 800_001))
    assert part.end - part.start < 2 * REACH + 100
    assert text[part.start - 1] in " ,"
    assert sent(choose(text, PYTHON, part)) == [text[part.start : part.end]]


def test_a_change_in_a_large_text_is_found():
    text = "value = '12345678'\n" * 200_000
    edited = text[:2_000_000] + "x" + text[2_000_000:]
    assert changed(text, edited)[1] == Span(2_000_000, 2_000_001)
