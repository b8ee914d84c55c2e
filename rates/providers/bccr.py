"""Central Bank of Costa Rica: reference rate of the US dollar.

Publishes: buying and selling rate of the US dollar for every calendar day, weekends included.
Quoted: reference rates of both sides, whose middle is taken (a selling rate stands some 0.5 % above it); colones.
Answer: first a token as text, then JSON: a table whose columns are the days, with titles such as "15 dec 2025".
Source: https://sdd.bccr.fi.cr/es/IndicadoresEconomicos/Inicio/Contenedor/6
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Reply, Request, Steps, date, form, get, timedelta
from rates.readers import day, json_object, midpoint, rows

PROVIDER = Provider(
    name="Central Bank of Costa Rica",
    country="CR",
    pivot="CRC",
    rate_type="mid of buying and selling",
    published="no stated time America/Costa_Rica",  # the bank states no hour
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
_TOKEN = re.compile(rb"eyJ[\w-]++\.eyJ[\w-]++\.[\w-]{43}")


def steps(query: Query) -> Steps:
    """A token, then a table for each piece of the window. It holds the 100 days before its end, whatever the start."""
    return form(query, PROVIDER, get(TOKEN), ask, parse, cut=True)


def ask(opened: Reply, first: date, last: date) -> Request:
    """The table of a window, with the token of the first answer."""
    token = _TOKEN.fullmatch(opened.body.strip())
    if not token:
        raise ValueError("no token in the first answer")
    window = {"IdGrupoVariable": 1, "FechaInicio": f"{first}T00:00:00", "FechaFin": last}
    key, headers = {"token_csrf": token[0].decode()}, {"Origin": SITE}
    return get(TABLE, {**window, "CantidadSeriesAMostrar": COLUMNS}, key=key, headers=headers)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all columns, one a day, in order and without a gap; the token holds none."""
    if _TOKEN.fullmatch(body.strip()):
        return
    table = json_object(body)
    series = {row["idIndicador"]: row["series"] for row in rows(table["indicadoresRaiz"])}
    if set(series) != {BUY, SELL}:
        raise ValueError(f"expected the rows {BUY} and {SELL}, got {sorted(series)}")
    before: date | None = None
    for column in rows(table["columnas"]):
        if column["field"] == "nombre":
            continue
        on = day(column["tituloIngles"], "D M Y")
        if before is not None and on != before + timedelta(days=1):
            raise ValueError(f"the column after {before} is of {on}")
        before = on
        name = f"{column['field']}Ingles"  # these figures have a point, the Spanish ones a comma
        yield Quote("USD", "CRC", midpoint(series[BUY][name], series[SELL][name]), on)
