"""Bank of Canada: daily average exchange rates.

Publishes: 23 currencies each working day by 16:30 Ottawa time, since 2017-01-03 (noon rates before are not read).
Quoted: indicative averages of the day, Canadian dollars for one unit of the currency.
Answer: JSON, one observation a day with a series a currency, rates as text.
Source: https://www.bankofcanada.ca/valet/docs
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import day, matched, number, records

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
    """One request for the window; no observation in it says that the bank rested."""
    return by_window(query, PROVIDER, ask, parse)


def ask(first: date, last: date) -> Request:
    """The observations of a window."""
    return get(URL, {"start_date": first, "end_date": last})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all observations: a day under d, and a series such as FXUSDCAD for each currency."""
    for row in records(body, "observations", error=("message",)):
        on = day(row["d"])
        for series, value in row.items():
            if series != "d":
                code = matched(_SERIES, series, "series of a currency against the Canadian dollar")[1]
                yield Quote(code, "CAD", number(value["v"]), on)
