"""Croatian National Bank: the euro's rates in force, which are the ECB's of the working day before.

Publishes: 13 currencies every day for the next one, since the euro came on 2023-01-01.
Quoted: middle rates, units of the currency for one euro.
Answer: JSON, a list with a row a currency and day, decimal comma and six decimals.
Source: https://api.hnb.hr/

All rates of the week of 2023-01-02 are those that the ECB published on the working day before, to the last digit; the
convertible mark, which the ECB has not, is at its fixed 1.95583. Kunas, up to 2022, are another service's, now frozen.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import day, number, records

PROVIDER = Provider(
    name="Croatian National Bank",
    country="HR",
    pivot="EUR",
    rate_type="mid",
    published="in the afternoon Europe/Zagreb, for the next day",
    since=date(2023, 1, 2),
    max_days=90,  # our own
    gap_days=7,  # it lists calendar days; generous for feasts
    concurrency=2,
    reprints="ecb",
    terms="https://www.hnb.hr/en/",
)

URL = "https://api.hnb.hr/tecajn-eur/v3"


def steps(query: Query) -> Steps:
    """The window in pieces, tomorrow's rates included when they are out; an empty list says that there are none."""
    return by_window(query, PROVIDER, ask, parse, tomorrow=True)


def ask(first: date, last: date) -> Request:
    """The rows of a window."""
    return get(URL, {"datum-primjene-od": first, "datum-primjene-do": last})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows, each of the day from which it is in force."""
    for row in records(body):
        yield Quote("EUR", row["valuta"], number(row["srednji_tecaj"], comma=True), day(row["datum_primjene"]))
