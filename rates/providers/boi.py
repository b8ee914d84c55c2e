"""Bank of Israel: representative exchange rates.

Publishes: 14 currencies each working day around 15:30 Jerusalem time, fewer of them on some days.
Quoted: representative rates, new shekels for a power of ten of units that each row names (yen per 100, LBP per 10).
Answer: SDMX in CSV, a row a currency and day.
Source: https://www.boi.org.il/en/economic-roles/statistics/foreign-exchange-market/exchange-rates/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from rates import readers
from rates.errors import NoRates, NotFound
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import said

PROVIDER = Provider(
    name="Bank of Israel",
    country="IL",
    pivot="ILS",
    rate_type="representative",
    published="15:30 Asia/Jerusalem",
    since=date(2000, 1, 1),
    gap_days=10,  # feasts of a week with the weekends around them
    mixed_days=True,  # 2026-03-05 and 06 have seven currencies, 2026-03-02 all fourteen
    concurrency=2,
    terms="https://www.boi.org.il/en/terms-of-use",
)

URL = "https://edge.boi.gov.il/FusionEdgeServer/sdmx/v2/data/dataflow/BOI.STATISTICS/EXR/1.0/"

# SDMX answers a window without data with status 404 and words such as these; another 404 would be a moved address.
NOTHING = re.compile(rb"no (data|results|records)", re.IGNORECASE)


def steps(query: Query) -> Steps:
    """One request for the window; OF00 are the representative rates."""
    first, last = query.span(PROVIDER.gap_days)
    last = min(last, query.today)
    window = (("startperiod", str(first)), ("endperiod", str(last)))
    params = (("c[DATA_TYPE]", "OF00"), *window, ("format", "csv"))
    reply = yield Request(URL, params=params, allow=(404,))
    if reply.status < 400:
        return parse(reply.body)
    if NOTHING.search(reply.body):
        raise NoRates(f"has no rates from {first} to {last}")
    raise NotFound(f"answers {said(reply.body.decode('utf-8', 'replace'))!r}: the address has moved")


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows."""
    return list(_quotes(readers.csv(readers.whole_lines(body))))


def _quotes(rows: Iterable[dict[str, str]]) -> Iterator[Quote]:
    for row in rows:
        units = Decimal(1).scaleb(int(row["UNIT_MULT"]))
        rate = readers.per_unit(readers.number(row["OBS_VALUE"]), units)
        yield Quote(row["BASE_CURRENCY"], row["COUNTER_CURRENCY"], rate, readers.day(row["TIME_PERIOD"]))
