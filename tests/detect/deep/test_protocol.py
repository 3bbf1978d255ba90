"""Messages survive the way there and back, whatever is in them; what is no message is said to be none, without its content."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.detect.deep.protocol import (
    Hello,
    Hit,
    Ping,
    Problem,
    ProtocolError,
    Region,
    Reply,
    Request,
    Settings,
    decode_answer,
    decode_request,
    encode,
)
from tightlip.finding import Confidence

anything = st.text(st.characters(codec=None))
regions = st.builds(
    Region,
    anything,
    st.integers(0, 10**9),
    st.sampled_from(["lines", "prose"]),
    st.lists(anything, max_size=3).map(tuple),
    anything,
)
requests = st.builds(
    Request,
    st.integers(),
    st.lists(regions, max_size=3).map(tuple),
    st.none() | anything,
    anything,
    st.builds(Settings, st.none() | anything, st.booleans(), st.none() | anything),
)
hits = st.builds(
    Hit,
    st.sampled_from(["presidio", "detect-secrets"]),
    anything,
    st.integers(0),
    st.integers(0),
    st.sampled_from(Confidence),
    anything,
    st.booleans(),
)
problems = st.lists(st.builds(Problem, anything, anything), max_size=2).map(tuple)


@given(requests | st.builds(Ping, st.integers()))
def test_requests_survive_as_one_line(request):
    line = encode(request)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode_request(line) == request


@given(
    st.builds(Reply, st.integers(), st.lists(hits, max_size=3).map(tuple), problems)
    | st.builds(
        Hello,
        st.sampled_from(["starting", "ready"]),
        st.integers(),
        st.dictionaries(anything, anything),
        problems=problems,
    )
    | st.builds(Ping, st.integers())
)
def test_answers_survive_as_one_line(answer):
    assert encode(answer).count(b"\n") == 1
    assert decode_answer(encode(answer)) == answer


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_other_json_is_a_protocol_error(value):
    for decode in (decode_request, decode_answer):
        with pytest.raises(ProtocolError):
            decode(json.dumps(value).encode())


@pytest.mark.parametrize(
    "line", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"type": "reply", "id": true, "findings": [], "problems": []}']
)
def test_what_is_not_json_or_of_another_type_is_a_protocol_error(line):
    for decode in (decode_request, decode_answer):
        with pytest.raises(ProtocolError):
            decode(line)


def test_an_error_does_not_tell_what_stood_in_the_message():
    canary = "canary" + "1234567890"
    line = json.dumps({"type": "reply", "id": canary, "findings": [{"name": canary}], "problems": [canary]}).encode()
    with pytest.raises(ProtocolError) as caught:
        decode_answer(line)
    assert canary not in str(caught.value)
    assert caught.value.__cause__ is None
    assert canary not in repr(Request(1, (Region(canary, 0),)))
