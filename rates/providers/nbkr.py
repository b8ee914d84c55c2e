"""National Bank of the Kyrgyz Republic: official rates.

Publishes: five currencies each working day, some 35 others weekly, for the days after.
Quoted: official rates, soms for 1, 10 or 100 units.
Answer: two XML documents in windows-1251 of the newest day; pages of the past, a currency each; decimal comma.
Source: https://www.nbkr.kg/index1.jsp?item=1562&lang=ENG

The pages of past rates know currencies by numbers of the bank's own and do not say how many units a rate is for: only
the dollar, the euro and the rouble, which are for one, are read of them. A fourth decimal is all there is for the rial,
the sum and the won: one to three digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from rates import readers
from rates.errors import NoRates, Unsupported
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import spans

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PROVIDER = Provider(
    name="National Bank of the Kyrgyz Republic",
    country="KG",
    pivot="KGS",
    rate_type="official",
    cadence="daily, most currencies weekly",
    published="by 10:00 UTC, for the next day",
    since=date(1999, 1, 1),
    max_days=366,  # a page has no more rows
    gap_days=14,  # a week, and the holidays of New Year
    mixed_days=True,
    concurrency=1,  # the server drops connections after some twenty new ones
    spacing_s=0.2,
)

FOLDER = "https://www.nbkr.kg/XML/"
PAST = "https://www.nbkr.kg/index1.jsp"
NUMBERS = {"USD": "15", "EUR": "20", "RUB": "44"}
LEFT_OUT = ("BYR",)  # Belarus's rouble of before 2016, frozen beside its successor BYN


_ROW = re.compile(r"<!--date-->([\d.]+)<!--date-->\s*</td>\s*<td[^>]*>\s*<!--value-->([\d,]+)<!--value-->")


def steps(query: Query) -> Steps:
    """The daily list, then the weekly one; of past days the pages of the three currencies that are read of them."""
    if query.kind != "latest":
        return (yield from _past(query))
    quotes: list[Quote] = []
    for name in ("daily.xml", "weekly.xml"):
        reply = yield Request(FOLDER + name)
        found = parse(reply.body)
        if not found:
            raise ValueError(f"{name} lists no currency")
        quotes += found
    return quotes


def _past(query: Query) -> Steps:
    """A page for each year and currency, each from a pause before its days on, so that none is without a rate."""
    first, last = query.span(0)
    first, last = max(first, PROVIDER.since), min(last, query.today + timedelta(days=1))
    asked = [code for code in NUMBERS if not query.symbols or code in (query.base, *query.symbols)]
    if not asked:
        raise Unsupported(f"has past rates of {', '.join(NUMBERS)} alone, not of {', '.join(query.symbols)}")
    quotes: list[Quote] = []
    for start, end in spans(first, last, 366 - PROVIDER.gap_days):
        before = start - timedelta(days=PROVIDER.gap_days)
        for code in asked:
            reply = yield Request(PAST, params=_params(code, before, end), html=True)
            found = past(reply.body, code)
            if not all(before <= quote.day <= end for quote in found):
                raise ValueError(f"the days from {before} to {end} were due, got others")
            quotes += [quote for quote in found if query.kind == "day" or quote.day >= start]
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def _params(code: str, first: date, last: date) -> tuple[tuple[str, str], ...]:
    days = (("beg", first), ("end", last))
    parts = [
        (f"{name}_{part}", f"{day:%{mark}}")
        for name, day in days
        for part, mark in (("day", "d"), ("month", "m"), ("year", "Y"))
    ]
    return (("item", "1562"), ("lang", "ENG"), ("valuta_id", NUMBERS[code]), *parts)


def past(body: bytes, code: str) -> list[Quote]:
    """The quotes of a page of past rates, which does not name its currency; its cells stand between comments."""
    page = readers.text(body)
    rows = _ROW.findall(page)
    marks = [page.count(f"<!--{name}-->") for name in ("date", "value")]
    if not rows or marks != [2 * len(rows)] * 2:
        raise ValueError(f"{marks} marks of days and rates make no table of {code}")
    if "</table>" not in page[page.rindex("<!--value-->") :].lower():
        raise ValueError(f"the table of {code} does not end")
    return [Quote(code, "KGS", readers.number(rate, comma=True), readers.day(day, "D.M.Y")) for day, rate in rows]


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
