"""Federal Reserve Board, release H.10, from its Data Download Program.

Publishes: 22 currencies each Monday for the working days of the week before, since 1971.
Quoted: noon buying rates in New York, units of the currency for a dollar; AUD, EUR, GBP and NZD dollars for one unit.
Answer: CSV, six lines about the series and then a row a day, numbers with four decimals, "ND" on holidays.
Source: https://www.federalreserve.gov/datadownload/Choose.aspx?rel=H10

This CSV is the form of the release of which an answer is recorded: the monthly means (G.5) of 1999 to 2020, in the same
layout. The Board announced the end of the program for the weeks from 9 November 2026; the XML archive that stays is not
read, since no answer is known. `fred` and `fred_csv` have the same figures. Venezuela's column is left out: its code
there, VEB, ended in 2008.
"""

import re

from rates.providers._fred import IN_DOLLARS, LATEST_DAYS, PER_DOLLAR
from rates.providers.kit import (
    WEEKEND,
    Iterable,
    Provider,
    Query,
    Quote,
    Request,
    Steps,
    date,
    get,
    not_empty,
    timedelta,
    window,
)
from rates.readers import counted, csv, day, matched, named, number, period

PROVIDER = Provider(
    name="Federal Reserve Board",
    country="US",
    pivot="USD",
    rate_type="market buying",
    cadence="weekly",
    published="16:15 America/New_York, Mondays for the week before",
    since=date(1971, 1, 4),
    reprints="fred",  # the same figures, which count once
    proven=False,
    terms="https://www.federalreserve.gov/disclaimer.htm",
)

URL = "https://www.federalreserve.gov/datadownload/Output.aspx"
PACKAGE = "60f32914ab61dfab590e0e470153e3ae"  # the daily rates of 23 currencies
HEAD, TABLE = b'"Series Description"', b'"Time Period"'
HOLIDAY = "ND"
CODES = {**PER_DOLLAR, **IN_DOLLARS, "JA": "JPY"}  # by the last letters of a series; FRED writes JP
LEFT_OUT = "VE"
_SERIES = re.compile(r"RXI(\$US)?_N\.([BM])\.([A-Z]{2})")
_FIGURE = re.compile(r"\d{1,9}\.\d{4}")  # a number that was cut has fewer decimals


def steps(query: Query) -> Steps:
    """The newest rows, as many as there are working days from the first one asked for to today."""
    first, last = window(query, PROVIDER, latest_days=LATEST_DAYS)
    days = (first + timedelta(days=count) for count in range((query.today - first).days + 1))
    most = sum(on.weekday() not in WEEKEND for on in days) or 1
    reply = yield ask(most)
    counted(table(reply.body), most, "days")  # the last line has no end, so that a cut would be missed
    return not_empty([quote for quote in parse(reply.body) if first <= quote.day <= last], first, last)


def ask(rows: int) -> Request:
    """The newest rows of the daily rates."""
    params = {"rel": "H10", "series": PACKAGE, "lastobs": rows, "from": "", "to": "", "filetype": "csv"}
    return get(URL, {**params, "label": "include", "layout": "seriescolumn", "type": "package"})


def table(body: bytes) -> list[dict[str, str]]:
    """The rows of the table, below the lines about its series."""
    _, head, found = body.partition(TABLE)
    if not body.lstrip(b"\xef\xbb\xbf").startswith(HEAD) or not head:
        raise ValueError("expected lines about series, and a table")
    return list(csv(head + found))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all days; of a table of months their means."""
    for row in table(body):
        on = row.pop("Time Period")
        for series, cell in row.items():
            in_dollars, length, place = matched(_SERIES, series, "series of exchange rates").groups()
            if cell == HOLIDAY:
                continue
            rate = number(matched(_FIGURE, cell, "a number with four decimals")[0])
            if place == LEFT_OUT:
                continue
            pair = (named(CODES, place), "USD") if in_dollars else ("USD", named(CODES, place))
            yield Quote(*pair, rate, *period(on)) if length == "M" else Quote(*pair, rate, day(on))
