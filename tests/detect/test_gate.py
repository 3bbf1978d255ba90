from __future__ import annotations

import threading

import hyperscan
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.detect import gate as gate_module
from tightlip.detect.gate import Gate
from tightlip.errors import RuleError

GATE = Gate.compile([(1, "abc"), (2, "(?i)xyz")])


@given(st.text(st.sampled_from("abcxYzé😀\ud800\n\0"), max_size=80))
def test_every_occurrence_is_reported_at_its_end_in_code_points(text: str) -> None:
    expected = sorted(
        [(i + 3, 1) for i in range(len(text)) if text[i : i + 3] == "abc"]
        + [(i + 3, 2) for i in range(len(text)) if text[i : i + 3].lower() == "xyz"]
    )
    assert GATE.candidates(text).hits == expected


@given(st.lists(st.text(st.sampled_from("abcxYzé\ud800\n"), max_size=40), max_size=6))
def test_many_texts_have_the_candidates_that_each_has(texts: list[str]) -> None:
    gate = Gate.compile([(1, "abc")], [(2, "(?i)xyz")], beyond=[(3, "é")])
    assert gate.candidates_of_all(texts) == list(map(gate.candidates, texts))


def test_a_serialized_gate_finds_the_same() -> None:
    again = Gate.from_bytes(GATE.to_bytes())
    assert again.candidates("é abc XYZ").hits == GATE.candidates("é abc XYZ").hits != []


@pytest.mark.parametrize("damage", [lambda b: b"", lambda b: b[:100], lambda b: b"\0" * len(b), lambda b: b"x" + b[1:]])
def test_damaged_bytes_are_refused(damage: object) -> None:
    with pytest.raises((hyperscan.HyperscanError, ValueError)):
        Gate.from_bytes([damage(one) for one in GATE.to_bytes()])  # type: ignore[operator]


def test_several_databases_report_as_one_would_and_what_is_beyond_ascii_only_in_such_texts() -> None:
    gate = Gate.compile([(1, "abc")], [(2, "[0-9]{3}")], beyond=[(3, "é"), (4, "a")])
    for one in (gate, Gate.from_bytes(gate.to_bytes())):
        assert one.candidates("a 123 abc").hits == [(5, 2), (9, 1)]
        assert one.candidates("é 123 abc").hits == [(1, 3), (5, 2), (7, 4), (9, 1)]


def test_behind_the_limit_of_one_database_no_other_says_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tightlip.detect.gate.LIMIT", 3)
    gate = Gate.compile([(1, "a")], [(2, "b")])
    candidates = gate.candidates("ab ab ab ab")
    assert candidates.hits == [(1, 1), (2, 2), (4, 1), (5, 2), (7, 1)]
    assert not candidates.complete
    assert gate.candidates("ab ab").complete


def test_an_expression_that_hyperscan_refuses_is_an_error_that_says_which() -> None:
    with pytest.raises(RuleError, match="expression 7"):
        Gate.compile([(1, "fine"), (7, "(?<=a)b")])


def test_one_gate_serves_several_threads() -> None:
    text = "abc é " * 20_000
    results: list[int] = []
    threads = [threading.Thread(target=lambda: results.append(len(GATE.candidates(text).hits))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [20_000] * 8


def test_past_the_limit_the_pass_stops_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_module, "LIMIT", 10)
    candidates = GATE.candidates("abc" * 50)
    assert len(candidates.hits) == 10
    assert not candidates.complete
    assert GATE.candidates("abc").complete
