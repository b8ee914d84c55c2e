"""National Bank of Moldova: official rates of the leu, and prices of gold and silver.

Publishes: 40 currencies a day, the SDR among them; gold and silver in a document of their own, weekends included.
Quoted: official rates, lei for 1, 10 or 100 units; metals in lei per gram, given here per troy ounce.
Answer: XML, one day a request, a decimal point.
Source: https://www.bnm.md/en/official_exchange_rates
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from rates import readers
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._by_day import by_day, lists

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PROVIDER = Provider(
    name="National Bank of Moldova",
    country="MD",
    pivot="MDL",
    rate_type="official",
    published="by 18:00 Europe/Chisinau",  # the bank names no time; seen from 15:00 on
    since=date(1999, 1, 4),
    max_days=1,
    gap_days=10,  # the Easter, May and New Year's holidays with the weekends around them
    spacing_s=0.3,
    terms="https://www.bnm.md/en",  # the bank states no terms
)

FOLDER = "https://www.bnm.md/en/"
METALS = {"XAU", "XAG"}


def steps(query: Query) -> Steps:
    """The list of each day, and the metals of the days that have one, when they may be wanted."""
    quotes = list((yield from by_day(query, PROVIDER, lists(_list, parse), in_force=True)))
    if query.symbols and not METALS & {query.base, *query.symbols}:
        return quotes
    for day in sorted({quote.day for quote in quotes}):
        reply = yield _asked("official_metal_rates", day)
        quotes += (quote for quote in parse(reply.body) if quote.day == day)
    return quotes


def _list(day: date) -> Request:
    return _asked("official_exchange_rates", day)


def _asked(page: str, day: date) -> Request:
    return Request(FOLDER + page, params=(("get_xml", "1"), ("date", f"{day:%d.%m.%Y}")))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day's list, or of the metals."""
    root = readers.xml(body)
    rows = {"ValCurs": "Valute", "MetalPrice": "Metal"}.get(root.tag)
    if rows is None:
        raise ValueError(f"<ValCurs> or <MetalPrice> was due, got <{root.tag}>")
    day = readers.day(root.attrib["Date"], "D.M.Y")
    return [_quote(row, day) for row in root.findall(rows)]


def _quote(row: Element, day: date) -> Quote:
    """The oldest files have rows of 0 units, which are refused: what they meant is not known."""
    code, units = readers.child(row, "CharCode").strip(), readers.number(readers.child(row, "Nominal"))
    rate = readers.per_unit(readers.number(readers.child(row, "Value")), units)
    if row.tag == "Metal" and code not in METALS:
        raise ValueError(f"no metal known to be sold by the gram: {code!r}")
    return Quote(code, "MDL", readers.per_ounce(rate) if code in METALS else rate, day)
