"""Asks the chain of providers for one base, within one deadline."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import date

from rates import providers
from rates import settings as _settings
from rates.convert import effective, rebase, select
from rates.currencies import code, ended
from rates.errors import Interrupted, KeyNeeded, MissingSymbols, NotRecorded, RatesError, Unsupported, UsageError
from rates.fetch.asking import Clock, limits_for, sender
from rates.fetch.checks import refuse
from rates.fetch.drive import drive
from rates.fetch.once import once
from rates.model import Outcome, Provider, Query, Quote, RateTable
from rates.settings import Settings
from rates.transport import Guard

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
    began, clock = time.time(), Clock()
    passed: list[RatesError] = []
    table = None
    try:
        chosen = settings if settings is not None else _settings.load()
        base = code(base)
        table = _ask_chain(base, chosen, passed, clock)
    except RatesError as error:
        passed.append(_bare(error))
    except Exception as error:  # a fault of ours or of a joined provider; it must not sink the other bases either
        passed.append(_unexpected(error))
    timing = clock.timing(began)
    if table is None:
        return Outcome(base, None, passed[-1], tuple(passed[:-1]), timing)
    return Outcome(base, table, None, tuple(passed), timing)


def _unexpected(error: Exception) -> RatesError:
    """An exception that nobody has named, as an error of ours."""
    return RatesError(f"failed unexpectedly: {type(error).__name__}: {error}"[:300], hint="please report this")


def _bare(error: RatesError) -> RatesError:
    """The error without its frames, which would keep whole answers in memory and cannot cross to another process."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _ask_chain(base: str, settings: Settings, passed: list[RatesError], clock: Clock) -> RateTable:
    """The table of the first provider that answers; the errors of those before it are added to `passed`.

    Each provider gets an equal share of the time that is left, so that a first one that hangs leaves some for the next.
    """
    modules = [providers.load(key) for key in settings.provider]
    ends = time.monotonic() + settings.deadline
    for place, module in enumerate(modules):
        left = ends - time.monotonic()
        try:
            with Guard(left / (len(modules) - place), clock) as guard:
                return _ask(module, base, settings, guard, clock)
        except (UsageError, Interrupted):
            raise
        except RatesError as error:
            _complete(error, module.PROVIDER, settings, base)
            if place == len(modules) - 1:
                raise
            passed.append(_bare(error))
    raise UsageError("no provider is set", hint="name one with --provider")


def _complete(error: RatesError, provider: Provider, settings: Settings, base: str = "") -> None:
    """Adds what only this level knows: whom the error is of, and what to do about it; and takes out the key.

    A publisher may repeat the key in its complaint, and so may an exception about a damaged one.
    """
    for key in (key for _, key in secrets(provider, settings) if key != RECORDED and len(key) >= SHORTEST_KEY):
        error.detail, error.hint = error.detail.replace(key, "KEY"), error.hint.replace(key, "KEY")
        error.args = (error.detail,)
    error.provider = error.provider or provider.key
    if isinstance(error, KeyNeeded):
        error.hint = f'set {provider.key_env}, or {provider.key} = "…" under [keys] in the config file'
        error.hint += f"; keys are given at {provider.key_url}" if provider.key_url else ""
    if isinstance(error, NotRecorded):
        asked = " ".join(part for part in (base, "--provider", provider.key) if part)
        asked += f" --on {settings.on}" if settings.on else ""
        error.hint = error.hint.replace("--provider KEY", asked)


def _ask(module: providers.ProviderModule, base: str, settings: Settings, guard: Guard, clock: Clock) -> RateTable:
    """One provider's table for the base: a request of its own, or a share of the document for all bases."""
    provider = module.PROVIDER
    symbols = settings.symbols if settings.strict else ()
    query = query_for(provider, base, settings, symbols=symbols if provider.per_base else ())
    refuse(provider, query)

    def download() -> tuple[Quote, ...]:
        return tuple(effective(drive(module, query, sender(provider, settings, guard, clock)), provider, query))

    if provider.per_base:
        quotes = download()
    else:
        source = (settings.offline, settings.replay, settings.record)
        asked = (provider.key, query.start, query.end, query.today, *source)
        began, sent = time.perf_counter(), clock.requests
        quotes = once(asked, settings.run, settings.run_dir, guard, download)
        if clock.requests == sent:
            clock.shared += time.perf_counter() - began
    try:
        table = rebase(quotes, base, provider, asked=settings.on)
        return select(table, symbols) if symbols else table
    except (MissingSymbols, Unsupported) as error:
        gone = error.symbols if isinstance(error, MissingSymbols) else (base,)
        notes = [note for note in (ended(symbol, query.end or query.today) for symbol in gone) if note]
        error.hint = "; ".join(notes) or error.hint
        raise


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
            return drive(module, asked, sender(module.PROVIDER, chosen, guard, Clock()))
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
    if settings.offline and not settings.loopback:
        from rates.offline import history  # what stands in for the servers is no part of anybody's first fetch

        history.row(settings.day())
    return True
