"""One fetch, as coroutines over an `Io`, and so written once for threads and event loops: a base, quotes, a range."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from rates import providers
from rates import settings as _settings
from rates.conversion import rebase, select
from rates.currencies import code
from rates.currencies.believed import believed
from rates.defaults import CONSENSUS
from rates.errors import Interrupted, RatesError, Unsupported, UsageError, quoted, unexpected
from rates.fetch.chain import Chain
from rates.fetch.fixed_units import fixed_units
from rates.fetch.publisher_fetch import limits_for, publisher_answer, publisher_table, query_for, table_of
from rates.fetch.run_provider import Quotes
from rates.fetch.secrets import annotate, secrets
from rates.fetch.single_flight import Answer
from rates.fetch.validate import check_query
from rates.model import Outcome, Provider, Query, Quote, RateTable
from rates.providers.groups import expand
from rates.settings import Settings, days
from rates.settings.keywords import FetchKeywords
from rates.transport import SLOW, Guard, Io, Phases
from rates.transport.watchdog import monotonic

# One link of a chain: the provider's facts, and how its table is fetched.
Link = tuple[Provider, Callable[[str, Settings, Guard], Awaitable[RateTable]]]


async def attempt(io: Io, base: str, settings: Settings | None, given: FetchKeywords | None = None) -> Outcome:
    """The table of one base or the error, and the timings. given: settings as keywords."""
    began, phases, chain, fixed = time.time(), Phases(), Chain(None), None
    try:
        chosen = _settings.resolve_for_table(settings, given or {})
        chain.today = None if chosen.offline else chosen.day()
        _load_files(chosen)
        base = _code(base)
        if (fixed := fixed_units(base, chosen)) is None:
            await _ask_chain(io, base, chosen, chain, phases)
        else:
            await _ask_chain(io, fixed.base.unit, fixed.settings, chain, phases)
    except RatesError as error:
        chain.broken(_bare(error))
    except Exception as error:  # a fault of ours or of a plugin, which must not stop the other bases
        chain.broken(unexpected(error))
    outcome = chain.outcome(base, phases.timing(began))
    if fixed is None or outcome.table is None:
        return outcome
    return replace(outcome, table=fixed.applied(outcome.table))


def pair(outcome: Outcome) -> tuple[str, RateTable]:
    """Base and table of an outcome; raises the error that stopped the last provider of the chain."""
    if outcome.table is None:
        raise outcome.error
    return outcome.base, outcome.table


def _bare(error: RatesError) -> RatesError:
    """The error without its frames, which would keep whole answers in memory and cannot cross to another process."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


async def _ask_chain(io: Io, base: str, settings: Settings, chain: Chain, phases: Phases) -> None:
    """Asks the providers until one gives a fresh table.

    Each provider gets an equal share of the time that is left, so that a first one that hangs leaves some for the next.
    """
    links = [_link(io, key) for key in settings.chain]
    ends = monotonic() + settings.deadline
    for place, (provider, fetch) in enumerate(links):
        left = ends - monotonic()
        try:
            async with io.within(left / (len(links) - place), settings.run, phases) as guard:
                table = await fetch(base, settings, guard)
        except (UsageError, Interrupted):
            raise
        except RatesError as error:
            await io.compute(SLOW, annotate, error, provider, settings, base)
            chain.failed(_bare(error))
        else:
            if chain.answered(table, provider):
                return


def _link(io: Io, key: str) -> Link:
    """The link of a chain that has this key."""
    if key == CONSENSUS:
        from rates.fetch.consensus_fetch import AS_PROVIDER, consensus_table  # few fetches need it: 1.3 ms less

        return AS_PROVIDER, partial(consensus_table, io)
    module = providers.load(key)
    return module.PROVIDER, partial(publisher_table, io, module)


async def fetch_quotes(io: Io, provider: str, query: Query, settings: Settings) -> Quotes:
    """One provider's quotes for a query, as published, each with its day.

    A query without secrets is given the provider's key, and one without `today` this day.
    """
    return (await _answer(io, provider, query, settings)).quotes


async def fetch_answer(
    io: Io, provider: str, base: str, span: tuple[date, date] | None, settings: Settings
) -> Answer | RatesError:
    """A provider's answer for some days, or for the latest without a span; an error is a value.

    base: the currency to ask for, where the provider's document does not have all. Figures of a currency before it
    began or after it ended are left out.
    """
    try:
        _load_files(settings)
        query = query_for(providers.load(provider).PROVIDER, base, settings.with_values(on=None), span=span)
        answer = await _answer(io, provider, query, settings)
        return answer._replace(quotes=believed(answer.quotes, provider=provider))
    except RatesError as error:
        error.provider = error.provider or provider
        return _bare(error)


async def _answer(io: Io, provider: str, query: Query, settings: Settings) -> Answer:
    """The same with the source of the quotes."""
    module = providers.load(provider)
    if not isinstance(query, Query):
        raise UsageError(f"query must be a Query, not {quoted(query)}", hint='like: Query("EUR")')
    known = query.secrets or secrets(module.PROVIDER, settings)
    today = settings.day() if query.today == date.min else query.today
    asked = replace(query, secrets=known, today=today)
    check_query(module.PROVIDER, asked)
    try:
        async with io.within(settings.deadline, settings.run) as guard:
            return await publisher_answer(io, module, asked, settings, guard)
    except RatesError as error:
        annotate(error, module.PROVIDER, settings)
        raise


async def fetch_range(
    io: Io, base: str, start: date | str, end: date | str, settings: Settings, symbols: str | Sequence[str]
) -> tuple[RateTable, ...]:
    """The tables of each published day from `start` to `end`, both included, oldest first.

    Text may be longer than a day: "2024" begins with its first day, and ends with its last.
    """
    today = settings.day()
    span = days.argument("start", start, days.first_day, today), days.argument("end", end, days.last_day, today)
    wanted, error = _code(base), RatesError("no provider is set")
    selected = settings.with_values(symbols=symbols).symbols
    asked = settings.with_values(symbols=(wanted, *selected) if selected else (), strict=bool(selected))
    fixed = fixed_units(wanted, asked.with_values(on=span[1]))
    if fixed is not None and fixed_units(wanted, asked.with_values(on=span[0])) is not None:
        tables = await fetch_range(io, fixed.base.unit, start, end, settings, fixed.settings.symbols)
        return tuple(map(fixed.applied, tables))
    ends = monotonic() + settings.deadline
    for place, key in enumerate(settings.chain):
        if key == CONSENSUS:
            error = Unsupported("answers for no range of days", provider=key, hint="ask for one day, or one provider")
            continue
        left = max(0.001, ends - monotonic()) / (len(settings.chain) - place)
        provider = providers.load(key).PROVIDER
        query = query_for(provider, wanted, settings, symbols=selected, span=span)
        if not provider.per_base and selected:
            query = replace(query, symbols=(*selected, wanted))
        try:
            answer = await _answer(io, key, query, settings.with_values(deadline=left))
            return _by_day(answer, wanted, provider, span, selected)
        except (UsageError, Interrupted):
            raise
        except RatesError as failure:
            error = failure
    raise error


def _code(base: str) -> str:
    """The code of a base; a list of bases is a mistake that the message names."""
    if not isinstance(base, str):
        raise UsageError(f'a base is one code like "USD", not {quoted(base)}', hint="fetch_all takes several")
    return code(base)


def _by_day(
    answer: Answer, base: str, provider: Provider, span: tuple[date, date], symbols: tuple[str, ...]
) -> tuple[RateTable, ...]:
    """A table for each day within the span."""
    days: dict[date, list[Quote]] = {}
    for quote in believed(answer.quotes, provider=provider.key):
        if span[0] <= (quote.valid_to or quote.day) and quote.day <= span[1]:
            days.setdefault(quote.day, []).append(quote)
    tables = [
        table_of(answer._replace(quotes=tuple(days[day])), base, provider, rebase, asked=day) for day in sorted(days)
    ]
    return tuple(select(table, [base, *symbols]) if symbols else table for table in tables)


def _load_files(settings: Settings) -> None:
    """Loads in a worker process the files of the providers that were registered in the process that began the run."""
    if settings.provider_files:
        from rates.providers.registered import add_files  # few runs have any

        add_files(settings.provider_files)


def load_providers(io: Io, settings: Settings) -> None:
    """Loads the settings' providers, and offline what answers in their place."""
    _load_files(settings)
    for key in expand(settings.chain):
        limits_for(io, providers.load(key).PROVIDER, settings)
