"""Expressions that are compiled at their first use."""

from __future__ import annotations

import re

import pytest

from tightlip.detect.ruleset import builtin_ruleset
from tightlip.syntax import lazy as store
from tightlip.syntax.lazy import compile_expression, lazy, pack, unpack


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


@pytest.fixture
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_packed", {})


@pytest.mark.usefixtures("nothing_kept")
def test_an_expression_that_was_kept_is_the_one_that_python_compiles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flags = int(re.ASCII | re.MULTILINE)
    sources = [(source, flags) for rule in builtin_ruleset().rules for source in (rule.pattern, rule.value) if source]
    sources += [(r"(?i)(?P<a>é+)|(?P<b>[^ä-ü]{2,5})(?P=b)", 0)]
    expected = [re.compile(*source) for source in sources]
    unpack(pack(sources))

    def no_compiling(*_: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(re, "compile", no_compiling)
    for one, source in zip(expected, sources, strict=True):
        kept = compile_expression(*source)
        assert kept == one
        assert dict(kept.groupindex) == dict(one.groupindex)
        assert kept.groups == one.groups


@pytest.mark.usefixtures("nothing_kept")
def test_what_does_not_come_back_is_compiled_as_always(monkeypatch: pytest.MonkeyPatch) -> None:
    unpack(pack([("a(b)", 0)]))

    def another_python(*_: object) -> None:
        raise TypeError("function takes 9 arguments")

    monkeypatch.setattr(store, "_make", another_python)
    assert compile_expression("a(b)").match("ab")
    monkeypatch.setattr(store, "_packed", {})
    unpack(pack([("a(b)", 0)]))
    assert not store._packed, "another Python keeps nothing"


@pytest.mark.usefixtures("nothing_kept")
def test_a_broken_expression_is_left_out() -> None:
    unpack(pack([("(", 0), ("b", 0)]))
    assert ("b", 0) in store._packed
    assert ("(", 0) not in store._packed
    with pytest.raises(re.error):
        compile_expression("(")


@pytest.mark.parametrize("damage", [lambda b: b"", lambda b: b[:-9], lambda b: b"x" + b[1:], lambda b: b + b"x"])
def test_damage_is_a_value_error_or_changes_nothing(damage: object) -> None:
    packed = pack([("a(b)", 0)])
    try:
        unpack(damage(packed))  # type: ignore[operator]
    except ValueError:
        return
    assert compile_expression("a(b)") == re.compile("a(b)")
