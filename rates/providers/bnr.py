"""National Bank of Romania: reference rates, and the price of gold.

Publishes: 36 currencies and gold each working day shortly after 13:00 Bucharest time.
Quoted: reference rates, lei for one unit of the currency, or for 100 where `multiplier` says so; gold per gram.
Answer: XML, a file a year with a cube a day, the current year's file kept up to date.
Source: https://www.bnr.ro/en/561-exchange-rates

Gold is given here per troy ounce. The namespace has changed between http and https, so that tags are known by their
local names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from rates import readers
from rates.errors import NoRates, NotFound
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PROVIDER = Provider(
    name="National Bank of Romania",
    country="RO",
    pivot="RON",
    rate_type="reference",
    published="13:00 Europe/Bucharest",
    # The files begin on 2005-01-03, but until that day the leu was worth a ten-thousandth, and no file of that half
    # year has been seen to tell whether it restates the old rates.
    since=date(2005, 7, 1),
    max_days=366,  # a file a calendar year
    gap_days=10,  # Christmas and New Year with their weekends
    concurrency=2,
    terms="https://www.bnr.ro/en/",
)

FOLDER = "https://curs.bnr.ro/files/xml/years/"
NOT_QUOTED = "-"


def steps(query: Query) -> Steps:
    """The files of the window's years; in the first days of January the new year may have none yet."""
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    quotes: list[Quote] = []
    for year in range(first.year, last.year + 1):
        try:
            reply = yield Request(f"{FOLDER}nbrfxrates{year}.xml")
        except NotFound:
            if year == first.year or year < query.today.year:
                raise
            continue
        quotes += _quotes(reply.body, first, last)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all days of a file, the first half of 2005 among them, which `steps` leaves out."""
    return list(_quotes(body, date.min, date.max))


def _quotes(body: bytes, first: date, last: date) -> Iterator[Quote]:
    """The quotes of the days from first to last; a file is of a year, a question seldom."""
    (content,) = [part for part in readers.xml(body) if _local(part) == "Body"]
    (pivot,) = [part.text for part in content if _local(part) == "OrigCurrency"]
    if pivot != "RON":
        raise ValueError(f"rates in RON were due, got {pivot!r}")
    cubes = [(readers.day(part.attrib["date"]), part) for part in content if _local(part) == "Cube"]
    if not cubes:
        raise ValueError("the file has no day")
    for day, cube in cubes:
        if first <= day <= last:
            yield from _rates(cube, day)


def _rates(cube: Element, day: date) -> Iterator[Quote]:
    for row in cube:
        if (row.text or "").strip() == NOT_QUOTED:
            continue
        code, rate = row.attrib["currency"], readers.number(row.text)
        if unknown := set(row.attrib) - {"currency", "multiplier"}:
            raise ValueError(f"a rate of {code} has no {', '.join(sorted(unknown))}")
        if "multiplier" in row.attrib:
            rate = readers.per_unit(rate, int(row.attrib["multiplier"]))
        yield Quote(code, "RON", readers.per_ounce(rate) if code == "XAU" else rate, day)


def _local(element: Element) -> str:
    """The tag without its namespace."""
    return element.tag.rpartition("}")[2]
