"""National Bank of Hungary: official rates.

Publishes: 32 currencies each working day about 11:00 Budapest time; asked here from 1999-01-04.
Quoted: official middle rates, forints for 1 or 100 units, as each row says.
Answer: XML, decimal comma, newest day first, as escaped text within a SOAP envelope.
Source: https://www.mnb.hu/en/monetary-policy/the-mpc/exchange-rates

The service wants every currency by its code. Those asked for are the ones of today, so that currencies that have
ended (the kuna, the lev, those before the euro) are not in the answers for their days.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date
from rates.readers import child, day, number, per_unit, soap_call, soap_result, xml

PROVIDER = Provider(
    name="National Bank of Hungary",
    country="HU",
    pivot="HUF",
    rate_type="official",
    published="11:00 Europe/Budapest",
    since=date(1999, 1, 4),
    max_days=365,  # our own: a year of all currencies is some 600 kB
    terms="https://www.mnb.hu/en",  # the bank's home; its terms are not known
)

URL = "http://www.mnb.hu/arfolyamok.asmx"  # the service is documented under this scheme
SPACE = "http://www.mnb.hu/webservices/"
ACTION = "http://www.mnb.hu/webservices/MNBArfolyamServiceSoap/GetExchangeRates"
SYMBOLS = (
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "IDR",
    "ILS", "INR", "ISK", "JPY", "KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN",
    "RON", "RSD", "RUB", "SEK", "SGD", "THB", "TRY", "UAH", "USD", "ZAR",
)  # fmt: skip


def steps(query: Query) -> Steps:
    """The days of the window, in pieces; no day in it is one on which the bank rested."""
    return by_window(query, PROVIDER, ask, parse)


def ask(first: date, last: date) -> Request:
    """The rates of all currencies on the days of a window."""
    days = f"<startDate>{first}</startDate><endDate>{last}</endDate>"
    names = f"<currencyNames>{','.join(SYMBOLS)}</currencyNames>"
    return soap_call(URL, SPACE, "GetExchangeRates", days + names, action=ACTION)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all days. A day comes empty when no currency is asked for, which is not what was asked."""
    inner = child(soap_result(body, "GetExchangeRates"), "{*}GetExchangeRatesResult")
    for element in xml(inner.encode(), "MNBExchangeRates"):
        on = day(element.attrib["date"])
        if not len(element):
            raise ValueError(f"no rates on {on}")
        for row in element:
            rate = per_unit(number(row.text, comma=True), row.attrib["unit"])
            yield Quote(row.attrib["curr"], "HUF", rate, on)
