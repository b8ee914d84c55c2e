"""Asks the chain of providers for one base, within one deadline, in the event loop that calls: no thread waits.

The plans are those of `worker`. Documents that take long to read are read beside the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from rates import providers
from rates.fetch.plan import Ask, Once, Plan, Together, Wanted, limits_for
from rates.fetch.single_flight import join, leading
from rates.model import Reply
from rates.offload import Bell, aside, breathe
from rates.providers.groups import expand
from rates.settings import Settings
from rates.transport import Guard
from rates.transport.asynchronous import prepare, send, talk
from rates.transport.talk import onward

R = TypeVar("R")

APART_BYTES = 8_000  # of 380 recorded answers the slowest shorter one is read in 4 ms, the slowest of 16 kB in 10


async def carry_out(plan: Plan[R]) -> R:
    """What the plan returns."""
    return await talk(plan, _act, _explained)


async def _advance(go: Callable[[Any], Any], answer: object) -> tuple[bool, Any]:
    """Goes on with a reply, in the loop's own time when it is short; or with an error."""
    if isinstance(answer, Reply):
        if len(answer.body) > APART_BYTES:
            return await aside(onward, go, answer)
        await breathe()
    return onward(go, answer)


async def _explained(go: Callable[[Any], Any], answer: object) -> tuple[bool, Any]:
    """Goes on with a provider's error, beside the loop: to find who has what that one lacks takes 20 ms."""
    return await aside(onward, go, answer)


async def _act(wanted: Wanted, guard: Guard | None = None) -> Any:
    """Does what a plan wants; the guard is that of the conversation under way."""
    if isinstance(wanted, Ask):
        assert guard is not None, "nothing is asked without a deadline"
        return await send(wanted.request, wanted.limits, guard, wanted.observe)
    if isinstance(wanted, Once):
        return await _once(wanted, guard)
    if isinstance(wanted, Together):
        assert guard is not None, "nothing is asked without a deadline"
        own = [partial(_act, guard=Guard(guard.left(), guard.run)) for _ in wanted.plans]
        return await asyncio.gather(*(talk(plan, act, _advance) for plan, act in zip(wanted.plans, own, strict=True)))
    guard = Guard(wanted.seconds, wanted.run, wanted.phases)
    try:
        async with asyncio.timeout(wanted.seconds) as time:
            return await talk(wanted.steps, partial(_act, guard=guard), _advance)
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
        flight.quotes = await talk(wanted.make(), partial(_act, guard=guard), _advance)
    return flight.quotes


def warm(settings: Settings) -> None:
    """Loads what a fetch needs and a loop has no time for: providers, the client and its CA bundle, or the history."""
    for key in expand(settings.provider):
        limits_for(providers.load(key).PROVIDER, settings)
    prepare(live=not settings.mocked)
    if settings.offline:
        from rates.offline import history

        history.row(settings.on or settings.day())
