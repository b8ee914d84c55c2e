"""A source of prices for `bean-price`, the price fetcher of Beancount: official rates, from the store, or the network.

In a ledger, with the pair as the ticker:

    2024-01-01 commodity EUR
      price: "USD:rates.beanprice/EUR-USD"

or on the command line: `bean-price -e USD:rates.beanprice/EUR-USD`. A provider stands before the pair:
`rates.beanprice/nbp:EUR-PLN`; without one those of the settings are asked in turn. Rates of a day come by the rule of
the settings, `when` and `max_age`: by default the newest on or before it, at most 7 days old. RATES_OFFLINE=1 keeps
this off the network.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import date, datetime, time

from beanprice import source

import rates
from rates.currencies import code
from rates.errors import RatesError, UsageError, quoted
from rates.settings.keywords import SeriesKeywords
from rates.store.records import Rate

log = logging.getLogger(__name__)
_TICKER = re.compile(r"(?:([a-z]\w*):)?([A-Za-z]{3})[-_:]?([A-Za-z]{3})", re.ASCII)
CLOSE = time(16)  # bean-price asks for this hour of a day; any hour would do that is the same day in the user's zone


class Source(source.Source):  # type: ignore[misc]  # beanprice has no types
    """The source, by the name that bean-price looks for. What has no rate is None, with the reason in the log."""

    def get_latest_price(self, ticker: str) -> source.SourcePrice | None:
        """The newest rate."""
        return _price(ticker, None)

    def get_historical_price(self, ticker: str, time: datetime) -> source.SourcePrice | None:
        """The rate of that day, or of the last published day before it."""
        return _price(ticker, _day(time))

    def get_prices_series(
        self, ticker: str, time_begin: datetime, time_end: datetime
    ) -> list[source.SourcePrice] | None:
        """The rates of all published days from one day to another."""
        try:
            base, symbol, provider = _pair(ticker)
            found: Iterable[Rate] = rates.series(f"{base}/{symbol}", _day(time_begin), _day(time_end), **provider)
            return [_source_price(rate) for rate in found]
        except RatesError as error:
            log.error("%s: %s", ticker, error)
            return None


def _price(ticker: str, day: date | None) -> source.SourcePrice | None:
    try:
        base, symbol, provider = _pair(ticker)
        return _source_price(rates.look_up(base, symbol, day, **provider))
    except RatesError as error:
        log.error("%s: %s", ticker, error)
        return None


def _pair(ticker: str) -> tuple[str, str, SeriesKeywords]:
    """The base, the symbol and, as a keyword, the provider of a ticker: EUR-USD, EURUSD, nbp:EUR-PLN."""
    found = _TICKER.fullmatch(ticker)
    if not found:
        raise UsageError(f"not a pair: {quoted(ticker)}", hint="write it like EUR-USD, or with a provider: nbp:EUR-PLN")
    provider, base, symbol = found.groups()
    return code(base), code(symbol), {"provider": provider} if provider else {}


def _day(moment: datetime) -> date:
    """The day of a moment in the user's time zone."""
    return moment.astimezone().date()


def _source_price(rate: Rate) -> source.SourcePrice:
    return source.SourcePrice(rate.rate, datetime.combine(rate.day, CLOSE).astimezone(), rate.symbol)
