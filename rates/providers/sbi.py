"""Central Bank of Iceland: official reference rates and other registered rates.

Publishes: 10 currencies (official) and 22 others each working day about 16:00 Reykjavik time.
Quoted: registered middle rates, krónur for one unit of the currency.
Answer: XML, a series a currency with the bank's number and Icelandic name, days as 10/30/2026 12:00:00 AM.
Source: https://www.sedlabanki.is/hagtolur/opinbert-gengi/

The official group has series of buying and selling rates beside the middle ones; they are not read. Nor is the
Venezuelan bolívar (3504), since the series does not say which of its three bolívares a day has.
"""

from functools import partial

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get, or_none
from rates.readers import child, day, number, xml

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


def steps(query: Query) -> Steps:
    """The official group, then the others; days without official rates have none of the others either."""
    quotes = list((yield from by_window(query, PROVIDER, partial(ask, OFFICIAL), parse)))
    quotes += yield from or_none(by_window(query, PROVIDER, partial(ask, OTHERS), parse, since=OTHERS_SINCE))
    return quotes


def ask(group: str, first: date, last: date) -> Request:
    """The series of a group."""
    return get(URL, {"DagsFra": first, "DagsTil": last, "GroupID": group, "Type": "xml"})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all series of middle rates; a series without entries is of a currency that has ended."""
    group = xml(body, "Group").findall("TimeSeries")
    if not group:
        raise ValueError("the group has no series")
    for series in group:
        series_id, data = series.attrib["ID"], series.find("TimeSeriesData")
        if series_id not in MIDDLE.keys() | UNREAD:
            raise ValueError(f"no currency of series {series_id} is known: {series.findtext('Name')!r}")
        if data is None:
            raise ValueError(f"series {series_id} has no data")
        for entry in data if series_id in MIDDLE else ():
            on = day(child(entry, "Date"), "M/D/Y")
            yield Quote(MIDDLE[series_id], "ISK", number(child(entry, "Value")), on)
