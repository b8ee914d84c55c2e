"""National Bank of North Macedonia: middle rates of the denar.

Publishes: 31 currencies for every calendar day, weekends repeated.
Quoted: middle rates (sreden), denars for one unit; for 100 of some in old years, as each row's nomin says.
Answer: JSON, a row a currency and day; datum is the day of use, datum_f that of setting, names in three languages.
Source: https://www.nbrm.mk/web-servis-novo-en.nspx
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import spans

PROVIDER = Provider(
    name="National Bank of the Republic of North Macedonia",
    country="MK",
    pivot="MKD",
    rate_type="mid",
    published="by 14:00 Europe/Skopje, for the next day",  # the bank names no time; seen from 12:00 on
    since=date(1993, 1, 1),
    max_days=90,  # our own: a day is some 9 KB
    gap_days=4,  # every calendar day has its rates
    spacing_s=0.2,
)

URL = "https://www.nbrm.mk/KLServiceNOV/GetExchangeRate"


def steps(query: Query) -> Steps:
    """The window in pieces; the latest reach to tomorrow, whose rates are set today."""
    first, last = query.span(PROVIDER.gap_days)
    quotes: list[Quote] = []
    for start, end in spans(max(first, PROVIDER.since), last, PROVIDER.max_days or 1):
        window = (("StartDate", f"{start:%d.%m.%Y}"), ("EndDate", f"{end:%d.%m.%Y}"))
        reply = yield Request(URL, params=(*window, ("format", "json")))
        quotes += parse(reply.body)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows, each of its day of use."""
    return [
        Quote(
            row["oznaka"],
            "MKD",
            readers.per_unit(readers.number(row["sreden"]), readers.number(row["nomin"])),
            readers.day(row["datum"].removesuffix("T00:00:00")),
        )
        for row in readers.rows(readers.json_value(body))
    ]
