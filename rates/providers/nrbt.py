"""National Reserve Bank of Tonga: average rates of the banks and dealers, from its workbook of all days.

Publishes: 12 currencies each working day by about 12:30 Nuku'alofa time, since 2017-01-04.
Quoted: middles of the averages of authorized dealers (until 2022 of commercial banks), units for one pa'anga.
Answer: a workbook (xlsx), a sheet for two years, a block of columns for each side; holidays are named in the cells.
Source: https://www.reservebank.to/index.php/financial-system/financial-markets/exchange-rates
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, archive, date, get
from rates.readers import number, serial_day, sheets

PROVIDER = Provider(
    name="National Reserve Bank of Tonga",
    country="TO",
    pivot="TOP",
    rate_type="market mid",
    published="12:30 Pacific/Tongatapu",  # when the workbook seen was last changed
    since=date(2017, 1, 4),  # the first day in it that is not a holiday
    gap_days=10,  # Christmas and New Year; the workbook seen holds nine days alone
    official=False,
)

URL = "https://www.reservebank.to/data/docs/fmarkets/exrates/average_daily_exchange_rates.xlsx"

TITLES, HEAD = 3, 5  # the rows that name the sides and the currencies
COUNT = 12

_NUMBER = re.compile(r"\d+(\.\d+)?")


def steps(query: Query) -> Steps:
    """One workbook for all days."""
    return archive(query, PROVIDER, get(URL), parse, late_days=100)


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of all sheets; a row without numbers is blank, names a holiday, or has the bank's address."""
    book = sheets(body)
    for name in book:
        rows = book.of_days(name, first, last)
        begun, codes = _middles(name, rows)
        for row in rows[HEAD + 1 :]:
            cells = row[begun : begun + COUNT]
            if any(map(_NUMBER.fullmatch, cells)) and first <= (on := serial_day(row[0])) <= last:
                for code, cell in zip(codes, cells, strict=True):
                    if cell:
                        yield Quote("TOP", code, number(cell), on)


def _middles(name: str, rows: list[list[str]]) -> tuple[int, list[str]]:
    """The first column of the block of middle rates, and the currencies in it."""
    titles, head = ([], []) if len(rows) <= HEAD else (rows[TITLES], rows[HEAD])
    places = [place for place, title in enumerate(titles) if title.split()[-1:] == ["MID"]]
    if len(places) == 1:
        codes = head[places[0] : places[0] + COUNT]
        if len(codes) == COUNT and all(re.fullmatch("[A-Z]{3}", code) for code in codes):
            return places[0], codes
    raise ValueError(f"no block of middle rates in the sheet {name!r}")
