"""FloatRates: daily rates blended from central banks, free and without a key.

Publishes: about 150 currencies, once or twice a day.
Quoted: rates of some twenty central banks and their crosses, units of the target for one of the base.
Answer: XML, a channel of items with baseCurrency, targetCurrency, exchangeRate (eight decimals) and pubDate (GMT).
Source: https://www.floatrates.com/feeds.html

Its JSON has more decimals but does not say the base, so that an answer for another could not be told. Rates of a
thousand and more have commas between their thousands in some of its feeds; both forms are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from rates import readers
from rates.errors import EmptyAnswer
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PROVIDER = Provider(
    name="FloatRates",
    rate_type="mid",
    published="00:00 and 12:00 UTC",
    since=date(2018, 3, 12),  # of the oldest feed known; it answers the latest only
    answers=("latest",),
    gap_days=7,  # as long as the longest rest of the central banks that it reads
    mixed_days=True,  # every item has its own time
    spacing_s=1.0,  # no limit is known
    kind="service",
    official=False,
)

FOLDER = "https://www.floatrates.com/daily/"
_DATE = re.compile(r"[A-Z][a-z]{2}, (\d{1,2} [A-Z][a-z]{2} \d{4}) \d\d:\d\d:\d\d GMT")


def steps(query: Query) -> Steps:
    """The feed of the base."""
    reply = yield Request(f"{FOLDER}{query.base.lower()}.xml")
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all items, each of its own day."""
    root = readers.xml(body)
    if root.tag not in ("channel", "rss"):
        raise ValueError(f"a channel was due, got <{root.tag}>")
    quotes = [_quote(item) for item in root.iter("item")]
    if not quotes:
        raise EmptyAnswer("the channel has no items")
    return quotes


def _quote(item: Element) -> Quote:
    published = readers.child(item, "pubDate").strip()
    found = _DATE.fullmatch(published)
    if not found:
        raise ValueError(f"no time: {published!r}")
    return Quote(
        readers.child(item, "baseCurrency").strip(),
        readers.child(item, "targetCurrency").strip(),
        readers.number(readers.child(item, "exchangeRate"), thousands=","),
        readers.day(found[1], "D M Y"),
    )
