"""What providers need whose data are web pages: whole pages, a table by its head, cookies, and a page for each day."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Generator, Iterable, Sequence
from datetime import date, timedelta

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps

SATURDAY, SUNDAY = 5, 6  # as date.weekday() counts

_COOKIE = re.compile(r"(?:^|,)\s*([^=;,\s]+=[^;,]*)")


def whole(body: bytes, encoding: str = "utf-8-sig") -> str:
    """The text of a page that has its end; one without was cut, and may lack tables that nobody would miss."""
    page = readers.text(body, encoding)
    if "</html>" not in page[-2000:].lower():
        raise ValueError(f"the page does not end: {page[-40:]!r}")
    return page


def below(tables: Iterable[list[list[str]]], head: Sequence[str]) -> list[list[str]]:
    """The rows below the row `head` of the first table that has it; ValueError when none has."""
    for table in tables:
        if list(head) in table:
            return table[table.index(list(head)) + 1 :]
    raise ValueError(f"no table has the head {', '.join(head)}")


def cookies(reply: Reply) -> tuple[tuple[str, str], ...]:
    """The header that sends back the cookies that the answer set; none when it set none."""
    pairs = _COOKIE.findall(reply.headers.get("set-cookie", ""))
    return (("Cookie", "; ".join(pairs)),) if pairs else ()


def day_by_day(
    query: Query,
    facts: Provider,
    one: Callable[[date], Generator[Request, Reply, Iterable[Quote]]],
    *,
    rests: Container[int] = (),
    enough: Callable[[list[Quote]], bool] = bool,
) -> Steps:
    """The quotes that `one` gets for each day of a range, or else from the last day back until there are enough.

    rests: weekdays on which the bank never publishes. A day without rates is `NoRates` or no quotes of `one`. Of a
    range, what an answer holds of another day is left out: that day is asked for itself, or lies outside.
    """
    found: list[Quote] = []
    for day in _days(query, facts, rests):
        try:
            quotes = list((yield from one(day)))
        except NoRates:
            continue
        found += [quote for quote in quotes if query.kind != "range" or quote.day == day]
        if query.kind != "range" and enough(found):
            break
    if not found:
        raise NoRates(f"has no rates of {query.end or query.today}, nor of the days before")
    return found


def _days(query: Query, facts: Provider, rests: Container[int]) -> list[date]:
    """The days to ask for, up to today: those of a range in order, else the newest first."""
    first, last = query.span(facts.gap_days)
    first, last = max(first, facts.since), min(last, query.today)
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    open_days = [day for day in days if day.weekday() not in rests]
    return open_days if query.kind == "range" else open_days[::-1]
