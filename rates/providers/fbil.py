"""Financial Benchmarks India: the reference rates of the rupee, which the Reserve Bank of India once set itself.

Publishes: six currencies each working day around 13:30 Indian time, since 2018-07-10.
Quoted: reference rates, rupees for as many units as the row's name says, such as "INR / 100 JPY".
Answer: JSON, a list with a row a currency and day, newest first; N/A where there is no rate.
Source: https://www.fbil.org.in/#/refrates
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import spans

PROVIDER = Provider(
    name="Financial Benchmarks India",
    country="IN",
    pivot="INR",
    rate_type="reference",
    published="13:30 Asia/Kolkata",
    since=date(2018, 7, 10),
    max_days=365,  # our own: a year of six currencies is some 250 kB
    concurrency=2,
    terms="https://www.fbil.org.in/#/termsandcondition",
)

URL = "https://www.fbil.org.in/wasdm/refrates/fetchfiltered"

_NAME = re.compile(r"INR / (\d+) ([A-Z]{3})", re.ASCII)
_MIDNIGHT = " 00:00:00"


def steps(query: Query) -> Steps:
    """The rows of the window; an empty list is the word for no working day."""
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        params = (("fromDate", str(start)), ("toDate", str(end)), ("authenticated", "false"))
        reply = yield Request(URL, params=params)
        quotes += parse(reply.body)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows."""
    return list(_quotes(readers.rows(readers.json_value(body))))


def _quotes(rows: Iterable[object]) -> Iterator[Quote]:
    for item in rows:
        row = readers.mapping(item)
        found = _NAME.fullmatch(row["subProdName"].strip())
        if not found:
            raise ValueError(f"no amount and currency: {row['subProdName']!r}")
        if row["rate"] != "N/A":
            day = readers.day(row["processRunDate"].removesuffix(_MIDNIGHT))
            yield Quote(found[2], "INR", readers.per_unit(readers.number(row["rate"]), int(found[1])), day)
