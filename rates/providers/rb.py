"""Sveriges Riksbank: indicative rates of the Swedish krona.

Publishes: 29 currencies each working day around 16:15 Stockholm time.
Quoted: indicative middle rates, kronor for one unit.
Answer: JSON, a row a series and day, bare numbers; a series is named SEK, the code and PMI.
Source: https://www.riksbank.se/en-gb/statistics/
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import day, has_rows, matched, number, records

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
    return by_window(query, PROVIDER, ask, parse, check=has_rows)


def ask(first: date, last: date) -> Request:
    """All series of the krona in a window."""
    return get(f"{URL}/{first}/{last}", allow=(204,))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows. What stands as the euro before there was one is the ECU, one to one."""
    for row in records(body, error=("message",)):
        series, on = str(row["seriesId"]), day(row["date"])
        if series == ONE_KRONA:
            continue
        code = matched(_SERIES, series, "series of a currency against the krona")[1]
        code = "XEU" if code == "EUR" and on < EURO_SINCE else code
        yield Quote(code, "SEK", number(row["value"]), on)
