from __future__ import annotations

import asyncio

import pytest

from rates.transport import THREAD, Guard, run_coroutine


def test_run_coroutine_gives_the_result() -> None:
    """A coroutine over a thread's Io is finished in one step, waits included."""

    async def wait() -> str:
        async with THREAD.within(5, "") as guard:
            signal = THREAD.signal()
            signal.set()
            await signal.wait(guard)
            await THREAD.sleep(0.0, guard)
            return await THREAD.compute(1, str.upper, "done")

    assert run_coroutine(wait()) == "DONE"


def test_run_coroutine_refuses_what_suspends() -> None:
    """A coroutine that would have to be resumed is a fault, and is closed."""
    closed: list[str] = []

    async def suspended() -> None:
        try:
            await asyncio.sleep(0)
        finally:
            closed.append("closed")

    with pytest.raises(RuntimeError, match="was suspended"):
        run_coroutine(suspended())
    assert closed


def test_together_keeps_the_order_and_adds_the_times() -> None:
    """Results are in the order of the calls; each call has its own guard, whose times are added up."""

    async def call(own: Guard) -> Guard:
        own.phases.requests += 1
        return own

    async def both(guard: Guard) -> list[Guard]:
        return await THREAD.together([call, call, call], guard)

    with Guard(5, "run") as guard:
        guards = run_coroutine(both(guard))
        assert len({guard, *guards}) == 4
        assert {own.run for own in guards} == {"run"}
        assert guard.phases.requests == 3
