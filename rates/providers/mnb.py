"""National Bank of Hungary: official rates.

Publishes: 32 currencies each working day about 11:00 Budapest time; asked here from 1999-01-04.
Quoted: official middle rates, forints for 1 or 100 units, as each row says.
Answer: XML, decimal comma, newest day first, as escaped text within a SOAP envelope.
Source: https://www.mnb.hu/en/monetary-policy/the-mpc/exchange-rates

The service wants every currency by its code. Those asked for are the ones of today, so that currencies that have
ended (the kuna, the lev, those before the euro) are not in the answers for their days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote
from rates.providers import Steps
from rates.providers._shared import spans
from rates.providers._soap import answer, question

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

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
    """The days of the window, in pieces, for all currencies; no day in it is one on which the bank rested."""
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    names = f"<currencyNames>{','.join(SYMBOLS)}</currencyNames>"
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        days = f"<startDate>{start}</startDate><endDate>{end}</endDate>"
        reply = yield question(URL, SPACE, "GetExchangeRates", days + names, action=ACTION)
        quotes += parse(reply.body)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all days."""
    inner = readers.child(answer(body, "GetExchangeRates"), "{*}GetExchangeRatesResult")
    root = readers.xml(inner.encode())
    if root.tag != "MNBExchangeRates":
        raise ValueError(f"<MNBExchangeRates> was due, got <{root.tag}>")
    return [quote for day in root for quote in _quotes(day)]


def _quotes(element: Element) -> Iterator[Quote]:
    """One day. It comes empty when no currency is asked for, which is not what was asked."""
    day = readers.day(element.attrib["date"])
    if not len(element):
        raise ValueError(f"no rates on {day}")
    for row in element:
        rate = readers.number(row.text, comma=True)
        yield Quote(row.attrib["curr"], "HUF", readers.per_unit(rate, readers.number(row.attrib["unit"])), day)
