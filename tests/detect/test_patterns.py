"""Many expressions in one pass find what each finds alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tightlip.detect import patterns as module
from tightlip.detect.linear import Linear, PatternError, compile_linear
from tightlip.detect.patterns import Patterns

ATOMS = st.sampled_from(
    [
        "a",
        "b",
        "ä",
        "ß",
        "K",
        "s",
        "1",
        "-",
        ".",
        " ",
        r"\d",
        r"\w",
        r"\s",
        r"\S",
        r"\W",
        "[a-c]",
        "[^a]",
        "[äöK]",
        "[^ä]",
        r"\pL",
        r"\PL",
        r"\b",
        r"\B",
        "^",
        "$",
        r"\A",
        r"\z",
        "[[:alpha:]]",
        r"\x{e4}",
        r"\Q.*\E",
        r"\n",
        r"\r",
        r"[^\r\n]",
        r"\v",
        r"[^\v]",
    ]
)
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "*?", "+?"])).map(
            lambda p: f"(?:{p[0]}){p[1]}"
        ),
        inner.map(lambda one: f"(?i:{one})"),
        inner.map(lambda one: f"(?s:{one})"),
        inner.map(lambda one: f"(?P<value>{one})" if "value" not in one else one),
    ),
    max_leaves=8,
)
TEXTS = st.text("abcABCäÄßẞsſkK\u212aé1 2-.\n\r\t\v😀\ud800", max_size=40).map(lambda text: text.replace("2", "\r\n"))


def compiled(sources: list[str], case: bool, lines: bool) -> list[Linear]:
    found: list[Linear] = []
    for source in sources:
        try:
            found.append(compile_linear(source, case=case, lines=lines))
        except PatternError:
            continue
    return found


def alone(expression: Linear, text: str, index: int) -> list[tuple[int, int, int]]:
    """What one expression finds: in lines that end with a line feed, and in the text itself where it says `\\r`."""
    text = "".join("?" if "\ud800" <= c <= "\udfff" else c for c in text)
    units = [match.span() for match in re.finditer(r"\r\n|[\s\S]", text)] + [(len(text), len(text))]
    lines = "".join("\n" if text[start] == "\r" else text[start] for start, _ in units[:-1])
    spans = {(units[start][0], units[end][0]) for start, end in marked(expression, lines)}
    if "\\r" in expression.source:
        spans.update(marked(expression, text))
    return [(start, end, index) for start, end in sorted(spans) if start < end]


def marked(expression: Linear, text: str) -> Iterator[tuple[int, int]]:
    for match in expression.finditer(text):
        value = match.span("value") if "<value>" in expression.source else (-1, -1)
        yield value if value[0] >= 0 else match.span()


@settings(max_examples=150)
@given(st.lists(EXPRESSIONS, max_size=4), TEXTS, st.booleans(), st.booleans())
def test_together_they_find_what_each_finds_alone(sources: list[str], text: str, case: bool, lines: bool) -> None:
    expressions = compiled(sources, case, lines)
    hits = Patterns.build(expressions, lines=lines).find(text)
    assert hits.complete
    assert hits.hits == sorted(hit for index, one in enumerate(expressions) for hit in alone(one, text, index))


NEWER_THAN_PYTHON = [*range(0xA7C0, 0xA800), *range(0x1C80, 0x1C90), *range(0x10D50, 0x10D90), *range(0x16E80, 0x16F00)]


def test_every_letter_is_found_in_every_case_that_the_engine_knows() -> None:
    letters = [c for c in map(chr, range(0x80, 0x20000)) if len({c, c.lower(), c.upper(), c.casefold()}) > 1]
    letters = sorted({*letters, *map(chr, NEWER_THAN_PYTHON)} - set(module._UNSURE))
    expressions = [compile_linear(c, case=False) for c in letters]
    together = Patterns.build(expressions)
    for newer in (False, True):
        text = " ".join(c for c in letters if (module._HAS_NEWER.search(c) is not None) is newer)
        found = [(start, index) for start, _, index in together.find(text).hits]
        assert found == sorted((at, index) for index, one in enumerate(expressions) for at, _ in marked(one, text))
        assert len(found) > len(text) // 2


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\p{Lu}{3}", "ᲐᲑᲒ"),
        (r"\p{Han}{2}", "\U00030000\U00030001"),
        (r"[^\P{Adlam}]", "\U0001e900"),
        (r"(?i)აბგ", "ᲐᲑᲒ"),
        (r"(?i)ꭰꭱ", "ᎠᎡ"),
        (r"(?i)\x{10d0}\x{10d1}", "ᲐᲑ"),
        (r"(?i)ᲐᲑ", "აბ"),
        (r"(?i:в)x", "\u1c80x"),
    ],
)
def test_letters_younger_than_the_tables_of_the_pass_are_found(pattern: str, text: str) -> None:
    assert Patterns.build([compile_linear(pattern), compile_linear("x")]).find(f"a {text}").hits[0][0] == 2


@pytest.mark.parametrize(
    "pattern",
    [
        r"secret=(?P<value>\S+)",
        r"(?s)BEGIN.+?END",
        r"BEGIN(?:[^#]*?END)?",
        r"(?s)BEGIN.+END|x",
        "x{2,900}",
    ],
)
@pytest.mark.parametrize("size", [10, 4_090, 8_185, 20_000, 100_000])
def test_a_match_is_found_to_its_end_however_long_it_is(pattern: str, size: int) -> None:
    expression = compile_linear(pattern)
    text = f"é {'.' * size} secret=BEGIN{'x' * size}END {'é' * size}\nBEGIN x secret={'ä' * size}"
    hits = Patterns.build([expression]).find(text)
    assert (hits.hits, hits.complete) == (alone(expression, text, 0), True)
    assert hits.hits


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        (r"^ACME-\d+$", "ACME-12"),
        (r"^ACME", "ACME"),
        (r"12$", "12"),
        (r"key: (?P<value>.+)", "abc ä"),
        (r"key: (?P<value>[^\r\n]+)$", "abc ä"),
        (r"BEGIN\n(?P<value>\w+)\nEND", "abc"),
        (r"BEGIN\r?\n(?P<value>\w+)\r?\nEND", "abc"),
        ("BEGIN\n(?P<value>\\w+)\nEND", "abc"),
    ],
)
def test_a_line_ends_wherever_an_editor_ends_it(pattern: str, value: str, end: str) -> None:
    text = end.join(["ä", "ACME-12", "key: abc ä", "BEGIN", "abc", "END", ""])
    (hit,) = Patterns.build([compile_linear(pattern, lines=True)], lines=True).find(text).hits
    assert text[hit[0] : hit[1]] == value


@pytest.mark.parametrize("pattern", [r"a\r\nb", r"a\x0d\nb", r"a\x{D}\nb", r"a\015\nb", "a\r\nb"])
def test_an_expression_that_says_a_carriage_return_finds_one(pattern: str) -> None:
    assert Patterns.build([compile_linear(pattern)]).find("xa\r\nb").hits == [(1, 5, 0)]


def test_where_the_marked_group_took_no_part_the_whole_match_counts() -> None:
    hits = Patterns.build([compile_linear(r"tok-(?P<value>\w+)|legacy-key")]).find("a legacy-key, tok-abc")
    assert hits.hits == [(2, 12, 0), (18, 21, 0)]


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(?:a?){300}a{300}$", r"a(?:.*b)?", r"(?s)a.*|b", "[^x]{0,200}x"])
@pytest.mark.parametrize("text", ["a" * 60_000, "ab" * 30_000, "a\n" * 30_000])
def test_catastrophic_patterns_end_and_say_where_they_were_stopped(pattern: str, text: str) -> None:
    hits = Patterns.build([compile_linear(pattern)]).find(text)
    assert hits.hits or not compile_linear(pattern).search(text[:2000])
    assert len(hits.hits) <= module.MOST


def test_when_the_time_is_over_the_rest_is_said_not_to_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", -1.0)
    assert not Patterns.build([compile_linear("a")]).find("a" * 100).complete


def test_more_matches_than_anybody_reads_are_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 10)
    hits = Patterns.build([compile_linear("a")]).find("a" * 100)
    assert (len(hits.hits), hits.complete) == (10, False)


def test_an_expression_that_the_pass_refuses_is_looked_for_all_the_same() -> None:
    refused = compile_linear(r"(?:.{0,20}a.{0,20}b){8}")
    both = Patterns.build([compile_linear("falcon"), refused, compile_linear("eagle")])
    text = "ab" * 9 + " falcon eagle"
    assert {index for _, _, index in both.find(text).hits} == {0, 1, 2}


def test_one_object_serves_several_threads() -> None:
    from concurrent.futures import ThreadPoolExecutor

    together = Patterns.build([compile_linear(f"x{number}y") for number in range(50)])
    texts = [f"x{number}y " * 20 for number in range(50)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(together.find, texts * 4))
    assert [hits.hits[0][2] for hits in found] == list(range(50)) * 4
