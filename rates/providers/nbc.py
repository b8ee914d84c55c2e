"""National Bank of Cambodia: the official rate of the US dollar, and cross rates.

Publishes: 29 currencies each working day, in the afternoon for the next one, since 2008-01-14.
Quoted: the dollar's official rate; of the others bid and ask, whose average is printed; riels for 1, 100 or 1000 units.
Answer: a web page; the first has the newest rates and a token, with which another day's is asked for.
Source: https://www.nbc.gov.kh/english/economic_research/exchange_rate.php

The averages are of whole riels: those of the won and the other small currencies have three digits, and agree with
their crosses to two per cent.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from datetime import date, timedelta

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._by_day import by_day
from rates.providers._html import below, cookies, whole

PROVIDER = Provider(
    name="National Bank of Cambodia",
    country="KH",
    pivot="KHR",
    rate_type="official",
    published="by 11:00 UTC, for the next working day",
    since=date(2008, 1, 14),
    max_days=1,
    gap_days=10,
    concurrency=1,  # a firewall before it answers 403 now and then
    spacing_s=0.5,
)

URL = "https://www.nbc.gov.kh/english/economic_research/exchange_rate.php"
HEAD = ("Currency", "Symbol", "Unit", "Bid", "Ask", "Average")
NOTHING = "There is no data available."

_DAY = re.compile(r"Exchange Rate on : (\d{4}-\d{2}-\d{2})")
_DOLLAR = re.compile(r"Official Exchange Rate : ([\d,.]+) KHR / USD")
_SYMBOL = re.compile(r"([A-Z]{3})/KHR")


def steps(query: Query) -> Steps:
    """The page as it comes, unless its rates are of next week; else each day's, with a token of its own."""
    if query.kind == "latest":
        quotes = list(parse((yield Request(URL, html=True)).body))
        if quotes[0].day <= query.today + timedelta(days=1):
            return quotes
    return (yield from by_day(query, PROVIDER, _one))


def _one(day: date) -> Generator[Request, Reply, Iterable[Quote]]:
    """A day's page; the token of the page before is good for one question."""
    page = yield Request(URL, html=True)
    token = readers.hidden(whole(page.body)).get("tk")
    if not token:
        raise ValueError("the page has no token")
    form = (("exdate", str(day)), ("tk", token), ("view", "View"))
    reply = yield Request(URL, form=form, headers=(*cookies(page), ("Referer", URL)), html=True)
    quotes = list(parse(reply.body))
    if quotes[0].day != day:
        raise ValueError(f"rates of {day} were due, got those of {quotes[0].day}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the page's day: the table's, and before them the dollar's, which stands above it."""
    page = whole(body)
    if NOTHING in page:
        raise NoRates("has no rates of that day")
    tables = readers.tables(page)
    words = "\n".join(cell for table in tables for row in table for cell in row)
    day_found, dollar = _DAY.search(words), _DOLLAR.search(words)
    if not day_found or not dollar:
        raise ValueError("no day, or no official rate of the US dollar")
    day = readers.day(day_found[1])
    rows = below(tables, HEAD)
    if not rows:
        raise ValueError("the table has no rows")
    return [Quote("USD", "KHR", readers.number(dollar[1], thousands=","), day), *(_quote(row, day) for row in rows)]


def _quote(row: list[str], day: date) -> Quote:
    _, symbol, units, _, _, average = row
    found = _SYMBOL.fullmatch(symbol)
    if not found:
        raise ValueError(f"no currency against the riel: {symbol!r}")
    code = "XDR" if found[1] == "SDR" else found[1]
    return Quote(code, "KHR", readers.per_unit(readers.number(average, thousands=","), readers.number(units)), day)
