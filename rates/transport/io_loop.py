"""`Io` for event loops: no thread waits, and what takes long to compute runs beside the loop.

Only the network needs `client`, and so the extra `[aio]`; offline answers do not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from types import ModuleType
from typing import Any, TypeVar, TypeVarTuple

from requests.structures import CaseInsensitiveDict

from rates.errors import RatesError, UsageError
from rates.model import Reply, Request
from rates.offload import ThreadsafeEvent, compute_in_loop, offload
from rates.transport.body import Body
from rates.transport.failures import TRANSLATIONS, translate
from rates.transport.io import Delayed, Limits
from rates.transport.message import address, host_of, message
from rates.transport.session import tls_context
from rates.transport.timings import Phases
from rates.transport.watchdog import Guard

R = TypeVar("R")
Ts = TypeVarTuple("Ts")

OFFLOAD_BYTES = 8_000  # of 380 recorded answers the slowest shorter one is read in 4 ms, the slowest of 16 kB in 10
_NO_HEADERS: CaseInsensitiveDict[str] = CaseInsensitiveDict()


class _LoopIo:
    """Waits by awaiting; for tasks of one event loop. Its guards are not entered: `within` keeps the time."""

    uses_requests = False

    async def exchange(self, request: Request, url: str, limits: Limits, guard: Guard) -> Reply:
        """Sends and reads. Exceptions of the libraries become errors of this package."""
        guard.check()
        timeout, (scheme, host), names = guard.longest_wait(limits.timeout), host_of(url), TRANSLATIONS
        try:
            if limits.mock is not None:
                return await _mocked(request, url, limits, timeout)
            client = _client()
            names = client.TRANSLATIONS
            where, route = address(url, scheme, host, limits.through, limits.run)
            found: Reply = await client.exchange(request, where, host, route, limits.max_bytes, timeout)
            return found
        except RatesError:
            raise
        except Exception as error:
            raise translate(error, host, timeout, names) from error

    async def sleep(self, seconds: float, guard: Guard) -> None:
        await asyncio.sleep(seconds)
        guard.check()

    def signal(self) -> _Signal:
        return _Signal()

    async def compute(self, size: float, fn: Callable[[*Ts], R], *args: *Ts) -> R:
        """What the function gives: in the loop if it reads little, else in a thread."""
        if size > OFFLOAD_BYTES:
            return await offload(fn, *args)
        return await compute_in_loop(fn, *args)

    def within(self, seconds: float, run: str, phases: Phases | None = None) -> _Within:
        return _Within(Guard(seconds, run, phases))

    async def together(self, calls: Sequence[Callable[[Guard], Awaitable[R]]], guard: Guard) -> list[R]:
        """Each call in its own task."""
        guards = [Guard(guard.left(), guard.run) for _ in calls]
        results = await asyncio.gather(*(call(own) for call, own in zip(calls, guards, strict=True)))
        for own in guards:
            guard.phases.add(own.phases)
        return results


class _Within:
    """A block's time limit by asyncio, whose end has this package's error."""

    __slots__ = ("_guard", "_timeout")

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def __aenter__(self) -> Guard:
        self._timeout = asyncio.timeout(self._guard.left())
        await self._timeout.__aenter__()
        return self._guard

    async def __aexit__(self, *raised: Any) -> None:
        try:
            await self._timeout.__aexit__(*raised)
        except TimeoutError:  # raised here only for a block that the limit has cancelled
            raise self._guard.exceeded() from None


class _Signal:
    """An event that a task awaits."""

    def __init__(self) -> None:
        self._event = ThreadsafeEvent()
        self.set = self._event.set

    async def wait(self, guard: Guard) -> None:
        await self._event.wait()


async def _mocked(request: Request, url: str, limits: Limits, timeout: float) -> Reply:
    """The mock's answer; its latency is awaited here, and its files are read beside the loop."""
    method, _, form = message(request, _NO_HEADERS)
    mock = limits.mock
    assert mock is not None
    answer: Callable[[], Reply] = partial(mock, method, url, form, timeout)
    if isinstance(mock, Delayed):
        wait_s, answer = mock.plan(method, url, form, timeout)
        await asyncio.sleep(wait_s)
    made = await (offload(answer) if limits.mock_blocks else compute_in_loop(answer))
    body = Body(made.headers, limits.max_bytes)
    for _ in body.feed(made.body):
        pass
    return body.reply(made.status)


def _client() -> ModuleType:
    """The module over aiohttp; `UsageError` where that is not installed."""
    try:
        from rates.transport import client
    except ImportError as error:
        raise UsageError("the asynchronous client needs aiohttp", hint="pip install 'fetch-rates[aio]'") from error
    return client


def prepare(*, live: bool) -> None:
    """Imports, and reads from the disk, what would block the loop at the first request."""
    if live:
        _client()
        tls_context()


async def close() -> None:
    """Closes the connections of the running loop."""
    import sys

    client = sys.modules.get(f"{__package__}.client")
    if client is not None:
        await client.loop_session().close()


LOOP = _LoopIo()
