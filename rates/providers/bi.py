"""Bank Indonesia: transaction rates.

Publishes: 26 currencies each working day, since 2024-01-02.
Quoted: selling and buying rates, whose middle is taken; rupiahs for one unit, the yen per 100.
Answer: a web page with the newest rates; past ones of one currency are posted with the page's hidden fields.
Source: https://www.bi.go.id/en/statistik/informasi-kurs/transaksi-bi/default.aspx

The dong and the kip have two digits.
"""

import re
from functools import partial

from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers.kit import Iterable, Steps, cookies, date, get, per_currency, post, short_month
from rates.readers import day, hidden, midpoint, number, per_unit, plain, rows_below, searched, tables, whole_page

PROVIDER = Provider(
    name="Bank Indonesia",
    country="ID",
    pivot="IDR",
    rate_type="mid of buying and selling",
    published="by 03:00 UTC",
    since=date(2024, 1, 2),
    max_days=90,  # our own
    gap_days=14,  # the feast of Lebaran
    spacing_s=0.2,
)

URL = "https://www.bi.go.id/en/statistik/informasi-kurs/transaksi-bi/default.aspx"
NEWEST = ("Currencies", "Value", "Sell", "Buy", "Graph")
PAST = ("Value", "Sell", "Buy", "Date")

_UPDATED = re.compile(r"Last Update (\d{1,2} \w+ \d{4})")
_BUTTON = re.compile(r'name="([^"]+)\$btnSearch1"')
_OPTION = re.compile(r'<option value="(([A-Z]{3}) *)">')

RESULT = "SearchResult2"  # in the name of the table of past rates


def steps(query: Query) -> Steps:
    """The page, for the latest; else a post for each currency that is asked for, all when none is named."""
    page = yield get(URL, html=True)
    if query.kind == "latest":
        return parse(page.body)
    codes = sorted(code for _, code in _OPTION.findall(whole_page(page.body)))
    return (yield from per_currency(query, PROVIDER, codes, partial(fill, page), _past))


def fill(page: Reply, code: str, first: date, last: date) -> Request:
    """The page's hidden fields and those of its form, whose names begin with a prefix that the server makes up."""
    text = whole_page(page.body)
    prefix = searched(_BUTTON, text, "search button")[1]
    start, end = (f"{on:%d}-{short_month(on)}-{on.year}" for on in (first, last))
    fields = {
        **hidden(text),
        f"{prefix}$ddlmatauang1": next(padded for padded, known in _OPTION.findall(text) if known == code),
        f"{prefix}$txtFrom": start,
        f"{prefix}$txtTo": end,
        f"{prefix}$txtTanggal": "",
        f"{prefix}$btnSearch1": "Search",
        f"{prefix}$hidSourceID": f"{prefix}$btnSearch1".replace("$", "_"),
    }
    return post(URL, fields, headers=(*cookies(page), ("Referer", URL)), html=True)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the page with the newest rates; the tables of past ones name no currency, so `steps` reads them."""
    page = whole_page(body)
    on = day(searched(_UPDATED, plain(page), "day of the last update")[1], "D M Y")
    return [_quote(code, units, sell, buy, on) for code, units, sell, buy, _ in rows_below(tables(page), NEWEST)]


def _past(body: bytes, code: str) -> Iterable[Quote]:
    """The quotes of one currency; a page with the search button and no table has none."""
    page = whole_page(body)
    found = tables(page)
    if RESULT in page or any(list(PAST) in table for table in found) or not _BUTTON.search(page):
        for units, sell, buy, written in rows_below(found, PAST):
            yield _quote(code, units, sell, buy, day(written, "D M Y"))


def _quote(code: str, units: str, sell: str, buy: str, on: date) -> Quote:
    middle = midpoint(number(buy, thousands=","), number(sell, thousands=","))
    return Quote(code, "IDR", per_unit(middle, units), on)
