"""Reserve Bank of Malawi: reference rates.

Publishes: about 37 currencies each working day, since 2011-06-20.
Quoted: the bank's own middle rates, kwachas for one unit.
Answer: a piece of a page, a row a currency and day, posted for a window; commas between thousands, English dates.
Source: https://www.rbm.mw/Statistics/MajorRates

The euro, the pound, the franc and the rand stood 4 % above their crosses in January 2024, the others agreed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._html import below
from rates.providers._shared import spans

PROVIDER = Provider(
    name="Reserve Bank of Malawi",
    country="MW",
    pivot="MWK",
    rate_type="mid",
    published="by 16:00 UTC",
    since=date(2011, 6, 20),
    max_days=30,  # our own: a month of all currencies is some 300 KB
    gap_days=10,
    concurrency=1,  # no limit is known
    spacing_s=0.2,
)

URL = "https://www.rbm.mw/Statistics/ExchangeRatesFilter/"
HEAD = ("Currency", "Buying", "Middle", "Selling", "Date")
# CMD is no code of any currency. Ireland's pound, gone since 1999, stands upside down: 0.72 US dollars, not 1.39.
LEFT_OUT = ("CMD", "IEP")


def steps(query: Query) -> Steps:
    """One posted form for the window, in the American order of dates."""
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        window = (("StartDate", f"{start:%m/%d/%Y}"), ("EndDate", f"{end:%m/%d/%Y}"))
        reply = yield Request(URL, form=(("RateTypes", ""), *window), html=True)
        quotes += parse(reply.body)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the table's rows; a table without rows is how the bank says that it has none."""
    rows = below(readers.tables(readers.text(body)), HEAD)
    return [
        Quote(code, "MWK", readers.number(middle, thousands=","), readers.day(day, "M D Y"))
        for code, _, middle, _, day in rows
        if code not in LEFT_OUT
    ]
