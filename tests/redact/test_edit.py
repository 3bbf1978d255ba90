from __future__ import annotations

from tightlip.finding import Span
from tightlip.redact.edit import Edit, apply


def test_edits_apply_in_any_order_and_insertions_go_first():
    edits = [Edit(Span(4, 7), "C"), Edit(Span(0, 0), ">"), Edit(Span(4, 4), "+"), Edit(Span(0, 3), "A")]
    assert apply("abc def", edits) == ">A +C"
    assert apply("abc def", reversed(edits)) == ">A +C"


def test_no_edits_change_nothing():
    assert apply("text", []) == "text"


def test_what_is_put_in_is_not_shown():
    assert "secret" not in repr(Edit(Span(0, 1), "secret", "rule"))
