"""National Bank of Ukraine: official rates, precious metals among them.

Publishes: about 45 currencies each working day by 15:30 Kyiv time for the next one; every calendar day has its rates.
Quoted: official rates, hryvnias for 1, 10, 100 or 1000 units; metals per troy ounce.
Answer: JSON, a list with a row a currency and day.
Source: https://bank.gov.ua/en/open-data/api-dev
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import day, per_unit, records, reported

PROVIDER = Provider(
    name="National Bank of Ukraine",
    country="UA",
    pivot="UAH",
    rate_type="official",
    published="15:30 Europe/Kyiv, for the next day",
    since=date(1999, 1, 4),
    max_days=365,  # our own: a year of all currencies is some 5 MB
    gap_days=4,  # weekends and feasts repeat the rates in force, so that hardly any day is missing
    concurrency=2,
    terms="https://bank.gov.ua/en/useterms",
)

URL = "https://bank.gov.ua/NBU_Exchange/exchange_site"


def steps(query: Query) -> Steps:
    """The rows of the window, tomorrow's included when they are out."""
    return by_window(query, PROVIDER, ask, parse, tomorrow=True)


def ask(first: date, last: date) -> Request:
    """The rows of a window, in the order of their days."""
    window = {"start": f"{first:%Y%m%d}", "end": f"{last:%Y%m%d}"}
    return get(URL, {**window, "sort": "exchangedate", "order": "asc", "json": ""})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows; a refused question is answered with one row that has a message and no currency."""
    for row in records(body):
        if "message" in row:
            raise reported(row["message"])
        yield Quote(row["cc"], "UAH", per_unit(row["rate"], row["units"]), day(row["exchangedate"], "D.M.Y"))
