"""Typing is never waited for and never scanned key by key; the newest text is always what is shown."""

import asyncio
import time

import pytest

from tightlip.editor.schedule import Closed, Schedule

pytestmark = pytest.mark.asyncio


class Desk:
    """Documents that are numbers, checked by copying the number."""

    def __init__(self, delay: float = 0.02, max_delay: float = 10.0, scan: float = 0.0):
        self.texts: dict[str, int] = {}
        self.scans: list[int] = []
        self.shown: list[tuple[str, int]] = []
        self.scan = scan
        self.schedule: Schedule[tuple[str, int]] = Schedule(
            self.check, lambda result: self.texts.get(result[0]) == result[1], self.shown.append, delay, max_delay
        )

    async def check(self, uri: str) -> tuple[str, int]:
        seen = self.texts[uri]
        self.scans.append(seen)
        await asyncio.sleep(self.scan)
        return uri, seen

    def type(self, uri: str, text: int, received: float | None = None) -> None:
        self.texts[uri] = text
        self.schedule.touch(uri, time.monotonic() if received is None else received)


async def test_a_burst_is_checked_once_and_shows_the_last_text():
    desk = Desk()
    for text in range(200):
        desk.type("a", text)
    assert await desk.schedule.latest("a") == ("a", 199)
    assert desk.scans == [199]
    assert desk.shown == [("a", 199)]


async def test_a_result_that_is_no_longer_true_is_not_shown():
    desk = Desk(delay=0.0, scan=0.03)
    desk.type("a", 1)
    await asyncio.sleep(0.01)
    desk.type("a", 2)
    assert await desk.schedule.latest("a") == ("a", 2)
    assert desk.shown == [("a", 2)]


async def test_endless_typing_does_not_put_the_check_off_for_ever():
    desk = Desk(delay=0.05, max_delay=0.12)
    for text in range(20):
        desk.type("a", text)
        await asyncio.sleep(0.02)
    assert len(desk.scans) >= 2


async def test_a_backlog_counts_from_receipt():
    desk = Desk(delay=30.0, max_delay=30.0)
    desk.type("a", 1, received=time.monotonic() - 60)
    await asyncio.wait_for(desk.schedule.latest("a"), 5)


async def test_a_cancelled_pull_leaves_the_check_running_for_the_others():
    desk = Desk(delay=0.05)
    desk.type("a", 1)
    first, second = asyncio.ensure_future(desk.schedule.latest("a")), asyncio.ensure_future(desk.schedule.latest("a"))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == ("a", 1)
    assert desk.scans == [1]


async def test_asking_again_for_the_same_text_costs_no_second_check():
    desk = Desk()
    desk.type("a", 1)
    await desk.schedule.latest("a")
    await desk.schedule.latest("a")
    assert desk.scans == [1]


async def test_who_waits_for_a_closed_document_is_told():
    desk = Desk(delay=5.0)
    desk.type("a", 1)
    waiting = asyncio.ensure_future(desk.schedule.latest("a"))
    await asyncio.sleep(0)
    desk.schedule.drop("a")
    with pytest.raises(Closed):
        await asyncio.wait_for(waiting, 1)
    with pytest.raises(Closed):
        await desk.schedule.latest("b")


async def test_a_better_result_is_taken_only_while_it_is_true():
    desk = Desk()
    desk.type("a", 1)
    await desk.schedule.latest("a")
    desk.schedule.improve("a", ("a", 1))
    desk.schedule.improve("a", ("a", 0))
    assert desk.shown == [("a", 1), ("a", 1)]


async def test_a_check_that_fails_fails_who_waits_for_it_and_not_the_next_one():
    desk = Desk(delay=0.0)
    desk.schedule.touch("missing", time.monotonic())
    with pytest.raises(KeyError):
        await asyncio.wait_for(desk.schedule.latest("missing"), 5)
    desk.texts["missing"] = 3
    assert await asyncio.wait_for(desk.schedule.latest("missing"), 5) == ("missing", 3)


async def test_documents_do_not_wait_for_each_other():
    desk = Desk(delay=0.0, max_delay=0.0)
    desk.schedule.delay = desk.schedule.max_delay = 5.0
    desk.type("slow", 1)
    desk.schedule.touch("slow", time.monotonic())
    desk.texts["new"] = 7
    desk.schedule.touch("new", time.monotonic(), at_once=True)
    assert await asyncio.wait_for(desk.schedule.latest("new"), 1) == ("new", 7)
