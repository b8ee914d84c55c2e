"""How a request is made, whoever makes it: tries, pauses, redirects, keys, statuses. Decides only; does no I/O."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, runtime_checkable
from urllib.parse import urlencode, urljoin

from requests.structures import CaseInsensitiveDict
from requests.utils import requote_uri

from rates.errors import (
    ConnectionFailed,
    ConnectionRefused,
    KeyRefused,
    QuotaExceeded,
    RatesError,
    RedirectLoop,
    ServerFailed,
    TimedOut,
    Truncated,
)
from rates.model import Reply, Request
from rates.transport.failures import of_status
from rates.transport.session import host_of
from rates.transport.watchdog import Guard

MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What another try can mend. A name that does not resolve or a bad certificate will not change within seconds.
RETRIED = (TimedOut, ConnectionFailed, ConnectionRefused, Truncated, ServerFailed, QuotaExceeded)


class MockReply(Protocol):
    """What a mock answers: status, headers, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


# Answers a request in place of the network: (method, url, form body, read timeout in seconds) -> the answer.
Mock = Callable[[str, str, bytes, float], MockReply]


@runtime_checkable
class Delayed(Protocol):
    """A mock that takes its time, for who waits in his own way: `plan` gives the wait in seconds, and the answer."""

    def plan(self, method: str, url: str, form: bytes, timeout_s: float, /) -> tuple[float, Callable[[], MockReply]]:
        """How long to wait, and what then to call for the answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How a request may be made. Times in seconds, sizes in bytes.

    timeout: one wait on the socket. retries: further tries after the first. backoff: the mean wait before the first
    of them, doubled each time. retry_after: the longest wait that a server may ask for.
    concurrency, spacing: politeness to the host. mock: answers in place of the network; mock_blocks: it reads files.
    through: the host and port on this machine that every request goes to instead, which is told `run`. dice: makes the
    waits before further tries repeatable.
    """

    timeout: float = 10.0
    retries: int = 2
    backoff: float = 0.3
    retry_after: float = 10.0
    max_bytes: int = 32 * 2**20
    concurrency: int = 8
    spacing: float = 0.0
    mock: Mock | None = None
    mock_blocks: bool = False
    through: str = ""
    run: str = ""
    dice: str = ""


class Hop(NamedTuple):
    """To be done: this request, at this URL; its Reply is the answer, whatever its status."""

    request: Request
    url: str


class Pause(NamedTuple):
    """To be done: nothing, for so many seconds."""

    seconds: float


class Note(NamedTuple):
    """To be done: this complete answer is to be shown to who observes."""

    request: Request
    reply: Reply


Sending = Generator[Hop | Pause | Note, Reply, Reply]


def sending(request: Request, limits: Limits, guard: Guard) -> Sending:
    """The conversation of one request: its Reply, or the named error of a status that it does not allow."""
    tries = 0
    while True:
        try:
            reply = yield from _hops(request)
            yield Note(request, reply)
            _raise_for_status(request, reply)
            return reply
        except RETRIED as error:
            seconds = pause(error, tries, limits, request.url)
            if tries >= limits.retries or seconds is None or seconds >= guard.left():
                guard.check()
                raise
            tries += 1
        yield Pause(seconds)


def pause(error: RatesError, tries: int, limits: Limits, url: str = "") -> float | None:
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
    if reply.status < 300 or reply.status in request.allow:
        return
    error = of_status(reply.status, reply.headers, host_of(request.url)[1], request.url.partition("?")[0])
    if error is not None:
        raise error


def _hops(request: Request) -> Sending:
    """One try, redirects followed."""
    url, hop = full_url(request), request
    for _ in range(MAX_REDIRECTS + 1):
        reply = yield Hop(hop, url)
        target = reply.headers.get("location") if reply.status in REDIRECTS else None
        if target is None:
            return reply
        url, hop = _onward(hop, url, reply.status, target)
    raise RedirectLoop(f"more than {MAX_REDIRECTS} redirects from {host_of(request.url)[1]}")


def _onward(request: Request, url: str, status: int, target: str) -> tuple[str, Request]:
    """Where a redirect leads, and what to send there; `RedirectLoop` where none may lead.

    A form is sent again only to 307 and 308, as browsers do. Once it has led to another host the key is gone for good.
    """
    old_scheme, old_host = host_of(url)
    try:
        onward = requote_uri(urljoin(url, target))
        scheme, host = host_of(onward)
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


def full_url(request: Request) -> str:
    """The URL that is asked for, with its query; it may hold a key."""
    query = urlencode(request.params)
    return f"{request.url}{'&' if '?' in request.url else '?'}{query}" if query else request.url


def public_url(request: Request) -> str:
    """The URL with its query but without the params that hold a key."""
    shown = tuple((name, value) for name, value in request.params if name not in request.private)
    return full_url(Request(request.url, shown))


def longest_wait(limits: Limits, guard: Guard) -> float:
    """Seconds that one wait on the socket may take; a little over what is left, for the deadline has its own name."""
    return max(0.001, min(limits.timeout, guard.left() + 0.05))


def message(request: Request, common: CaseInsensitiveDict[str]) -> tuple[str, CaseInsensitiveDict[str], bytes]:
    """Method, headers (`common` itself where there are no others) and body of a request."""
    if not (request.headers or request.form or request.content):
        return "GET", common, b""
    _check_headers(request)
    headers = CaseInsensitiveDict(common)
    headers.update(request.headers)
    if request.form:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    body = urlencode(request.form).encode("ascii") or request.content
    if body:
        headers["Content-Length"] = str(len(body))
    return "POST" if request.form or request.content else "GET", headers, body


def _check_headers(request: Request) -> None:
    """Refuses a key that no header can carry, before a library refuses it with a message that shows it."""
    private = _lower(request.private)
    for name, value in request.headers:
        if name.lower() in private and re.search(r"[^\x20-\x7e]", value):
            raise KeyRefused("the key holds a line break or a letter that cannot be sent", hint="set it anew")
