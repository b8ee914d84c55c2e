"""National Bank of the Kyrgyz Republic: official rates.

Publishes: five currencies each working day, some 35 others weekly, for the days after.
Quoted: official rates, soms for 1, 10 or 100 units.
Answer: two XML documents in windows-1251, decimal comma; the newest day alone.
Source: https://www.nbkr.kg/index1.jsp?item=1562&lang=ENG

The bank's page of past rates knows currencies by numbers of its own and does not say how many units a rate is for, so
that it is not read. A fourth decimal is all there is for the rial, the sum and the won: one to three digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from rates import readers
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PROVIDER = Provider(
    key="nbkr",
    name="National Bank of the Kyrgyz Republic",
    country="KG",
    pivot="KGS",
    rate_type="official",
    cadence="daily, most currencies weekly",
    published="by 10:00 UTC, for the next day",
    since=date(1999, 1, 1),
    answers=("latest",),
    gap_days=14,  # a week, and the holidays of New Year
    mixed_days=True,
    concurrency=1,  # the server drops connections after some twenty new ones
    spacing_s=0.2,
    source="https://www.nbkr.kg/index1.jsp?item=1562&lang=ENG",
    terms="https://www.nbkr.kg/",  # no terms are known
)

FOLDER = "https://www.nbkr.kg/XML/"
LEFT_OUT = ("BYR",)  # Belarus's rouble of before 2016, frozen beside its successor BYN


def steps(query: Query) -> Steps:
    """The daily list, then the weekly one."""
    quotes: list[Quote] = []
    for name in ("daily.xml", "weekly.xml"):
        reply = yield Request(FOLDER + name)
        found = parse(reply.body)
        if not found:
            raise ValueError(f"{name} lists no currency")
        quotes += found
    return quotes


def parse(body: bytes) -> list[Quote]:
    """The quotes of one list."""
    root = readers.xml(body)
    if root.tag != "CurrencyRates":
        raise ValueError(f"no list of rates: {root.tag!r}")
    return list(_quotes(root))


def _quotes(root: Element) -> Iterator[Quote]:
    day = readers.day(root.attrib["Date"], "D.M.Y")
    rows: Iterable[Element] = root.iter("Currency")
    for row in rows:
        code = row.attrib["ISOCode"]
        if code not in LEFT_OUT:
            rate = readers.number(readers.child(row, "Value"), comma=True)
            yield Quote(code, "KGS", readers.per_unit(rate, readers.number(readers.child(row, "Nominal"))), day)
