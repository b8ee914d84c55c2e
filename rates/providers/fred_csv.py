"""Federal Reserve, release H.10, from the graphs of the data service FRED, without a key.

Publishes: 22 currencies each Monday for the working days of the week before, since 1971.
Quoted: noon buying rates in New York, units of the currency for a dollar; AUD, EUR, GBP and NZD dollars for one unit.
Answer: CSV, a row a day and a column a series; empty cells on holidays, and before a series began.
Source: https://fred.stlouisfed.org/graph/fredgraph.csv

The figures are those of `fred`, which asks the documented interface with a key.
"""

from rates.providers._fred import LATEST_DAYS, SERIES, pair
from rates.providers.kit import (
    Iterable,
    Provider,
    Query,
    Quote,
    Request,
    Steps,
    by_window,
    date,
    get,
    timedelta,
    wanted,
)
from rates.readers import csv, day, named, number, whole_lines

PROVIDER = Provider(
    name="Federal Reserve Bank of St. Louis, graphs",
    country="US",
    pivot="USD",
    rate_type="market buying",
    cadence="weekly",
    published="16:15 America/New_York, Mondays for the week before",
    since=date(1971, 1, 4),
    spacing_s=1.0,
    reprints="fred",
    terms="https://fred.stlouisfed.org/legal/",
)

URL = "https://fred.stlouisfed.org/graph/fredgraph.csv"
# Two weeks have working days that are published, whatever day is asked for: a table without rows was cut.
MARGIN = timedelta(days=14)
CODES = {series: code for code, series in SERIES.items()}
DAY_COLUMNS = ("observation_date", "DATE")  # the second is the name of before 2025


def steps(query: Query) -> Steps:
    """One request for a window, of the currencies that are asked for."""
    series = ",".join(SERIES[code] for code in wanted(query, SERIES))

    def ask(first: date, last: date) -> Request:
        return get(URL, {"id": series, "cosd": first - MARGIN, "coed": last})

    return by_window(query, PROVIDER, ask, parse, latest_days=LATEST_DAYS, cut=True)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all days; an empty cell between rates, on a day that has others, is a rate that was lost."""
    table = list(csv(whole_lines(body)))
    if not table:
        raise ValueError("the table has no rows")
    column = next((name for name in DAY_COLUMNS if name in table[0]), DAY_COLUMNS[0])
    days = [(day(row.pop(column)), row) for row in table]
    open_days = [(on, row) for on, row in days if any(row.values())]
    for series in table[0]:
        base, symbol = pair(named(CODES, series))
        rates = [(on, row[series]) for on, row in open_days]
        while rates and not rates[-1][1]:
            rates.pop()  # the series has ended, or its newest rate is late
        begun = False
        for on, rate in rates:
            begun = begun or bool(rate)
            if begun:
                yield Quote(base, symbol, number(rate), on)
