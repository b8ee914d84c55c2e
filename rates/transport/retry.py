"""One request and its answer: tries, pauses, redirects, statuses."""

from __future__ import annotations

import random
from dataclasses import replace
from urllib.parse import urljoin

from requests.utils import requote_uri

from rates.errors import (
    ConnectionFailed,
    ConnectionRefused,
    QuotaExceeded,
    RatesError,
    RedirectLoop,
    ServerFailed,
    TimedOut,
    Truncated,
)
from rates.model import Reply, Request
from rates.transport import pauses
from rates.transport.failures import retry_after, status_error
from rates.transport.io import SLOW, Io, Limits, Observe
from rates.transport.message import full_url, host_of
from rates.transport.rate_limit import Turn
from rates.transport.redact import forget_causes, hide, keys_of, private_names, redact_error
from rates.transport.timings import now
from rates.transport.watchdog import Guard

# Not 206, a part of an answer, which is never asked for; nor 1xx, after which the answer is still to come.
COMPLETE = frozenset(range(200, 300)) - {206}
MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
ASK_TO_WAIT = frozenset({429, *range(500, 600)})  # statuses whose Retry-After holds for the whole host
# What another try can mend. A name that does not resolve or a bad certificate will not change within seconds.
RETRIED = (TimedOut, ConnectionFailed, ConnectionRefused, Truncated, ServerFailed, QuotaExceeded)


async def send(io: Io, request: Request, limits: Limits, guard: Guard, observe: Observe | None = None) -> Reply:
    """The answer to a request, within the guard's time; the named error of a status that the request does not allow.

    observe: receives every complete answer, whatever its status.
    """
    began, tries = now(), 0
    guard.phases.requests += 1
    keys = keys_of(request) if request.private else ()
    if keys:
        hide(keys)
    try:
        while True:
            try:
                return await _try(io, request, limits, guard, observe)
            except RatesError as error:
                if keys:
                    forget_causes(error, keys)
                    if request.path:  # the only place of a key that a message's URL shows
                        redact_error(error, keys)
                if not isinstance(error, RETRIED):
                    raise
                seconds = pause(error, tries, limits, request.url)
                if tries >= limits.retries or seconds is None or seconds >= guard.left():
                    guard.check()
                    raise
            tries += 1
            paused = now()
            try:
                await io.sleep(seconds, guard)
            finally:
                guard.phases.turn += now() - paused  # it counts as waiting for a turn
    finally:
        guard.phases.wire += now() - began


def pause(error: RatesError, tries: int, limits: Limits, url: str = "") -> float | None:
    """Seconds to wait before the next try: what the server asks for, else a random time around the doubled backoff.

    None when the server asks for longer than we are willing to wait, or has had too many requests and does not say
    how long. After what it asks for, `rate_limit` spreads the requests to its host.
    """
    # The waits are random, so that eight workers that failed together do not come back together.
    draw = random.Random(f"{limits.seed} {url} {tries}") if limits.seed else random
    if isinstance(error, QuotaExceeded | ServerFailed):
        asked: float | None = error.retry_after_s
        if asked is not None:
            return (asked or draw.uniform(0.0, limits.backoff)) if asked <= limits.retry_after else None
        if isinstance(error, QuotaExceeded):
            return None
    return draw.uniform(0.5, 1.5) * limits.backoff * float(2**tries)


async def _try(io: Io, request: Request, limits: Limits, guard: Guard, observe: Observe | None) -> Reply:
    """One try."""
    reply = await _follow(io, request, limits, guard)
    if observe is not None:
        await io.compute(SLOW, observe, request, reply)  # writes files
    if reply.status in COMPLETE or reply.status in request.allow:
        return reply
    raise status_error(reply.status, reply.headers, host_of(request.url)[1], request.url.partition("?")[0])


async def _follow(io: Io, request: Request, limits: Limits, guard: Guard) -> Reply:
    """The answer to the request, or the one to which its redirects lead."""
    url, hop = full_url(request), request
    for _ in range(MAX_REDIRECTS + 1):
        reply = await _exchange(io, hop, url, limits, guard)
        target = reply.headers.get("location") if reply.status in REDIRECTS else None
        if target is None:
            return reply
        url, hop = _redirected(hop, url, reply.status, target)
    raise RedirectLoop(f"more than {MAX_REDIRECTS} redirects from {host_of(request.url)[1]}")


async def _exchange(io: Io, request: Request, url: str, limits: Limits, guard: Guard) -> Reply:
    """One request on the wire, when its turn at the host has come."""
    if limits.mock is not None or limits.through:  # the host is not asked, so its limits do not count
        return await io.exchange(request, url, limits, guard)
    host = host_of(url)[1]
    async with Turn(io, host, limits.concurrency, limits.spacing, guard):
        reply = await io.exchange(request, url, limits, guard)
        asked_s = retry_after(reply.headers) if reply.status in ASK_TO_WAIT else None
        # A longer wait is an error of this request alone: it may be for one base, or for one key.
        if asked_s and asked_s <= limits.retry_after:
            pauses.remember(host, asked_s, pauses.spread(asked_s, limits.backoff))
        return reply


def _redirected(request: Request, url: str, status: int, target: str) -> tuple[str, Request]:
    """Where a redirect leads, and what to send there; `RedirectLoop` where none may lead.

    A form is sent again only to 307 and 308, as browsers do. Once it has led to another host the key is gone for good.
    """
    old_scheme, old_host = host_of(url)
    try:
        url = requote_uri(urljoin(url, target))
        scheme, host = host_of(url)
    except ValueError as error:
        raise RedirectLoop(f"{old_host} redirects to an invalid address") from error
    if scheme not in ("http", "https") or not host or (old_scheme == "https" and scheme == "http"):
        raise RedirectLoop(f"{old_host} redirects to {scheme or 'nowhere'}://{host}, which is not followed")
    if status not in (307, 308):
        request = replace(request, form=(), content=b"")
    return url, request if host == old_host else _without_key(request)


def _without_key(request: Request) -> Request:
    """The request as another host may see it."""
    private = private_names(request)
    headers, form = (
        tuple(pair for pair in pairs if pair[0].lower() not in private) for pairs in (request.headers, request.form)
    )
    return replace(request, headers=headers, form=form)
