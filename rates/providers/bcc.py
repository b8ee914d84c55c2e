"""Central Bank of Cuba: the floating rate of the Cuban peso.

Publishes: 13 currencies every day of the week, in the night, since 2025-12-19.
Quoted: the floating rate (tasaEspecial); pesos for one unit of the currency, but yen for one peso.
Answer: JSON, a row a day with three parallel rates; one request a currency, which no row names.
Source: https://api.bc.gob.cu/v1/tasas-de-cambio/activas

Three rates stand side by side: tasaOficial, 24 pesos to the US dollar, tasaPublica, 120, and tasaEspecial, 507 in May
2026, which floats. The last is given here, being the one that moves; the official one is a twentieth of it. The yen
is upside down in all three: 0.3135 yen to the peso, with 507 pesos to the dollar, are 159 yen to the dollar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import ErrorAnswer
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._one_by_one import together, wanted
from rates.providers._shared import said

PROVIDER = Provider(
    name="Central Bank of Cuba",
    country="CU",
    pivot="CUP",
    rate_type="floating",
    published="about 02:00 America/Havana",
    since=date(2025, 12, 19),
    gap_days=4,  # every day of the week has its rates
    concurrency=2,
    spacing_s=0.5,
    official=False,  # the bank has an official rate beside it, 24 pesos to the US dollar
    terms="https://www.bc.gob.cu/",  # its terms are not known
)

URL = "https://api.bc.gob.cu/v1/tasas-de-cambio/historico"
SYMBOLS = ("USD", "EUR", "AUD", "CAD", "CHF", "CNY", "DKK", "GBP", "JPY", "MXN", "NOK", "RUB", "SEK")
PER_PESO = ("JPY",)


def steps(query: Query) -> Steps:
    """One request a currency for the whole window."""
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    window = (("fechaInicio", str(first)), ("fechaFin", str(last)))
    asked = wanted(query, SYMBOLS)
    quotes: list[Quote] = []
    for symbol in asked:
        reply = yield Request(URL, params=(*window, ("codigoMoneda", symbol)), allow=(400,))
        quotes += parse(reply.body, symbol)
    return together(quotes, asked, f"from {first} to {last}")


def parse(body: bytes, symbol: str = "USD") -> Iterable[Quote]:
    """The quotes of all rows, of the currency that was asked for: the answer does not name it."""
    answer = readers.json_value(body)
    if isinstance(answer, dict):
        raise ErrorAnswer(f"reports {said(answer['message'])!r}")
    return list(_quotes(readers.rows(answer), symbol))


def _quotes(rows: Iterable[object], symbol: str) -> Iterator[Quote]:
    pair = ("CUP", symbol) if symbol in PER_PESO else (symbol, "CUP")
    for item in rows:
        row = readers.mapping(item)
        yield Quote(*pair, readers.number(row["tasaEspecial"]), readers.day(row["fecha"]))
