"""Central Bank of Seychelles: average rates of the authorised dealers.

Publishes: US dollar, euro and pound each working day, since 2000-01-04.
Quoted: the printed mean, which is not the middle of buying and selling rates, rupees for one unit.
Answer: JSON with the newest day; for other days a workbook (xlsx) with a sheet a currency, written at noon a day later.
Source: https://www.cbs.sc/

The workbook holds means of full binary length, which the bank shows with four decimals everywhere else: they are
rounded to those. It is read as other clients describe it, and no recorded one is known. The server leaves out the
intermediate certificate, so that a client which has none gets `BadCertificate`.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, get, not_empty, window
from rates.readers import day, json_object, mapping, number, rows, serial_day, sheets

PROVIDER = Provider(
    name="Central Bank of Seychelles",
    country="SC",
    pivot="SCR",
    rate_type="mid",
    published="in the afternoon Indian/Mahe",
    since=date(2000, 1, 4),
    spacing_s=0.5,
    restriction="consent",
    terms="https://www.cbs.sc/ (short extracts with their source; else permission is needed)",
)

LIVE = "https://www.cbs.sc/Controller/MarketinfoController.jsp"
WORKBOOK = "https://www.cbs.sc/Downloads/StaExcel/Exchange%20Rates-Daily.xlsx"
SHOWN = Decimal("0.0001")

_HEAD = re.compile(r"SCR/([A-Z]{3})")
_SIDE = re.compile(r"([a-z]{3})(?:buy|sell|mid|diff)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def steps(query: Query) -> Steps:
    """The newest day, if days near today are asked for; the workbook for all others."""
    first, last = window(query, PROVIDER)
    newest: list[Quote] = []
    if (query.today - last).days <= PROVIDER.gap_days:
        live = yield get(LIVE, {"type": "car"})
        newest = list(parse(live.body))
        if query.kind == "latest" or (query.kind == "day" and newest[0].day <= last):
            return newest
    book = yield get(WORKBOOK)
    dated = {(quote.base, quote.day): quote for quote in (*parse(book.body), *newest)}
    return not_empty([quote for quote in dated.values() if first <= quote.day <= last], first, last)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the newest day or of the workbook."""
    return _of_workbook(body) if body.startswith(b"PK") else _of_newest_day(body)


def _of_newest_day(body: bytes) -> Iterable[Quote]:
    """The quotes of the one row, whose names are those of currencies and sides in one word."""
    (row,) = map(mapping, rows(json_object(body)["car"]))
    codes = dict.fromkeys(side[1] for name in row if (side := _SIDE.fullmatch(name)))
    if not codes:
        raise ValueError("the row has no currency")
    on = day(row["currentDate"], "D-M-Y")
    return [Quote(code.upper(), "SCR", number(row[f"{code}mid"]), on) for code in codes]


def _of_workbook(body: bytes) -> Iterable[Quote]:
    """The quotes of all sheets with a title such as SCR/USD beside "Date"; the others are notes and yearly means."""
    found: list[Quote] = []
    for table in sheets(body).values():
        code = ""
        for serial, mean, *_ in ([*row, "", ""] for row in table):
            titled = _HEAD.fullmatch(mean.strip())
            code = titled[1] if titled else code
            if code and _NUMBER.fullmatch(mean):  # a day without a fixing has words there
                rate = number(mean).quantize(SHOWN, ROUND_HALF_UP)
                found.append(Quote(code, "SCR", rate, serial_day(serial)))
    if not found:
        raise ValueError("no sheet has the rates of a currency")
    return found
