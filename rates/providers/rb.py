"""Sveriges Riksbank: indicative rates of the Swedish krona.

Publishes: 29 currencies each working day around 16:15 Stockholm time.
Quoted: indicative middle rates, kronor for one unit.
Answer: JSON, a row a series and day, bare numbers; a series is named SEK, the code and PMI.
Source: https://www.riksbank.se/en-gb/statistics/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import ErrorAnswer, NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import said, spans

PROVIDER = Provider(
    name="Sveriges Riksbank",
    country="SE",
    pivot="SEK",
    rate_type="indicative",
    published="16:15 Europe/Stockholm",
    since=date(1993, 1, 4),
    max_days=365,
    gap_days=7,  # Easter and the Christmas week close up to five days
    spacing_s=1.0,  # without a key the service counts requests by the minute
    terms="https://www.riksbank.se/en-gb/about-the-website/terms-of-use/",
)

URL = "https://api.riksbank.se/swea/v1/Observations/ByGroup/130"

ONE_KRONA = "SEKETT"  # a constant among the series: one (ett) krona
EURO_SINCE = date(1999, 1, 4)

_SERIES = re.compile(r"SEK([A-Z]{3})PMI")


def steps(query: Query) -> Steps:
    """The window in pieces of a year; status 204, No Content, is a window without working days."""
    first, last = query.span(PROVIDER.gap_days)
    last = min(last, query.today)
    quotes: list[Quote] = []
    for start, end in spans(max(first, PROVIDER.since), last, PROVIDER.max_days or 1):
        reply = yield Request(f"{URL}/{start}/{end}", allow=(204,))
        if reply.status != 204:
            quotes += parse(reply.body)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows."""
    answer = readers.json_value(body)
    if isinstance(answer, dict) and "message" in answer:
        raise ErrorAnswer(f"reports {said(answer['message'])!r}")
    return list(_quotes(readers.rows(answer)))


def _quotes(rows: Iterable[dict[str, object]]) -> Iterator[Quote]:
    """What stands as the euro before there was one is the ECU, one to one."""
    for row in rows:
        series = str(row["seriesId"])
        if series == ONE_KRONA:
            continue
        found = _SERIES.fullmatch(series)
        if not found:
            raise ValueError(f"no series of a currency against the krona: {series!r}")
        day = readers.day(row["date"])
        code = "XEU" if found[1] == "EUR" and day < EURO_SINCE else found[1]
        yield Quote(code, "SEK", readers.number(row["value"]), day)
