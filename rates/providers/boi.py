"""Bank of Israel: representative exchange rates.

Publishes: 14 currencies each working day around 15:30 Jerusalem time, fewer of them on some days.
Quoted: representative rates, new shekels for a power of ten of units that each row names (yen per 100, LBP per 10).
Answer: SDMX in CSV, a row a currency and day; rows of other series, as BEL in old years, are passed over.
Source: https://www.boi.org.il/en/economic-roles/statistics/foreign-exchange-market/exchange-rates/
"""

from rates.currencies import codes
from rates.errors import EmptyAnswer
from rates.providers.kit import Iterable, Mapping, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import csv, day, excerpt, has_rows, per_unit, power_of_ten, whole_lines

PROVIDER = Provider(
    name="Bank of Israel",
    country="IL",
    pivot="ILS",
    rate_type="representative",
    published="15:30 Asia/Jerusalem",
    since=date(2000, 1, 1),
    gap_days=10,  # feasts of a week with the weekends around them
    mixed_days=True,  # 2026-03-05 and 06 have seven currencies, 2026-03-02 all fourteen
    concurrency=2,
    terms="https://www.boi.org.il/en/terms-of-use",
)

URL = "https://edge.boi.gov.il/FusionEdgeServer/sdmx/v2/data/dataflow/BOI.STATISTICS/EXR/1.0/"


def steps(query: Query) -> Steps:
    """One request for the window."""
    return by_window(query, PROVIDER, ask, parse, check=has_rows)


def ask(first: date, last: date) -> Request:
    """The representative rates, which are of the type OF00."""
    params = {"c[DATA_TYPE]": "OF00", "startperiod": first, "endperiod": last, "format": "csv"}
    return get(URL, params, allow=(404,))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows; a window without data is answered with status 404, not with a bare header."""
    found = list(csv(whole_lines(body)))
    if not found:
        raise EmptyAnswer("the table has no rows")
    known = [row for row in found if not _is_other(row)]
    if not known:
        raise ValueError(f"no row is of a known currency: {excerpt(found[0]['BASE_CURRENCY'])}")
    for row in known:
        rate = per_unit(row["OBS_VALUE"], power_of_ten(row["UNIT_MULT"]))
        yield Quote(row["BASE_CURRENCY"], row["COUNTER_CURRENCY"], rate, day(row["TIME_PERIOD"]))


def _is_other(row: Mapping[str, str]) -> bool:
    """True for a row of another pair, or of a code that no currency has, which its series' name has too."""
    base, counter = row["BASE_CURRENCY"], row["COUNTER_CURRENCY"]
    return (base not in codes() or counter != PROVIDER.pivot) and row["SERIES_CODE"] == f"RER_{base}_{counter}"
