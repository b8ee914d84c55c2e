"""How one base is fetched, or a provider asked: decides what is to be done, and leaves the doing to others.

The conversations here are run by `worker` in a thread, and by `asynchronous` in an event loop.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from rates import providers
from rates import settings as _settings
from rates.conversion import effective, rebase, select
from rates.currencies import code
from rates.defaults import CONSENSUS
from rates.errors import Interrupted, RatesError, Unsupported, UsageError
from rates.fetch.chain import Chain
from rates.fetch.clock import Clock
from rates.fetch.consensus_fetch import AS_PROVIDER, asking_members
from rates.fetch.pegs import rebase_with_pegs
from rates.fetch.run_provider import driving
from rates.fetch.secrets import complete, secrets
from rates.fetch.validate import refuse
from rates.fetch.wanted import Ask, Once, Plan, Together, Wanted, Within
from rates.model import Outcome, Provider, Query, Quote, RateTable, Reply, Request
from rates.settings import Settings
from rates.transport import Limits, Observe

__all__ = [
    "Ask",
    "Once",
    "Plan",
    "Together",
    "Wanted",
    "Within",
    "attempting",
    "limits_for",
    "pair",
    "query_for",
    "quoting",
    "ranging",
]


def attempting(base: str, settings: Settings | None) -> Plan[Outcome]:
    """What came of one base: its table or the error, and the timings."""
    began, clock, chain = time.time(), Clock(), Chain(None)
    try:
        chosen = settings if settings is not None else _settings.load()
        chain.today = None if chosen.offline else chosen.day()
        base = code(base)
        yield from _asking_chain(base, chosen, chain, clock)
    except RatesError as error:
        chain.broken(_bare(error))
    except Exception as error:  # a fault of ours or of a joined provider; it must not sink the other bases either
        chain.broken(_unexpected(error))
    return chain.outcome(base, clock.timing(began))


def pair(outcome: Outcome) -> tuple[str, RateTable]:
    """Base and table of an outcome; raises the error that stopped the last provider of the chain."""
    if outcome.table is None:
        raise outcome.error or RatesError("nothing was fetched")
    return outcome.base, outcome.table


def _unexpected(error: Exception) -> RatesError:
    """An exception that nobody has named, as an error of ours."""
    return RatesError(f"failed unexpectedly: {type(error).__name__}: {error}"[:300], hint="please report this")


def _bare(error: RatesError) -> RatesError:
    """The error without its frames, which would keep whole answers in memory and cannot cross to another process."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _asking_chain(base: str, settings: Settings, chain: Chain, clock: Clock) -> Plan[None]:
    """Asks the providers until one gives a fresh table.

    Each provider gets an equal share of the time that is left, so that a first one that hangs leaves some for the next.
    """
    modules = [None if key == CONSENSUS else providers.load(key) for key in settings.provider]
    if not modules:
        raise UsageError("no provider is set", hint="name one with --provider")
    ends = time.monotonic() + settings.deadline
    for place, module in enumerate(modules):
        left = ends - time.monotonic()
        provider = module.PROVIDER if module else AS_PROVIDER
        try:
            steps = _table(module, base, settings, clock) if module else _consensus(base, settings, clock)
            table: RateTable = yield Within(left / (len(modules) - place), settings.run, steps, clock)
        except (UsageError, Interrupted):
            raise
        except RatesError as error:
            complete(error, provider, settings, base)
            chain.failed(_bare(error))
        else:
            if chain.answered(table, provider):
                return


def _consensus(base: str, settings: Settings, clock: Clock) -> Plan[RateTable]:
    """The table of medians; a member that lacks one of the symbols counts with the others."""
    loose = settings.with_values(strict=False)
    table = yield from asking_members(base, settings, lambda member: _table(member, base, loose, clock))
    return select(table, settings.symbols) if settings.strict and settings.symbols else table


def _table(module: providers.ProviderModule, base: str, settings: Settings, clock: Clock) -> Plan[RateTable]:
    """One provider's table for the base: a request of its own, or a share of the document for all bases."""
    provider = module.PROVIDER
    symbols = settings.symbols if settings.strict else ()
    query = query_for(provider, base, settings, symbols=symbols if provider.per_base and not settings.pegs else ())
    refuse(provider, query)

    def download() -> Plan[tuple[Quote, ...]]:
        quotes = yield from driving(module, query, _asking(provider, settings, clock))
        return tuple(effective(quotes, provider, query))

    if provider.per_base:
        quotes = yield from download()
    else:
        source = (settings.offline, settings.replay, settings.record)
        asked = (provider.key, query.start, query.end, query.today, *source)
        began, sent = time.perf_counter(), clock.requests
        quotes = yield Once(asked, settings.run, settings.run_dir, download)
        if clock.requests == sent:
            clock.shared += time.perf_counter() - began
    table = (rebase_with_pegs if settings.pegs else rebase)(quotes, base, provider, asked=settings.on)
    return select(table, symbols) if symbols else table


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


def limits_for(provider: Provider, settings: Settings) -> Limits:
    """How this provider may be asked under these settings."""
    mock = None
    if settings.mocked and not settings.loopback:
        from rates import offline  # which live use must not pay for

        mock = offline.mock_for(settings)
    seeded = "" if settings.seed is None else str(settings.seed)
    return Limits(
        settings.timeout,
        settings.retries,
        settings.backoff,
        settings.retry_after,
        settings.max_bytes,
        provider.concurrency,
        provider.spacing_s,
        mock,
        bool(settings.replay),
        settings.loopback,
        f"{settings.run} {seeded}" if settings.loopback else "",
        seeded,
    )


@lru_cache(maxsize=4)
def _recorder(folder: str, today: date) -> Observe:
    """The recorder of a folder, one a process."""
    from rates import offline

    return offline.Recorder(folder, today)


def _asking(provider: Provider, settings: Settings, clock: Clock) -> Callable[[Request], Generator[Ask, Any, Reply]]:
    """How a request is asked with this fetch's limits, recorder and clock."""
    limits = limits_for(provider, settings)
    observe = _recorder(settings.record, settings.day()) if settings.record else None

    def timed(request: Request) -> Generator[Ask, Any, Reply]:
        start = time.perf_counter()
        try:
            reply: Reply = yield Ask(request, limits, observe)
            return reply
        finally:
            clock.wire += time.perf_counter() - start
            clock.requests += 1

    return timed


def quoting(provider: str, query: Query, settings: Settings | None) -> Plan[tuple[Quote, ...]]:
    """One provider's quotes for a query, as published, each with its day.

    A query without secrets is given the provider's key, and one without `today` this day.
    """
    chosen = settings if settings is not None else _settings.load()
    module = providers.load(provider)
    known = query.secrets or secrets(module.PROVIDER, chosen)
    today = chosen.day() if query.today == date.min else query.today
    asked = replace(query, secrets=known, today=today)
    refuse(module.PROVIDER, asked)
    try:
        steps = driving(module, asked, _asking(module.PROVIDER, chosen, Clock()))
        quotes: tuple[Quote, ...] = yield Within(chosen.deadline, chosen.run, steps)
        return quotes
    except RatesError as error:
        complete(error, module.PROVIDER, chosen)
        raise


def ranging(
    base: str, start: date, end: date, settings: Settings | None, symbols: tuple[str, ...]
) -> Plan[tuple[RateTable, ...]]:
    """The tables of each published day from `start` to `end`, both included, oldest first."""
    chosen = settings if settings is not None else _settings.load()
    wanted, error = code(base), RatesError("no provider is set")
    ends = time.monotonic() + chosen.deadline
    for place, key in enumerate(chosen.provider):
        if key == CONSENSUS:
            error = Unsupported("answers for no range of days", provider=key, hint="ask for one day, or one publisher")
            continue
        share = (ends - time.monotonic()) / (len(chosen.provider) - place)
        provider = providers.load(key).PROVIDER
        query = query_for(provider, wanted, chosen, symbols=symbols, span=(start, end))
        if not provider.per_base and symbols:
            query = replace(query, symbols=(*symbols, wanted))
        try:
            quotes = yield from quoting(key, query, chosen.with_values(deadline=share))
            return _by_day(quotes, wanted, provider, (start, end), symbols)
        except (UsageError, Interrupted):
            raise
        except RatesError as failure:
            error = failure
    raise error


def _by_day(
    quotes: tuple[Quote, ...], base: str, provider: Provider, span: tuple[date, date], symbols: tuple[str, ...]
) -> tuple[RateTable, ...]:
    """The quotes of each day within the span as a table of its own."""
    days: dict[date, list[Quote]] = {}
    for quote in quotes:
        if span[0] <= quote.day <= span[1]:
            days.setdefault(quote.day, []).append(quote)
    tables = [rebase(days[day], base, provider, asked=day) for day in sorted(days)]
    return tuple(select(table, [base, *symbols]) if symbols else table for table in tables)
