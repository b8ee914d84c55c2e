"""Norges Bank: middle rates of the Norwegian krone.

Publishes: 36 currencies each working day around 16:00 Oslo time, the SDR among them.
Quoted: middle rates, kroner for one unit, or for 100 where the row's UNIT_MULT is 2.
Answer: SDMX in CSV, a row a currency and day; two indices of the krone stand among the currencies.
Source: https://data.norges-bank.no/

The Belarusian rouble is 2 to 5 % weaker here than by its own bank (March 2026: 3.01 to 3.08 for a dollar, not 2.95).
"""

from rates.errors import EmptyAnswer
from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import csv, day, has_rows, per_unit, power_of_ten, whole_lines

PROVIDER = Provider(
    name="Norges Bank",
    country="NO",
    pivot="NOK",
    rate_type="mid",
    published="16:00 Europe/Oslo",
    since=date(1999, 1, 4),
    max_days=365,  # our own: a year is some 0.4 MB
    gap_days=7,  # Easter closes five days
    concurrency=2,
    terms="https://www.norges-bank.no/en/topics/Statistics/disclaimer/",
)

URL = "https://data.norges-bank.no/api/data/EXR/B..NOK.SP"

INDICES = {"I44", "TWI"}  # the krone's import-weighted and trade-weighted indices


def steps(query: Query) -> Steps:
    """The window in pieces."""
    return by_window(query, PROVIDER, ask, parse, check=has_rows)


def ask(first: date, last: date) -> Request:
    """The table of a window."""
    return get(URL, {"format": "csvdata", "startPeriod": first, "endPeriod": last}, allow=(404,))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows that are of currencies; a bare header is not how the bank says that it has none."""
    rows = [row for row in csv(whole_lines(body)) if row["BASE_CUR"] not in INDICES]
    if not rows:
        raise EmptyAnswer("the table has no rows of currencies")
    for row in rows:
        if (row["FREQ"], row["TENOR"]) != ("B", "SP"):
            raise ValueError(f"no spot rate of a working day: {row['FREQ']} {row['TENOR']}")
        rate = per_unit(row["OBS_VALUE"], power_of_ten(row["UNIT_MULT"]))
        yield Quote(row["BASE_CUR"], row["QUOTE_CUR"], rate, day(row["TIME_PERIOD"]))
