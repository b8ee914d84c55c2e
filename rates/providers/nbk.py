"""National Bank of Kazakhstan: official rates of the tenge.

Publishes: 39 currencies a day, the SDR among them.
Quoted: official (market) rates, tenge for 1, 10, 100 or 1000 units, as each item's quant says.
Answer: XML like a news feed, one day a request; title is the code, description the rate.
Source: https://nationalbank.kz/en/exchangerates/ezhednevnye-oficialnye-rynochnye-kursy-valyut

The Iranian rial has two digits, and some 10 % between the banks that publish it.
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
    name="National Bank of Kazakhstan",
    country="KZ",
    pivot="KZT",
    rate_type="official",
    published="by 16:00 Asia/Almaty",  # the bank names no time; seen from 14:00 on
    since=date(2000, 1, 1),
    max_days=1,
    gap_days=10,  # the New Year's and the Nowruz holidays with the weekends around them
    spacing_s=0.2,
    terms="https://nationalbank.kz/en",  # the bank states no terms
)

URL = "https://nationalbank.kz/rss/get_rates.cfm"


def steps(query: Query) -> Steps:
    """One request a day, back over days without items."""
    return (yield from by_day(query, PROVIDER, lists(_asked, parse), in_force=True))


def _asked(day: date) -> Request:
    return Request(URL, params=(("fdate", f"{day:%d.%m.%Y}"),))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day's items; a document without its date is none of the bank's."""
    root = readers.xml(body)
    if root.tag != "rates":
        raise ValueError(f"<rates> was due, got <{root.tag}>")
    day = readers.day(readers.child(root, "date"), "D.M.Y")
    return [_quote(item, day) for item in root.iter("item")]


def _quote(item: Element, day: date) -> Quote:
    units = readers.number(readers.child(item, "quant"))
    rate = readers.per_unit(readers.number(readers.child(item, "description")), units)
    return Quote(readers.child(item, "title").strip(), "KZT", rate, day)
