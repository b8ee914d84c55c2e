"""Central Bank of Paraguay: reference rates of the interbank market.

Publishes: 24 currencies and gold each working day, since 2001.
Quoted: interbank reference rates, guaranies for one unit; gold per troy ounce.
Answer: a web page of one currency and year, a row a day of the month and a column a month; ND where there is none.
Source: https://www.bcp.gov.py/webapps/web/cotizacion/monedas
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, by_pieces, date, get, wanted, years_of
from rates.readers import counted, number, rows_below, tables, text

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
CODES = (
    "USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "CNY", "BRL", "ARS", "CLP", "MXN", "UYU", "COP", "BOB", "NZD",
    "ZAR", "SEK", "DKK", "NOK", "AED", "PEN", "SGD", "TWD", "XAU",
)  # fmt: skip
HEAD = ("#", "ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC")

_YEAR = re.compile(r"PLANILLA DE COTIZACIONES DEL AÑO (\d{4}) DE MONEDA (\S.*)")
_CHOSEN = re.compile(r'<option value="(\w+)"\s+selected')


def steps(query: Query) -> Steps:
    """A page for each year of the window and each currency that is asked for, all when none is named."""
    codes = wanted(query, CODES)

    def year(first: date, last: date) -> Steps:
        quotes: list[Quote] = []
        for code in codes:
            reply = yield get(URL, {"anho": first.year, "moneda": code}, html=True)
            quotes += parse(reply.body, code, first.year)
        return quotes

    return by_pieces(query, PROVIDER, year, split=years_of, cut=True)


def parse(body: bytes, code: str = "", due: int | None = None) -> Iterable[Quote]:
    """The quotes of a year's page: the cells other than ND; a rate on a day that no calendar has is refused.

    code: the currency that was asked for, else the one chosen in the page's form, which does not name all.
    due: the year that was asked for; a page of another currency or year is refused.
    """
    page = text(body)
    options = _CHOSEN.findall(page)
    chosen = options[0] if len(options) == 1 else ""
    if not (code := code or chosen):
        raise ValueError("the form has no chosen currency")
    if chosen not in (code, ""):
        raise ValueError(f"expected a page of {code}, got {chosen}'s")
    found = tables(page)
    titles = [title for table in found for row in table if row and (title := _YEAR.fullmatch(row[0]))]
    (title,) = counted(titles, 1, "titles with a year")
    year = int(title[1])
    if due not in (year, None):
        raise ValueError(f"expected a page of {due}, got {year}'s")
    for days, *cells in counted(rows_below(found, HEAD), 31, "days"):
        for month, cell in enumerate(counted(cells, 12, "months"), start=1):
            if cell != "ND":
                yield Quote(code, "PYG", number(cell, comma=True, thousands="."), date(year, month, int(days)))
