"""Bank for International Settlements: exchange rates of the ends of months.

Publishes: about 150 currencies for the last day of each month, one to three weeks later; some from 1900.
Quoted: rates of the last day of the month, units of the currency for one US dollar.
Answer: SDMX-CSV, a row a country and month, so that a currency may have several rows, which may differ.
Source: https://data.bis.org/topics/XRU

Rule: a rate holds on the last day of its month alone. Of a currency of several countries the row of the country that
its code begins with is read, the euro's of the euro area (XM), else that of the country whose code is the first.
The history is restated in successor units: the old leone has figures of the new one, and is left out.
"""

from rates.providers.kit import (
    Iterable,
    Provider,
    Query,
    Quote,
    Request,
    Steps,
    by_periods,
    date,
    get,
    periods,
    timedelta,
)
from rates.readers import csv, has_rows, number, period, whole_lines

PROVIDER = Provider(
    name="Bank for International Settlements",
    pivot="USD",
    rate_type="spot",
    cadence="monthly",
    published="no stated time Europe/Zurich, one to three weeks after the month",
    since=date(1900, 1, 1),
    gap_days=55,
    periods=True,
    terms="https://www.bis.org/terms_conditions.htm",
)

URL = "https://stats.bis.org/api/v2/data/dataflow/BIS/WS_XRU/1.0/M...E"
ACCEPT = {"Accept": "application/vnd.sdmx.data+csv;version=1.0.0"}
HOMES = {"EUR": "XM"}
LEFT_OUT = ("USD", "SLL")
MISSING = ("H", "L", "M")  # states of an observation without a value


def steps(query: Query) -> Steps:
    """One request for all months that are touched."""
    return by_periods(query, PROVIDER, ask, parse, due=due, ended=True, check=has_rows)


def ask(first: date, last: date) -> Request:
    """The ends of the months from first to last."""
    return get(URL, {"c[TIME_PERIOD]": f"ge:{first:%Y-%m}+le:{last:%Y-%m}"}, headers=ACCEPT, allow=(404,))


def due(first: date) -> date:
    """The day after the end of the month that begins on a day, from which its rates may come."""
    _, end = next(periods(first, first))
    return end + timedelta(days=1)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all months, a row a currency and month; a table without rows was cut: no data is a status."""
    chosen: dict[tuple[str, date], tuple[tuple[bool, str], Quote]] = {}
    if not (found := list(csv(whole_lines(body)))):
        raise ValueError("the table has no rows")
    for row in found:
        if (row["FREQ"], row["COLLECTION"]) != ("M", "E"):
            raise ValueError(f"expected ends of months, got {row['FREQ']}, {row['COLLECTION']}")
        code, area = row["CURRENCY"], row["REF_AREA"]
        if code in LEFT_OUT or (not row["OBS_VALUE"] and row["OBS_STATUS"] in MISSING):
            continue
        _, last = period(row["TIME_PERIOD"])
        rate = number(row["OBS_VALUE"]).scaleb(int(row["UNIT_MULT"]))
        choice = (area != HOMES.get(code, code[:2]), area), Quote("USD", code, rate, last, last)
        chosen[code, last] = min(choice, chosen.get((code, last), choice))
    return [quote for _, quote in chosen.values()]
