"""Bank of England: spot rates of sterling, from its statistical database.

Publishes: 26 currencies each London working day.
Quoted: indicative middle rates of the spot market; units of the currency for one pound.
Answer: CSV, a line a day and a column a series under the series' code; an empty cell or 0 for none.
Source: https://www.bankofengland.co.uk/boeapps/database/Rates.asp?into=GBP
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps

PROVIDER = Provider(
    name="Bank of England",
    country="GB",
    pivot="GBP",
    rate_type="market mid",
    published="about 17:00 Europe/London",
    since=date(2000, 1, 4),
    spacing_s=0.5,
    official=False,  # what the market makes; the bank sets none of its own
    terms="https://www.bankofengland.co.uk/legal",
)

URL = "https://www.bankofengland.co.uk/boeapps/database/_iadb-fromshowcolumns.asp"
SERIES = {
    "XUDLUSS": "USD", "XUDLERS": "EUR", "XUDLJYS": "JPY", "XUDLCDS": "CAD", "XUDLSFS": "CHF", "XUDLADS": "AUD",
    "XUDLNDS": "NZD", "XUDLNKS": "NOK", "XUDLSKS": "SEK", "XUDLDKS": "DKK", "XUDLHDS": "HKD", "XUDLSGS": "SGD",
    "XUDLSRS": "SAR", "XUDLZRS": "ZAR", "XUDLTWS": "TWD", "XUDLBK25": "CZK", "XUDLBK33": "HUF", "XUDLBK47": "PLN",
    "XUDLBK78": "ILS", "XUDLBK83": "MYR", "XUDLBK87": "THB", "XUDLBK89": "CNY", "XUDLBK93": "KRW", "XUDLBK95": "TRY",
    "XUDLBK97": "INR", "XUDLZOS4": "RON",
}  # fmt: skip
# Three letters, whatever the locale.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def steps(query: Query) -> Steps:
    """One request for all series and the whole window."""
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    form = (("csv.x", "yes"), ("SeriesCodes", ",".join(SERIES)), ("UsingCodes", "Y"), ("CSVF", "TN"))
    reply = yield Request(URL, params=(*form, ("Datefrom", _written(first)), ("Dateto", _written(last))))
    quotes = list(parse(reply.body))
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def _written(day: date) -> str:
    return f"{day.day:02}/{MONTHS[day.month - 1]}/{day.year}"


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all lines."""
    header, *lines = readers.text(readers.whole_lines(body)).splitlines()
    if wrong := {*header.split(",")} ^ {"DATE", *SERIES}:
        raise ValueError(f"other columns than asked for: {', '.join(sorted(wrong))}")
    if not lines:
        raise ValueError("no line after the header")
    return [quote for row in readers.csv(body) for quote in _quotes(row)]


def _quotes(row: Mapping[str, str]) -> Iterator[Quote]:
    """One day. Series begin and end on their own days, but that of the US dollar has no day off when others have none.

    So a line without a dollar is refused, unless it has no rate at all.
    """
    day = readers.day(row["DATE"], "D M Y")
    rates = {SERIES[series]: cell for series, cell in row.items() if series != "DATE" and cell.strip() not in ("", "0")}
    if rates and "USD" not in rates:
        raise ValueError(f"no rate of the US dollar on {day}")
    for code, rate in rates.items():
        yield Quote("GBP", code, readers.number(rate), day)
