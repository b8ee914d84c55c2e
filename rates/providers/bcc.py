"""Central Bank of Cuba: the floating rate of the Cuban peso.

Publishes: 13 currencies every day of the week, in the night, since 2025-12-19.
Quoted: the floating rate (tasaEspecial); pesos for one unit of the currency, but yen for one peso.
Answer: JSON, a row a day with three parallel rates; one request a currency, which no row names.
Source: https://api.bc.gob.cu/v1/tasas-de-cambio/activas

Three rates stand side by side: tasaOficial, 24 pesos to the US dollar, tasaPublica, 120, and tasaEspecial, 507 in May
2026, which floats. The last is given here, being the one that moves; the official one is a twentieth of it. The yen
is upside down in all three: 0.3135 yen to the peso, with 507 pesos to the dollar, are 159 yen to the dollar.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, date, get, per_currency
from rates.readers import day, number, records

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
    return per_currency(query, PROVIDER, SYMBOLS, ask, parse)


def ask(code: str, first: date, last: date) -> Request:
    """The rates of one currency."""
    return get(URL, {"fechaInicio": first, "fechaFin": last, "codigoMoneda": code}, allow=(400,))


def parse(body: bytes, code: str = "USD") -> Iterable[Quote]:
    """The quotes of all rows, of the currency that was asked for: the answer does not name it."""
    pair = ("CUP", code) if code in PER_PESO else (code, "CUP")
    for row in records(body, error=("message",)):
        yield Quote(*pair, number(row["tasaEspecial"]), day(row["fecha"]))
