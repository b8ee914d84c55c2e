"""Central Bank of the Argentine Republic: reference rates of the Argentine peso.

Publishes: about 33 currencies each working day in the afternoon.
Quoted: reference rates, pesos for one unit (tipoCotizacion), the dong for 1000 units, as its description says.
Answer: JSON of one day; on a closed day its day is null and its list empty.
Source: https://www.bcra.gob.ar/en/monetary-and-financial-statistics/exchange-statistics/

Rows that are left out: the peso itself; REF, the dollar of another average; gold and silver, which have no price in
pesos; MXP and VEB, codes of former currencies that carry today's values. CNH, the yuan abroad, stands beside CNY.
tipoPase is the rate against the US dollar.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from rates import readers
from rates.errors import ErrorAnswer, NoRates
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._by_day import WEEKEND, by_day
from rates.providers._shared import said

PROVIDER = Provider(
    name="Central Bank of the Argentine Republic",
    country="AR",
    pivot="ARS",
    rate_type="reference",
    published="about 15:00 America/Argentina/Buenos_Aires",
    since=date(2000, 1, 3),
    max_days=1,
    spacing_s=0.5,
    terms="https://www.bcra.gob.ar/aviso-legal/",
)

URL = "https://api.bcra.gob.ar/estadisticascambiarias/v1.0/Cotizaciones"
LEFT_OUT = ("ARS", "REF", "XAU", "XAG", "MXP", "VEB")

_UNITS = re.compile(r"\(C/([\d.]+) UNIDADES\)", re.ASCII)


class _TwiceError(ValueError):
    """A day with two rates of one currency: which of them is right, and so what else is wrong, cannot be told."""


def steps(query: Query) -> Steps:
    """One request a working day. Of a range, a day that contradicts itself is left out whole."""
    contradictions: list[_TwiceError] = []

    def one(day: date) -> Generator[Request, Reply, list[Quote]]:
        reply = yield Request(URL, params=(("fecha", str(day)),), allow=(400, 404))
        try:
            return list(parse(reply.body))
        except _TwiceError as error:
            contradictions.append(error)
            if query.kind != "range":
                raise
            return []

    try:
        return (yield from by_day(query, PROVIDER, one, rests=WEEKEND))
    except NoRates:
        if contradictions:
            raise contradictions[0] from None
        raise


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day, none when the bank says that it has none by giving no day."""
    answer = readers.mapping(readers.json_value(body))
    if "results" not in answer:
        raise ErrorAnswer(f"reports {said('; '.join(answer['errorMessages']))!r}")
    results = readers.mapping(answer["results"])
    rows = readers.rows(results["detalle"])
    if results["fecha"] is None and not rows:
        return []
    if not rows:
        raise ValueError(f"no rows for {results['fecha']!r}")
    return _quotes(rows, readers.day(results["fecha"]))


def _quotes(rows: Iterable[object], day: date) -> list[Quote]:
    found: dict[str, Quote] = {}
    for item in rows:
        row = readers.mapping(item)
        code = row["codigoMoneda"]
        if code not in LEFT_OUT:
            quote = Quote(code, "ARS", _rate(row), day)
            if found.setdefault(code, quote) != quote:
                raise _TwiceError(f"two rates for {code} on {day}")
    return list(found.values())


def _rate(row: Mapping[str, Any]) -> Decimal:
    """The rate of one unit; the description tells how many units it is for where it is not one."""
    words, units = row["descripcion"], Decimal(1)
    if "C/" in words:
        found = _UNITS.search(words)
        if not found:
            raise ValueError(f"no number of units: {words!r}")
        units = readers.number(found[1], thousands=".")
    return readers.per_unit(readers.number(row["tipoCotizacion"]), units)
