"""Texts are looked at one after another in one thread; what somebody waits for goes first."""

import asyncio
import threading

import pytest

from tightlip.editor.worker import Worker

pytestmark = pytest.mark.asyncio


async def test_work_somebody_waits_for_goes_before_background_work():
    worker, order, gate = Worker(), [], threading.Event()
    futures = [
        worker.run(gate.wait),
        worker.run_in_background(order.append, "background"),
        worker.run(order.append, "first"),
        worker.run(order.append, "second"),
    ]
    gate.set()
    await asyncio.gather(*futures)
    assert order == ["first", "second", "background"]


async def test_a_function_that_fails_fails_only_its_caller():
    worker = Worker()
    with pytest.raises(ZeroDivisionError):
        await worker.run(lambda: 1 / 0)
    assert await worker.run(lambda: 7) == 7


async def test_cancelled_work_that_has_not_begun_never_runs():
    worker, order, gate = Worker(), [], threading.Event()
    first, second = worker.run(gate.wait), worker.run(order.append, "never")
    second.cancel()
    gate.set()
    await first
    await worker.run(order.append, "last")
    assert order == ["last"]
