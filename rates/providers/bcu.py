"""Central Bank of Uruguay: closing rates.

Publishes: 27 currencies each working day.
Quoted: buying and selling rates, mostly one, whose middle is taken; Uruguayan pesos for one unit.
Answer: XML in a SOAP envelope, a row a currency and day; currencies have the bank's own numbers.
Source: https://www.bcu.gub.uy/Estadisticas-e-Indicadores/Paginas/Cotizaciones.aspx

The ISO codes in the answer are none (DLS., EURO): the number tells the currency. The Argentine peso is asked for as
0500 and answered as 500, so that numbers are compared, not their texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from rates import readers
from rates.errors import ErrorAnswer, NoRates, Unsupported
from rates.model import Provider, Query, Quote
from rates.providers import Steps
from rates.providers._shared import said, spans
from rates.providers._soap import answer, question

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PROVIDER = Provider(
    name="Central Bank of Uruguay",
    country="UY",
    pivot="UYU",
    rate_type="mid of buying and selling",
    published="no stated time America/Montevideo",  # the hour is not told
    since=date(2000, 1, 1),
    max_days=365,
    gap_days=10,  # carnival and the week of tourism close the market for up to nine days
    spacing_s=1.0,
    terms="https://www.bcu.gub.uy/Paginas/Condiciones-de-uso.aspx",
)

URL = "https://cotizaciones.bcu.gub.uy/wscotizaciones/servlet/awsbcucotizaciones"
OPERATION = "wsbcucotizaciones.Execute"
NEW_LIRA = date(2005, 1, 1)  # the same number before it would be of the old one
NUMBERS = {
    500: "ARS", 1000: "BRL", 1111: "EUR", 1300: "CLP", 1490: "NZD", 1620: "ZAR", 1800: "DKK", 2225: "USD", 2309: "CAD",
    2700: "GBP", 3600: "JPY", 4000: "PEN", 4150: "CNY", 4200: "MXN", 4300: "HUF", 4400: "TRY", 4600: "NOK", 4800: "PYG",
    4900: "ISK", 5100: "HKD", 5300: "KRW", 5400: "RUB", 5500: "COP", 5600: "MYR", 5700: "INR", 5800: "SEK", 5900: "CHF",
}  # fmt: skip


def steps(query: Query) -> Steps:
    """The days of the window, in pieces, for all currencies that may be wanted at once."""
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    items = "".join(f"<item>{number:04}</item>" for number in _wanted(query))
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        days = f"<FechaDesde>{start}</FechaDesde><FechaHasta>{end}</FechaHasta>"
        entry = f"<Entrada><Moneda>{items}</Moneda>{days}<Grupo>0</Grupo></Entrada>"
        reply = yield question(URL, "Cotiza", OPERATION, entry)
        quotes += parse(reply.body)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def _wanted(query: Query) -> list[int]:
    """The numbers of the currencies that are asked for; all, when none is named."""
    codes = (query.base, *query.symbols) if query.symbols else NUMBERS.values()
    found = [number for number, code in NUMBERS.items() if code in codes]
    if not found:
        raise Unsupported(f"publishes none of {', '.join(query.symbols)}")
    return found


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows."""
    result = answer(body, OPERATION)
    status = result.find("{*}Salida/{*}respuestastatus")
    if status is None:
        raise ValueError("the answer has no status")
    if readers.child(status, "{*}status").strip() != "1":
        number, words = (readers.child(status, f"{{*}}{name}") for name in ("codigoerror", "mensaje"))
        raise ErrorAnswer(f"reports {said(words)!r}, number {said(number)}")
    return list(_quotes(result.iterfind("{*}Salida/{*}datoscotizaciones/{*}datoscotizaciones.dato")))


def _quotes(rows: Iterable[Element]) -> Iterator[Quote]:
    for row in rows:
        number = readers.child(row, "{*}Moneda")
        code = NUMBERS.get(int(readers.number(number)))
        if code is None:
            raise ValueError(f"no currency of number {number!r} is known: {readers.child(row, '{*}Nombre')!r}")
        buy, sell = (readers.number(readers.child(row, f"{{*}}{side}")) for side in ("TCC", "TCV"))
        day = readers.day(readers.child(row, "{*}Fecha"))
        yield Quote("TRL" if code == "TRY" and day < NEW_LIRA else code, "UYU", readers.midpoint(buy, sell), day)
