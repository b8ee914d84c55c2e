"""Reserve Bank of Vanuatu: daily rates of the vatu.

Publishes: six currencies each working day, since 2025-08-26.
Quoted: reference rates, vatu for one unit.
Answer: a web page with the whole list, newest first; days as 22 May 2026 or 26-Aug-25.
Source: https://www.rbv.gov.vu/index.php/en/exchange-rates

The server sends its certificate without the one that signed it, so that a client which does not know that one already
cannot trust it: the fetch then ends with BadCertificate until the bank mends its server.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, archive, date, get
from rates.readers import day, number, rows_below, tables, text

PROVIDER = Provider(
    name="Reserve Bank of Vanuatu",
    country="VU",
    pivot="VUV",
    rate_type="reference",
    published="by 23:00 UTC, the next morning in Vanuatu",
    since=date(2025, 8, 26),
    gap_days=14,  # Christmas and New Year
    spacing_s=0.5,
)

URL = "https://www.rbv.gov.vu/index.php/en/exchange-rates"
HEAD = ("Date", "USD", "JPY", "NZD", "GBP", "AUD", "EUR", "")
NO_DAYS = ("Display #", "No records")  # rows of the list's own controls, hidden or not


def steps(query: Query) -> Steps:
    """The whole list, of which the window is taken."""
    return archive(query, PROVIDER, get(URL, {"limit1": 100000}, html=True), parse)


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of the window."""
    listed = [row for row in rows_below(tables(text(body)), HEAD) if not row[0].startswith(NO_DAYS)]
    days = [day(row[0], "D-M-y" if "-" in row[0] else "D M Y") for row in listed]
    for (_, *cells, _), on in zip(listed, _mended(days), strict=True):
        if first <= on <= last:
            for code, cell in zip(HEAD[1:-1], cells, strict=True):
                yield Quote(code, "VUV", number(cell), on)


def _mended(days: list[date]) -> list[date]:
    """The days, where one that stands between two newer ones has the year that puts it there.

    The first working day of 2026 is printed as 05 January 2025, between 6 January 2026 and 2 January 2026.
    """
    mended = list(days)
    for place in range(1, len(days) - 1):
        above, on, below = mended[place - 1], days[place], days[place + 1]
        if on < below < above and below < (moved := on.replace(year=above.year)) < above:
            mended[place] = moved
    return mended
