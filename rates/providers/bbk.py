"""Deutsche Bundesbank: the Frankfurt fixings of the Deutsche Mark, which ended with 1998.

Publishes: history alone: up to 18 currencies each working day from 1948-06-21 to 1998-12-30.
Quoted: official middle rates, Marks for 1, 100 or 1000 units, which only the German title of each row names.
Answer: SDMX in CSV with semicolons and a BOM, a row a currency and day; "." with status K where none was quoted.
Source: https://www.bundesbank.de/en/statistics/time-series-databases

Users of the rates must name the Deutsche Bundesbank as their source. The franc before 1960 is the old one: the bank's
own note says that 100 of them became 1, so that the price of 100 old ones is given here as that of one FRF. What the
bank has from 1999 on are the ECB's rates, which are not read.
"""

import re

from rates.errors import EmptyAnswer
from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import csv, day, has_rows, per_unit, whole_lines

PROVIDER = Provider(
    name="Deutsche Bundesbank",
    country="DE",
    pivot="DEM",
    rate_type="fixing",
    cadence="daily, ended",
    published="ended on 1998-12-30",
    since=date(1948, 6, 21),
    answers=("day", "range"),
    max_days=1826,  # our own: five years are some 20 MB, the notes being repeated in every row
    spacing_s=0.5,
    terms="https://www.bundesbank.de/de/startseite/benutzerhinweise/"
    "nutzungsbedingungen-fuer-den-allgemeinen-gebrauch-der-website-763554",
)

URL = "https://api.statistiken.bundesbank.de/rest/data/BBEX3/D..DEM.AA.AC.000"

ENDED = date(1998, 12, 30)
NEW_FRANC = date(1960, 1, 1)
NOT_QUOTED = "K"
MONTHLY = "M"  # averages, which can come among the days

_UNITS = re.compile(r"/ ([\d\s]+) ([A-Z]{3}) = \.\.\. DEM /")


def steps(query: Query) -> Steps:
    """The window in pieces, up to the last fixing."""
    return by_window(query, PROVIDER, ask, parse, check=has_rows, until=ENDED)


def ask(first: date, last: date) -> Request:
    """The rows of a window; status 404 is one without rows."""
    return get(URL, {"format": "sdmx_csv", "startPeriod": first, "endPeriod": last}, allow=(404,))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows of days; none when all say that nothing was quoted."""
    rows = list(csv(whole_lines(body), delimiter=";"))
    if not rows:
        raise EmptyAnswer("the table has no rows")
    for row in rows:
        if row["BBK_STD_FREQ"] == MONTHLY:
            continue
        if row["BBK_STD_FREQ"] != "D":
            raise ValueError(f"neither a day's row nor a month's: {row['BBK_STD_FREQ']!r}")
        if row["OBS_STATUS"] == NOT_QUOTED and row["OBS_VALUE"].strip() in (".", ""):
            continue
        code, on = row["BBK_STD_CURRENCY"], day(row["TIME_PERIOD"])
        units = _units(row["BBK_TITLE"], code)
        if row["BBK_UNIT_MULT"] != "0":
            raise ValueError(f"BBK_UNIT_MULT of {code} is {row['BBK_UNIT_MULT']!r}, which was always 0")
        if code == "FRF" and on < NEW_FRANC:
            units //= 100
        yield Quote(code, row["BBK_ERX_PARTNER_CURRENCY"], per_unit(row["OBS_VALUE"], units), on)


def _units(title: str, code: str) -> int:
    """How many units the title names, as "/ 1 000 ITL = ... DEM /"; they must be of the row's currency."""
    found = _UNITS.search(title)
    if not found or found[2] != code:
        raise ValueError(f"no units of {code} in the title {title!r}")
    return int("".join(found[1].split()))
