"""Bank of Tanzania: indicative rates.

Publishes: about 42 currencies, every day of the week, since 1999-07-01.
Quoted: the printed mean of buying and selling rates, shillings for one unit.
Answer: a web page for a window, posted with a token and cookies of a first page; odd commas, see below.
Source: https://www.bot.go.tz/exchangerate/excrates

The server sets a comma after every three characters, also right of the point: 2,602.0,545 means 2602.0545.
"""

import re
from decimal import Decimal

from rates.providers.kit import Iterable, Provider, Query, Quote, Reply, Request, Steps, cookies, date, form, get, post
from rates.readers import day, hidden, number, rows_below, tables, whole_page

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
    """The first page for its token and cookies, then the window."""
    return form(query, PROVIDER, get(URL, html=True), fill, parse)


def fill(page: Reply, first: date, last: date) -> Request:
    """The form of a window, in the American order of dates."""
    fields = {TOKEN: _token(whole_page(page.body)), "dateFrom": f"{first:%m/%d/%Y}", "dateTo": f"{last:%m/%d/%Y}"}
    return post(URL, fields, headers=cookies(page), html=True)


def _token(page: str) -> str:
    token = hidden(page).get(TOKEN, "")
    if not re.fullmatch(r"[\w-]{16,}", token):
        raise ValueError(f"the page has no token: {token!r}")
    return token


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the table; that of the first page has no rows, and a token must be there then."""
    page = whole_page(body)
    rows = rows_below(tables(page), HEAD)
    if not rows and TOKEN in page:
        _token(page)
    for _, code, _, _, mean, written in rows:
        if code not in LEFT_OUT:
            yield Quote(code, "TZS", _number(mean), day(written, "D-M-y"))


def _number(text: str) -> Decimal:
    """The number without its commas, which must stand after every third digit from the left of either part's end."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"not a number: {text!r}")
    return number(text.replace(",", ""))
