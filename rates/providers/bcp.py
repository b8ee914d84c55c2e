"""Central Bank of Paraguay: reference rates of the interbank market.

Publishes: 24 currencies and gold each working day, since 2001.
Quoted: interbank reference rates, guaranies for one unit; gold per troy ounce.
Answer: a web page of one currency and year, a row a day of the month and a column a month; ND where there is none.
Source: https://www.bcp.gov.py/webapps/web/cotizacion/monedas
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import NoRates, Unsupported
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._html import below

PROVIDER = Provider(
    name="Central Bank of Paraguay",
    country="PY",
    pivot="PYG",
    rate_type="reference",
    published="by 21:00 UTC",
    since=date(2001, 1, 1),
    max_days=366,  # a calendar year of one currency
    concurrency=2,
    spacing_s=0.1,
    official=False,  # what the market made
)

URL = "https://www.bcp.gov.py/webapps/web/cotizacion/monedas-historica"
# Those of the form, whose SDR has an empty table, and four that it does not name and has all the same.
# fmt: off
CODES = (
    "USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "CNY", "BRL", "ARS", "CLP", "MXN", "UYU", "COP", "BOB", "NZD",
    "ZAR", "SEK", "DKK", "NOK", "AED", "PEN", "SGD", "TWD", "XAU",
)
# fmt: on
HEAD = ("#", "ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC")

_YEAR = re.compile(r"PLANILLA DE COTIZACIONES DEL AÑO (\d{4}) DE MONEDA (\S.*)")


def steps(query: Query) -> Steps:
    """A page for each year of the window and each currency that is asked for, all when none is named."""
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    wanted = {query.base, *query.symbols} if query.symbols else set(CODES)
    codes = [code for code in CODES if code in wanted]
    if not codes:
        raise Unsupported(f"publishes none of {', '.join(query.symbols)}")
    quotes: list[Quote] = []
    for year in range(first.year, last.year + 1):
        for code in codes:
            reply = yield Request(URL, params=(("anho", str(year)), ("moneda", code)), html=True)
            quotes += [quote for quote in _quotes(reply.body, code, year) if first <= quote.day <= last]
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a year's page, of the currency that is chosen in its form."""
    chosen = _chosen(readers.text(body))
    if not chosen:
        raise ValueError("the form has no chosen currency")
    return list(_quotes(body, chosen))


def _chosen(page: str) -> str:
    """The currency that is chosen in the form; none for those that the form does not name."""
    found = re.findall(r'<option value="(\w+)"\s+selected', page)
    return found[0] if len(found) == 1 else ""


def _quotes(body: bytes, code: str, due: int | None = None) -> Iterator[Quote]:
    """The cells that are no ND; a rate on a day that no calendar has is refused, as is another currency's page.

    due: the year that was asked for, whose page alone will do.
    """
    page = readers.text(body)
    if _chosen(page) not in (code, ""):
        raise ValueError(f"a page of {code} was due, got {_chosen(page)}'s")
    tables = readers.tables(page)
    titles = [found for table in tables for row in table if row and (found := _YEAR.fullmatch(row[0]))]
    if len(titles) != 1:
        raise ValueError(f"one title with a year was due, got {len(titles)}")
    year = int(titles[0][1])
    if due not in (year, None):
        raise ValueError(f"a page of {due} was due, got {year}'s")
    rows = below(tables, HEAD)
    if len(rows) != 31:
        raise ValueError(f"31 days were due, got {len(rows)}")
    for number, *cells in rows:
        if len(cells) != 12:
            raise ValueError(f"12 months were due, got {len(cells)}")
        for month, cell in enumerate(cells, start=1):
            if cell != "ND":
                day = date(year, month, int(number))
                yield Quote(code, "PYG", readers.number(cell, comma=True, thousands="."), day)
