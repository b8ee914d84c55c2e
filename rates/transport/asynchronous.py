"""The sender for event loops: `await send(request, limits, guard)`, by the same rules as the one for threads.

The deadline is not kept here: whoever calls does so within `asyncio.timeout`. Only the network needs `client`, and so
the extra `[aio]`; offline answers do not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from functools import partial
from types import ModuleType
from typing import Any, TypeVar

from requests.structures import CaseInsensitiveDict

from rates.errors import RatesError, UsageError
from rates.model import Reply, Request
from rates.offload import Bell, aside, breathe
from rates.transport import Observe
from rates.transport.body import Body
from rates.transport.body import reply as _reply
from rates.transport.failures import NAMES, named
from rates.transport.rate_limit import gate
from rates.transport.retry import Delayed, Hop, Limits, MockReply, Note, Pause, longest_wait, message, sending
from rates.transport.session import host_of
from rates.transport.watchdog import Guard

E = TypeVar("E")
R = TypeVar("R")

_NO_HEADERS: CaseInsensitiveDict[str] = CaseInsensitiveDict()


async def talk(
    steps: Generator[E, Any, R],
    act: Callable[[E], Awaitable[Any]],
    advance: Callable[[Callable[[Any], Any], object], Awaitable[tuple[bool, Any]]] | None = None,
) -> R:
    """As `talk.talk`, with an `act` to be awaited; `advance` goes on with a reply or error, be it in another thread."""
    try:
        wanted = next(steps)
        while True:
            go: Callable[[Any], E] = steps.send
            answer: object
            try:
                answer = await act(wanted)
            except Exception as error:
                go, answer = steps.throw, error
            if advance is None or not isinstance(answer, Reply | Exception):
                wanted = go(answer)
                continue
            over, wanted = await advance(go, answer)
            if over:
                found: R = wanted
                return found
    except StopIteration as end:
        result: R = end.value
        return result
    finally:
        if not steps.gi_running:  # type: ignore[attr-defined]  # cancelled: the thread still reads, and ends it then
            steps.close()


async def send(request: Request, limits: Limits, guard: Guard, observe: Observe | None = None) -> Reply:
    """The answer to a request; a failure status that is not allowed is an error.

    observe: is handed every complete answer, whatever its status.
    """

    async def act(wanted: Hop | Pause | Note) -> Reply | None:
        if isinstance(wanted, Hop):
            return await _hop(*wanted, limits, guard)
        if isinstance(wanted, Pause):
            await asyncio.sleep(wanted.seconds)
            guard.check()
        elif observe is not None:
            await aside(observe, *wanted)
        return None

    return await talk(sending(request, limits, guard), act)


async def _hop(request: Request, url: str, limits: Limits, guard: Guard) -> Reply:
    """One request on the wire, in its turn at the host."""
    scheme, host = host_of(url)
    if limits.mock is not None:  # nobody to be polite to
        return await _exchange(request, url, scheme, host, limits, guard)
    places = gate(host, limits.concurrency)
    if not places.enter():
        bell = Bell()
        if not places.enter(bell):
            try:
                await bell.rung
            except BaseException:
                places.give_up(bell)
                raise
    try:
        if limits.spacing:
            await asyncio.sleep(places.delay(host, limits.spacing, guard))
        return await _exchange(request, url, scheme, host, limits, guard)
    finally:
        places.leave()


async def _exchange(request: Request, url: str, scheme: str, host: str, limits: Limits, guard: Guard) -> Reply:
    """Sends and reads; every exception of the libraries leaves under its own name."""
    guard.check()
    timeout, names = longest_wait(limits, guard), NAMES
    try:
        if limits.mock is not None:
            return await _mocked(request, url, limits, timeout)
        client = _client()
        names = client.NAMES
        found: Reply = await client.exchange(request, url, scheme, host, limits.max_bytes, timeout)
        return found
    except RatesError:
        raise
    except Exception as error:
        raise named(error, host, timeout, names) from error


async def _mocked(request: Request, url: str, limits: Limits, timeout: float) -> Reply:
    """The mock's answer; the time that it takes is waited here, and its files are read beside the loop."""
    method, _, form = message(request, _NO_HEADERS)
    mock = limits.mock
    assert mock is not None
    answer: Callable[[], MockReply] = partial(mock, method, url, form, timeout)
    if isinstance(mock, Delayed):
        wait_s, answer = mock.plan(method, url, form, timeout)
        await asyncio.sleep(wait_s)
    if limits.mock_blocks:
        made = await aside(answer)
    else:
        await breathe()
        made = answer()
    body = Body(made.headers.get("content-encoding", ""), limits.max_bytes)
    for _ in body.add(made.body):
        pass
    return _reply(made.status, made.headers.items(), body.end())


def _client() -> ModuleType:
    """The module over aiohttp; `UsageError` where that is not installed."""
    try:
        from rates.transport import client
    except ImportError as error:
        raise UsageError("the asynchronous client needs aiohttp", hint="pip install 'fetch-rates[aio]'") from error
    return client


def prepare(*, live: bool) -> None:
    """Imports, and reads from the disk, what the first request would else make the loop wait for."""
    if live:
        _client().prepare()


async def close() -> None:
    """Closes what the running loop has open."""
    import sys

    client = sys.modules.get(f"{__package__}.client")
    if client is not None:
        await client.sessions().close()
