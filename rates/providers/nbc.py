"""National Bank of Cambodia: the official rate of the US dollar, and cross rates.

Publishes: 29 currencies each working day, in the afternoon for the next one, since 2008-01-14.
Quoted: the dollar's official rate; of the others bid and ask, whose average is printed; riels for 1, 100 or 1000 units.
Answer: a web page; the first has the newest rates and a token, with which another day's is asked for.
Source: https://www.nbc.gov.kh/english/economic_research/exchange_rate.php

The averages are of whole riels: those of the won and the other small currencies have three digits, and agree with
their crosses to two per cent.
"""

import re
from datetime import timedelta

from rates.errors import NoRates
from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, by_day_pieces, cookies, date, get, post
from rates.readers import day, hidden, number, per_unit, rows_below, tables, whole_page

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
    """The page as first sent, unless its rates are of next week; else each day's page, asked for with its own token."""
    if query.kind == "latest":
        quotes = list(parse((yield get(URL, html=True)).body))
        if quotes[0].day <= query.today + timedelta(days=1):
            return quotes
    return (yield from by_day_pieces(query, PROVIDER, one))


def one(on: date) -> Steps:
    """A day's page; the token of the page before is good for one question."""
    page = yield get(URL, html=True)
    token = hidden(whole_page(page.body)).get("tk")
    if not token:
        raise ValueError("the page has no token")
    form = {"exdate": on, "tk": token, "view": "View"}
    reply = yield post(URL, form, headers=(*cookies(page), ("Referer", URL)), html=True)
    quotes = list(parse(reply.body))
    if quotes[0].day != on:
        raise ValueError(f"expected rates of {on}, got those of {quotes[0].day}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the page's day: the dollar's, which stands above the table, and the table's."""
    page = whole_page(body)
    if NOTHING in page:
        raise NoRates("has no rates of that day")
    found = tables(page)
    words = "\n".join(cell for table in found for row in table for cell in row)
    dated, dollar = _DAY.search(words), _DOLLAR.search(words)
    if not dated or not dollar:
        raise ValueError("no day, or no official rate of the US dollar")
    on = day(dated[1])
    yield Quote("USD", "KHR", number(dollar[1], thousands=","), on)
    rows = rows_below(found, HEAD)
    if not rows:
        raise ValueError("the table has no rows")
    for _, symbol, units, _, _, average in rows:
        pair = _SYMBOL.fullmatch(symbol)
        if not pair:
            raise ValueError(f"no currency against the riel: {symbol!r}")
        rate = per_unit(number(average, thousands=","), units)
        yield Quote("XDR" if pair[1] == "SDR" else pair[1], "KHR", rate, on)
