"""State Bank of Pakistan: daily averages of the banks' floating rates, from its workbooks.

Publishes: 23 currencies for every working day since 2013-07-02, once a month, about three weeks late.
Quoted: averages over banks, rupees for one unit of the currency, the yen too.
Answer: two workbooks (xlsx), the archive and the last month, a row a currency and a column a day.
Source: https://www.sbp.org.pk/assets/document/BFER_Daily.xlsx

The two files spell some currencies differently, and either may be ahead of the other: the archive's figure counts
where both have one. Older addresses answer with the bank's home page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import NamedTuple

from rates import readers
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._workbooks import of_days

PROVIDER = Provider(
    name="State Bank of Pakistan",
    country="PK",
    pivot="PKR",
    rate_type="market average",
    cadence="daily, published monthly",
    published="monthly Asia/Karachi, about three weeks late",
    since=date(2013, 7, 2),
    gap_days=12,  # the longest pause in the archive is of ten days
    official=False,
    terms="https://www.sbp.org.pk/our-operations/disclaimer",
)

FOLDER = "https://www.sbp.org.pk/assets/document/"
ARCHIVE, MONTH = "BFER_Daily_Arch.xlsx", "BFER_Daily.xlsx"

NAMES = {
    "australian dollar": "AUD",
    "bahraini dinar": "BHD",
    "canadian dollar": "CAD",
    "chinese yuan": "CNY",
    "danish krone": "DKK",
    "euro": "EUR",
    "hong kong dollar": "HKD",
    "hongkong dollar": "HKD",
    "japanese yen": "JPY",
    "japnese yen": "JPY",
    "kuwaiti dinar": "KWD",
    "malaysian ringgit": "MYR",
    "new zealand dollar": "NZD",
    "norwegian krone": "NOK",
    "omani riyal": "OMR",
    "qatari riyal": "QAR",
    "saudi arabian riyal": "SAR",
    "singapore dollar": "SGD",
    "singaporian dollar": "SGD",
    "swedish krona": "SEK",
    "swedish krone": "SEK",
    "swiss franc": "CHF",
    "thai baht": "THB",
    "thai bhat": "THB",
    "turkish lira": "TRY",
    "uae dirham": "AED",
    "u.a.e. dirham": "AED",
    "uk pound sterling": "GBP",
    "u.k. pound sterling": "GBP",
    "u.s. dollar": "USD",
}


def steps(query: Query) -> Steps:
    """The archive, and the last month's workbook unless the archive reaches the day asked for."""
    tables = [_table((yield Request(FOLDER + ARCHIVE)).body)]
    if query.end is None or max(day for _, day in tables[0].days) < query.end:
        tables.append(_table((yield Request(FOLDER + MONTH)).body))
    return of_days(partial(_quotes, tables), query, PROVIDER.gap_days)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of one workbook."""
    return list(_quotes([_table(body)], date.min, date.max))


class _Table(NamedTuple):
    """A workbook's columns of days, and its rows of currencies."""

    days: list[tuple[int, date]]
    rows: list[list[str]]


def _quotes(tables: list[_Table], first: date, last: date) -> Iterator[Quote]:
    """The quotes of all tables, each pair and day once, the first one's."""
    seen: set[tuple[str, date]] = set()
    for days, rows in tables:
        wanted = [(place, day) for place, day in days if first <= day <= last]
        for row in rows:
            code = NAMES.get(" ".join(row[1].split()).lower())
            if code is None:
                raise ValueError(f"no known currency: {row[1]!r}")
            for place, day in wanted:
                blank = row[place : place + 1] in ([], [""])  # a currency without a rate that day
                if not blank and (code, day) not in seen:
                    seen.add((code, day))
                    yield Quote(code, "PKR", readers.number(row[place]), day)


def _table(body: bytes) -> _Table:
    """From the line of headings to the first line without a rate."""
    rows = iter(next(iter(readers.sheets(body).values())))
    head = next((row for row in rows if row[1:2] == ["Currency"]), None)
    if head is None:
        raise ValueError("the workbook has no line of headings with Currency and days")
    days = [(place, readers.serial_day(cell)) for place, cell in enumerate(head) if place > 1 and cell]
    table = []
    for row in rows:
        if not any(row[2:]):
            break
        table.append(row)
    if not days or not table:
        raise ValueError("the workbook has no day or no currency")
    return _Table(days, table)
