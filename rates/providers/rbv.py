"""Reserve Bank of Vanuatu: daily rates of the vatu.

Publishes: six currencies each working day, since 2025-08-26.
Quoted: reference rates, vatu for one unit.
Answer: a web page with the whole list, newest first; days as 22 May 2026 or 26-Aug-25.
Source: https://www.rbv.gov.vu/index.php/en/exchange-rates

The server sends its certificate without the one that signed it, so that a client which does not know that one already
cannot trust it: the fetch then ends with BadCertificate until the bank mends its server.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._html import below

PROVIDER = Provider(
    name="Reserve Bank of Vanuatu",
    country="VU",
    pivot="VUV",
    rate_type="reference",
    published="by 23:00 UTC, the next morning in Vanuatu",
    since=date(2025, 8, 26),
    gap_days=14,  # Christmas and New Year
    concurrency=1,  # no limit is known
    spacing_s=0.5,
)

URL = "https://www.rbv.gov.vu/index.php/en/exchange-rates"
HEAD = ("Date", "USD", "JPY", "NZD", "GBP", "AUD", "EUR", "")
NO_DAYS = ("Display #", "No records")  # rows of the list's own controls, hidden or not


def steps(query: Query) -> Steps:
    """The whole list, of which the window is taken."""
    first, last = query.span(PROVIDER.gap_days)
    reply = yield Request(URL, params=(("limit1", "100000"),), html=True)
    quotes = [quote for quote in parse(reply.body) if first <= quote.day <= last]
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows."""
    rows = below(readers.tables(readers.text(body)), HEAD)
    listed = [row for row in rows if not row[0].startswith(NO_DAYS)]
    days = [_day(row[0]) for row in listed]
    return list(_quotes(listed, _mended(days)))


def _quotes(rows: Iterable[list[str]], days: Iterable[date]) -> Iterator[Quote]:
    for (_, *cells, _), day in zip(rows, days, strict=True):
        for code, cell in zip(HEAD[1:-1], cells, strict=True):
            yield Quote(code, "VUV", readers.number(cell), day)


def _day(text: str) -> date:
    return readers.day(text, "D-M-y" if "-" in text else "D M Y")


def _mended(days: list[date]) -> list[date]:
    """The days, where one that stands between two newer ones has the year that puts it there.

    The first working day of 2026 is printed as 05 January 2025, between 6 January 2026 and 2 January 2026.
    """
    mended = list(days)
    for place in range(1, len(days) - 1):
        above, day, below_it = mended[place - 1], days[place], days[place + 1]
        if day < below_it < above and below_it < (moved := day.replace(year=above.year)) < above:
            mended[place] = moved
    return mended
