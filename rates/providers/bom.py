"""Bank of Mongolia: official reference rates, gold and silver among them.

Publishes: 36 currencies, gold and silver each working day, since 2001-01-02.
Quoted: reference rates, togrogs for one unit of the currency, metals per troy ounce.
Answer: JSON, newest day first, an object a day; numbers are text with commas between thousands, SDR stands for XDR.
Source: https://www.mongolbank.mn/en/currency-rate-movement

The answer is the whole archive, some 5 MB, whatever days are asked for. Two decimals are all that cheap currencies
have: the rupiah is 0.20 and the dong 0.14, which may be 3 % off. The lev, which ended with 2025, is quoted on at 1.665
to the dollar.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import ErrorAnswer, NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._archive import within
from rates.providers._shared import said

PROVIDER = Provider(
    name="Bank of Mongolia",
    country="MN",
    pivot="MNT",
    rate_type="reference",
    published="about 12:00 Asia/Ulaanbaatar",
    since=date(2001, 1, 2),
    gap_days=10,  # Naadam is a feast of five days with its weekends
    concurrency=1,  # 5 MB an answer
    terms="https://www.mongolbank.mn/en",
)

URL = "https://www.mongolbank.mn/en/currency-rate-movement/data"
HEADERS = (("Content-Type", "application/json"), ("Accept", "application/json"))
OTHER_CODES = {"SDR": "XDR"}


def steps(query: Query) -> Steps:
    """One request; only the days of the window are read further."""
    first, last = query.span(PROVIDER.gap_days)
    question = json.dumps({"startDate": str(first), "endDate": str(last)})
    reply = yield Request(URL, content=question.encode(), headers=HEADERS)
    quotes = list(_quotes(reply.body, first, last))
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the whole archive."""
    return list(_quotes(body, date.min, date.max))


def _quotes(body: bytes, first: date, last: date) -> Iterator[Quote]:
    """The quotes of the days from first to last."""
    answer = readers.mapping(readers.json_value(body))
    if answer["success"] is not True:
        raise ErrorAnswer(f"reports no success: {said(answer.get('message', ''))!r}")
    for day, row in within(readers.rows(answer["data"]), "RATE_DATE", first, last):
        for code, rate in row.items():
            if code != "RATE_DATE":
                yield Quote(OTHER_CODES.get(code, code), "MNT", readers.number(rate, thousands=","), day)
