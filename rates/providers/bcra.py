"""Central Bank of the Argentine Republic: reference rates of the Argentine peso.

Publishes: about 33 currencies each working day in the afternoon.
Quoted: reference rates, pesos for one unit (tipoCotizacion), the dong for 1000 units, as its description says.
Answer: JSON of one day; on a closed day its day is null and its list empty.
Source: https://www.bcra.gob.ar/en/monetary-and-financial-statistics/exchange-statistics/

Rows that are left out: the peso itself; REF, the dollar of another average; gold and silver, which have no price in
pesos; MXP and VEB, codes of former currencies that carry today's values. CNH, the yuan abroad, stands beside CNY.
tipoPase is the rate against the US dollar.
"""

import re
from datetime import date
from decimal import Decimal

from rates.errors import NoRates
from rates.providers.kit import WEEKEND, Iterable, Provider, Query, Quote, Steps, by_day_pieces, distinct, get
from rates.readers import day, json_object, mapping, number, per_unit, reported, rows

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


def steps(query: Query) -> Steps:
    """One request a working day. Of a range, a day that contradicts itself is left out whole."""
    contradictions: list[ValueError] = []

    def piece(on: date) -> Steps:
        reply = yield get(URL, {"fecha": on}, allow=(400, 404))
        listed = list(_quotes(reply.body))
        try:
            return distinct(listed)
        except ValueError as error:  # which of two rates is right, and so what else is wrong, cannot be known
            if query.kind != "range":
                raise
            contradictions.append(error)
            return ()

    try:
        return (yield from by_day_pieces(query, PROVIDER, piece, rests=WEEKEND))
    except NoRates:
        if contradictions:
            raise contradictions[0] from None
        raise


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day, each currency once."""
    return distinct(_quotes(body))


def _quotes(body: bytes) -> Iterable[Quote]:
    """A quote for each row; none when the bank gives no day, which means that it has no rates."""
    answer = json_object(body)
    if "results" not in answer:
        raise reported("; ".join(answer["errorMessages"]))
    results = mapping(answer["results"])
    listed = rows(results["detalle"])
    if results["fecha"] is None and not listed:
        return
    if not listed:
        raise ValueError(f"no rows for {results['fecha']!r}")
    on = day(results["fecha"])
    for row in listed:
        if row["codigoMoneda"] not in LEFT_OUT:
            rate = per_unit(row["tipoCotizacion"], _units(row["descripcion"]))
            yield Quote(row["codigoMoneda"], "ARS", rate, on)


def _units(words: str) -> Decimal:
    """How many units a rate is for, which the description says where it is not one."""
    found = _UNITS.search(words)
    if "C/" in words and not found:
        raise ValueError(f"not a number of units: {words!r}")
    return number(found[1], thousands=".") if found else Decimal(1)
