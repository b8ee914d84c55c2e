"""Central Bank of Azerbaijan: official rates of the manat.

Publishes: about 40 currencies and four precious metals each working day.
Quoted: official rates, manats for 1 or 100 units by each row, and for a troy ounce of a metal.
Answer: XML, one day a request, answered with the bulletin in force, under its own earlier date.
Source: https://www.cbar.az/currency/rates?language=en

The archive begins in 1993. It is read from 2006 on, since the bulletins before give rates of the old manat, of which
5000 became one, under the code of the new one.
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_day, date, get
from rates.readers import child, day, matched, per_unit, xml

PROVIDER = Provider(
    name="Central Bank of the Republic of Azerbaijan",
    country="AZ",
    pivot="AZN",
    rate_type="official",
    published="no stated time Asia/Baku",
    since=date(2006, 1, 1),
    max_days=1,
    gap_days=14,  # Novruz and the New Year, with the days moved to them
    spacing_s=0.2,
)

URL = "https://www.cbar.az/currencies"
CODES = {"SDR": "XDR"}

_UNITS = re.compile(r"(\d+)(?: t\.u\.)?")  # the words behind are Azerbaijani for troy ounce


def steps(query: Query) -> Steps:
    """One request a day; a closed one is answered with the bulletin before it, so that none is walked back over."""
    return by_day(query, PROVIDER, ask, parse, in_force=True)


def ask(on: date) -> Request:
    """The bulletin in force on a day."""
    return get(f"{URL}/{on:%d.%m.%Y}.xml")


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a bulletin."""
    root = xml(body, "ValCurs")
    on = day(root.attrib["Date"], "D.M.Y")
    for row in (row for kind in root for row in kind):
        code, units = row.attrib["Code"], matched(_UNITS, child(row, "Nominal"), "units")[1]
        yield Quote(CODES.get(code, code), "AZN", per_unit(child(row, "Value"), units), on)
