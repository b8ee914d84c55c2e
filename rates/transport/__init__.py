"""The only sockets: `send(request, limits)` gives the Reply, or raises a named error.

One session a thread, a total deadline by the watchdog, retries with jitter, politeness per host, a cap on the decoded
size, redirects that never carry a key to another host. See `rules`, `session`, `watchdog`, `polite` and `failures`;
`asynchronous` sends the same requests from an event loop.
"""

# ruff: noqa: E402  (what is ignored must be said before requests is imported)
from __future__ import annotations

import warnings
from collections.abc import Callable

# An isolated interpreter refuses the compiled detector of charsets, and requests complains; our bodies stay bytes.
warnings.filterwarnings("ignore", "Unable to find acceptable character detection")

import requests
from requests.hooks import default_hooks

from rates.errors import RatesError
from rates.model import Reply, Request
from rates.transport import session as _session
from rates.transport.body import CHUNK, TRAVEL_HEADERS, Body, encoding_of
from rates.transport.body import reply as _reply
from rates.transport.failures import named
from rates.transport.rate_limit import turn
from rates.transport.retry import (
    MAX_REDIRECTS,
    Hop,
    Limits,
    Mock,
    MockReply,
    Note,
    Pause,
    longest_wait,
    message,
    public_url,
    sending,
)
from rates.transport.routing import way
from rates.transport.talk import talk
from rates.transport.timings import Phases, now
from rates.transport.watchdog import Guard, resume, stop

__all__ = [
    "MAX_REDIRECTS",
    "TRAVEL_HEADERS",
    "Guard",
    "Limits",
    "Mock",
    "MockReply",
    "Observe",
    "Phases",
    "asking",
    "guard_now",
    "public_url",
    "resume",
    "send",
    "stop",
]

# Is handed every complete answer, whatever its status.
Observe = Callable[[Request, Reply], None]


def asking() -> Mock | None:
    """The mock that this thread's request under way is to be answered by, None for the network."""
    mock: Mock | None = getattr(_session.local, "mock", None)
    return mock


def guard_now() -> Guard | None:
    """The guard of this thread's fetch under way."""
    guard: Guard | None = getattr(_session.local, "guard", None)
    return guard


def send(request: Request, limits: Limits, guard: Guard, observe: Observe | None = None) -> Reply:
    """The answer to a request, within the guard's deadline; a failure status that is not allowed is an error.

    observe: is handed every complete answer, whatever its status.
    """

    def act(wanted: Hop | Pause | Note) -> Reply | None:
        if isinstance(wanted, Hop):
            return _hop(*wanted, limits, guard)
        if isinstance(wanted, Pause):
            _wait(wanted.seconds, guard)
        elif observe is not None:
            observe(*wanted)
        return None

    return talk(sending(request, limits, guard), act)


def _wait(seconds: float, guard: Guard) -> None:
    began = now()
    try:
        guard.sleep(seconds)
    finally:
        guard.phases.turn += now() - began


def _hop(request: Request, url: str, limits: Limits, guard: Guard) -> Reply:
    """One request on the wire, in its turn at the host."""
    scheme, host = _session.host_of(url)
    if limits.mock is not None or limits.through:  # nobody to be polite to
        return _exchange(request, url, scheme, host, limits, guard)
    began = now()
    with turn(host, limits.concurrency, limits.spacing, guard):
        guard.phases.turn += now() - began
        return _exchange(request, url, scheme, host, limits, guard)


def _exchange(request: Request, url: str, scheme: str, host: str, limits: Limits, guard: Guard) -> Reply:
    """Sends and reads; every exception of the libraries leaves under its own name, the deadline's before all."""
    guard.check()
    timeout = longest_wait(limits, guard)
    local = _session.local
    local.guard, local.mock = guard, limits.mock
    try:
        address, route = way(url, scheme, host, limits.through, limits.run)
        # The session's own `send` adds cookies, hooks and redirects, none of which is wanted here.
        adapter = _session.session().get_adapter(address)
        prepared = _prepared(request, address, route.headers)
        response = adapter.send(prepared, stream=True, timeout=timeout, proxies=route.proxies)
        began = now()
        reply = _read(response, limits.max_bytes)
        guard.phases.read += now() - began
    except RatesError:
        raise
    except Exception as error:
        guard.check()
        raise named(error, host, timeout) from error
    finally:
        local.guard = local.mock = None
        guard.release()
    guard.check()  # a socket shut at the deadline reads like a clean end
    return reply


def _prepared(
    request: Request, url: str, common: requests.structures.CaseInsensitiveDict[str]
) -> requests.PreparedRequest:
    """A prepared request without the preparing, which costs more than the sending: all its parts are known."""
    prepared = requests.PreparedRequest()
    prepared.url = url
    prepared.hooks = default_hooks()
    prepared._cookies = _NO_COOKIES  # type: ignore[attr-defined]
    prepared.method, prepared.headers, body = message(request, common)
    if body:
        prepared.body = body
    return prepared


_NO_COOKIES = requests.cookies.RequestsCookieJar()


def _read(response: requests.Response, max_bytes: int) -> Reply:
    """The whole decoded answer."""
    body = Body(encoding_of(response.headers), max_bytes)
    try:
        for chunk in response.raw.stream(CHUNK, decode_content=False):
            for _ in body.add(chunk):
                pass
        whole = body.end()
    except BaseException:
        response.close()  # a connection in the middle of an answer must not be used again
        raise
    return _reply(response.status_code, response.headers.items(), whole)
