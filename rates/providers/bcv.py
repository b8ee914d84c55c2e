"""Central Bank of Venezuela: its reference rate of the bolivar.

Publishes: five currencies on each page of its site, in the afternoon for the next working day, the newest alone.
Quoted: weighted average of the banks' deals in dollars, crosses for the others; bolivars for one unit.
Answer: a page with a block a currency, decimal comma, and the day of value as an attribute.
Source: https://www.bcv.org.ve/estadisticas/tipo-cambio-de-referencia-smc

On Friday the page is about Monday already, and Friday's rate is gone. Past rates are in old workbooks (xls), which are
not read: no recorded one has proven their reading. The server sends the wrong intermediate certificate, so that clients
that do not know the right one refuse the connection. The banks' own rates further down on the page are not read.
"""

import re

from rates.errors import NoRates
from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, get, timedelta
from rates.readers import counted, day, number, searched, whole_page

PROVIDER = Provider(
    name="Central Bank of Venezuela",
    country="VE",
    pivot="VES",
    rate_type="reference",
    published="in the afternoon America/Caracas, for the next working day",
    since=date(2026, 9, 9),  # the oldest page that is recorded
    answers=("latest",),
    gap_days=10,  # Carnival, Holy Week and the New Year beside weekends
)

URL = "https://www.bcv.org.ve/estadisticas/tipo-cambio-de-referencia-smc"

_BLOCK = "recuadrotsmc"  # the class of each currency's block
_RATE = re.compile(
    r"<span>\s*([A-Z]{3})\s*</span>\s*</div>\s*<div[^<>]*>\s*<strong class=\"strong-tb\">\s*([^<\s]+)\s*</strong>"
)
_VALUE_DAY = re.compile(r'Fecha Valor:\s*<span[^<>]*\bcontent="([^"]*)"')


def steps(query: Query) -> Steps:
    """The page; rates for a day after tomorrow are not in force yet."""
    reply = yield get(URL, html=True)
    quotes = list(parse(reply.body))
    if quotes[0].day > query.today + timedelta(days=1):
        raise NoRates(f"has rates for {quotes[0].day} alone, none for a day before")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all blocks, of the day of value."""
    page = whole_page(body)
    on = day(searched(_VALUE_DAY, page, "day of value")[1])
    found = counted(_RATE.findall(page), page.count(_BLOCK), "currencies")
    if not found:
        raise ValueError("the page has no rates")
    for code, rate in found:
        yield Quote(code, "VES", number(rate, comma=True, thousands="."), on)
