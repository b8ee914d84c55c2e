"""Bank of Canada: daily average exchange rates.

Publishes: 23 currencies each working day by 16:30 Ottawa time, since 2017-01-03 (noon rates before are not read).
Quoted: indicative averages of the day, Canadian dollars for one unit of the currency.
Answer: JSON, one observation a day with a series a currency, rates as text.
Source: https://www.bankofcanada.ca/valet/docs
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from rates import readers
from rates.errors import ErrorAnswer, NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import said

PROVIDER = Provider(
    name="Bank of Canada",
    country="CA",
    pivot="CAD",
    rate_type="indicative",
    published="16:30 America/Toronto",
    since=date(2017, 1, 3),
    concurrency=2,
    terms="https://www.bankofcanada.ca/terms/",
)

URL = "https://www.bankofcanada.ca/valet/observations/group/FX_RATES_DAILY/json"

_SERIES = re.compile(r"FX([A-Z]{3})CAD")


def steps(query: Query) -> Steps:
    """One request for the window; no observation in it is the bank's way to say that it rested."""
    first, last = query.span(PROVIDER.gap_days)
    last = min(last, query.today)
    reply = yield Request(URL, params=(("start_date", str(first)), ("end_date", str(last))))
    quotes = list(parse(reply.body))
    if not quotes:
        raise NoRates(f"has no observation from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all observations."""
    answer = readers.mapping(readers.json_value(body))
    if "observations" not in answer:
        raise ErrorAnswer(f"reports {said(answer['message'])!r}")
    return [quote for row in readers.rows(answer["observations"]) for quote in _quotes(row)]


def _quotes(row: Mapping[str, Any]) -> Iterator[Quote]:
    """One observation: its day under d, and a series such as FXUSDCAD for each currency."""
    day = readers.day(row["d"])
    for series, value in row.items():
        if series == "d":
            continue
        found = _SERIES.fullmatch(series)
        if not found:
            raise ValueError(f"no series of a currency against the Canadian dollar: {series!r}")
        yield Quote(found[1], "CAD", readers.number(value["v"]), day)
