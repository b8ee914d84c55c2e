"""`Io` for threads: one adapter of requests a thread, waits that end with the guard, and parallel calls in a pool."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar, TypeVarTuple

import requests
from requests.hooks import default_hooks
from requests.structures import CaseInsensitiveDict
from urllib3 import BaseHTTPResponse

from rates.errors import RatesError
from rates.model import Reply, Request
from rates.transport import session as _session
from rates.transport.body import CHUNK, Body
from rates.transport.connection import Dropped
from rates.transport.failures import caused_by, translate
from rates.transport.io import Limits, run_coroutine
from rates.transport.message import Route, address, host_of, message
from rates.transport.timings import Phases, now
from rates.transport.watchdog import Guard

R = TypeVar("R")
Ts = TypeVarTuple("Ts")

MOST_THREADS = 64  # of one fetch that asks many publishers


class _ThreadIo:
    """Waits in the calling thread; no method suspends its coroutine."""

    uses_requests = True

    async def exchange(self, request: Request, url: str, limits: Limits, guard: Guard) -> Reply:
        """Sends and reads. Exceptions of the libraries become errors of this package; the deadline's has priority."""
        guard.check()
        timeout, (scheme, host) = guard.longest_wait(limits.timeout), host_of(url)
        local = _session.local
        local.guard, local.mock = guard, limits.mock
        try:
            where, route = address(url, scheme, host, limits.through, limits.run)
            try:
                response = _open(request, where, route, limits, timeout)
            except Exception as error:
                if not caused_by(error, Dropped):
                    raise
                guard.check()
                response = _open(request, where, route, limits, timeout)  # over a new connection
            began = now()
            reply = _read(response, limits.max_bytes)
            guard.phases.read += now() - began
        except RatesError:
            raise
        except Exception as error:
            guard.check()
            raise translate(error, host, timeout) from error
        finally:
            local.guard = local.mock = None
            guard.release()
        guard.check()  # a socket that was shut down at the deadline reads like a clean end
        return reply

    async def sleep(self, seconds: float, guard: Guard) -> None:
        """Waits; raises as soon as the deadline comes, or the process is stopped."""
        guard.sleep(seconds)

    def signal(self) -> _Signal:
        return _Signal()

    async def compute(self, size: float, fn: Callable[[*Ts], R], *args: *Ts) -> R:
        """What the function gives; a thread has nothing else to do."""
        return fn(*args)

    def within(self, seconds: float, run: str, phases: Phases | None = None) -> Guard:
        return Guard(seconds, run, phases)

    async def together(self, calls: Sequence[Callable[[Guard], Awaitable[R]]], guard: Guard) -> list[R]:
        """Each call in its own thread and with its own guard, since a guard watches one socket."""
        from concurrent.futures import ThreadPoolExecutor

        guards = [Guard(guard.left(), guard.run) for _ in calls]

        async def guarded(call: Callable[[Guard], Awaitable[R]], own: Guard) -> R:
            with own:
                return await call(own)

        with ThreadPoolExecutor(MOST_THREADS, "rates-together") as pool:
            results = list(pool.map(lambda call, own: run_coroutine(guarded(call, own)), calls, guards))
        for own in guards:
            guard.phases.add(own.phases)
        return results


class _Signal:
    """A threading.Event, waited for within a guard's time."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self.set = self._event.set

    async def wait(self, guard: Guard) -> None:
        while not self._event.is_set():
            guard.wait(self._event)


def _open(request: Request, url: str, route: Route, limits: Limits, timeout_s: float) -> BaseHTTPResponse:
    """The response to a request, its body unread."""
    method, headers, body = message(request, route.headers)
    adapter = _session.adapter()
    if limits.mock is None and not route.proxies:
        return adapter.open(method, url, headers, body, timeout_s)
    prepared = _prepared(method, url, headers, body)
    response: BaseHTTPResponse = adapter.send(prepared, stream=True, timeout=timeout_s, proxies=route.proxies).raw
    return response


def _prepared(method: str, url: str, headers: CaseInsensitiveDict[str], body: bytes) -> requests.PreparedRequest:
    """A request as the adapter takes it, made from its known parts: `Request.prepare` costs more than the sending."""
    prepared = requests.PreparedRequest()
    prepared.url = url
    prepared.hooks = default_hooks()
    prepared._cookies = _NO_COOKIES  # type: ignore[attr-defined]
    prepared.method, prepared.headers = method, headers
    if body:
        prepared.body = body
    return prepared


_NO_COOKIES = requests.cookies.RequestsCookieJar()


def _read(response: BaseHTTPResponse, max_bytes: int) -> Reply:
    """The whole decoded answer.

    After an interim one (1xx) the true answer follows: the connection is closed, or the next request would read it.
    """
    body = Body(response.headers, max_bytes)
    if response.status < 200:
        response.close()
        return body.reply(response.status)
    try:
        for chunk in response.stream(CHUNK, decode_content=False):
            for _ in body.feed(chunk):
                pass
        return body.reply(response.status)
    except BaseException:
        response.close()  # a connection in the middle of an answer must not be used again
        raise


THREAD = _ThreadIo()
