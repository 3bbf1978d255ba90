"""The figures of the quality tables can be trusted: corpora say the truth about themselves, and the counting counts."""

from __future__ import annotations

import ast
import configparser
import csv
import hashlib
import io
import json
import random
from collections.abc import Callable

import pytest
import tomli
import yaml

from tests.bench.quality_code import CODE
from tests.bench.quality_config import TEXTS
from tests.bench.quality_draw import draw
from tests.bench.quality_empty_forms import empty_forms
from tests.bench.quality_entities import ENTITIES
from tests.bench.quality_files import whole_files
from tests.bench.quality_lookalikes import lookalikes
from tests.bench.quality_near_misses import near_misses
from tests.bench.quality_personal import personal_data, reserved_data
from tests.bench.quality_result import judge, misses
from tests.bench.quality_rows import ROWS
from tests.bench.quality_sample import CLOSE, CUT, OPEN, Planted, Sample, sample
from tests.bench.quality_scanners import Report, place
from tests.bench.quality_score import Found, Score, false_alarms, verdict
from tests.bench.quality_secrets import KINDS, planted_secrets
from tests.bench.quality_syntax import styled
from tests.bench.quality_vendors import BLOCKS
from tightlip.finding import Span


@pytest.fixture(scope="module")
def secrets() -> list[Sample]:
    return planted_secrets(per_kind=4)


@pytest.fixture(scope="module")
def people() -> list[Sample]:
    return personal_data(per_entity=4)


def test_marks_become_spans_and_leave_no_trace() -> None:
    one = sample("a.py", f'x = "{OPEN}ab{CUT}" + "{OPEN}cd{CLOSE}" # {OPEN}ef{CLOSE}', label="t", kind="k")
    assert one.text == 'x = "ab" + "cd" # ef'
    assert [[one.text[slice(*piece)] for piece in planted.pieces] for planted in one.planted] == [["ab", "cd"], ["ef"]]


def test_an_open_mark_is_a_mistake_of_the_corpus() -> None:
    with pytest.raises(ValueError, match="not closed"):
        sample("a.py", f"x = {OPEN}ab")


def test_a_block_as_a_whole_is_as_good_as_its_body() -> None:
    block = BLOCKS[0].make(random.Random(1))
    one = sample("k.pem", "x\n" + block + "\n").planted[0]
    assert one.around is not None
    assert verdict(one, [Found(one.around, "k")]).exact
    assert verdict(one, [Found(one.hull, "k")]).exact
    assert not verdict(one, [Found(Span(one.around.start, one.hull.end), "k")]).exact


@pytest.mark.parametrize(
    ("spans", "hit", "exact", "left_over"),
    [
        ([(4, 24)], True, True, False),
        ([(4, 14), (14, 24)], True, True, False),
        ([(3, 24)], True, False, False),
        ([(4, 19)], True, False, False),
        ([(4, 18)], True, False, True),
        ([(10, 24)], True, False, True),
        ([(24, 30)], False, False, False),
        ([], False, False, False),
    ],
)
def test_verdict(spans: list[tuple[int, int]], hit: bool, exact: bool, left_over: bool) -> None:
    one = verdict(Planted("t", "k", (Span(4, 24),)), [Found(Span(*span), "r") for span in spans])
    assert (one.hit, one.exact, one.left_over) == (hit, exact, left_over)


@pytest.mark.parametrize(
    ("spans", "exact", "left_over"),
    [([(0, 10), (13, 23)], True, False), ([(0, 23)], True, False), ([(0, 10)], False, True)],
)
def test_a_value_in_pieces(spans: list[tuple[int, int]], exact: bool, left_over: bool) -> None:
    one = verdict(Planted("t", "k", (Span(0, 10), Span(13, 23))), [Found(Span(*span), "r") for span in spans])
    assert (one.exact, one.left_over) == (exact, left_over)


def test_what_touches_nothing_planted_is_a_false_alarm() -> None:
    one = Sample("a", "x" * 40, (Planted("t", "k", (Span(4, 24),)),))
    assert [found.span for found in false_alarms(one, [Found(Span(23, 30), "r"), Found(Span(24, 30), "r")])] == [
        (24, 30)
    ]


def test_judge_counts_by_tier_and_misses_names_each() -> None:
    planted = Sample("a", "x" * 40, (Planted("t", "k", (Span(4, 24),)), Planted("u", "k", (Span(30, 40),))))
    near = Sample("b", "y" * 10, (), "reserved t")
    result = judge([planted, near], {"a": [Found(Span(4, 24), "r")], "b": [Found(Span(0, 3), "r")]})
    assert result.scores == {"t": Score(1, 1, 1, 0, 1), "u": Score(1)}
    assert result.all == Score(2, 1, 1, 0, 1)
    assert (result.all.recall, result.all.precision) == (0.5, 0.5)
    assert [line.split()[0] for line in misses(result)] == ["false", "missed"]


def test_every_kind_and_every_syntax_is_planted(secrets: list[Sample], people: list[Sample]) -> None:
    assert {one.kind for text in secrets for one in text.planted} == {kind.name for kind in KINDS}
    assert {text.syntax for text in planted_secrets(per_kind=12)} == {syntax.name for syntax in CODE + TEXTS}
    assert {one.label for text in people for one in text.planted} == {entity.name for entity in ENTITIES}
    assert {text.syntax for text in personal_data(per_entity=12)} >= {syntax.name for syntax in ROWS}


def test_corpora_are_the_same_every_time(secrets: list[Sample]) -> None:
    assert planted_secrets(per_kind=4) == secrets
    assert near_misses() == near_misses()


def test_every_path_is_one_sample_and_nothing_is_marked_still(secrets: list[Sample], people: list[Sample]) -> None:
    for corpus in (secrets, people, whole_files(), near_misses(), empty_forms(), reserved_data(), lookalikes()):
        assert len({one.path for one in corpus}) == len(corpus)
        assert not any(mark in one.text for one in corpus for mark in (OPEN, CLOSE, CUT, "${value}"))


def test_planted_values_are_as_long_as_secrets_are(secrets: list[Sample]) -> None:
    assert (
        min(
            sum(end - start for start, end in one.pieces) for text in (*secrets, *whole_files()) for one in text.planted
        )
        >= 8
    )


def test_near_misses_hold_nothing_planted() -> None:
    assert not any(one.planted for one in (*near_misses(), *empty_forms(), *reserved_data(), *lookalikes()))


_BROKEN = frozenset({"python broken code", "python in-comparison"})


def _parses_as_ini(text: str) -> None:
    configparser.RawConfigParser(strict=False).read_string(text)


@pytest.mark.parametrize(
    ("ending", "parse"),
    [
        (".py", ast.parse),
        (".json", json.loads),
        (".yaml", lambda text: list(yaml.safe_load_all(text))),
        (".toml", tomli.loads),
        (".ini", _parses_as_ini),
        (".csv", lambda text: list(csv.reader(io.StringIO(text), strict=True))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_pages_are_written_in_the_language_they_say(
    secrets: list[Sample], people: list[Sample], ending: str, parse: Callable[[str], object]
) -> None:
    pages = [
        one for one in (*secrets, *people, *whole_files()) if one.path.endswith(ending) and one.syntax not in _BROKEN
    ]
    assert len(pages) > 10
    for one in pages:
        parse(one.text)


def test_styles_of_a_name() -> None:
    styles = ("camel", "pascal", "upper", "kebab", "dotted", "words")
    assert [styled("api_key", style) for style in styles] == [
        "apiKey",
        "ApiKey",
        "API_KEY",
        "api-key",
        "api.key",
        "api key",
    ]


def test_draw_fills_a_shape() -> None:
    drawn = draw(random.Random(1), "a_<digit:4>-<hex:2-3>")
    assert drawn.startswith("a_")
    assert len(drawn) in (9, 10)
    with pytest.raises(KeyError):
        draw(random.Random(1), "<klingon:4>")


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (Report("a", 2, "r", "value"), "value"),
        (Report("a", 2, "r", "not there"), 'key = "value" # value'),
        (Report("a", 2, "r", sha1=hashlib.sha1(b"value", usedforsecurity=False).hexdigest()), "value"),
        (Report("a", 2, "r", sha1="0" * 40), 'key = "value" # value'),
        (Report("a", 99, "r"), ""),
    ],
)
def test_a_peers_report_is_placed_in_the_text(report: Report, expected: str) -> None:
    text = 'value = 1\nkey = "value" # value\n'
    span = place(text, report)
    assert text[slice(*span)] == expected
    assert span.start >= 10
