"""Bank of Tanzania: indicative rates.

Publishes: about 42 currencies, every day of the week, since 1999-07-01.
Quoted: the printed mean of buying and selling rates, shillings for one unit.
Answer: a web page for a window, posted with a token and cookies of a first page; odd commas, see below.
Source: https://www.bot.go.tz/exchangerate/excrates

The server sets a comma after every three characters, also right of the point: 2,602.0,545 means 2602.0545.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._html import below, cookies, whole
from rates.providers._shared import spans

PROVIDER = Provider(
    name="Bank of Tanzania",
    country="TZ",
    pivot="TZS",
    rate_type="mid",
    published="by 10:00 UTC",
    since=date(1999, 7, 1),
    max_days=30,  # our own: the server is slow
    spacing_s=1.0,
)

URL = "https://www.bot.go.tz/ExchangeRate/previous_rates"
TOKEN = "__RequestVerificationToken"
HEAD = ("S/N", "Currency", "Buy", "Sell", "Mean", "Date")
# Gold, of which no unit is stated; currencies that are no more; RUR, which repeats RUB.
LEFT_OUT = ("GOLD", "ATS", "NLG", "MZM", "ZWD", "CUC", "RUR")

_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})*)(?:\.(\d{1,3}(?:,\d{3})*|\d+))?")


def steps(query: Query) -> Steps:
    """The first page for its token and cookies, then the window in the American order of dates."""
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    page = yield Request(URL, html=True)
    token = _token(whole(page.body))
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        form = ((TOKEN, token), ("dateFrom", f"{start:%m/%d/%Y}"), ("dateTo", f"{end:%m/%d/%Y}"))
        reply = yield Request(URL, form=form, headers=cookies(page), html=True)
        quotes += parse(reply.body)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def _token(page: str) -> str:
    token = readers.hidden(page).get(TOKEN, "")
    if not re.fullmatch(r"[\w-]{16,}", token):
        raise ValueError(f"the page has no token: {token!r}")
    return token


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the table; that of the first page has no rows, and a token must be there then."""
    page = whole(body)
    rows = below(readers.tables(page), HEAD)
    if not rows and TOKEN in page:
        _token(page)
    return [
        Quote(code, "TZS", _number(mean), readers.day(day, "D-M-y"))
        for _, code, _, _, mean, day in rows
        if code not in LEFT_OUT
    ]


def _number(text: str) -> Decimal:
    """The number without its commas, which must stand after every third digit from the left of either part's end."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"no number: {text!r}")
    return readers.number(text.replace(",", ""))
