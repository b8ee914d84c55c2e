"""Bank of Italy: rates of nearly all the world's currencies against the euro.

Publishes: about 150 currencies each Italian working day in the afternoon, since 1999.
Quoted: indicative rates, units of the currency for one euro; those of the major currencies are the ECB's.
Answer: CSV of one day, a line a country, so that shared currencies repeat; "N.A." for none; notes after # at its end.
Source: https://tassidicambio.bancaditalia.it/
"""

from rates.model import Provider, Query, Quote, Request
from rates.providers.kit import WEEKEND, Iterable, Iterator, Steps, by_day, date, distinct, get
from rates.readers import csv, day, number

PROVIDER = Provider(
    name="Bank of Italy",
    country="IT",
    pivot="EUR",
    rate_type="indicative",
    published="about 17:00 Europe/Rome",
    since=date(1999, 1, 4),
    max_days=1,
    spacing_s=0.5,
    terms="https://tassidicambio.bancaditalia.it/",  # its notes stand at the end of every answer
)

URL = "https://tassidicambio.bancaditalia.it/terzevalute-wf-web/rest/v1.0/dailyRates"
CONVENTION = "Foreign currency amount for 1 Euro."
NONE = "N.A."
NOTES = b"\n# DISCLAIMER"  # they begin with this line; an answer without it was cut


def steps(query: Query) -> Steps:
    """One request a working day."""
    return by_day(query, PROVIDER, ask, parse, rests=WEEKEND)


def ask(on: date) -> Request:
    """The table of a day; the header chooses the form of the answer."""
    params = {"referenceDate": on, "currencyIsoCode": "EUR", "lang": "en"}
    return get(URL, params, headers={"Accept": "text/csv"})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day, each currency once; countries that share one must have it at the same rate."""
    table, notes, _ = body.partition(NOTES)
    if not notes:
        raise ValueError(f"expected the notes at the end, got {body[-40:]!r}")
    return distinct(_quotes(table))


def _quotes(table: bytes) -> Iterator[Quote]:
    for row in csv(table):
        if row["Rate convention"] != CONVENTION:
            raise ValueError(f"unknown convention: {row['Rate convention']!r}")
        if row["Rate"] != NONE:
            yield Quote("EUR", row["ISO Code"], number(row["Rate"]), day(row["Reference date (CET)"]))
