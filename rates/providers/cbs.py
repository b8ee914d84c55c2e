"""Central Bank of Samoa: indicative reference rates, from its workbook of all days.

Publishes: 9 currencies each working day in the morning, Apia time, since 2008-01-03.
Quoted: indicative reference rates, units of the currency for one tala.
Answer: a page that links to a workbook (xlsx), a sheet a year with a block of rows a month.
Source: https://cbs.gov.ws/daily-exchange-rates

The workbook's name changes daily. Headings such as US/TALA mean what TALA/USD means. Names of sheets may be a year off
(2010 and 2011 are each other's). A row dated out of its block's month or its sheet's year is misdated and left out:
12 February 2026 is dated 12 January, the last day of June 2013 and 2014 the 30th of June 2015.
"""

import re
from collections import Counter

from rates.providers.kit import Iterable, Iterator, Provider, Query, Quote, Steps, date, workbook
from rates.readers import is_html, link, months, named, number, serial_day, sheets

PROVIDER = Provider(
    name="Central Bank of Samoa",
    country="WS",
    pivot="WST",
    rate_type="indicative",
    published="in the morning Pacific/Apia",
    since=date(2008, 1, 3),
    gap_days=10,  # the longest pause in the workbook is of six days
)

PAGE = "https://cbs.gov.ws/daily-exchange-rates"
LINK = r"/media/[^/]*Rates[^/]*\.xlsx$"

NAMES = {
    "US": "USD", "USD": "USD", "NZ": "NZD", "NZD": "NZD", "AUS": "AUD", "AUD": "AUD", "EUR": "EUR", "EURO": "EUR",
    "FJD": "FJD", "YEN": "JPY", "GBP": "GBP", "CNY": "CNY", "CNH": "CNH",
}  # fmt: skip
MONTHS = months("january february march april may june july august september october november december")


def steps(query: Query) -> Steps:
    """The page for the workbook's address, then the workbook."""
    return workbook(query, PROVIDER, PAGE, LINK, parse)


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of the workbook; the page that links to it has none."""
    if is_html(body):
        link(body, PAGE, LINK)
        return
    book = sheets(body)
    for name in book:
        if not re.fullmatch(r"\s*\d{4}\s*", name):
            raise ValueError(f"no sheet of a year: {name!r}")
        if first.year - 1 <= int(name) <= last.year + 1:
            yield from _year(name, book[name], first, last)


def _year(name: str, rows: list[list[str]], first: date, last: date) -> Iterator[Quote]:
    blocks = list(_blocks(name, rows))
    year = Counter(on.year for _, on, _, _ in blocks).most_common(1)[0][0]
    for month, on, codes, cells in blocks:
        if first <= on <= last and (on.year, on.month) == (year, month):
            for code, cell in zip(codes, cells, strict=False):  # notes stand beyond the headings
                if cell not in ("", "n/a"):
                    yield Quote("WST", code, number(cell), on)


def _blocks(name: str, rows: list[list[str]]) -> Iterator[tuple[int, date, list[str], list[str]]]:
    """The rows of days, each with the month and the currencies of its block; averages of months have no day."""
    month, codes = 0, list[str]()
    for cells in ([cell.strip() for cell in row[1:]] for row in rows):
        label = cells[0].lower() if cells else ""
        if label in MONTHS:
            month, codes = MONTHS[label], []
        elif label == "date":
            codes = [named(NAMES, cell.removeprefix("TALA/").removesuffix("/TALA")) for cell in cells[1:] if cell]
        elif label.isdigit() and any(cells[1:]):
            if not month or not codes:
                raise ValueError(f"a day without its month and headings in the sheet {name!r}")
            yield month, serial_day(label), codes, cells[1:]
    if not month:
        raise ValueError(f"no month in the sheet {name!r}")
