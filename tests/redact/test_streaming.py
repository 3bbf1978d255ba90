"""Restoring an answer while it comes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.redact.made import every, redacted
from tests.redact.test_restore import MAIL, MAPPING, TOKEN
from tightlip.redact.mapping import EMPTY, Mapping
from tightlip.redact.restore import restore
from tightlip.redact.streaming import StreamingRestorer

WAYS = [TOKEN, TOKEN.lower(), "TL\\_EMAIL\\_7F3K2Q", "TL-AWS-KEY-9M4R6T", "TL%5FEMAIL%5F7F3K2Q", "TL_EMAIL_\n7F3K2Q"]
PARTS = ["TL_EMAIL_7F3K", "TL", "t", "T", "L_", "7F3K2Q", "_", "-", "1234", "\\", "%5F", "TL_PHONE_AB12CD"]
PIECES = st.sampled_from([*WAYS, *PARTS, " ", "\n", '"', "'", "it's", "text, ", "# "])


def streamed(text: str, sizes: list[int], mapping: Mapping = MAPPING) -> tuple[str, int]:
    """What a stream in pieces of these sizes gives out, and the most it held back."""
    restorer = StreamingRestorer(mapping)
    out = ""
    position = turn = most = taken = 0
    while position < len(text):
        size = sizes[turn % len(sizes)]
        piece = text[position : position + size]
        taken += len(piece)
        out += restorer.feed(piece)
        most = max(most, len(restorer._held))
        position += size
        turn += 1
    return out + restorer.finish().text, most


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12), st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_the_pieces_joined_are_the_whole_restored(parts: list[str], sizes: list[int]):
    text = "".join(parts)
    assert streamed(text, sizes)[0] == restore(text, MAPPING).text


@pytest.mark.parametrize(
    "text", ["t" * 500, "TL_" * 200, "TL_EMAIL_" + "A" * 500, "T" + "\u200b" * 500, "\n \n" * 200, "word " * 200]
)
def test_no_more_than_a_token_is_ever_held_back(text: str):
    out, most = streamed(text, [1])
    assert out == text
    assert most <= 2 * len("TL_AWS_KEY_9M4R6T") + 8


def test_text_without_tokens_passes_at_once():
    restorer = StreamingRestorer(MAPPING)
    assert restorer.feed("The answer is ") == "The answer is "
    assert restorer.feed(TOKEN[:5]) == ""
    assert restorer.feed(TOKEN[5:]) == ""
    assert restorer.feed(".") == f"{MAIL}."


def test_the_account_is_of_the_whole_stream():
    restorer = StreamingRestorer(MAPPING)
    for piece in (TOKEN, " ", "TL_PHONE_AB12CD", " ", "TL_EMAIL_7F3K2", " end"):
        restorer.feed(piece)
    end = restorer.finish()
    assert (end.restored, end.unknown) == (1, ("TL_PHONE_AB12CD",))
    whole = restore(f"{TOKEN} TL_PHONE_AB12CD TL_EMAIL_7F3K2 end", MAPPING)
    assert end.leftover == whole.leftover


def test_numbers_are_restored_across_pieces():
    text = '{"phone": 2025550143, "x": 12}'
    result = redacted(text, *every(text, ["2025550143"], "PHONE"), language="json")
    for size in range(1, 12):
        assert streamed(result.text, [size], result.mapping)[0] == text


def test_an_empty_mapping_passes_everything():
    assert streamed(f"a {TOKEN} b", [3], EMPTY)[0] == f"a {TOKEN} b"
