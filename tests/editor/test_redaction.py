"""Parts of a text are cut so that no placeholder is cut in two, and a change is told as small as it is."""

from hypothesis import given
from hypothesis import strategies as st

from tightlip.editor.redaction import cut, difference
from tightlip.finding import Span
from tightlip.redact.edit import Edit, apply

EDITS = (Edit(Span(2, 5), "<A>"), Edit(Span(8, 10), "<B>"))
TEXT = "0123456789abc"


def test_a_cut_takes_in_every_edit_it_touches():
    assert cut(TEXT, EDITS, Span(0, 13)) == "01<A>567<B>abc"
    assert cut(TEXT, EDITS, Span(3, 9)) == "<A>567<B>"
    assert cut(TEXT, EDITS, Span(5, 8)) == "567"
    assert cut(TEXT, EDITS, Span(10, 12)) == "ab"


@given(st.text("ab\n", max_size=12), st.text("ab\n", max_size=12))
def test_the_difference_turns_one_text_into_the_other(before, after):
    edit = difference(before, after)
    assert apply(before, [edit] if edit else []) == after
    assert (edit is None) == (before == after)
