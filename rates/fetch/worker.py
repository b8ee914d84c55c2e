"""Asks the chain of providers for one base, within one deadline."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache

from rates import providers
from rates import settings as _settings
from rates.convert import effective, rebase, select
from rates.currencies import code
from rates.errors import Interrupted, KeyNeeded, NotRecorded, RatesError, UsageError
from rates.fetch.absent import explain
from rates.fetch.blend import ask_members
from rates.fetch.chain import Chain
from rates.fetch.checks import refuse
from rates.fetch.drive import drive
from rates.fetch.once import once
from rates.fetch.pegs import rebase_with_pegs
from rates.model import Outcome, Provider, Query, Quote, RateTable, Reply, Request, Timing
from rates.settings import Settings
from rates.transport import Guard, Limits, send

Observe = Callable[[Request, Reply], None]

RECORDED = "recorded"  # the key for a replay: recordings hold no keys, and answer without one
SHORTEST_KEY = 4  # a shorter "key" would be found in every message


def fetch_rates(base: str, settings: Settings | None = None) -> tuple[str, RateTable]:
    """The pair (base, rates): the base's code and a Mapping of symbol to Decimal that knows its pedigree.

    Raises the `RatesError` that stopped the last provider of the chain. Without settings, those of the config file
    and the environment hold.
    """
    outcome = attempt(base, settings)
    if outcome.table is None:
        raise outcome.error or RatesError("nothing was fetched")
    return outcome.base, outcome.table


def attempt(base: str, settings: Settings | None = None) -> Outcome:
    """What came of one base: its table or the error, never an exception (but KeyboardInterrupt), and the timings."""
    began, clock, chain = time.time(), _Clock(), Chain(None)
    try:
        chosen = settings if settings is not None else _settings.load()
        chain.today = None if chosen.offline else chosen.day()
        base = code(base)
        _ask_chain(base, chosen, chain, clock)
    except RatesError as error:
        chain.broken(_bare(error))
    except Exception as error:  # a fault of ours or of a joined provider; it must not sink the other bases either
        chain.broken(_unexpected(error))
    return chain.outcome(base, Timing(began, time.perf_counter() - clock.start, clock.wire, clock.requests))


class _Clock:
    """Counts the requests of one fetch and the time they took, the waiting for a turn included."""

    __slots__ = ("requests", "start", "wire")

    def __init__(self) -> None:
        self.start, self.wire, self.requests = time.perf_counter(), 0.0, 0


def _unexpected(error: Exception) -> RatesError:
    """An exception that nobody has named, as an error of ours."""
    return RatesError(f"failed unexpectedly: {type(error).__name__}: {error}"[:300], hint="please report this")


def _bare(error: RatesError) -> RatesError:
    """The error without its frames, which would keep whole answers in memory and cannot cross to another process."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _ask_chain(base: str, settings: Settings, chain: Chain, clock: _Clock) -> None:
    """Asks the providers until one gives a fresh table.

    Each provider gets an equal share of the time that is left, so that a first one that hangs leaves some for the next.
    """
    modules = [providers.load(key) for key in settings.provider]
    if not modules:
        raise UsageError("no provider is set", hint="name one with --provider")
    ends = time.monotonic() + settings.deadline
    for place, module in enumerate(modules):
        left = ends - time.monotonic()
        try:
            with Guard(left / (len(modules) - place)) as guard:
                table = _ask(module, base, settings, guard, clock)
        except (UsageError, Interrupted):
            raise
        except RatesError as error:
            _complete(error, module.PROVIDER, settings, base)
            chain.failed(_bare(error))
        else:
            if chain.answered(table, module.PROVIDER):
                return


def _complete(error: RatesError, provider: Provider, settings: Settings, base: str = "") -> None:
    """Adds what only this level knows: whom the error is of, and what to do about it; and takes out the key.

    A publisher may repeat the key in its complaint, and so may an exception about a damaged one.
    """
    for key in (key for _, key in secrets(provider, settings) if key != RECORDED and len(key) >= SHORTEST_KEY):
        error.detail, error.hint = error.detail.replace(key, "KEY"), error.hint.replace(key, "KEY")
        error.args = (error.detail,)
    error.provider = error.provider or provider.key
    explain(error, provider.key, base, settings)
    if isinstance(error, KeyNeeded):
        error.hint = f'set {provider.key_env}, or {provider.key} = "…" under [keys] in the config file'
        error.hint += f"; keys are given at {provider.key_url}" if provider.key_url else ""
    if isinstance(error, NotRecorded):
        asked = " ".join(part for part in (base, "--provider", provider.key) if part)
        asked += f" --on {settings.on}" if settings.on else ""
        error.hint = error.hint.replace("--provider KEY", asked)


def _ask(module: providers.ProviderModule, base: str, settings: Settings, guard: Guard, clock: _Clock) -> RateTable:
    """One provider's table for the base: a request of its own, or a share of the document for all bases."""
    provider = module.PROVIDER
    symbols = settings.symbols if settings.strict else ()
    if provider.key in providers.BLENDS:
        loose = settings.with_values(strict=False)
        table = ask_members(base, settings, guard, lambda member, own: _ask(member, base, loose, own, clock))
        return select(table, symbols) if symbols else table
    query = query_for(provider, base, settings, symbols=symbols if provider.per_base and not settings.pegs else ())
    refuse(provider, query)

    def download() -> tuple[Quote, ...]:
        return tuple(effective(drive(module, query, _sender(provider, settings, guard, clock)), provider, query))

    if provider.per_base:
        quotes = download()
    else:
        source = (settings.offline, settings.replay, settings.record)
        asked = (provider.key, query.start, query.end, query.today, *source)
        quotes = once(asked, settings.run, settings.run_dir, guard, download)
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


def secrets(provider: Provider, settings: Settings) -> tuple[tuple[str, str], ...]:
    """The provider's own key and no other: from the settings, else from its variable in the environment."""
    if not provider.key_env:
        return ()
    value = dict(settings.keys).get(provider.key) or os.environ.get(provider.key_env, "")
    value = value.strip()  # a key that was read from a file has its line break
    if settings.replay and not value:
        value = RECORDED
    return ((provider.key, value),) if value else ()


def with_keys(settings: Settings) -> Settings:
    """The settings with the keys of their providers that this process's environment holds, for workers elsewhere."""
    keys = dict(settings.keys)
    for key in settings.provider:
        keys.update(secrets(providers.load(key).PROVIDER, settings))
    return replace(settings, keys=tuple(sorted(keys.items())))


def limits_for(provider: Provider, settings: Settings) -> Limits:
    """How this provider may be asked under these settings."""
    mock = None
    if settings.mocked:
        from rates import offline  # brings `responses`, which live use must not pay for

        offline.install()
        mock = offline.mock_for(settings)
    return Limits(
        settings.timeout,
        settings.retries,
        settings.backoff,
        settings.retry_after,
        settings.max_bytes,
        provider.concurrency,
        provider.spacing_s,
        mock,
    )


@lru_cache(maxsize=4)
def _recorder(folder: str, today: date) -> Observe:
    """The recorder of a folder, one a process."""
    from rates import offline

    return offline.Recorder(folder, today)


def _sender(provider: Provider, settings: Settings, guard: Guard, clock: _Clock) -> Callable[[Request], Reply]:
    """`send` with this fetch's limits, guard, recorder and clock."""
    limits = limits_for(provider, settings)
    observe = _recorder(settings.record, settings.day()) if settings.record else None

    def timed(request: Request) -> Reply:
        start = time.perf_counter()
        try:
            return send(request, limits, guard, observe)
        finally:
            clock.wire += time.perf_counter() - start
            clock.requests += 1

    return timed


def fetch_quotes(provider: str, query: Query, settings: Settings | None = None) -> tuple[Quote, ...]:
    """One provider's quotes for a query, as published, each with its day; raises the named error.

    A query without secrets is given the provider's key, and one without `today` this day.
    """
    chosen = settings if settings is not None else _settings.load()
    module = providers.load(provider)
    known = query.secrets or secrets(module.PROVIDER, chosen)
    today = chosen.day() if query.today == date.min else query.today
    asked = replace(query, secrets=known, today=today)
    refuse(module.PROVIDER, asked)
    try:
        with Guard(chosen.deadline) as guard:
            return drive(module, asked, _sender(module.PROVIDER, chosen, guard, _Clock()))
    except RatesError as error:
        _complete(error, module.PROVIDER, chosen)
        raise


def fetch_range(
    base: str, start: date, end: date, settings: Settings | None = None, symbols: tuple[str, ...] = ()
) -> tuple[RateTable, ...]:
    """The tables of each published day from `start` to `end`, both included, oldest first.

    The first provider of the settings' chain that can answer for a range and does is taken for all of it; each has an
    equal share of the time that is left.
    """
    chosen = settings if settings is not None else _settings.load()
    wanted, error = code(base), RatesError("no provider is set")
    ends = time.monotonic() + chosen.deadline
    for place, key in enumerate(chosen.provider):
        share = (ends - time.monotonic()) / (len(chosen.provider) - place)
        provider = providers.load(key).PROVIDER
        query = query_for(provider, wanted, chosen, symbols=symbols, span=(start, end))
        if not provider.per_base and symbols:
            query = replace(query, symbols=(*symbols, wanted))
        try:
            quotes = fetch_quotes(key, query, chosen.with_values(deadline=share))
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


def warm(settings: Settings) -> bool:
    """Loads in this worker all that a fetch needs, so that a pool's start-up can be told from its work."""
    for key in settings.provider:
        module = providers.load(key)
        limits_for(module.PROVIDER, settings)
    return True
