"""The client is told how a document stands once, until it stands otherwise."""

from tightlip.editor.status import Status, Statuses


def test_a_status_is_told_when_it_changes_and_only_then():
    told: list[Status] = []
    statuses = Statuses(told.append)
    one, other = Status("a", "safe", 0, "off"), Status("a", "findings", 2, "ready")
    for status in (one, one, other, other, one):
        statuses.set(status)
    assert told == [one, other, one]
    statuses.forget("a")
    assert statuses.get("a") is None
    statuses.set(one)
    assert told[-1].as_json() == {"uri": "a", "state": "safe", "count": 0, "worker": "off", "sentence": ""}
