"""Maldives Monetary Authority: the reference rate of the dollar.

Publishes: one rate each working day, Sunday to Thursday, since 2011-04-21.
Quoted: reference rate, rufiyaas for one US dollar.
Answer: JSON, a list with a row a day, newest first; days in English words, rates as text or numbers.
Source: https://www.mma.gov.mv/#/exchangerates

The answer is the whole archive, some 160 kB. Days that come twice (8 and 9 February 2021) count as they come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps

PROVIDER = Provider(
    name="Maldives Monetary Authority",
    country="MV",
    pivot="MVR",
    rate_type="reference",
    published="about 09:00 Indian/Maldives",
    since=date(2011, 4, 21),
    gap_days=14,  # the Eids with their weekends
)

URL = "https://www.mma.gov.mv/JSON/referencerates.json"

_WORDS = re.compile(r"\d{1,2} \w+ (\d{4})", re.ASCII)


def steps(query: Query) -> Steps:
    """The archive, cut to the window; `v` is the asker's day, so that no cache answers with yesterday's file."""
    first, last = query.span(PROVIDER.gap_days)
    reply = yield Request(URL, params=(("v", f"{query.today:%Y%m%d}"),))
    quotes = _quotes(reply.body, first, last)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the whole archive."""
    return _quotes(body, date.min, date.max)


def _quotes(body: bytes, first: date, last: date) -> list[Quote]:
    """The quotes of the window, the first of each day; rows of other years are told by the year in their day."""
    found: dict[date, Quote] = {}
    years = range(first.year, last.year + 1)
    for row in readers.rows(readers.json_value(body)):
        written = _WORDS.fullmatch(row["Date"])
        if not written:
            raise ValueError(f"no day in words: {row['Date']!r}")
        if int(written[1]) not in years:
            continue
        day = readers.day(row["Date"], "D M Y")
        if first <= day <= last:
            found.setdefault(day, Quote("USD", "MVR", readers.number(row["Rate"]), day))
    return list(found.values())
