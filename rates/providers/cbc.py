"""Central Bank of the Republic of China (Taiwan): closing rates of the interbank spot market against the US dollar.

Publishes: 15 currencies for each day since 1993-01-05, handed out once a month for the month before.
Quoted: market rates of 16:00 Taipei time: units for one US dollar; GBP, AUD and EUR as US dollars for one unit.
Answer: JSON sent as plain text: the whole history, a row a day, cells by position, "-" for none, days as 20261030.
Source: https://www.cbc.gov.tw/en/lp-4237-2.html

The labels of the columns say which way a figure reads: JPY/USD, USD/GBP. NTD is the new Taiwan dollar, TWD. The
mark, the franc and the guilder end with 2001.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps

PROVIDER = Provider(
    name="Central Bank of the Republic of China (Taiwan)",
    country="TW",
    pivot="USD",
    rate_type="market closing",
    cadence="daily, published monthly",
    published="monthly Asia/Taipei",
    since=date(1993, 1, 5),
    gap_days=14,  # the lunar New Year closes the market for up to eleven days
    official=False,
    terms="https://www.cbc.gov.tw/en/",  # the bank's home; its terms are not known
)

URL = "https://cpx.cbc.gov.tw/API/DataAPI/Get"
RENAMED = {"NTD": "TWD"}
NONE = "-"

_PAIR = re.compile(r".*?([A-Z]{3})/([A-Z]{3})\s*", re.DOTALL)
_DAY = re.compile(r"\d{8}", re.ASCII)


def steps(query: Query) -> Steps:
    """The whole history, of which the days of the window are read; of the latest the last day, weeks ago as it is."""
    first, last = query.span(PROVIDER.gap_days)
    reply = yield Request(URL, params=(("FileName", "BP01D01"),))
    pairs, rows = _table(reply.body)
    begin, end = f"{first:%Y%m%d}", f"{last:%Y%m%d}"
    if query.kind == "latest":
        begin = end = max(row[0] for row in rows)
    window = [row for row in rows if begin <= row[0] <= end]
    if not window:
        raise NoRates(f"has no rates from {first} to {last}")
    return list(_quotes(pairs, window))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all days."""
    return list(_quotes(*_table(body)))


def _table(body: bytes) -> tuple[list[tuple[str, str]], list[list[Any]]]:
    """What each column is, as (base, symbol), and the rows."""
    data = readers.mapping(readers.mapping(readers.json_value(body))["data"])
    pairs = [_pair(column["data"]) for column in readers.rows(data["structure"]["Table1"])]
    rows = [readers.rows(row) for row in readers.rows(data["dataSets"])]
    if any(len(row) != len(pairs) + 1 or not _DAY.fullmatch(row[0]) for row in rows):
        raise ValueError(f"rows of a day and {len(pairs)} rates were due")
    return pairs, rows


def _pair(label: str) -> tuple[str, str]:
    """Such as (USD, JPY) of a label that ends with JPY/USD: so many yen for a dollar."""
    found = _PAIR.fullmatch(label)
    if not found:
        raise ValueError(f"no pair of currencies: {label!r}")
    symbol, base = (RENAMED.get(code, code) for code in found.groups())
    return base, symbol


def _quotes(pairs: list[tuple[str, str]], rows: Iterable[list[Any]]) -> Iterator[Quote]:
    for row in rows:
        day = readers.day(row[0], "YMD")
        for (base, symbol), text in zip(pairs, row[1:], strict=True):
            if text != NONE:
                yield Quote(base, symbol, readers.number(text), day)
