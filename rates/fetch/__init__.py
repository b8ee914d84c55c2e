"""Fetches the rates of one base currency; in a thread, a process or a cluster.

`fetch_rates(base)` raises the error; `attempt(base)` gives it as a value, with timings. The functions here run in the
calling thread; `rates.aio` has the same for event loops. Both run the coroutines of `core`, over the `Io` of a thread
or of a loop.

Without settings, those of the config file and the environment hold. Keywords set single ones on top, with values as in
`Settings(...)`: `fetch_rates("USD", provider="ecb", on="2020-03-02")`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Unpack

from rates.errors import RatesError
from rates.fetch import core
from rates.fetch.run_provider import run_provider
from rates.fetch.single_flight import Answer
from rates.model import Outcome, Query, Quote, RateTable
from rates.settings import Settings, resolve
from rates.settings.keywords import FetchKeywords, QuotesKeywords, RangeKeywords
from rates.transport import THREAD, run_coroutine

__all__ = ["Answer", "attempt", "fetch_answer", "fetch_quotes", "fetch_range", "fetch_rates", "run_provider", "warm"]


def fetch_rates(base: str, settings: Settings | None = None, **given: Unpack[FetchKeywords]) -> tuple[str, RateTable]:
    """The pair (base, rates): the base's code and a Mapping of symbol to Decimal, with the pedigree of each rate.

    Raises the `RatesError` that stopped the last provider of the chain.
    """
    return core.pair(attempt(base, settings, **given))


def attempt(base: str, settings: Settings | None = None, **given: Unpack[FetchKeywords]) -> Outcome:
    """The table of one base or the error, never an exception (but KeyboardInterrupt), and the timings."""
    return run_coroutine(core.attempt(THREAD, base, settings, given))


def fetch_quotes(
    provider: str, query: Query, settings: Settings | None = None, **given: Unpack[QuotesKeywords]
) -> tuple[Quote, ...]:
    """One provider's quotes for a query, as published, each with its day; raises the named error.

    They may have more days and currencies than the query: all that the publisher's document has. A query
    without secrets is given the provider's key, and one without `today` this day.
    """
    return run_coroutine(core.fetch_quotes(THREAD, provider, query, resolve(settings, given)))


def fetch_answer(provider: str, base: str, span: tuple[date, date] | None, settings: Settings) -> Answer | RatesError:
    """A provider's answer for some days, or for the latest without a span, with its digest; an error is a value.

    base: the currency to ask for, where the provider's document does not have all.
    """
    return run_coroutine(core.fetch_answer(THREAD, provider, base, span, settings))


def fetch_range(
    base: str,
    start: date | str,
    end: date | str,
    settings: Settings | None = None,
    symbols: str | Sequence[str] = (),
    **given: Unpack[RangeKeywords],
) -> tuple[RateTable, ...]:
    """The tables of each published day from `start` to `end`, both included, oldest first.

    start, end: days, also as text like "2020-03-02"; of a longer time, like "2020-03", its first and its last day.
    symbols: those that each table has; all by default.
    All come from the first provider of the settings' chain that answers for the range; each provider has an equal share
    of the time that is left.
    """
    return run_coroutine(core.fetch_range(THREAD, base, start, end, resolve(settings, given), symbols))


def warm(settings: Settings) -> bool:
    """Loads all that a fetch needs in this worker, so that a pool's start-up is not counted as its work."""
    core.load_providers(THREAD, settings)
    return True
