"""Central Bank of Costa Rica: reference rate of the US dollar.

Publishes: buying and selling rate of the US dollar for every calendar day, weekends included.
Quoted: reference rates of both sides, whose middle is taken (a selling rate stands some 0.5 % above it); colones.
Answer: first a token as text, then JSON: a table whose columns are the days, with titles such as "15 dec 2025".
Source: https://sdd.bccr.fi.cr/es/IndicadoresEconomicos/Inicio/Contenedor/6
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import spans

PROVIDER = Provider(
    name="Central Bank of Costa Rica",
    country="CR",
    pivot="CRC",
    rate_type="mid of buying and selling",
    published="no stated time America/Costa_Rica",  # the hour is not told
    since=date(2000, 1, 3),
    max_days=90,  # the table has at most 100 columns
    spacing_s=1.0,
    terms="https://sdd.bccr.fi.cr/es/IndicadoresEconomicos/Inicio/TerminosDeUso",
)

SITE = "https://sdd.bccr.fi.cr"
FOLDER = "https://apim.bccr.fi.cr/SDDE/api/Bccr.GE.SDDE.IndicadoresSitioExterno."
TOKEN = FOLDER + "ServiciosUsuario.API/Token/GenereCSRF"
TABLE = FOLDER + "GrupoVariables.API/CuadroGrupoVariables/ObtenerDatosCuadro"
COLUMNS = 100
BUY, SELL = 317, 318  # the bank's numbers of the two rows

# A signed web token with HMAC-SHA256, whose signature has 43 characters; a shorter one was cut.
_TOKEN = re.compile(rb"\s*(eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{43})\s*")


def steps(query: Query) -> Steps:
    """A token, then a table for each piece of the window. It holds the 100 days before its end, whatever the start."""
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    token = _TOKEN.fullmatch((yield Request(TOKEN)).body)
    if not token:
        raise ValueError("no token in the first answer")
    headers = (("token_csrf", token[1].decode()), ("Origin", SITE))
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        window = (("FechaInicio", f"{start}T00:00:00"), ("FechaFin", str(end)))
        params = (("IdGrupoVariable", "1"), *window, ("CantidadSeriesAMostrar", str(COLUMNS)))
        reply = yield Request(TABLE, params=params, headers=headers, private=("token_csrf",))
        quotes += [quote for quote in parse(reply.body) if start <= quote.day <= end]
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all columns; the token holds none."""
    if _TOKEN.fullmatch(body):
        return []
    table = readers.mapping(readers.json_value(body))
    rows = {row["idIndicador"]: row["series"] for row in readers.rows(table["indicadoresRaiz"])}
    columns = [column for column in readers.rows(table["columnas"]) if column["field"] != "nombre"]
    if set(rows) != {BUY, SELL}:
        raise ValueError(f"the rows {BUY} and {SELL} were due, got {sorted(rows)}")
    return list(_quotes(columns, rows[BUY], rows[SELL]))


def _quotes(
    columns: Iterable[Mapping[str, Any]], buying: Mapping[str, str], selling: Mapping[str, str]
) -> Iterator[Quote]:
    """One column a day, in order and without a gap. The English figures have a point, the Spanish ones a comma."""
    before: date | None = None
    for column in columns:
        day = readers.day(column["tituloIngles"], "D M Y")
        if before is not None and day != before + timedelta(days=1):
            raise ValueError(f"the column after {before} is of {day}")
        before = day
        name = f"{column['field']}Ingles"
        rate = readers.midpoint(readers.number(buying[name]), readers.number(selling[name]))
        yield Quote("USD", "CRC", rate, day)
