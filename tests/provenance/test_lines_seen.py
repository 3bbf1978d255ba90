from __future__ import annotations

from threading import Thread

from hypothesis import given
from hypothesis import strategies as st

from tests.provenance.code import ACME, code, text
from tightlip.finding import Classification
from tightlip.provenance.copied import find_copies
from tightlip.provenance.lines_seen import Memory

LEDGER = code("ledger", 50)
URI = "file:///pay/ledger.go"


def remembering(*lines: str) -> Memory:
    memory = Memory()
    memory.remember(URI, "\n".join(lines), "ledger.go", ACME)
    return memory


def found(memory: Memory, lines: list[str]) -> int:
    """Lines recognised."""
    return sum(one.lines for one in find_copies("\n".join(lines), [memory]))


def test_what_is_remembered_is_known_with_all_that_was_said_of_it():
    memory = Memory()
    memory.remember(URI, "\n".join(LEDGER), "src/ledger.go", ACME, Classification.CONFIDENTIAL)
    (copied,) = find_copies("\n".join(["first"] * 3 + LEDGER[5:20]), [memory])
    assert (copied.repository, copied.file, copied.source) == (*ACME, "src/ledger.go", URI)
    assert (copied.first_line, copied.last_line, copied.classification) == (6, 20, Classification.CONFIDENTIAL)


def test_an_edit_moves_adds_and_drops_lines():
    memory = remembering(*LEDGER)
    memory.remember(
        URI, "\n".join(["", "", *LEDGER[:10], "    ledger.added(account, now=True)", *LEDGER[10:]]), "ledger.go", ACME
    )
    (copied,) = find_copies("\n".join(LEDGER[9:15]), [memory])
    assert (copied.first_line, copied.last_line) == (12, 18)
    assert len(memory) == 51
    memory.remember(
        URI, "\n".join(["", "", *LEDGER[:10], "    ledger.changed(account, now=True)", *LEDGER[10:]]), "ledger.go", ACME
    )
    assert len(memory) == 51


def test_lines_that_were_cut_stay_known():
    memory = remembering(*LEDGER)
    memory.remember(URI, "\n".join(LEDGER[:30]), "ledger.go", ACME)
    assert found(memory, LEDGER[30:]) == 20
    memory.remember(URI, "\n".join([*LEDGER[:30], "another_line(of, the, ledger)"]), "ledger.go", ACME)
    assert found(memory, LEDGER[30:]) == 20


def test_typing_a_line_leaves_no_trail_of_its_beginnings():
    memory = remembering(*LEDGER)
    typed = "    ledger.transfer(source, target, amount)"
    for end in range(len(typed) + 1):
        memory.remember(URI, "\n".join([*LEDGER, typed[:end]]), "ledger.go", ACME)
    assert len(memory) == len(LEDGER) + 1


def test_what_is_forgotten_is_not_known():
    memory = remembering(*LEDGER)
    memory.forget(URI)
    memory.forget("file:///unknown")
    assert len(memory) == 0
    assert found(memory, LEDGER) == 0


def test_the_text_looked_at_longest_ago_goes_first():
    memory = Memory(most_lines=120)
    names = ["first", "second", "third"]
    for name in names:
        memory.remember(name, "\n".join(code(name, 50)), name, ACME)
    assert [found(memory, code(name, 50)) for name in names] == [0, 50, 50]
    memory.remember("second", "\n".join(code("second", 50)), "second", ACME)
    memory.remember("fourth", "\n".join(code("fourth", 50)), "fourth", ACME)
    assert [found(memory, code(name, 50)) for name in ["second", "third", "fourth"]] == [50, 0, 50]
    assert len(memory) == 100


def test_one_text_is_bounded_too():
    memory = Memory(most_lines=20)
    memory.remember("huge", "\n".join(code("huge", 500)), "huge", ACME)
    assert len(memory) == 20
    memory.remember("huge", "\n".join(code("other", 500)), "huge", ACME)
    assert len(memory) <= 20


def test_a_line_of_many_texts_tells_nothing():
    memory = Memory()
    for number in range(4):
        memory.remember(str(number), "\n".join(LEDGER), str(number), ACME)
    assert found(memory, LEDGER) == 0
    memory.forget("0")
    assert found(memory, LEDGER) == 50


def test_no_two_sessions_have_a_key_in_common_and_no_text_is_kept():
    assert Memory().key != Memory().key
    memory = remembering(*LEDGER)
    kept = repr([(one.lines, one.hashed, one.file) for one in memory._seen.values()]) + repr(memory._where)
    assert "settle" not in kept


@given(st.lists(st.lists(st.integers(0, 30), max_size=12), max_size=8))
def test_however_a_text_is_edited_its_lines_are_known(versions):
    memory = Memory()
    for version in versions:
        memory.remember(URI, "\n".join(LEDGER[number] for number in version), "ledger.go", ACME)
    last = [LEDGER[number] for number in dict.fromkeys(versions[-1])] if versions else []
    if len(last) > 2:
        assert found(memory, last) == len(last)
    assert len(memory) >= len(last)
    memory.forget(URI)
    assert len(memory) == 0
    assert memory._where == {}


def test_many_threads_may_remember_ask_and_forget():
    memory = Memory(most_lines=200)
    problems: list[Exception] = []

    def work(name: str) -> None:
        try:
            for turn in range(60):
                memory.remember(name, text(code(name, 40 + turn % 5)), name, ACME)
                for copied in find_copies(text(code(name, 30)), [memory]):
                    assert copied.file in ("", name)
                if turn % 7 == 0:
                    memory.forget(name)
        except Exception as problem:
            problems.append(problem)

    threads = [Thread(target=work, args=(f"thread{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(memory) == sum(len(one.lines) for one in memory._seen.values())
