"""The only socket: `send(request, limits)` gives the Reply, or raises a named error.

One session a thread, a total deadline by the watchdog, retries with jitter, politeness per host, a cap on the decoded
size, redirects that never carry a key to another host. See `session`, `watchdog`, `polite` and `failures`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urlencode, urljoin

import requests

from rates.errors import (
    ConnectionFailed,
    ConnectionRefused,
    QuotaExceeded,
    RatesError,
    RedirectLoop,
    ServerFailed,
    TimedOut,
    TooLarge,
    Truncated,
)
from rates.model import Reply, Request
from rates.transport import session as _session
from rates.transport.failures import named, of_status
from rates.transport.phases import Phases, now
from rates.transport.polite import turn
from rates.transport.prepare import prepared, way
from rates.transport.watchdog import Guard, resume, stop

__all__ = [
    "Guard",
    "Limits",
    "Mock",
    "MockReply",
    "Phases",
    "asking",
    "guard_now",
    "public_url",
    "resume",
    "send",
    "stop",
]

MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CHUNK = 64 * 2**10
# What another try can mend. A name that does not resolve or a bad certificate will not change within seconds.
RETRIED = (TimedOut, ConnectionFailed, ConnectionRefused, Truncated, ServerFailed, QuotaExceeded)
# Headers that describe how the body travelled; it has been decoded, so they are no longer true.
TRAVEL_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"})


class MockReply(Protocol):
    """What a mock answers: status, headers, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


# Answers a request in place of the network: (method, url, form body, read timeout in seconds) -> the answer.
Mock = Callable[[str, str, bytes, float], MockReply]


@dataclass(frozen=True, slots=True)
class Limits:
    """How a request may be made. Times in seconds, sizes in bytes.

    timeout: one wait on the socket. retries: further tries after the first. backoff: the mean wait before the first
    of them, doubled each time. retry_after: the longest wait that a server may ask for.
    concurrency, spacing: politeness to the host. mock: answers in place of the network. through: the host and port on
    this machine that every request goes to instead, which is told `run`. dice: makes the waits before further tries
    repeatable.
    """

    timeout: float = 10.0
    retries: int = 2
    backoff: float = 0.3
    retry_after: float = 10.0
    max_bytes: int = 32 * 2**20
    concurrency: int = 8
    spacing: float = 0.0
    mock: Mock | None = None
    through: str = ""
    run: str = ""
    dice: str = ""


def asking() -> Mock | None:
    """The mock that this thread's request under way is to be answered by, None for the network."""
    mock: Mock | None = getattr(_session.local, "mock", None)
    return mock


def guard_now() -> Guard | None:
    """The guard of this thread's fetch under way."""
    guard: Guard | None = getattr(_session.local, "guard", None)
    return guard


def full_url(request: Request) -> str:
    """The URL that is asked for, with its query; it may hold a key."""
    query = urlencode(request.params)
    return f"{request.url}{'&' if '?' in request.url else '?'}{query}" if query else request.url


def public_url(request: Request) -> str:
    """The URL with its query but without the params that hold a key."""
    shown = tuple((name, value) for name, value in request.params if name not in request.private)
    return full_url(Request(request.url, shown))


def send(
    request: Request, limits: Limits, guard: Guard, observe: Callable[[Request, Reply], None] | None = None
) -> Reply:
    """The answer to a request, within the guard's deadline; a failure status that is not allowed is an error.

    observe: is handed every complete answer, whatever its status.
    """
    tries = 0
    while True:
        try:
            reply = _once(request, limits, guard)
            if observe is not None:
                observe(request, reply)
            _raise_for_status(request, reply)
            return reply
        except RETRIED as error:
            pause = _pause(error, tries, limits, request.url)
            if tries >= limits.retries or pause is None or pause >= guard.left():
                guard.check()
                raise
            tries += 1
            _wait(pause, guard)


def _wait(pause: float, guard: Guard) -> None:
    began = now()
    try:
        guard.sleep(pause)
    finally:
        guard.phases.turn += now() - began


def _pause(error: RatesError, tries: int, limits: Limits, url: str = "") -> float | None:
    """Seconds to wait before the next try: what the server asks for, else a random time around the doubled backoff.

    None when the server asks for longer than we are willing to wait, or has had too many requests and does not say
    how long.
    """
    if isinstance(error, QuotaExceeded | ServerFailed):
        asked: float | None = error.retry_after_s
        if asked is not None:
            return asked if asked <= limits.retry_after else None
        if isinstance(error, QuotaExceeded):
            return None
    # Full jitter around the mean, so that eight workers that failed together do not come back together.
    draw = random.Random(f"{limits.dice} {url} {tries}") if limits.dice else random
    return draw.uniform(0.5, 1.5) * limits.backoff * float(2**tries)


def _raise_for_status(request: Request, reply: Reply) -> None:
    """Raises the named error of a failure status that the provider does not read itself."""
    if reply.status in request.allow:
        return
    host = _session.host_of(request.url)[1]
    error = of_status(reply.status, reply.headers, host, request.url.partition("?")[0])
    if error is not None:
        raise error


def _once(request: Request, limits: Limits, guard: Guard) -> Reply:
    """One try, redirects followed."""
    url, hop = full_url(request), request
    for _ in range(MAX_REDIRECTS + 1):
        reply = _hop(hop, url, limits, guard)
        target = reply.headers.get("location") if reply.status in REDIRECTS else None
        if target is None:
            return reply
        url, hop = _onward(hop, url, reply.status, target)
    raise RedirectLoop(f"more than {MAX_REDIRECTS} redirects from {_session.host_of(request.url)[1]}")


def _onward(request: Request, url: str, status: int, target: str) -> tuple[str, Request]:
    """Where a redirect leads, and what to send there; `RedirectLoop` where none may lead.

    A form is sent again only to 307 and 308, as browsers do. Once it has led to another host the key is gone for good.
    """
    old_scheme, old_host = _session.host_of(url)
    try:
        onward = requests.utils.requote_uri(urljoin(url, target))
        scheme, host = _session.host_of(onward)
    except ValueError as error:
        raise RedirectLoop(f"{old_host} redirects to what is no address") from error
    if scheme not in ("http", "https") or not host or (old_scheme == "https" and scheme == "http"):
        raise RedirectLoop(f"{old_host} redirects to {scheme or 'nowhere'}://{host}, which is not followed")
    if status not in (307, 308):
        request = replace(request, form=(), content=b"")
    return onward, request if host == old_host else _without_key(request)


def _without_key(request: Request) -> Request:
    """The request as another host may see it."""
    private = _lower(request.private)
    headers, form = (
        tuple(pair for pair in pairs if pair[0].lower() not in private) for pairs in (request.headers, request.form)
    )
    return replace(request, headers=headers, form=form)


def _lower(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)


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
    # A little over what is left: the deadline is the watchdog's to call, by its own name.
    timeout = max(0.001, min(limits.timeout, guard.left() + 0.05))
    local = _session.local
    local.guard, local.mock = guard, limits.mock
    try:
        address, route = way(url, scheme, host, limits.through, limits.run)
        # The session's own `send` adds cookies, hooks and redirects, none of which is wanted here.
        adapter = _session.session().get_adapter(address)
        sent = prepared(request, address, route.headers)
        response = adapter.send(sent, stream=True, timeout=timeout, proxies=route.proxies)
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


def _read(response: requests.Response, max_bytes: int) -> Reply:
    """The whole decoded body, counted while it comes: a gigabyte of zeros packs into a megabyte."""
    body = bytearray()
    try:
        for chunk in response.raw.stream(CHUNK, decode_content=True):
            body += chunk
            if len(body) > max_bytes:
                raise TooLarge(f"the answer is larger than {max_bytes} bytes", hint="raise max_bytes if that is right")
        if _cut(response.raw) and body:
            raise Truncated("the answer's compressed data broke off")
    except BaseException:
        response.close()  # a connection in the middle of an answer must not be used again
        raise
    headers = {k.lower(): v for k, v in response.headers.items()}
    return Reply(response.status_code, bytes(body), {k: v for k, v in headers.items() if k not in TRAVEL_HEADERS})


def _cut(raw: object) -> bool:
    """True when the packed data ended before its own end mark, which urllib3 lets pass (it has no public word for it).

    After a first whole member what follows may be filling, as other clients take it.
    """
    decoder = getattr(raw, "_decoder", None)
    first = getattr(decoder, "_state", 0) == 0
    return first and getattr(getattr(decoder, "_obj", None), "eof", True) is False
