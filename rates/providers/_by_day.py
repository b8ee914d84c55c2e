"""Publishers whose every answer is one day's list: the walk back to the newest, and the days of a range."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps

Ask = Callable[[date], Request]
Parse = Callable[[bytes], Iterable[Quote]]


def by_day(query: Query, facts: Provider, ask: Ask, parse: Parse) -> Steps:
    """The newest list that is in force on the day asked for, or the list of each day of a range.

    The latest begins with today's, never tomorrow's: what a server says of a day that has none yet is not known of
    most. A list that has no rows, in the publisher's good form, is how it says that it rested.
    """
    if query.kind == "range" and query.start is not None and query.end is not None:
        return (yield from _each(max(query.start, facts.since), min(query.end, query.today), ask, parse))
    last = query.end or query.today
    first = max(last - timedelta(days=facts.gap_days), facts.since)
    for back in range((last - first).days + 1):
        reply = yield ask(last - timedelta(days=back))
        quotes = list(parse(reply.body))
        if quotes:
            return quotes
    raise NoRates(f"has no rates from {first} to {last}")


def _each(first: date, last: date, ask: Ask, parse: Parse) -> Steps:
    """The lists of all days; one that is repeated over closed days counts once."""
    found: dict[Quote, None] = {}
    for back in range((last - first).days + 1):
        reply = yield ask(first + timedelta(days=back))
        found.update(dict.fromkeys(parse(reply.body)))
    if not found:
        raise NoRates(f"has no rates from {first} to {last}")
    return list(found)
