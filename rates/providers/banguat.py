"""Bank of Guatemala: the reference rate of the US dollar.

Publishes: the US dollar for every calendar day; weekends and holidays repeat the rate in force.
Quoted: the reference rate, quetzales for one dollar; its two sides (venta, compra) are one, else the middle is taken.
Answer: XML in a SOAP envelope, a row a day with days as 31/12/2026, and the number of rows.
Source: https://www.banguat.gob.gt/variables/ws/TipoCambio.asmx

The bank resets connections from the addresses of some data centres.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date
from rates.readers import child, counted, day, midpoint, soap_call, soap_result

PROVIDER = Provider(
    name="Bank of Guatemala",
    country="GT",
    pivot="GTQ",
    rate_type="reference",
    published="no stated time America/Guatemala",  # the hour is not stated
    since=date(2017, 12, 1),  # not stated either; users of the service have rates back to this month
    max_days=365,  # our own: users report that an answer ends at 1000 rows
    spacing_s=1.0,
)

URL = "https://www.banguat.gob.gt/variables/ws/TipoCambio.asmx"
SPACE = "http://www.banguat.gob.gt/variables/ws/"
DOLLAR = "2"  # the bank's number of the currency


def steps(query: Query) -> Steps:
    """The days of the window, in pieces; no rows say that the bank has none."""
    return by_window(query, PROVIDER, ask, parse)


def ask(first: date, last: date) -> Request:
    """The rows of the dollar in a window."""
    days = f"<fechainit>{first:%d/%m/%Y}</fechainit><fechafin>{last:%d/%m/%Y}</fechafin>"
    return soap_call(URL, SPACE, "TipoCambioRango", days)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows, of which there are as many as the answer says."""
    result = soap_result(body, "TipoCambioRango")
    due = child(result, "{*}TipoCambioRangoResult/{*}TotalItems")
    for row in counted(list(result.iter(f"{{{SPACE}}}Var")), due):
        currency = child(row, "{*}moneda")
        if currency.strip() != DOLLAR:
            raise ValueError(f"no currency of number {currency!r} is known")
        rate = midpoint(child(row, "{*}compra"), child(row, "{*}venta"))
        yield Quote("USD", "GTQ", rate, day(child(row, "{*}fecha"), "D/M/Y"))
