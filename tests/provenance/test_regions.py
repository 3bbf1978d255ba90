from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tightlip.provenance.regions import GAP, WINDOW, Hit, regions


def hits(*places: tuple[int, int], size: int = 28) -> list[Hit]:
    return [Hit(here, there, b"%d" % there, size) for here, there in places]


def test_three_distinct_lines_within_a_window_are_a_match():
    (region,) = regions(hits((10, 3), (20, 40), (30, 12)))
    assert (region.first, region.last, region.lines, region.strict) == (10, 30, 3, False)
    assert (region.first_there, region.last_there) == (3, 40)


def test_two_lines_or_one_line_again_and_again_are_none():
    assert regions(hits((10, 3), (20, 40))) == []
    assert regions(hits((10, 3), (14, 3), (18, 3), (22, 3))) == []


def test_lines_too_far_apart_do_not_belong_together():
    assert regions(hits((0, 0), (WINDOW // 2, 9), (WINDOW, 20))) == []
    assert len(regions(hits((0, 0), (WINDOW // 2, 9), (WINDOW - 1, 20)))) == 1


def test_three_names_in_a_list_are_too_little():
    assert regions(hits((1, 5), (4, 9), (6, 20), size=20)) == []


def test_neighbours_that_say_enough_are_a_match_and_strangers_are_none():
    assert len(regions(hits((10, 3), (11, 4), size=45))) == 1
    assert regions(hits((10, 3), (11, 5), size=45)) == []
    assert regions(hits((10, 3), (11 + GAP, 4 + GAP), size=45)) == []
    assert regions(hits((10, 3), size=200)) == []


def test_four_lines_or_long_neighbours_are_sure():
    assert regions(hits((1, 5), (4, 9), (9, 20), (14, 2)))[0].strict
    assert regions(hits((1, 5), (2, 6), size=60))[0].strict
    assert not regions(hits((1, 5), (2, 6), size=50))[0].strict


def test_copies_far_from_each_other_are_told_apart():
    both = regions(hits(*((n, n) for n in range(5)), *((n + 200, n) for n in range(5))))
    assert [(one.first, one.last) for one in both] == [(0, 4), (200, 204)]


def test_one_line_from_elsewhere_does_not_widen_what_is_told_of_the_file():
    (region,) = regions(hits((0, 100), (1, 101), (2, 900), (3, 103)))
    assert (region.first_there, region.last_there, region.lines) == (100, 103, 4)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(16, 80)), max_size=60))
def test_regions_are_in_order_apart_and_made_of_hits(places):
    found = [
        Hit(here, there, b"%d" % there, size) for here, there, size in sorted({one[0]: one for one in places}.values())
    ]
    told = regions(found)
    here = [line for one in told for line in one.here]
    assert here == sorted(set(here))
    assert set(here) <= {hit.here for hit in found}
    for one in told:
        assert one.lines >= 2
        assert one.first == one.here[0] <= one.last == one.here[-1]
        assert 0 <= one.first_there <= one.last_there
    for one, following in pairwise(told):
        assert following.first - one.last >= WINDOW


@given(st.lists(st.integers(0, 500), min_size=3, unique=True), st.integers(0, 50))
def test_a_window_of_three_lines_is_never_missed(places, offset):
    found = [Hit(here, there + offset, b"%d" % there, 30) for there, here in enumerate(sorted(places))]
    close = [
        here for here, _, third in zip(found, found[1:], found[2:], strict=False) if third.here - here.here < WINDOW
    ]
    covered = {line for one in regions(found) for line in one.here}
    assert {hit.here for hit in close} <= covered
