"""Whatever comes in on the pipe, whole messages are found in it and the rest is passed over."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tightlip.editor.transport import Damaged, Frames, Message

bodies = st.lists(st.binary(min_size=0, max_size=60).filter(lambda data: b"ontent" not in data), max_size=6)


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def texts(frames: Frames, *pieces: bytes) -> list[bytes]:
    return [frame.body for piece in pieces for frame in frames.feed(piece) if isinstance(frame, Message)]


@settings(max_examples=200, deadline=None)
@given(bodies, st.data())
def test_messages_are_found_however_the_bytes_are_cut(contents, data):
    stream = b"".join(framed(body) for body in contents)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert texts(Frames(), *pieces) == contents


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"Content-Length: minus\r\n\r\n",
        b"Content-Length: -5\r\n\r\n",
        b"Content-Length: 99999999999999\r\n\r\n",
        b"Content-Length:\r\n\r\n",
        b"\r\n\r\n",
        b"\xff\xfe\x00" * 40 + b"\r\n\r\n",
        b"x" * 50_000,
    ],
)
def test_a_damaged_header_is_told_and_the_next_message_read(garbage):
    frames = Frames()
    seen = list(frames.feed(garbage + framed(b"{}")))
    assert any(isinstance(frame, Damaged) for frame in seen) or seen[-1] == seen[0]
    assert [frame.body for frame in seen if isinstance(frame, Message)] == [b"{}"]


def test_a_length_that_is_too_short_costs_only_its_own_message():
    assert texts(Frames(), b'Content-Length: 3\r\n\r\n{"a": 1}' + framed(b"{}") + framed(b"[]")) == [
        b'{"a',
        b"{}",
        b"[]",
    ]


@pytest.mark.parametrize(
    "header", [b"content-length: 2", b"Content-Type: x\r\nContent-Length:2", b"CONTENT-LENGTH : 2"]
)
def test_headers_are_read_whatever_their_case_and_company(header):
    assert texts(Frames(), header + b"\r\n\r\n{}") == [b"{}"]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_never_raise_and_never_stop_the_reader(data):
    frames = Frames()
    list(frames.feed(data))
    for _ in range(4):  # what is pending ends within a few messages' worth of bytes
        seen = list(frames.feed(framed(b"[1]") * 500))
    assert any(isinstance(frame, Message) and frame.body == b"[1]" for frame in seen)
