"""One publisher asked: its query, the limits of its requests, its quotes and its table."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from logging import DEBUG, getLogger
from typing import Protocol

from rates.conversion import effective, rebase, select
from rates.defaults import HISTORY, OWN, SOURCE_HEADER
from rates.errors import RatesError
from rates.fetch.own_fetch import own_answer, own_table
from rates.fetch.pegged_rates import rebase_with_pegs
from rates.fetch.run_provider import Keep, Quotes, converse
from rates.fetch.secrets import secrets, without_keys
from rates.fetch.single_flight import Answer, once
from rates.fetch.validate import check_query
from rates.model import Provider, Query, RateTable, Reply, Request
from rates.providers import ProviderModule
from rates.readers import apart
from rates.settings import Settings
from rates.transport import SLOW, Guard, Io, Limits, Observe, send
from rates.transport.timings import now

LOG = getLogger("rates.fetch")


async def publisher_table(io: Io, module: ProviderModule, base: str, settings: Settings, guard: Guard) -> RateTable:
    """A publisher's table for the base: from a request for this base, or from the shared document for all bases."""
    provider = module.PROVIDER
    symbols = settings.symbols if settings.strict else ()
    query = query_for(provider, base, settings, symbols=symbols if provider.per_base and not settings.pegs else ())
    check_query(provider, query)
    download = partial(publisher_answer, io, module, query, settings, guard, effective)
    if provider.per_base:
        answer = await download()
    else:
        source = (settings.offline, settings.replay, settings.record)
        key = (provider.key, query.start, query.end, query.today, *source)
        began, requests = now(), guard.phases.requests
        answer = await once(io, key, settings.run, settings.run_dir, guard, download)
        if guard.phases.requests == requests:
            guard.phases.shared += now() - began
    table = table_of(answer, base, provider, rebase_with_pegs if settings.pegs else rebase, asked=settings.on)
    return select(table, symbols) if symbols else table


class Rebase(Protocol):
    """`rebase`, or `rebase_with_pegs`."""

    def __call__(self, quotes: Quotes, base: str, provider: Provider, *, asked: date | None = None) -> RateTable:
        """The quotes as rates of one unit of base."""


def table_of(answer: Answer, base: str, provider: Provider, rebase: Rebase, *, asked: date | None) -> RateTable:
    """A publisher's answer as a table.

    A service that is simulated from the ECB's history has computed its figures from those of the ECB. The table has
    the ECB's instead, so that each rate shows how it was derived, and from how many digits.
    """
    if not answer.source:
        table = rebase(answer.quotes, base, provider, asked=asked)
        return replace(table, fetched=answer.fetched, digest=answer.digest)
    if answer.source == OWN:
        return own_table(answer, base, provider, rebase, asked=asked)
    quotes, facts = answer.quotes, provider
    if answer.source == HISTORY:
        from rates import history
        from rates.providers import ecb

        history.check_day(asked, provider.key)
        if provider.key != ecb.PROVIDER.key:
            quotes, facts = history.quotes(frozenset(quote.day for quote in quotes)), ecb.PROVIDER
    table = rebase(quotes, base, facts, asked=asked)
    return replace(table, provider=provider.key, source=answer.source, digest=answer.digest)


async def publisher_answer(
    io: Io, module: ProviderModule, query: Query, settings: Settings, guard: Guard, keep: Keep | None = None
) -> Answer:
    """A publisher's answer to a query, with its quotes as published; with `keep`, those that it gives of them.

    If a recording and the history have each answered a part, the source is the history, the lesser of the two.
    """
    if module.PROVIDER.key == OWN:
        return await io.compute(SLOW, own_answer, module.PROVIDER, query, settings)
    sources, digest = set(), hashlib.sha256()
    limits = limits_for(io, module.PROVIDER, settings)
    observe = _recorder(settings.record, settings.day()) if settings.record else None

    async def ask(request: Request) -> Reply:
        if not LOG.isEnabledFor(DEBUG):
            reply = await send(io, request, limits, guard, observe)
        else:
            reply = await _logged(send(io, request, limits, guard, observe), request, module.PROVIDER, settings)
        digest.update(reply.body)
        if settings.mocked:
            sources.add(reply.headers.get(SOURCE_HEADER, ""))
        return reply

    reads_within = apart.limit.set(guard)
    try:
        quotes = await converse(io, module, query, ask, keep)
    finally:
        apart.limit.reset(reads_within)
    source = HISTORY if HISTORY in sources else max(sources, default="")
    return Answer(quotes, source, None if source else datetime.now(UTC), digest.hexdigest())


async def _logged(answer: Awaitable[Reply], request: Request, provider: Provider, settings: Settings) -> Reply:
    """The answer to a request; what was asked and what came are logged, without keys."""
    asked = without_keys(request.public_url(), provider, settings)
    method, began = "POST" if request.form or request.content else "GET", now()
    LOG.debug("%s: %s %s", provider.key, method, asked)
    try:
        reply = await answer
    except RatesError as error:
        LOG.debug("%s: %s after %.3f s: %s", provider.key, error.name, now() - began,
                  without_keys(error.detail, provider, settings))  # fmt: skip
        raise
    LOG.debug("%s: status %s, %d bytes after %.3f s", provider.key, reply.status, len(reply.body), now() - began)
    return reply


def query_for(
    provider: Provider,
    base: str,
    settings: Settings,
    *,
    symbols: tuple[str, ...] = (),
    span: tuple[date, date] | None = None,
) -> Query:
    """The settings' question as this provider is to be asked it; a document for all bases is asked for by its pivot."""
    start, end = span or (settings.on, settings.on)
    return Query(provider.pivot or base, symbols, start, end, settings.day(), secrets(provider, settings))


def limits_for(io: Io, provider: Provider, settings: Settings) -> Limits:
    """How this provider may be asked under these settings; offline, by what answers in place of the network."""
    mock = None
    if settings.mocked and not settings.loopback:
        from rates import offline  # which live use must not pay for

        mock = offline.mock_for(settings)
        if io.uses_requests:
            offline.install()
    seed = "" if settings.seed is None else str(settings.seed)
    return Limits(
        timeout=settings.timeout,
        retries=settings.retries,
        backoff=settings.backoff,
        retry_after=settings.retry_after,
        max_bytes=settings.max_bytes,
        concurrency=provider.concurrency,
        spacing=provider.spacing_s,
        mock=mock,
        mock_blocks=bool(settings.replay),
        through=settings.loopback,
        run=f"{settings.run} {seed}" if settings.loopback else "",
        seed=seed,
    )


@lru_cache(maxsize=4)
def _recorder(folder: str, today: date) -> Observe:
    """The recorder of a folder, one a process."""
    from rates import offline

    return offline.Recorder(folder, today)
