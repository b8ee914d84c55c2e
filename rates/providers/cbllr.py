"""Central Bank of Liberia: buying and selling rates of the US dollar.

Publishes: the US dollar each day but Sunday, since 2012-07-05.
Quoted: buying and selling rates, whose middle is taken; Liberian dollars for one US dollar.
Answer: web pages of a list, newest first, about 30 days each; cells such as L$182.0819/US$1.00.
Source: https://www.cbl.org.lr/research/buying-selling-rates
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._html import below

PROVIDER = Provider(
    name="Central Bank of Liberia",
    country="LR",
    pivot="USD",
    rate_type="mid of buying and selling",
    published="by 15:00 UTC",
    since=date(2012, 7, 5),
    concurrency=1,  # no limit is known
    spacing_s=0.2,
)

URL = "https://www.cbl.org.lr/research/buying-selling-rates"
HEAD = ("Date", "Buying", "Selling")
# A page has some 31 days in six weeks. Pages are leapt over as if each had fifteen, so that none that counts is.
LEAP_DAYS = 105

_CELL = re.compile(r"L\$([\d.,]+)/US\$1\.00")


def steps(query: Query) -> Steps:
    """Pages from the newest on until one reaches back over the window; those surely newer than it are leapt over."""
    first, last = query.span(PROVIDER.gap_days)
    first = max(first, PROVIDER.since)
    page, leap, before, quotes = 0, 0, date.max, list[Quote]()
    while True:
        reply = yield Request(URL, params=(("page", str(page)),) if page else (), html=True)
        listed = list(parse(reply.body))
        if not listed:
            raise ValueError(f"page {page} lists nothing, and none before reached back to {first}")
        newest, oldest = max(quote.day for quote in listed), min(quote.day for quote in listed)
        if newest >= before:
            raise ValueError(f"page {page} begins with {newest}, the one before it ends with {before}")
        if leap and newest < last and not quotes:
            raise ValueError(f"page {page} begins with {newest}: more days were leapt over than thought")
        quotes += [quote for quote in listed if first <= quote.day <= last]
        if oldest <= first:
            break
        before, leap = oldest, max(0, (oldest - last).days // LEAP_DAYS)
        page += 1 + leap
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the page's list."""
    rows = below(readers.tables(readers.text(body)), HEAD)
    return [
        Quote("USD", "LRD", readers.midpoint(_price(buy), _price(sell)), readers.day(day.partition(", ")[2], "M D, Y"))
        for day, buy, sell in rows
    ]


def _price(cell: str) -> Decimal:
    found = _CELL.fullmatch(cell)
    if not found:
        raise ValueError(f"no price of a US dollar: {cell!r}")
    return readers.number(found[1], thousands=",")
