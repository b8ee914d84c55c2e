"""Central Bank of Uruguay: closing rates.

Publishes: 27 currencies each working day.
Quoted: buying and selling rates, mostly one, whose middle is taken; Uruguayan pesos for one unit.
Answer: XML in a SOAP envelope, a row a currency and day; currencies have the bank's own numbers.
Source: https://www.bcu.gub.uy/Estadisticas-e-Indicadores/Paginas/Cotizaciones.aspx

The answer has no ISO codes (DLS., EURO): the number identifies the currency. The Argentine peso is asked for as 0500
and answered as 500, so that numbers are compared, not their texts.
"""

from rates.errors import ErrorAnswer
from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, wanted
from rates.readers import child, day, excerpt, midpoint, named, number, soap_call, soap_result

PROVIDER = Provider(
    name="Central Bank of Uruguay",
    country="UY",
    pivot="UYU",
    rate_type="mid of buying and selling",
    published="no stated time America/Montevideo",
    since=date(2000, 1, 1),
    max_days=365,
    gap_days=10,  # carnival and the week of tourism close the market for up to nine days
    spacing_s=1.0,
    terms="https://www.bcu.gub.uy/Paginas/Condiciones-de-uso.aspx",
)

URL = "https://cotizaciones.bcu.gub.uy/wscotizaciones/servlet/awsbcucotizaciones"
OPERATION = "wsbcucotizaciones.Execute"
STATUS = "{*}Salida/{*}respuestastatus/{*}"
ROWS = "{*}Salida/{*}datoscotizaciones/{*}datoscotizaciones.dato"
NEW_LIRA = date(2005, 1, 1)  # the same number before it would be of the old one
NUMBERS = {
    500: "ARS", 1000: "BRL", 1111: "EUR", 1300: "CLP", 1490: "NZD", 1620: "ZAR", 1800: "DKK", 2225: "USD", 2309: "CAD",
    2700: "GBP", 3600: "JPY", 4000: "PEN", 4150: "CNY", 4200: "MXN", 4300: "HUF", 4400: "TRY", 4600: "NOK", 4800: "PYG",
    4900: "ISK", 5100: "HKD", 5300: "KRW", 5400: "RUB", 5500: "COP", 5600: "MYR", 5700: "INR", 5800: "SEK", 5900: "CHF",
}  # fmt: skip


def steps(query: Query) -> Steps:
    """The days of the window, in pieces, for all currencies that may be wanted at once."""
    codes = wanted(query, NUMBERS.values())
    items = "".join(f"<item>{bank_id:04}</item>" for bank_id, code in NUMBERS.items() if code in codes)

    def ask(first: date, last: date) -> Request:
        days = f"<FechaDesde>{first}</FechaDesde><FechaHasta>{last}</FechaHasta>"
        entry = f"<Entrada><Moneda>{items}</Moneda>{days}<Grupo>0</Grupo></Entrada>"
        return soap_call(URL, "Cotiza", OPERATION, entry)

    return by_window(query, PROVIDER, ask, parse)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows."""
    result = soap_result(body, OPERATION)
    if child(result, f"{STATUS}status").strip() != "1":
        words, error = (child(result, STATUS + name) for name in ("mensaje", "codigoerror"))
        raise ErrorAnswer(f"reports {excerpt(words)!r}, number {excerpt(error)}")
    for row in result.iterfind(ROWS):
        code, on = named(NUMBERS, int(number(child(row, "{*}Moneda")))), day(child(row, "{*}Fecha"))
        middle = midpoint(child(row, "{*}TCC"), child(row, "{*}TCV"))
        yield Quote("TRL" if code == "TRY" and on < NEW_LIRA else code, "UYU", middle, on)
