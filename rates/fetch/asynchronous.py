"""Asks the chain of providers for one base, within one deadline, in the event loop that calls: no thread waits.

The plans are those of `worker`. Documents that take long to read are read beside the loop.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from rates import providers
from rates.aside import Bell
from rates.fetch.once import join, leading
from rates.fetch.plan import Ask, Once, Plan, Wanted, attempting, limits_for, quoting, ranging
from rates.model import Reply
from rates.settings import Settings
from rates.transport import Guard
from rates.transport.asynchronous import prepare, send, talk

__all__ = ["attempting", "carry_out", "quoting", "ranging", "warm"]

APART_BYTES = 16_000


async def carry_out(plan: Plan[Any]) -> Any:
    """What the plan returns."""
    return await talk(plan, _act)


def _apart(answer: object) -> bool:
    """True for an answer that would keep the loop for long."""
    return isinstance(answer, Reply) and len(answer.body) > APART_BYTES


async def _act(wanted: Wanted, guard: Guard | None = None) -> Any:
    """Does what a plan wants; the guard is that of the conversation under way."""
    if isinstance(wanted, Ask):
        assert guard is not None, "nothing is asked without a deadline"
        return await send(wanted.request, wanted.limits, guard, wanted.observe)
    if isinstance(wanted, Once):
        return await _once(wanted, guard)
    guard = Guard(wanted.seconds, wanted.run)
    try:
        async with asyncio.timeout(wanted.seconds) as time:
            return await talk(wanted.steps, partial(_act, guard=guard), _apart)
    except TimeoutError as error:
        raise (guard.late() if time.expired() else error) from None


async def _once(wanted: Once, guard: Guard | None) -> Any:
    """As `once.once`, awaited; a run that shares with other processes by files is not one of an event loop."""
    key = (wanted.run, *wanted.key)
    while True:
        flight, leads = join(key, keep_failures=bool(wanted.run))
        if leads:
            break
        bell = Bell()
        flight.watch(bell)
        await bell.rung
        if not flight.abandoned:
            return flight.result()
    with leading(key, flight):
        flight.quotes = await talk(wanted.make(), partial(_act, guard=guard), _apart)
    return flight.quotes


def warm(settings: Settings) -> None:
    """Loads what a fetch needs and a loop has no time for: providers, the client and its CA bundle, or the history."""
    for key in settings.provider:
        limits_for(providers.load(key).PROVIDER, settings)
    prepare(live=not settings.mocked)
    if settings.offline:
        from rates.offline import history

        history.row(settings.on or settings.day())
