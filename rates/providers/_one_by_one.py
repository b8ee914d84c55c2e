"""For publishers that give one currency, or one day, a request: what to ask for, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from datetime import date, timedelta

from rates.errors import NoRates, Unsupported
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps

SATURDAY = 5  # as date.weekday() counts


def wanted(query: Query, known: Iterable[str]) -> list[str]:
    """The currencies of `known` that the query needs, in their order; all of them when it names no symbols."""
    if not query.symbols:
        return list(known)
    found = [code for code in known if code in (query.base, *query.symbols)]
    if not found:
        raise Unsupported(f"publishes none of {', '.join(query.symbols)}")
    return found


def together(quotes: list[Quote], asked: Sequence[str], window: str) -> list[Quote]:
    """The quotes of the currencies asked for one by one; a bank that has none for any of them rested.

    One that has none for the US dollar alone did not: an answer was lost.
    """
    if not quotes:
        raise NoRates(f"has no rates {window}")
    if "USD" in asked and not any("USD" in (quote.base, quote.symbol) for quote in quotes):
        raise ValueError(f"the US dollar has no rates {window}, others have")
    return quotes


def day_by_day(
    query: Query, provider: Provider, one: Callable[[date], Generator[Request, Reply, list[Quote]]]
) -> Steps:
    """Asks `one` for each working day of a range, or else from the last day back to the first that has rates.

    Of a range, what an answer holds of another day is left out: that day is asked for itself, or lies outside.
    """
    quotes: list[Quote] = []
    for day in _working_days(query, provider):
        found = yield from one(day)
        if found and query.kind != "range":
            return found
        quotes += [quote for quote in found if quote.day == day]
    if not quotes:
        raise NoRates(f"has no rates of {query.end or query.today}, nor of the working days before")
    return quotes


def _working_days(query: Query, provider: Provider) -> list[date]:
    """Monday to Friday, up to today: of a range in order, else the newest first."""
    first, last = query.span(provider.gap_days)
    first, last = max(first, provider.since), min(last, query.today)
    every = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    days = [day for day in every if day.weekday() < SATURDAY]
    return days if query.kind == "range" else days[::-1]
