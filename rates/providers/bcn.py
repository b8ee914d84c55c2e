"""Central Bank of Nicaragua: official rate of the US dollar, from its web service.

Publishes: the dollar for every calendar day, a month ahead; read here since 2012-01-01.
Quoted: official rate, córdobas for one dollar; a crawling peg, frozen at 36.6243 since 2024.
Answer: XML (SOAP), the days of one month.
Source: https://www.bcn.gob.ni/estadisticas/mercados_cambiarios/tipo_cambio/cordoba_dolar

Its server speaks nothing newer than TLS 1.0, which today's clients refuse: until that is mended, or without a client
set to OpenSSL's security level 0, the answer is `BadCertificate` or `ConnectionFailed`.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, months_of
from rates.readers import child, number, soap_call, soap_result

PROVIDER = Provider(
    name="Central Bank of Nicaragua",
    country="NI",
    pivot="NIO",
    rate_type="official",
    published="a month ahead America/Managua",
    since=date(2012, 1, 1),
    max_days=31,
    gap_days=3,  # every calendar day has its rate
    spacing_s=0.5,
)

URL = "https://servicios.bcn.gob.ni/Tc_Servicio/ServicioTC.asmx"
SPACE = "http://servicios.bcn.gob.ni/"
OPERATION = "RecuperaTC_Mes"


def steps(query: Query) -> Steps:
    """A request for each month of the days asked for; the latest are today's, though the bank has set days to come."""
    return by_window(query, PROVIDER, ask, parse, split=months_of, cut=True, tomorrow=query.kind != "latest")


def ask(first: date, last: date) -> Request:
    """The rates of a month; its faults come with status 500."""
    month = f"<Ano>{first.year}</Ano><Mes>{first.month}</Mes>"
    return soap_call(URL, SPACE, OPERATION, month, action=f'"{SPACE}{OPERATION}"', allow=(500,))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of one month, days to come included."""
    table = soap_result(body, OPERATION).find(".//{*}Detalle_TC")
    if table is None:
        raise ValueError("the answer has no table of a month")
    for row in table:
        on = date(*(int(number(child(row, part))) for part in ("Ano", "Mes", "Dia")))
        if not child(row, "Fecha").startswith(str(on)):
            raise ValueError(f"{on} is dated {child(row, 'Fecha')!r}")
        yield Quote("USD", "NIO", number(child(row, "Valor")), on)
