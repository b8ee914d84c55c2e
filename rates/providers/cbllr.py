"""Central Bank of Liberia: buying and selling rates of the US dollar.

Publishes: the US dollar each day but Sunday, since 2012-07-05.
Quoted: buying and selling rates, whose middle is taken; Liberian dollars for one US dollar.
Answer: web pages of a list, newest first, about 30 days each; cells such as L$182.0819/US$1.00.
Source: https://www.cbl.org.lr/research/buying-selling-rates
"""

import re

from rates.providers.kit import Decimal, Iterable, Provider, Query, Quote, Steps, date, get, not_empty, window
from rates.readers import day, matched, midpoint, number, rows_below, tables, text

PROVIDER = Provider(
    name="Central Bank of Liberia",
    country="LR",
    pivot="USD",
    rate_type="mid of buying and selling",
    published="by 15:00 UTC",
    since=date(2012, 7, 5),
    spacing_s=0.2,
)

URL = "https://www.cbl.org.lr/research/buying-selling-rates"
HEAD = ("Date", "Buying", "Selling")
# A page has some 31 days in six weeks. Pages are leapt over as if each had fifteen, so that none that counts is.
LEAP_DAYS = 105

_CELL = re.compile(r"L\$([\d.,]+)/US\$1\.00")


def steps(query: Query) -> Steps:
    """Pages from the newest on until one reaches back over the window; those surely newer than it are leapt over."""
    first, last = window(query, PROVIDER)
    page, leap, before, quotes = 0, 0, date.max, list[Quote]()
    while before > first:
        reply = yield get(URL, {"page": page} if page else {}, html=True)
        listed = list(parse(reply.body))
        if not listed:
            raise ValueError(f"page {page} lists nothing, and none before reached back to {first}")
        newest, oldest = max(quote.day for quote in listed), min(quote.day for quote in listed)
        if newest >= before:
            raise ValueError(f"page {page} begins with {newest}, the one before it ends with {before}")
        if leap and newest < last and not quotes:
            raise ValueError(f"page {page} begins with {newest}: more days were leapt over than thought")
        quotes += (quote for quote in listed if first <= quote.day <= last)
        before, leap = oldest, max(0, (oldest - last).days // LEAP_DAYS)
        page += 1 + leap
    return not_empty(quotes, first, last)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the page's list."""
    for on, buy, sell in rows_below(tables(text(body)), HEAD):
        yield Quote("USD", "LRD", midpoint(_price(buy), _price(sell)), day(on.partition(", ")[2], "M D, Y"))


def _price(cell: str) -> Decimal:
    return number(matched(_CELL, cell, "price of a US dollar")[1], thousands=",")
