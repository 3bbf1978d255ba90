"""Whatever the worker does, the client answers: it never blocks, never raises, and says what was not looked at."""

import asyncio
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.detect.deep.conftest import QUICK, wait_until
from tightlip.detect.deep.client import DeepLane, Limits
from tightlip.detect.deep.job import DeepJob
from tightlip.detect.deep.state import State

TEXT = 'value = "FINDME 123456"\n'


def codes(result):
    return [notice.code for notice in result.notices]


def test_the_worker_starts_with_the_first_text_and_shows_every_state(lane_with):
    watched = lane_with("answer")
    assert watched.lane.state.state is State.OFF
    result = watched.look(TEXT)
    assert [(f.rule, f.value, f.detector) for f in result.findings] == [("presidio-fake", "FINDME", "presidio")]
    watched.lane.close()
    assert watched.words() == [State.STARTING, State.READY, State.BUSY, State.READY, State.OFF]
    assert all(state.sentence for state in watched.states)


def test_a_text_without_candidates_is_answered_without_a_worker(lane_with):
    watched = lane_with("answer")
    assert watched.look("x = 1\n").findings == ()
    assert watched.states == []


def test_submit_returns_at_once_whatever_the_worker_does(lane_with):
    watched = lane_with("deaf")
    futures = [watched.lane.submit(DeepJob(TEXT * 1000, key=str(number))) for number in range(50)]
    assert not any(future.done() for future in futures)
    assert codes(futures[0].result(20)) == ["deep-timeout"]


def test_a_newer_version_of_a_document_replaces_the_older(lane_with):
    watched = lane_with("slow")
    futures = [watched.lane.submit(DeepJob(f"{TEXT}# version {number}\n", key="a")) for number in range(20)]
    assert futures[-1].result(20).findings
    assert all(future.cancelled() for future in futures[:-1])


def test_other_documents_do_not_replace_each_other(lane_with):
    watched = lane_with("slow")
    futures = [watched.lane.submit(DeepJob(TEXT, key=key)) for key in (None, None, "a", "b")]
    assert all(future.result(20).findings for future in futures)


def test_awaited_from_asyncio_the_loop_goes_on(lane_with):
    watched = lane_with("slow")

    async def main():
        ticks = 0
        task = asyncio.wrap_future(watched.lane.submit(DeepJob(TEXT)))
        while not task.done():
            await asyncio.sleep(0.01)
            ticks += 1
        return ticks, await task

    ticks, result = asyncio.run(main())
    assert ticks > 5
    assert result.findings


def test_a_worker_that_dies_is_replaced_and_the_text_is_looked_at_again(lane_with):
    watched = lane_with("die", "answer")
    assert watched.look(TEXT, key="a").findings
    words = watched.words()
    assert words.index(State.RESTARTING) > words.index(State.BUSY)
    assert words[-1] is State.READY or words[-1] is State.BUSY
    assert "ended unexpectedly" in watched.states[words.index(State.RESTARTING)].sentence


def test_a_worker_that_dies_between_jobs_is_replaced_without_blame(lane_with):
    watched = lane_with("answer")
    watched.look(TEXT)
    watched.wait_for(State.READY)
    os.kill(watched.pids()[0], signal.SIGKILL)
    watched.wait_for(State.RESTARTING)
    assert watched.look(TEXT).findings
    assert len(watched.pids()) == 2


def test_a_worker_that_hangs_is_replaced_and_the_text_is_said_not_to_be_looked_at(lane_with):
    watched = lane_with("hang", "answer")
    first = watched.look(TEXT, key="a")
    assert (first.findings, codes(first)) == ((), ["deep-timeout"])
    assert watched.look(TEXT, key="b").findings


@pytest.mark.parametrize("behaviour", ["not-json", "other-id", "other-place", "wrong-type"])
def test_an_answer_that_is_none_counts_as_a_crash(lane_with, behaviour):
    watched = lane_with(behaviour, "answer")
    assert watched.look(TEXT).findings
    assert State.RESTARTING in watched.words()


def test_a_document_that_keeps_bringing_the_worker_down_is_left_out_and_others_are_not(lane_with):
    watched = lane_with("die-on-bomb")
    bomb = watched.look('x = "BOMB 123456"', key="bomb")
    assert codes(bomb) == ["deep-left-out"]
    starts = len(watched.pids())
    assert codes(watched.look('x = "BOMB 1234567"', key="bomb")) == ["deep-left-out"]
    assert watched.look(TEXT, key="good").findings
    assert len(watched.pids()) == starts + 1, "the bomb was not tried again"
    watched.lane.forget("bomb")
    assert watched.look(TEXT, key="bomb").findings


def test_the_pause_before_a_restart_grows_and_a_success_resets_it(lane_with):
    watched = lane_with(
        "die", "die", "die", "die", "answer", limits=Limits(first_pause=0.1, longest_pause=0.5, crashes=9)
    )
    begun = time.monotonic()
    watched.look(TEXT)
    assert time.monotonic() - begun >= 0.1 + 0.2 + 0.4 + 0.5
    assert watched.lane._failures == 0


def test_a_worker_that_never_starts_is_given_up_for_a_while_and_nothing_hangs(lane_with):
    watched = lane_with(
        "die-at-once", "no-hello", "answer", limits=Limits(first_pause=0.05, longest_pause=1.0, failed_starts=2)
    )
    assert codes(watched.look(TEXT)) == ["deep-unavailable"]
    assert watched.lane.state.state is State.FAILED
    starts = watched.words().count(State.STARTING)
    assert codes(watched.look(TEXT)) == ["deep-unavailable"]
    assert watched.words().count(State.STARTING) == starts, "answered without another try"
    time.sleep(1.1)
    assert watched.look(TEXT).findings


def test_a_program_that_does_not_exist_is_a_state_and_no_exception():
    lane = DeepLane(limits=QUICK, command=("/nonexistent/python",))
    assert codes(lane.submit(DeepJob(TEXT)).result(10)) == ["deep-unavailable"]
    assert lane.state.state is State.FAILED
    lane.close()


def test_a_worker_that_takes_too_long_to_load_is_replaced(lane_with):
    watched = lane_with("never-ready", "answer", limits=Limits(start=0.5, first_pause=0.05))
    assert watched.look(TEXT).findings
    assert "while it was being loaded" in watched.states[1].sentence


def test_a_worker_that_eats_memory_is_replaced_where_the_system_tells(lane_with):
    if not Path("/proc/self/statm").exists():
        return
    watched = lane_with("eat", "answer", limits=Limits(memory=200_000_000, first_pause=0.05))
    assert codes(watched.look(TEXT, key="a")) == ["deep-memory"]
    assert watched.look(TEXT, key="b").findings


def test_close_ends_the_worker_and_every_job_at_once(lane_with):
    watched = lane_with("hang", limits=Limits(job=60))
    futures = [watched.lane.submit(DeepJob(TEXT, key=key)) for key in ("a", "b")]
    watched.wait_for(State.BUSY)
    process = watched.lane._process
    watched.lane.close()
    assert all(future.cancelled() for future in futures)
    wait_until(lambda: process.ended)
    assert watched.lane.submit(DeepJob(TEXT)).cancelled()
    assert watched.lane.state.state is State.OFF


def test_a_listener_that_fails_and_a_callback_that_fails_harm_nobody(lane_with):
    def fail(_: object) -> None:
        raise RuntimeError("listener")

    watched = lane_with("answer")
    watched.lane._on_state = fail
    future = watched.lane.submit(DeepJob(TEXT))
    future.add_done_callback(fail)
    assert future.result(10).findings
    assert watched.look(TEXT).findings


def test_many_threads_may_submit_at_once(lane_with):
    watched = lane_with("answer")
    futures = []

    def submit(number: int) -> None:
        futures.extend(watched.lane.submit(DeepJob(TEXT, key=f"{number}-{turn}")) for turn in range(20))

    threads = [threading.Thread(target=submit, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(futures) == 160
    assert all(future.result(20).findings for future in futures)


def test_only_what_changed_is_sent_and_the_rest_is_carried_over(lane_with):
    watched = lane_with("answer")
    lines = [f'line_{number} = "nothing 12345678"' for number in range(200)]
    lines[50] = lines[100] = 'x = "FINDME 12345678"'
    first = watched.look("\n".join(lines), key="a").findings
    lines[0], lines[100] = "inserted = 0\n" + lines[0], 'xy = "FINDME 12345678"'
    watched.look("\n".join(lines[:1] + lines[1:]), key="a")
    lines[100] = 'xyz = "FINDME 12345678"'
    text = "\n".join(lines)
    second = watched.look(text, key="a").findings
    assert [text[f.span.start : f.span.end] for f in second] == ["FINDME", "FINDME"]
    assert int(first[0].evidence) > 5000
    assert int(second[1].evidence) < 150


def test_the_same_text_again_is_answered_from_memory_until_forgotten(lane_with):
    watched = lane_with("answer", "answer")
    result = watched.look(TEXT, key="a")
    busy = watched.words().count(State.BUSY)
    assert watched.look(TEXT, key="a") == result
    assert watched.words().count(State.BUSY) == busy
    watched.lane.forget("a")
    assert watched.look(TEXT, key="a") == result
    assert watched.words().count(State.BUSY) == busy + 1
