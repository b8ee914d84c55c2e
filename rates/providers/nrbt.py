"""National Reserve Bank of Tonga: average rates of the banks and dealers, from its workbook of all days.

Publishes: 12 currencies each working day by about 12:30 Nuku'alofa time, since 2017-01-04.
Quoted: middles of the averages of authorized dealers (until 2022 of commercial banks), units for one pa'anga.
Answer: a workbook (xlsx), a sheet for two years, a block of columns for each side; holidays are named in the cells.
Source: https://www.reservebank.to/index.php/financial-system/financial-markets/exchange-rates
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial

from rates import readers
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._workbooks import of_days

PROVIDER = Provider(
    name="National Reserve Bank of Tonga",
    country="TO",
    pivot="TOP",
    rate_type="market mid",
    published="12:30 Pacific/Tongatapu",  # when the workbook seen was last changed
    since=date(2017, 1, 4),  # the first day that is no holiday in it
    gap_days=10,  # Christmas and New Year; the workbook seen holds nine days alone
    official=False,
)

URL = "https://www.reservebank.to/data/docs/fmarkets/exrates/average_daily_exchange_rates.xlsx"

TITLES, HEAD = 3, 5  # the rows that name the sides and the currencies
COUNT = 12

_NUMBER = re.compile(r"\d+(\.\d+)?")


def steps(query: Query) -> Steps:
    """One workbook for all days."""
    reply = yield Request(URL)
    return of_days(partial(_quotes, reply.body), query, PROVIDER.gap_days)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all sheets."""
    return list(_quotes(body, date.min, date.max))


def _quotes(body: bytes, first: date, last: date) -> Iterator[Quote]:
    book = readers.sheets(body)
    for name in book:
        rows = book.of_days(name, first, last)
        begun, codes = _middles(name, rows)
        for row in rows[HEAD + 1 :]:
            cells = row[begun : begun + COUNT]
            if not any(_NUMBER.fullmatch(cell) for cell in cells):
                continue  # blank, a holiday's name, or the bank's address at the end
            day = readers.serial_day(row[0])
            if first <= day <= last:
                for code, cell in zip(codes, cells, strict=True):
                    if cell:
                        yield Quote("TOP", code, readers.number(cell), day)


def _middles(name: str, rows: list[list[str]]) -> tuple[int, list[str]]:
    """The first column of the block of middle rates, and the currencies in it."""
    titles, head = ([], []) if len(rows) <= HEAD else (rows[TITLES], rows[HEAD])
    places = [place for place, title in enumerate(titles) if title.split()[-1:] == ["MID"]]
    if len(places) == 1:
        codes = head[places[0] : places[0] + COUNT]
        if len(codes) == COUNT and all(re.fullmatch("[A-Z]{3}", code) for code in codes):
            return places[0], codes
    raise ValueError(f"no block of middle rates in the sheet {name!r}")
