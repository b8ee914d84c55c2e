"""Bank of Botswana: rates of the pula.

Publishes: 6 currencies and the SDR each working day about midday, Gaborone time; the whole history in one file.
Quoted: units of the foreign currency for one pula, with four decimals, so that some have three digits only.
Answer: CSV with a mark of its encoding, days as "30 Oct 2026", columns CHN and YEN for CNY and JPY, not in order.
Source: https://www.bankofbotswana.bw/exchange-rates

Two days are left out, since their figures stand in columns of other currencies: 2001-01-03 and 2003-08-15. Of a day
that is listed twice the first row counts: the second row of 2019-08-13 has the rates of a year before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps

PROVIDER = Provider(
    name="Bank of Botswana",
    country="BW",
    pivot="BWP",
    rate_type="official",
    published="12:00 Africa/Gaborone",
    since=date(2001, 1, 4),  # the first good day that is known
    gap_days=10,
    terms="https://www.bankofbotswana.bw/content/disclaimer",
)

URL = "https://www.bankofbotswana.bw/export/exchange-rates.csv"
COLUMNS = {"CHN": "CNY", "EUR": "EUR", "GBP": "GBP", "USD": "USD", "SDR": "XDR", "YEN": "JPY", "ZAR": "ZAR"}
SHIFTED = (date(2001, 1, 3), date(2003, 8, 15))
NONE, NONE_UNTIL = "0.0000", date(2016, 10, 31)  # the yuan stands at zero before its first rate, of October 2016

_WRITTEN = re.compile(r"\d\d [A-Z][a-z]{2} (\d{4})")


def steps(query: Query) -> Steps:
    """The whole file, of which the days of the window are read; one that is not in it is a day of rest."""
    first, last = query.span(PROVIDER.gap_days)
    reply = yield Request(URL, params=(("page", ""), ("_format", "csv")))
    quotes = list(_quotes(reply.body, first, last if query.end else date.max))
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all days."""
    return list(_quotes(body, date.min, date.max))


def _quotes(body: bytes, first: date, last: date) -> Iterator[Quote]:
    seen = set(SHIFTED)
    row: dict[str, str] = {}
    for row in readers.csv(readers.whole_lines(body)):
        written = _WRITTEN.fullmatch(row["Date"])
        if written and not first.year <= int(written[1]) <= last.year:
            continue  # by far the most: a day is read in twenty times the time of a year
        day = readers.day(row.pop("Date"), "D M Y")
        if day in seen or not first <= day <= last:
            continue
        seen.add(day)
        if row.keys() != COLUMNS.keys():
            raise ValueError(f"the columns {', '.join(COLUMNS)} were due, got {', '.join(row)}")
        for name, text in row.items():
            if text != NONE or name != "CHN" or day > NONE_UNTIL:
                yield Quote("BWP", COLUMNS[name], readers.number(text), day)
    if not row:
        raise ValueError("the file has no rows")
