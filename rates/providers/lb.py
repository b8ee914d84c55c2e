"""Bank of Lithuania: the official rates of the litas, which ended with 2014.

Publishes: some 88 currencies each working day from 1994-04-01 to 2014-12-31; none since.
Quoted: official rates, litas for 1 to 10,000 units of the currency, which each row names.
Answer: XML, one day an answer, two amounts a row; no row on days without rates.
Source: https://www.lb.lt/webservices/FxRates/

What the bank lists since 2015 is a copy of the ECB's rates of the euro, and not read here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from rates import readers
from rates.errors import ErrorAnswer, NoRates, Unsupported
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import said

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PROVIDER = Provider(
    name="Bank of Lithuania",
    country="LT",
    pivot="LTL",
    rate_type="official",
    cadence="daily, ended",
    published="ended on 2014-12-31",
    since=date(1994, 4, 1),
    answers=("day", "range"),
    max_days=1,
    spacing_s=0.2,
    terms="https://www.lb.lt/en/",
)

URL = "https://www.lb.lt/webservices/FxRates/FxRates.asmx/getFxRates"
ENDED = date(2014, 12, 31)
SPACE = "{http://www.lb.lt/WebServices/FxRates}"


def steps(query: Query) -> Steps:
    """The lists of all days of a range; for a day the newest list, sought from it backwards."""
    first, last = query.span(PROVIDER.gap_days)
    first = max(first, PROVIDER.since)
    if query.end is None or (query.end > ENDED and (query.kind == "day" or first > ENDED)):
        raise Unsupported(f"has no rates after {ENDED}, when the litas ended", hint="the ECB has those of the euro")
    last = min(last, ENDED)
    quotes: list[Quote] = []
    for back in range((last - first).days + 1):
        day = last - timedelta(days=back)
        reply = yield Request(URL, params=(("tp", "LT"), ("dt", str(day))))
        quotes += parse(reply.body)
        if quotes and query.kind == "day":
            break
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day's list; what is no rate in it is the service's word for an error."""
    root = readers.xml(body)
    if root.tag != f"{SPACE}FxRates":
        raise ValueError(f"<FxRates> was due, got <{root.tag}>")
    strangers = [said(" ".join(part.itertext())) for part in root if part.tag != f"{SPACE}FxRate"]
    if strangers:
        raise ErrorAnswer(f"reports {strangers[0]!r}")
    return list(_quotes(root))


def _quotes(root: Element) -> Iterator[Quote]:
    for row in root:
        day = readers.day(readers.child(row, f"{SPACE}Dt"))
        own, foreign = (
            (readers.child(part, f"{SPACE}Ccy"), readers.number(readers.child(part, f"{SPACE}Amt")))
            for part in row.findall(f"{SPACE}CcyAmt")
        )
        if own[0] != "LTL":
            raise ValueError(f"an amount of litas was due, got {own[0]!r}")
        yield Quote(foreign[0], "LTL", readers.per_unit(own[1], foreign[1]), day)
