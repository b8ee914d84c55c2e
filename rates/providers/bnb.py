"""Bulgarian National Bank: fixings of the lev until it gave way to the euro at the end of 2025.

Publishes: about 30 currencies for each working day to 2025-12-31, and gold; read here since 2019-02-01.
Quoted: fixings, levs for 1 to 10,000 units, gold per troy ounce; the ECB's rates of the day at 1.95583 levs a euro.
Answer: XML, a row a currency after one of headings; for a day without a table a page of the bank's site.
Source: https://www.bnb.bg/Statistics/StExternalSector/StExchangeRates/StERForeignCurrencies/index.htm

The euro itself is not in the table: its rate was fixed by law.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from rates import readers
from rates.errors import HtmlAnswer, NoRates, Unsupported
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._by_day import WEEKEND, by_day

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PROVIDER = Provider(
    name="Bulgarian National Bank",
    country="BG",
    pivot="BGN",
    rate_type="fixing",
    cadence="daily, ended",
    published="ended on 2025-12-31",
    since=date(2019, 2, 1),  # the earliest table seen; there may be older ones
    answers=("day", "range"),
    max_days=1,
    spacing_s=0.5,
    reprints="ecb",  # 1.70502 levs for a dollar on 2019-02-01 are 1.95583 divided by the ECB's 1.1471
)

URL = "https://www.bnb.bg/Statistics/StExternalSector/StExchangeRates/StERForeignCurrencies/index.htm"
LAST = date(2025, 12, 31)
# How the bank's own pages begin. Another page is no word of the bank on its rates.
OWN_PAGE = b"XHTML 1.0 Transitional"
HEADINGS = "0"  # under GOLD; currencies have 1, gold 2


def steps(query: Query) -> Steps:
    """The table of each day, or of the working day before where a page of the bank comes in place of it."""
    if query.end is None or query.end > LAST:
        raise Unsupported(f"set no rates after {LAST}, when the euro came", hint="ask ecb")
    asked: list[date] = []

    def one(day: date) -> Generator[Request, Reply, Iterable[Quote]]:
        asked.append(day)
        reply = yield Request(URL, params=_params(day), html=True)
        if not readers.is_html(reply.body):
            return parse(reply.body)
        if OWN_PAGE not in reply.body[:500]:
            raise ValueError("a page that is not the bank's came in place of the table")
        return ()

    try:
        return (yield from by_day(query, PROVIDER, one, rests=WEEKEND))
    except NoRates:
        if not asked:
            raise
        raise HtmlAnswer(f"a page came in place of every table from {min(asked)} to {max(asked)}") from None


def _params(day: date) -> tuple[tuple[str, str], ...]:
    return (
        ("downloadOper", "true"),
        ("group1", "first"),
        ("firstDays", f"{day:%d}"),
        ("firstMonths", f"{day:%m}"),
        ("firstYear", f"{day:%Y}"),
        ("search", "true"),
        ("type", "XML"),
    )


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day's table."""
    root = readers.xml(body)
    rows = root.findall("ROW")
    if root.tag != "ROWSET" or not rows or readers.child(rows[0], "GOLD") != HEADINGS:
        raise ValueError(f"no table with headings in <{root.tag}>")
    return list(_quotes(rows[1:]))


def _quotes(rows: list[Element]) -> Iterator[Quote]:
    for row in rows:
        rate, units = (readers.number(readers.child(row, name)) for name in ("RATE", "RATIO"))
        day = readers.day(readers.child(row, "CURR_DATE"), "D.M.Y")
        yield Quote(readers.child(row, "CODE"), "BGN", readers.per_unit(rate, units), day)
