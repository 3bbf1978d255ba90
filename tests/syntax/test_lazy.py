"""Expressions that are compiled at their first use."""

from __future__ import annotations

import re

import pytest

from tightlip.syntax.lazy import lazy


@pytest.mark.parametrize("method", ["match", "fullmatch", "search"])
def test_it_finds_what_the_compiled_expression_finds(method: str) -> None:
    first, again = (getattr(lazy(r"(?P<word>b+)", re.IGNORECASE), method)("BB") for _ in range(2))
    assert first["word"] == again["word"] == "BB"
    assert getattr(lazy("b"), method)("a") is None


def test_the_other_methods_are_the_expressions_own() -> None:
    pattern = lazy("b")
    assert pattern.sub("-", "abba") == "a--a"
    assert pattern.findall("abba") == ["b", "b"]
    assert [match.start() for match in pattern.finditer("abba")] == [1, 2]


def test_nothing_is_compiled_before_it_is_used() -> None:
    broken = lazy("(")
    with pytest.raises(re.error):
        broken.search("")


def test_what_is_no_method_of_an_expression_is_not_there() -> None:
    with pytest.raises(AttributeError):
        _ = lazy("b").groupindex
