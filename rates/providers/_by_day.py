"""Publishers that are asked for one day at a time: the walk back to the newest rates, and the days of a range."""

from __future__ import annotations

from collections.abc import Callable, Container, Generator, Iterable
from datetime import date, timedelta

from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps

SATURDAY, SUNDAY = 5, 6  # as date.weekday() counts
WEEKEND = (SATURDAY, SUNDAY)

One = Callable[[date], Generator[Request, Reply, Iterable[Quote]]]


def by_day(
    query: Query,
    facts: Provider,
    one: One,
    *,
    rests: Container[int] = (),
    enough: Callable[[list[Quote]], bool] = bool,
    in_force: bool = False,
) -> Steps:
    """The quotes that `one` gets for each day of a range, or else from the last day back until there are enough.

    rests: weekdays on which the bank never publishes. A day without rates is `NoRates` or no quotes of `one`. Of a
    range, what an answer holds of another day is left out: that day is asked for itself, or lies outside; but not when
    a day's answer is the list `in_force` on it, which may be dated before, and may be tomorrow's already. The latest
    begins with today's all the same: what a server says of a day that has none yet is not known of most.
    """
    found: dict[Quote, None] = {}  # a list that is repeated over closed days counts once
    days = _days(query, facts, in_force)
    for day in (day for day in days if day.weekday() not in rests):
        try:
            quotes = list((yield from one(day)))
        except NoRates:
            continue
        keep = in_force or query.kind != "range"
        found.update(dict.fromkeys(quote for quote in quotes if keep or quote.day == day))
        if query.kind != "range" and enough(list(found)):
            break
    if not found:
        raise NoRates(f"has no rates of {query.end or query.today}, nor of the days before")
    return list(found)


def _days(query: Query, facts: Provider, in_force: bool) -> list[date]:
    """The days to ask for, up to today: those of a range in order, else the newest first."""
    first, last = query.span(facts.gap_days)
    tomorrows = in_force and query.kind == "day"
    first, last = max(first, facts.since), min(last, query.today + timedelta(days=tomorrows))
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    return days if query.kind == "range" else days[::-1]


def lists(ask: Callable[[date], Request], parse: Callable[[bytes], Iterable[Quote]]) -> One:
    """What gets a day's quotes with one request."""

    def one(day: date) -> Generator[Request, Reply, Iterable[Quote]]:
        reply = yield ask(day)
        return parse(reply.body)

    return one
