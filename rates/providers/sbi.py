"""Central Bank of Iceland: official reference rates and other registered rates.

Publishes: 10 currencies (official) and 22 others each working day about 16:00 Reykjavik time.
Quoted: registered middle rates, krónur for one unit of the currency.
Answer: XML, a series a currency with the bank's number and Icelandic name, days as 10/30/2026 12:00:00 AM.
Source: https://www.sedlabanki.is/hagtolur/opinbert-gengi/

The official group has series of buying and selling rates beside the middle ones; they are not read. Nor is the
Venezuelan bolívar (3504), since the series does not say which of its three bolívares a day has.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._shared import spans

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PROVIDER = Provider(
    name="Central Bank of Iceland",
    country="IS",
    pivot="ISK",
    rate_type="official",
    published="16:00 Atlantic/Reykjavik",
    since=date(1981, 1, 1),
    max_days=365,  # our own: a year of both groups is some 1 MB
    spacing_s=0.5,
)

URL = "https://sedlabanki.is/xmltimeseries/Default.aspx"
OFFICIAL, OTHERS = "9", "7"
OTHERS_SINCE = date(2005, 1, 1)  # the lira's new name, the last in the group; before, a series may be of older money
MIDDLE = {
    "4052": "ATS", "4055": "USD", "4058": "BEF", "4061": "DKK", "4064": "EUR", "4067": "FIM", "4070": "FRF",
    "4073": "GRD", "4076": "NLG", "4079": "IEP", "4082": "ITL", "4085": "JPY", "4088": "CAD", "4091": "NOK",
    "4094": "PTE", "4097": "XDR", "4100": "ESP", "4103": "GBP", "4106": "CHF", "4109": "SEK", "4112": "DEM",
    "29": "CNY", "30": "RUB", "31": "PLN", "32": "EEK", "33": "LVL", "34": "LTL", "35": "NGN", "36": "TWD",
    "37": "KRW", "38": "SRD", "39": "AUD", "40": "NZD", "41": "HKD", "42": "HUF", "43": "ILS", "44": "ZAR",
    "45": "SGD", "46": "MXN", "47": "MTL", "48": "TRY", "49": "HRK", "50": "INR", "51": "BGN", "52": "CZK",
    "53": "BRL", "74": "THB", "288": "JMD", "3503": "SAR", "19254": "KWD",
}  # fmt: skip
UNREAD = {"3504", *(str(number) for middle in range(4052, 4113, 3) for number in (middle - 1, middle + 1))}
MIDNIGHT = " 12:00:00 AM"


def steps(query: Query) -> Steps:
    """Both groups of each piece of the window; a window without the official ones is one of rest."""
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    quotes = yield from _group(OFFICIAL, first, last)
    if not quotes:
        raise NoRates(f"has no official rates from {first} to {last}")
    quotes += yield from _group(OTHERS, max(first, OTHERS_SINCE), last)
    return quotes


def _group(number: str, first: date, last: date) -> Generator[Request, Reply, list[Quote]]:
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        window = (("DagsFra", str(start)), ("DagsTil", str(end)))
        reply = yield Request(URL, params=(*window, ("GroupID", number), ("Type", "xml")))
        quotes += parse(reply.body)
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all series of middle rates; a series without entries is of a currency that has ended."""
    root = readers.xml(body)
    series = root.findall("TimeSeries")
    if root.tag != "Group" or not series:
        raise ValueError(f"a group of series was due, got <{root.tag}> with {len(series)}")
    return [quote for one in series for quote in _quotes(one)]


def _quotes(series: Element) -> Iterator[Quote]:
    number = series.attrib["ID"]
    code = MIDDLE.get(number)
    if code is None and number not in UNREAD:
        raise ValueError(f"no currency of series {number} is known: {series.findtext('Name')!r}")
    data = series.find("TimeSeriesData")
    if data is None:
        raise ValueError(f"series {number} has no data")
    for entry in data if code else ():
        day = readers.day(readers.child(entry, "Date").removesuffix(MIDNIGHT), "M/D/Y")
        yield Quote(code or "", "ISK", readers.number(readers.child(entry, "Value")), day)
