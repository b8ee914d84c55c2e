"""Bank of Guatemala: the reference rate of the US dollar.

Publishes: the US dollar for every calendar day; weekends and holidays repeat the rate in force.
Quoted: the reference rate, quetzales for one dollar; its two sides (venta, compra) are one, else the middle is taken.
Answer: XML in a SOAP envelope, a row a day with days as 31/12/2026, and the number of rows.
Source: https://www.banguat.gob.gt/variables/ws/TipoCambio.asmx

The bank resets connections from the addresses of some data centres.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote
from rates.providers import Steps
from rates.providers._shared import spans
from rates.providers._soap import answer, question

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PROVIDER = Provider(
    name="Bank of Guatemala",
    country="GT",
    pivot="GTQ",
    rate_type="reference",
    published="no stated time America/Guatemala",  # the hour is not told
    since=date(2017, 12, 1),  # the first day is not told either; users of the service have rates back to this month
    max_days=365,  # our own: an answer is said to end at 1000 rows
    spacing_s=1.0,
)

URL = "https://www.banguat.gob.gt/variables/ws/TipoCambio.asmx"
SPACE = "http://www.banguat.gob.gt/variables/ws/"
DOLLAR = "2"  # the bank's number of the currency


def steps(query: Query) -> Steps:
    """The days of the window, in pieces; no rows are the bank's way to say that it has none."""
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        days = f"<fechainit>{start:%d/%m/%Y}</fechainit><fechafin>{end:%d/%m/%Y}</fechafin>"
        reply = yield question(URL, SPACE, "TipoCambioRango", days)
        quotes += parse(reply.body)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows, of which there are as many as the answer says."""
    result = answer(body, "TipoCambioRango")
    rows = list(result.iter(f"{{{SPACE}}}Var"))
    due = readers.child(result, "{*}TipoCambioRangoResult/{*}TotalItems")
    if len(rows) != readers.number(due):
        raise ValueError(f"{due} rows were due, got {len(rows)}")
    return list(_quotes(rows))


def _quotes(rows: Iterable[Element]) -> Iterator[Quote]:
    for row in rows:
        currency = readers.child(row, "{*}moneda")
        if currency.strip() != DOLLAR:
            raise ValueError(f"no currency of number {currency!r} is known")
        sell, buy = (readers.number(readers.child(row, f"{{*}}{side}")) for side in ("venta", "compra"))
        day = readers.day(readers.child(row, "{*}fecha"), "D/M/Y")
        yield Quote("USD", "GTQ", readers.midpoint(buy, sell), day)
