"""Expressions of other people run in linear time, or are refused with a sentence."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.detect.linear import LARGEST, LONGEST, PatternError, compile_linear

REFUSED = {
    r"(?=a)b": "look-around",
    r"a(?!b)": "look-around",
    r"(?<=a)b": "look-around",
    r"(?<!a)b": "look-around",
    r"(a)\1": "backreference",
    r"(?P<x>a)(?P=x)": "backreference",
    r"a++": "possessive",
    r"(?>a)b": "possessive",
    r"a{1,2000}": "1,000",
    r"a\Z": "write \\z",
    r"\C": "cuts characters apart",
    "\\u00e4": "write the character itself",
    r"[a": "has no ]",
    r"(a": "has no )",
    r"a)": "has no (",
    r"*a": "behind nothing",
    r"a**": "two repeats",
    r"\p{Foo}": "not known",
    r"(?x)a b": "not known",
    "a\\": "single \\",
    r"\bÄrzte": "knows only a to z",
    r"(?P<value>a)|(?P<value>b)": "more than one group",
    r"\pL{3,40}": "too large",
    "a\0b": "\\x00",
    "x" * (LONGEST + 1): "2,000 characters",
}


@pytest.mark.parametrize("pattern", REFUSED, ids=lambda pattern: ascii(pattern)[:20])
def test_what_cannot_run_in_linear_time_is_refused_with_what_to_do(pattern: str) -> None:
    with pytest.raises(PatternError) as refused:
        compile_linear(pattern)
    assert REFUSED[pattern] in str(refused.value)


@pytest.mark.parametrize("pattern", ["", "a*", "a?", r"\b", "$", "^", "x|", "(a|b*)", r"\B", r"(?m)$", "(?:)"])
def test_a_pattern_that_matches_nothing_at_all_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError, match="matches where nothing stands"):
        compile_linear(pattern)


def test_a_refusal_does_not_repeat_the_expression() -> None:
    for pattern in ("(falcon", "[falcon", "falcon)", "(?=falcon)", r"\p{Falcon}", "(?P<falcon falcon>a)"):
        with pytest.raises(PatternError) as refused:
            compile_linear(pattern)
        assert "falcon" not in str(refused.value).lower()


@given(st.text("()[]{}*+?|\\^$.abPQEzZ<>=!:1,-ä\0\n", max_size=30))
def test_any_text_is_compiled_or_refused(pattern: str) -> None:
    try:
        linear = compile_linear(pattern)
    except PatternError as refused:
        assert "\n" not in refused.message
    else:
        assert linear.size <= LARGEST
        assert all(match.start() < match.end() for match in linear.finditer("ab ba 11\näb"))


@pytest.mark.parametrize("text", ["x ab äb 😀ab ab", "ab", "", "ä" * 5 + "ab"])
def test_spans_are_code_points_of_the_text_and_edges_see_what_stands_beside(text: str) -> None:
    import re

    linear, python = compile_linear(r"\b(?P<value>ab)\b"), re.compile(r"\b(?P<value>ab)\b", re.ASCII)
    for start in range(len(text) + 1):
        for end in range(start, len(text) + 1):
            ours = [match.span("value") for match in linear.finditer(text, start, end)]
            # unlike Python's, the end of the range is no end of the text
            theirs = [m.span("value") for m in python.finditer(text, start) if m.end() <= end]
            assert ours == theirs


def test_search_match_and_fullmatch_are_those_of_python() -> None:
    linear = compile_linear("[a-c]+ä")
    found = linear.search("xxabcäx")
    assert found is not None
    assert found.span() == (2, 6) == (found.start(), found.end())
    assert linear.match("xxabcäx") is None
    assert linear.match("xxabcäx", 2) is not None
    assert linear.fullmatch("abcäx") is None
    assert linear.fullmatch("abcä") is not None
    other = compile_linear("(a)|(b)").search("b")
    assert other is not None
    assert (other.span(1), other.span(2)) == ((-1, -1), (0, 1))


def test_letters_match_in_both_cases_only_where_that_is_wanted() -> None:
    assert compile_linear("müller", case=False).search("MÜLLER") is not None
    assert compile_linear("müller").search("MÜLLER") is None


def test_line_ends_are_seen_only_where_that_is_wanted() -> None:
    assert compile_linear("^b$", lines=True).search("a\nb\nc") is not None
    assert compile_linear("^b$").search("a\nb\nc") is None


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|aa)+b", r"(a|a)*c", r"(?:a*)*b+", r"(.*a){20}b"])
def test_what_hangs_pythons_engine_costs_nothing(pattern: str) -> None:
    begin = time.thread_time()
    assert compile_linear(pattern).search("a" * 100_000 + "!") is None
    assert time.thread_time() - begin < 30  # Python's would take longer than the world has been there
