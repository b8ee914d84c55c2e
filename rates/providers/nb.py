"""Norges Bank: middle rates of the Norwegian krone.

Publishes: 36 currencies each working day around 16:00 Oslo time, the SDR among them.
Quoted: middle rates, kroner for one unit, or for 100 where the row's UNIT_MULT is 2.
Answer: SDMX in CSV, a row a currency and day; two indices of the krone stand among the currencies.
Source: https://data.norges-bank.no/

The Belarusian rouble is 2 to 5 % weaker here than by its own bank (March 2026: 3.01 to 3.08 for a dollar, not 2.95).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from rates import readers
from rates.errors import EmptyAnswer, NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._sdmx import has_rows
from rates.providers._shared import spans

PROVIDER = Provider(
    name="Norges Bank",
    country="NO",
    pivot="NOK",
    rate_type="mid",
    published="16:00 Europe/Oslo",
    since=date(1999, 1, 4),
    max_days=365,  # our own: a year is some 0.4 MB
    gap_days=7,  # Easter closes five days
    concurrency=2,
    terms="https://www.norges-bank.no/en/topics/Statistics/disclaimer/",
)

URL = "https://data.norges-bank.no/api/data/EXR/B..NOK.SP"

INDICES = {"I44", "TWI"}  # the krone's import-weighted and trade-weighted indices


def steps(query: Query) -> Steps:
    """The window in pieces."""
    first, last = query.span(PROVIDER.gap_days)
    last = min(last, query.today)
    quotes: list[Quote] = []
    for start, end in spans(max(first, PROVIDER.since), last, PROVIDER.max_days or 1):
        window = (("startPeriod", str(start)), ("endPeriod", str(end)))
        reply = yield Request(URL, params=(("format", "csvdata"), *window), allow=(404,))
        if has_rows(reply):
            quotes += parse(reply.body)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows that are of currencies; a bare header is not how the bank says that it has none."""
    quotes = list(_quotes(readers.csv(readers.whole_lines(body))))
    if not quotes:
        raise EmptyAnswer("the table has no rows of currencies")
    return quotes


def _quotes(rows: Iterable[dict[str, str]]) -> Iterator[Quote]:
    for row in rows:
        if (row["FREQ"], row["TENOR"]) != ("B", "SP"):
            raise ValueError(f"no spot rate of a working day: {row['FREQ']} {row['TENOR']}")
        if row["BASE_CUR"] in INDICES:
            continue
        units = Decimal(1).scaleb(int(row["UNIT_MULT"]))
        rate = readers.per_unit(readers.number(row["OBS_VALUE"]), units)
        yield Quote(row["BASE_CUR"], row["QUOTE_CUR"], rate, readers.day(row["TIME_PERIOD"]))
