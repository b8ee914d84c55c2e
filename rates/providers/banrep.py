"""Bank of the Republic, Colombia: the representative market rate (TRM) of the US dollar, from the state's open data.

Publishes: one rate a working day, in the evening for the next day; that of a Saturday holds to the next working day.
Quoted: average of the day's market, certified by the financial supervisor as the official rate; pesos for one dollar.
Answer: JSON, a list with a row a rate and the days from which and to which it holds; numbers as text; [] when none.
Source: https://www.datos.gov.co/Econom-a-y-Finanzas/Tasa-de-Cambio-Representativa-del-Mercado-TRM/32sa-8pi3/about_data

A rate's day is the first on which it holds. A range has the rates that begin to hold within it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import ErrorAnswer, NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import said

PROVIDER = Provider(
    name="Bank of the Republic (Colombia)",
    country="CO",
    pivot="COP",
    rate_type="official",
    published="18:00 America/Bogota, for the next day",
    since=date(2000, 1, 3),
    gap_days=7,  # Easter's rate holds from Thursday to Monday
    concurrency=2,
)

URL = "https://www.datos.gov.co/resource/32sa-8pi3.json"
MOST_ROWS = 50_000  # a hundred years of days; the server's own default is 1000 rows


def steps(query: Query) -> Steps:
    """One request; a list without rows says that no rate began to hold in the window."""
    first, last = query.span(PROVIDER.gap_days)
    window = f"vigenciadesde>='{first}T00:00:00.000' AND vigenciadesde<='{last}T00:00:00.000'"
    params = (("$where", window), ("$limit", str(MOST_ROWS)), ("$order", "vigenciadesde ASC"))
    reply = yield Request(URL, params=params, allow=(400,))
    quotes = list(parse(reply.body))
    if not quotes:
        raise NoRates(f"has no rate from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows; a refused question is an object with a message."""
    answer = readers.json_value(body)
    if isinstance(answer, dict):
        raise ErrorAnswer(f"reports {said(answer['message'])!r}")
    return list(_quotes(readers.rows(answer)))


def _quotes(rows: Iterable[object]) -> Iterator[Quote]:
    for item in rows:
        row = readers.mapping(item)
        if row["unidad"] != "COP":
            raise ValueError(f"pesos were due, got {row['unidad']!r}")
        day, _, midnight = row["vigenciadesde"].partition("T")
        if midnight != "00:00:00.000":
            raise ValueError(f"no day: {row['vigenciadesde']!r}")
        yield Quote("USD", "COP", readers.number(row["valor"]), readers.day(day))
