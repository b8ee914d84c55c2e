"""One publisher asked: its query, the limits of its requests, its quotes and its table."""

from __future__ import annotations

from datetime import date
from functools import lru_cache, partial

from rates.conversion import effective, rebase, select
from rates.fetch.pegged_rates import rebase_with_pegs
from rates.fetch.run_provider import Keep, Quotes, converse
from rates.fetch.secrets import secrets
from rates.fetch.single_flight import once
from rates.fetch.validate import check_query
from rates.model import Provider, Query, RateTable, Reply, Request
from rates.providers import ProviderModule
from rates.settings import Settings
from rates.transport import Guard, Io, Limits, Observe, send
from rates.transport.timings import now


async def publisher_table(io: Io, module: ProviderModule, base: str, settings: Settings, guard: Guard) -> RateTable:
    """A publisher's table for the base: from a request for this base, or from the shared document for all bases."""
    provider = module.PROVIDER
    symbols = settings.symbols if settings.strict else ()
    query = query_for(provider, base, settings, symbols=symbols if provider.per_base and not settings.pegs else ())
    check_query(provider, query)
    download = partial(publisher_quotes, io, module, query, settings, guard, effective)
    if provider.per_base:
        quotes = await download()
    else:
        source = (settings.offline, settings.replay, settings.record)
        key = (provider.key, query.start, query.end, query.today, *source)
        began, requests = now(), guard.phases.requests
        quotes = await once(io, key, settings.run, settings.run_dir, guard, download)
        if guard.phases.requests == requests:
            guard.phases.shared += now() - began
    table = (rebase_with_pegs if settings.pegs else rebase)(quotes, base, provider, asked=settings.on)
    return select(table, symbols) if symbols else table


async def publisher_quotes(
    io: Io, module: ProviderModule, query: Query, settings: Settings, guard: Guard, keep: Keep | None = None
) -> Quotes:
    """A publisher's quotes for a query, as published; with `keep`, those that it gives of them."""
    limits = limits_for(io, module.PROVIDER, settings)
    observe = _recorder(settings.record, settings.day()) if settings.record else None

    async def ask(request: Request) -> Reply:
        return await send(io, request, limits, guard, observe)

    return await converse(io, module, query, ask, keep)


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
