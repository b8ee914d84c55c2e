"""Reserve Bank of Australia: indicative rates of the Australian dollar.

Publishes: 20 currencies each working day at 16:00 Sydney time, the SDR among them.
Quoted: indicative middle rates, units of the currency for one Australian dollar.
Answer: CSV, the whole history since 2023 in one file: lines of description, then a row a day; empty cells.
Source: https://www.rba.gov.au/statistics/frequency/exchange-rates.html
"""

from rates.errors import EmptyAnswer
from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, get, not_empty
from rates.readers import day, number, text, whole_lines

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


def steps(query: Query) -> Steps:
    """The whole file, of which the window is read: all of it would be some 20,000 numbers."""
    first, last = query.span(PROVIDER.gap_days)
    reply = yield get(URL)
    quotes = list(parse(reply.body, first, last))
    if not quotes and not any(quote.day > last for quote in parse(reply.body)):
        raise EmptyAnswer(f"the file has no rates since {first}")
    return not_empty(quotes, first, last)


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of the window.

    A cell is empty for months (the franc of 2024, the kina before 2026) or it is damaged: never for one day.
    """
    lines = [line.split(",") for line in text(whole_lines(body)).splitlines()]
    heads = {cells[0]: cells for cells in reversed(lines)}
    codes = _codes(heads["Title"], heads["Units"])
    table = [cells for cells in lines[lines.index(heads["Series ID"]) + 1 :] if any(cells)]
    days = []
    for cells in table:
        if len(cells) != len(codes):
            raise ValueError(f"expected {len(codes)} cells, got {len(cells)} on {cells[0]}")
        days.append(day(cells[0], "D-M-Y"))
    for place, (on, cells) in enumerate(zip(days, table, strict=True)):
        if first <= on <= last:
            beside = [*table[max(place - 1, 0) : place], *table[place + 1 : place + 2]]
            for column, (code, cell) in enumerate(zip(codes, cells, strict=True)):
                if code and cell:
                    yield Quote("AUD", code, number(cell), on)
                elif code and all(other[column] for other in beside):
                    raise ValueError(f"no rate of {code} on {on}, of which there was one the day before or after")


def _codes(titles: list[str], units: list[str]) -> list[str]:
    """The code of each column, "" for those of the days and the index; title and unit must agree."""
    codes = [""]
    for title, unit in zip(titles[1:], units[1:], strict=True):
        if unit != INDEX and title != f"A$1={unit}":
            raise ValueError(f"a column of {unit!r} is titled {title!r}")
        codes.append("" if unit == INDEX else CODES.get(unit, unit))
    return codes
