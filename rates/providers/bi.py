"""Bank Indonesia: transaction rates.

Publishes: 26 currencies each working day, since 2024-01-02.
Quoted: selling and buying rates, whose middle is taken; rupiahs for one unit, the yen per 100.
Answer: a web page with the newest rates; past ones of one currency are posted with the page's hidden fields.
Source: https://www.bi.go.id/en/statistik/informasi-kurs/transaksi-bi/default.aspx

The dong and the kip have two digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from rates import readers
from rates.errors import NoRates, Unsupported
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._html import below, cookies, whole
from rates.providers._shared import spans

PROVIDER = Provider(
    name="Bank Indonesia",
    country="ID",
    pivot="IDR",
    rate_type="mid of buying and selling",
    published="by 03:00 UTC",
    since=date(2024, 1, 2),
    max_days=90,  # our own
    gap_days=14,  # the feast of Lebaran
    concurrency=1,  # no limit is known
    spacing_s=0.2,
)

URL = "https://www.bi.go.id/en/statistik/informasi-kurs/transaksi-bi/default.aspx"
NEWEST = ("Currencies", "Value", "Sell", "Buy", "Graph")
PAST = ("Value", "Sell", "Buy", "Date")

_UPDATED = re.compile(r"Last Update (\d{1,2} \w+ \d{4})")
_BUTTON = re.compile(r'name="([^"]+)\$btnSearch1"')
_CODE = re.compile(r'<option value="(([A-Z]{3}) *)">')

RESULT = "SearchResult2"  # in the name of the table of past rates


def steps(query: Query) -> Steps:
    """The page, for the latest; else a post for each currency that is asked for, all when none is named."""
    page = yield Request(URL, html=True)
    if query.kind == "latest":
        return parse(page.body)
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    text = whole(page.body)
    known = {code: padded for padded, code in _CODE.findall(text)}
    codes = known.keys() & {query.base, *query.symbols} if query.symbols else known.keys()
    if not codes:
        raise Unsupported(f"publishes none of {', '.join(query.symbols) or query.base}")
    quotes: list[Quote] = []
    for code in sorted(codes):
        for start, end in spans(first, last, PROVIDER.max_days or 1):
            form = _form(text, known[code], start, end)
            reply = yield Request(URL, form=form, headers=(*cookies(page), ("Referer", URL)), html=True)
            quotes += _past(reply.body, code)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def _form(page: str, currency: str, start: date, end: date) -> tuple[tuple[str, str], ...]:
    """The page's hidden fields and those of its form, whose names begin with what the server made up."""
    button = _BUTTON.search(page)
    if not button:
        raise ValueError("the page has no search button")
    prefix = button[1]
    fields = {
        **readers.hidden(page),
        f"{prefix}$ddlmatauang1": currency,
        f"{prefix}$txtFrom": f"{start:%d-%b-%Y}",
        f"{prefix}$txtTo": f"{end:%d-%b-%Y}",
        f"{prefix}$txtTanggal": "",
        f"{prefix}$btnSearch1": "Search",
        f"{prefix}$hidSourceID": f"{prefix}$btnSearch1".replace("$", "_"),
    }
    return tuple(fields.items())


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the page with the newest rates; the tables of past ones name no currency, so `steps` reads them."""
    page = whole(body)
    updated = _UPDATED.search(readers.plain(page))
    if not updated:
        raise ValueError("no day of the last update")
    day = readers.day(updated[1], "D M Y")
    return [_quote(code, units, sell, buy, day) for code, units, sell, buy, _ in below(readers.tables(page), NEWEST)]


def _past(body: bytes, code: str) -> list[Quote]:
    """The quotes of one currency; a page with the search button and no table is how the bank says that it rested."""
    page = whole(body)
    tables = readers.tables(page)
    if RESULT not in page and not any(list(PAST) in table for table in tables) and _BUTTON.search(page):
        return []
    rows = below(tables, PAST)
    return [_quote(code, units, sell, buy, readers.day(day, "D M Y")) for units, sell, buy, day in rows]


def _quote(code: str, units: str, sell: str, buy: str, day: date) -> Quote:
    middle = readers.midpoint(readers.number(buy, thousands=","), readers.number(sell, thousands=","))
    return Quote(code, "IDR", readers.per_unit(middle, readers.number(units)), day)
