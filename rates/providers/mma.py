"""Maldives Monetary Authority: the reference rate of the dollar.

Publishes: one rate each working day, Sunday to Thursday, since 2011-04-21.
Quoted: reference rate, rufiyaas for one US dollar.
Answer: JSON, a list with a row a day, newest first; days in English words, rates as text or numbers.
Source: https://www.mma.gov.mv/#/exchangerates

The answer is the whole archive, some 160 kB. Days that come twice (8 and 9 February 2021) count as they come first.
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, archive, date, get
from rates.readers import day, number, records

PROVIDER = Provider(
    name="Maldives Monetary Authority",
    country="MV",
    pivot="MVR",
    rate_type="reference",
    published="about 09:00 Indian/Maldives",
    since=date(2011, 4, 21),
    gap_days=14,  # the Eids with their weekends
)

URL = "https://www.mma.gov.mv/JSON/referencerates.json"

_WORDS = re.compile(r"\d{1,2} \w+ (\d{4})", re.ASCII)


def steps(query: Query) -> Steps:
    """The archive, cut to the window; `v` is the asker's day, so that no cache answers with yesterday's file."""
    return archive(query, PROVIDER, get(URL, {"v": f"{query.today:%Y%m%d}"}), parse)


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of the window, the first of each day; the year in a row's day shows whether to read it further."""
    found: dict[date, Quote] = {}
    for row in records(body):
        written = _WORDS.fullmatch(row["Date"])
        if not written:
            raise ValueError(f"not a day in words: {row['Date']!r}")
        if first.year <= int(written[1]) <= last.year and first <= (on := day(row["Date"], "D M Y")) <= last:
            found.setdefault(on, Quote("USD", "MVR", number(row["Rate"]), on))
    return found.values()
