"""National Bank of Rwanda: reference rates of the Rwandan franc.

Publishes: 16 currencies each working day in the afternoon; its archive begins in 2012.
Quoted: the bank's middle of its buying and selling rates, francs for one unit of the currency.
Answer: JSON, a row a day in no order, numbers as text, those of older rows with commas; one request a currency.
Source: https://www.bnr.rw/exchangeRate

The key is not bnr, since that is the National Bank of Romania.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, date, get, per_currency
from rates.readers import day, number, records

PROVIDER = Provider(
    name="National Bank of Rwanda",
    country="RW",
    pivot="RWF",
    rate_type="reference",
    published="about 16:00 Africa/Kigali",
    since=date(2012, 1, 2),
    max_days=365,  # our own: no limit of the server is known
    concurrency=2,
    spacing_s=0.5,
    terms="https://www.bnr.rw/statuse",
)

URL = "https://fxrates.bnr.rw/currency_history/"
SYMBOLS = (
    "USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "CNY",
    "INR", "ZAR", "AED", "SAR", "KES", "UGX", "TZS", "BIF",
)  # fmt: skip


def steps(query: Query) -> Steps:
    """One request a currency and year; lists without rows mean that the bank rested."""
    return per_currency(query, PROVIDER, SYMBOLS, ask, parse)


def ask(code: str, first: date, last: date) -> Request:
    """The rows of one currency in a window."""
    return get(URL, {"currency_name": code, "start_date": first, "end_date": last})


def parse(body: bytes, code: str = "") -> Iterable[Quote]:
    """The quotes of all rows, which must be of the currency that was asked for."""
    for row in records(body, error=("message", "error")):
        found = row["currency_name"]
        if code and found != code:
            raise ValueError(f"expected {code}, got {found}")
        yield Quote(found, "RWF", number(row["average_rate"], thousands=","), day(row["post_date"], "D-M-y"))
