"""National Bank of Rwanda: reference rates of the Rwandan franc.

Publishes: 16 currencies each working day in the afternoon; its archive begins in 2012.
Quoted: the bank's middle of its buying and selling rates, francs for one unit of the currency.
Answer: JSON, a row a day in no order, numbers as text, those of older rows with commas; one request a currency.
Source: https://www.bnr.rw/exchangeRate

The key is not bnr, since that is the National Bank of Romania.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rates import readers
from rates.errors import ErrorAnswer
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._one_by_one import together, wanted
from rates.providers._shared import said, spans

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
    """One request a currency and year; lists without rows say that the bank rested."""
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    asked = wanted(query, SYMBOLS)
    quotes: list[Quote] = []
    for symbol in asked:
        for start, end in spans(first, last, PROVIDER.max_days or 1):
            window = (("start_date", str(start)), ("end_date", str(end)))
            reply = yield Request(URL, params=(("currency_name", symbol), *window))
            found = list(parse(reply.body))
            if others := {quote.base for quote in found} - {symbol}:
                raise ValueError(f"{symbol} was due, got {', '.join(sorted(others))}")
            quotes += found
    return together(quotes, asked, f"from {first} to {last}")


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows."""
    answer = readers.json_value(body)
    if isinstance(answer, dict):
        raise ErrorAnswer(f"reports {said(answer.get('message') or answer['error'])!r}")
    return [_quote(readers.mapping(item)) for item in readers.rows(answer)]


def _quote(row: Mapping[str, Any]) -> Quote:
    rate = readers.number(row["average_rate"], thousands=",")
    return Quote(row["currency_name"], "RWF", rate, readers.day(row["post_date"], "D-M-y"))
