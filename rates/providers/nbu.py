"""National Bank of Ukraine: official rates, precious metals among them.

Publishes: about 45 currencies each working day by 15:30 Kyiv time for the next one; every calendar day has its rates.
Quoted: official rates, hryvnias for 1, 10, 100 or 1000 units; metals per troy ounce.
Answer: JSON, a list with a row a currency and day.
Source: https://bank.gov.ua/en/open-data/api-dev
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import ErrorAnswer, NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import said, spans

PROVIDER = Provider(
    name="National Bank of Ukraine",
    country="UA",
    pivot="UAH",
    rate_type="official",
    published="15:30 Europe/Kyiv, for the next day",
    since=date(1999, 1, 4),
    max_days=365,  # our own: a year of all currencies is some 5 MB
    gap_days=4,  # weekends and feasts repeat the rates in force, so that hardly any day is missing
    concurrency=2,
    terms="https://bank.gov.ua/en/useterms",
)

URL = "https://bank.gov.ua/NBU_Exchange/exchange_site"


def steps(query: Query) -> Steps:
    """The rows of the window, tomorrow's included when they are out."""
    first, last = query.span(PROVIDER.gap_days)
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        window = (("start", f"{start:%Y%m%d}"), ("end", f"{end:%Y%m%d}"))
        reply = yield Request(URL, params=(*window, ("sort", "exchangedate"), ("order", "asc"), ("json", "")))
        quotes += parse(reply.body)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows."""
    return list(_quotes(readers.rows(readers.json_value(body))))


def _quotes(rows: Iterable[object]) -> Iterator[Quote]:
    """A refused question is answered with a list too, whose one row has a message and no currency."""
    for item in rows:
        row = readers.mapping(item)
        if "message" in row:
            raise ErrorAnswer(f"reports {said(row['message'])!r}")
        rate = readers.per_unit(readers.number(row["rate"]), readers.number(row["units"]))
        yield Quote(row["cc"], "UAH", rate, readers.day(row["exchangedate"], "D.M.Y"))
