"""Central Bank of Nicaragua: official rate of the US dollar, from its web service.

Publishes: the dollar for every calendar day, a month ahead; read here since 2012-01-01.
Quoted: official rate, córdobas for one dollar; a crawling peg, frozen at 36.6243 since 2024.
Answer: XML (SOAP), the days of one month.
Source: https://www.bcn.gob.ni/estadisticas/mercados_cambiarios/tipo_cambio/cordoba_dolar

Its server speaks nothing newer than TLS 1.0, which today's clients refuse: until that is mended, or without a client
set to OpenSSL's security level 0, the answer is `BadCertificate` or `ConnectionFailed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from rates import readers
from rates.errors import ErrorAnswer, NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import said

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

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
HEADERS = (("Content-Type", "text/xml; charset=utf-8"), ("SOAPAction", f'"{SPACE}RecuperaTC_Mes"'))
ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    f'<RecuperaTC_Mes xmlns="{SPACE}"><Ano>{{year}}</Ano><Mes>{{month}}</Mes></RecuperaTC_Mes>'
    "</soap:Body></soap:Envelope>"
)


def steps(query: Query) -> Steps:
    """A request for each month of the days asked for; days to come are left out, which the bank has set already."""
    last = query.end or query.today
    first = query.start or query.today
    month = first.replace(day=1)
    quotes: list[Quote] = []
    while month <= last:
        content = ENVELOPE.format(year=month.year, month=month.month).encode()
        reply = yield Request(URL, content=content, headers=HEADERS, allow=(500,))  # SOAP's status for its errors
        quotes += [quote for quote in parse(reply.body) if quote.day <= last]
        month = (month + timedelta(days=31)).replace(day=1)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of one month, days to come included."""
    root = readers.xml(body)
    for element in root.iter():
        if _local(element) == "Fault":
            raise ErrorAnswer(f"reports {said(' '.join(element.itertext()))!r}")
    tables = [element for element in root.iter() if _local(element) == "Detalle_TC"]
    if len(tables) != 1:
        raise ValueError(f"one table of a month was due, got {len(tables)} in <{_local(root)}>")
    return list(_quotes(tables[0]))


def _quotes(table: Element) -> Iterator[Quote]:
    for row in table:
        day = date(*(int(readers.number(readers.child(row, part))) for part in ("Ano", "Mes", "Dia")))
        if not readers.child(row, "Fecha").startswith(str(day)):
            raise ValueError(f"{day} is dated {readers.child(row, 'Fecha')!r}")
        yield Quote("USD", "NIO", readers.number(readers.child(row, "Valor")), day)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
