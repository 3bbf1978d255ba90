"""After thousands of edits the server still has the client's text, finds what a fresh scan finds, and has not grown."""

from tests.bench.replay import replay


def test_a_long_editing_session_leaves_text_findings_and_memory_as_they_should_be():
    result = replay(5_000, 10, looks=50)
    assert (result.looks, result.wrong_texts, result.wrong_findings) == (50, 0, 0)
    assert result.last_memory < result.first_memory * 1.5
