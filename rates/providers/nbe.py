"""National Bank of Ethiopia: weighted average rates of the birr.

Publishes: 19 currencies each working day, the SDR among them.
Quoted: weighted averages of the banks' rates, birr for one unit; buying and selling rates stand beside them.
Answer: JSON, one day a request, numbers as text; a list without rows on a closed day.
Source: https://nbe.gov.et/exchange-rate/
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rates import readers
from rates.errors import ErrorAnswer
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._by_day import by_day, lists
from rates.providers._shared import said

PROVIDER = Provider(
    name="National Bank of Ethiopia",
    country="ET",
    pivot="ETB",
    rate_type="market average",
    published="by 15:00 Africa/Addis_Ababa",  # the bank names no time; seen from 13:00 on
    since=date(2024, 10, 1),  # the birr was floated in the summer before, with gaps
    max_days=1,
    spacing_s=0.2,
    official=False,  # an average of what banks ask; the bank neither sets nor declares one
)

URL = "https://api.nbe.gov.et/api/filter-exchange-rates"


def steps(query: Query) -> Steps:
    """One request a day, back over closed ones."""
    return (yield from by_day(query, PROVIDER, lists(_asked, parse), in_force=True))


def _asked(day: date) -> Request:
    return Request(URL, params=(("date", str(day)),))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day's list."""
    answer = readers.mapping(readers.json_value(body))
    if answer["success"] is not True:
        raise ErrorAnswer(f"reports {said(answer.get('message'))!r}")
    return [
        Quote(row["currency"]["code"], "ETB", readers.number(row["weighted_average"]), readers.day(row["date"]))
        for row in readers.rows(answer["data"])
    ]
