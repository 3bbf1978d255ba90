from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.detect import confirm

PATTERN = re.compile(r"(?<!x)k(?:ey)?[0-9]{0,3}(?P<value>[ab]{2,40})")


def spans(text: str, end: int, narrow: int, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    monkeypatch.setattr(confirm, "_NARROW", narrow)
    low, high = max(0, end - 8), min(len(text), end + 60)
    return [match.span() for match in confirm._matches(PATTERN, text, low, end, high)]


@given(st.text(st.sampled_from("kexyab01 "), max_size=80), st.integers(0, 80))
def test_a_wide_window_gives_what_a_narrow_one_gives(text: str, end: int) -> None:
    end = min(end, len(text))
    with pytest.MonkeyPatch.context() as patch:
        assert spans(text, end, 0, patch) == spans(text, end, 1000, patch)


def test_nothing_begins_behind_the_candidate_in_a_wide_window() -> None:
    asked: list[int] = []

    class Pattern:
        def match(self, text: str, place: int, high: int) -> re.Match[str] | None:
            asked.append(place)
            return None

        def finditer(self, text: str, low: int, high: int) -> Iterator[re.Match[str]]:
            raise AssertionError("searched to the end of a wide window")

    assert not list(confirm._matches(Pattern(), "-" * 20_000, 90, 100, 16_384))  # type: ignore[arg-type]
    assert asked == list(range(90, 100))
