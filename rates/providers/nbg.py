"""National Bank of Georgia: official rates of the lari.

Publishes: 42 currencies each working day by 17:01 Tbilisi time for the next calendar day, Saturdays among them.
Quoted: official rates, laris for 1 to 10,000 units, as each row's quantity says.
Answer: JSON, one day a request, answered with the list in force, under its own earlier date; numbers bare.
Source: https://nbg.gov.ge/en/monetary-policy/currency
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from rates import readers
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._by_day import by_day, lists

PROVIDER = Provider(
    name="National Bank of Georgia",
    country="GE",
    pivot="GEL",
    rate_type="official",
    published="17:01 Asia/Tbilisi, for the next day",  # the time stamped on each row
    since=date(1995, 10, 14),
    max_days=1,
    gap_days=10,  # the New Year's holidays and the weekends around them
    spacing_s=0.2,
    terms="https://nbg.gov.ge/en",  # the bank states no terms
)

URL = "https://nbg.gov.ge/gw/api/ct/monetarypolicy/currencies/"

_MIDNIGHT = "T00:00:00.000Z"


def steps(query: Query) -> Steps:
    """One request a day; a closed one is answered with the list before it, so that none is walked back over."""
    return (yield from by_day(query, PROVIDER, lists(_asked, parse), in_force=True))


def _asked(day: date) -> Request:
    return Request(URL, params=(("date", str(day)),))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the list in force; an empty answer is for a day before the first."""
    return [quote for item in readers.rows(readers.json_value(body)) for quote in _quotes(readers.mapping(item))]


def _quotes(item: Mapping[str, Any]) -> Iterator[Quote]:
    day = readers.day(item["date"].removesuffix(_MIDNIGHT))
    rows = readers.rows(item["currencies"])
    if not rows:
        raise ValueError(f"the list of {day} has no currencies")
    for row in rows:
        rate = readers.per_unit(readers.number(row["rate"]), readers.number(row["quantity"]))
        yield Quote(row["code"], "GEL", rate, day)
