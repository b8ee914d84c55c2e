"""Reserve Bank of Australia: indicative rates of the Australian dollar.

Publishes: 20 currencies each working day at 16:00 Sydney time, the SDR among them.
Quoted: indicative middle rates, units of the currency for one Australian dollar.
Answer: CSV, the whole history since 2023 in one file: lines of description, then a row a day; empty cells.
Source: https://www.rba.gov.au/statistics/frequency/exchange-rates.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import EmptyAnswer, NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps

PROVIDER = Provider(
    name="Reserve Bank of Australia",
    country="AU",
    pivot="AUD",
    rate_type="indicative",
    published="16:00 Australia/Sydney",
    since=date(2023, 1, 3),  # older rates are in other files, which are not read
    gap_days=7,  # Easter closes four days, Christmas and the weekend as many
    terms="https://www.rba.gov.au/copyright/",
)

URL = "https://www.rba.gov.au/statistics/tables/csv/f11.1-data.csv"

INDEX = "Index"  # the unit of the trade-weighted index
CODES = {"SDR": "XDR"}

Rows = list[tuple[date, list[str]]]


def steps(query: Query) -> Steps:
    """The whole file, of which the window is read: all of it would be some 20,000 numbers."""
    first, last = query.span(PROVIDER.gap_days)
    reply = yield Request(URL)
    codes, rows = _table(reply.body)
    quotes = list(_quotes(codes, rows, first, last))
    if not quotes and max((day for day, _ in rows), default=date.min) <= last:
        raise EmptyAnswer(f"the file has no rates since {first}")
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all days."""
    return list(_quotes(*_table(body), date.min, date.max))


def _table(body: bytes) -> tuple[list[str], Rows]:
    """The codes of the columns, and the cells of each day."""
    lines = [line.split(",") for line in readers.text(readers.whole_lines(body)).splitlines()]
    codes = _codes(_named(lines, "Title"), _named(lines, "Units"))
    rows: Rows = []
    for cells in lines[lines.index(_named(lines, "Series ID")) + 1 :]:
        if not any(cells):
            continue
        if len(cells) != len(codes):
            raise ValueError(f"{len(codes)} cells were due, got {len(cells)} on {cells[0]}")
        rows.append((readers.day(cells[0], "D-M-Y"), cells))
    return codes, rows


def _quotes(codes: list[str], rows: Rows, first: date, last: date) -> Iterator[Quote]:
    """A cell is empty for months (the franc of 2024, the kina before 2026) or it is damaged: never for one day."""
    for place, (day, cells) in enumerate(rows):
        if not first <= day <= last:
            continue
        for column, (code, cell) in enumerate(zip(codes, cells, strict=True)):
            if code and cell:
                yield Quote("AUD", code, readers.number(cell), day)
            elif code and all(
                beside[column] for _, beside in rows[max(place - 1, 0) : place + 2] if beside is not cells
            ):
                raise ValueError(f"no rate of {code} on {day}, of which there was one the day before or after")


def _named(lines: list[list[str]], name: str) -> list[str]:
    """The line of the description that begins with this name."""
    for cells in lines:
        if cells[0] == name:
            return cells
    raise ValueError(f"no line {name!r}")


def _codes(titles: list[str], units: list[str]) -> list[str]:
    """The code of each column, "" for those of the days and the index; title and unit must agree."""
    codes = [""]
    for title, unit in zip(titles[1:], units[1:], strict=True):
        if unit != INDEX and title != f"A$1={unit}":
            raise ValueError(f"a column of {unit!r} is titled {title!r}")
        codes.append("" if unit == INDEX else CODES.get(unit, unit))
    return codes
