"""Bank of Russia: official rates, and prices of precious metals.

Publishes: about 55 currencies each working day for the next one, by 17:00 Moscow time, since 1992; metals daily.
Quoted: official rates, roubles for 1 to 1,000,000 units; metals in roubles per gram, given here per troy ounce.
Answer: XML in windows-1251, decimal comma; one document a day, or one a currency and range.
Source: https://www.cbr.ru/development/SXML/
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from rates import readers
from rates.errors import ErrorAnswer, NoRates, Unsupported
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._shared import said

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PROVIDER = Provider(
    name="Bank of Russia",
    country="RU",
    pivot="RUB",
    rate_type="official",
    published="17:00 Europe/Moscow, for the next day",
    since=date(1999, 1, 4),  # lists from before 1998 are in old roubles, a thousand to one
    gap_days=14,  # the rates of 31 December hold over the New Year's holidays, up to twelve days
    concurrency=2,
    spacing_s=0.1,
    terms="https://www.cbr.ru/eng/user_agreement/",
)

FOLDER = "https://www.cbr.ru/scripts/"
METALS = {"1": "XAU", "2": "XAG", "3": "XPT", "4": "XPD"}


def steps(query: Query) -> Steps:
    """One document for the latest or a day, which has no metals; for a range one a currency and one for metals."""
    if query.start is None or query.end is None:
        reply = yield Request(FOLDER + "XML_daily.asp")
    elif query.start == query.end:
        reply = yield Request(FOLDER + "XML_daily.asp", params=(("date_req", _written(query.end)),))
    else:
        return (yield from _range(query, query.start, query.end))
    return parse(reply.body)


def _range(query: Query, start: date, end: date) -> Steps:
    """One request a currency that is asked for (all, when none is named), then one for the metals."""
    numbers = yield from _numbers(start, end)
    known = {*numbers.values(), *METALS.values()}
    wanted = known & {query.base, *query.symbols} if query.symbols else known
    if not wanted:
        raise Unsupported(f"publishes none of {', '.join(query.symbols)}")
    window = (("date_req1", _written(start)), ("date_req2", _written(end)))
    quotes: list[Quote] = []
    for number, code in numbers.items():
        if code in wanted:
            reply = yield Request(FOLDER + "XML_dynamic.asp", params=(*window, ("VAL_NM_RQ", number)))
            quotes += _dynamic(readers.xml(reply.body), number, code)
    if wanted & set(METALS.values()):
        reply = yield Request(FOLDER + "xml_metall.asp", params=window)
        quotes += parse(reply.body)
    if not quotes:
        raise NoRates(f"set no rates from {start} to {end}")
    return quotes


def _numbers(start: date, end: date) -> Generator[Request, Reply, dict[str, str]]:
    """The bank's number of each currency, such as R01235, and its code: of the first and the last day's lists.

    Today's list alone would lack those that ended, such as the kuna; a number stays with its currency.
    """
    numbers: dict[str, str] = {}
    for day in (start, end):
        reply = yield Request(FOLDER + "XML_daily.asp", params=(("date_req", _written(day)),))
        for row in _valutes(readers.xml(reply.body)):
            numbers[row.attrib["ID"]] = readers.child(row, "CharCode")
    return numbers


def _written(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day's list, or of the metals; a currency's own range names no code, so `steps` reads that."""
    root = readers.xml(body)
    return list(_metals(root) if root.tag == "Metall" else _daily(root))


def _daily(root: Element) -> Iterator[Quote]:
    rows = _valutes(root)  # first, since a refusal has no date
    day = readers.day(root.attrib["Date"], "D.M.Y")
    for row in rows:
        yield Quote(readers.child(row, "CharCode"), "RUB", _rate(row), day)


def _dynamic(root: Element, number: str, code: str) -> Iterator[Quote]:
    """The records of a currency, which the answer names by its number alone."""
    _refuse_error(root)
    if root.attrib["ID"] != number:
        raise ValueError(f"the records of {code}, {number}, were due, got those of {root.attrib['ID']!r}")
    for row in root.iter("Record"):
        yield Quote(code, "RUB", _rate(row), readers.day(row.attrib["Date"], "D.M.Y"))


def _metals(root: Element) -> Iterator[Quote]:
    """Buying and selling prices have been one since 2008; the middle holds for both."""
    for row in root.iter("Record"):
        buy, sell = (readers.number(readers.child(row, side), comma=True) for side in ("Buy", "Sell"))
        rate = readers.per_ounce(readers.midpoint(buy, sell))
        yield Quote(METALS[row.attrib["Code"]], "RUB", rate, readers.day(row.attrib["Date"], "D.M.Y"))


def _valutes(root: Element) -> list[Element]:
    _refuse_error(root)
    return root.findall("Valute")


def _refuse_error(root: Element) -> None:
    """The bank answers a question it refuses with a well-formed list whose text says so."""
    words = said(root.text or "")
    if root.tag != "ValCurs" or words:
        raise ErrorAnswer(f"reports {words or root.tag!r}")


def _rate(row: Element) -> Decimal:
    """Value for Nominal units. VunitRate says the same per unit without its last zeros: 0,23403 for 23,4030 of 100."""
    value = readers.number(readers.child(row, "Value"), comma=True)
    return readers.per_unit(value, readers.number(readers.child(row, "Nominal")))
