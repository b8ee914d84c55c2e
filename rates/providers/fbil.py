"""Financial Benchmarks India: the reference rates of the rupee, which the Reserve Bank of India once set itself.

Publishes: six currencies each working day around 13:30 Indian time, since 2018-07-10.
Quoted: reference rates, rupees for as many units as the row's name says, such as "INR / 100 JPY".
Answer: JSON, a list with a row a currency and day, newest first; N/A where there is no rate.
Source: https://www.fbil.org.in/#/refrates
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import day, matched, per_unit, records

PROVIDER = Provider(
    name="Financial Benchmarks India",
    country="IN",
    pivot="INR",
    rate_type="reference",
    published="13:30 Asia/Kolkata",
    since=date(2018, 7, 10),
    max_days=365,  # our own: a year of six currencies is some 250 kB
    concurrency=2,
    terms="https://www.fbil.org.in/#/termsandcondition",
)

URL = "https://www.fbil.org.in/wasdm/refrates/fetchfiltered"

_NAME = re.compile(r"INR / (\d+) ([A-Z]{3})", re.ASCII)


def steps(query: Query) -> Steps:
    """The rows of the window; an empty list means that it has no working day."""
    return by_window(query, PROVIDER, ask, parse)


def ask(first: date, last: date) -> Request:
    """The rows of a window."""
    return get(URL, {"fromDate": first, "toDate": last, "authenticated": "false"})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows."""
    for row in records(body):
        found = matched(_NAME, row["subProdName"].strip(), "amount and currency")
        if row["rate"] != "N/A":
            yield Quote(found[2], "INR", per_unit(row["rate"], found[1]), day(row["processRunDate"]))
