"""Da Afghanistan Bank: buying and selling rates.

Publishes: ten currencies each day but Friday, since 2019-03-31.
Quoted: transfers' selling and buying rates, whose middle is taken; afghanis for one unit.
Answer: a web page with the rates of one day; labels such as USD$ and INDIAN Rs. for currencies.
Source: https://www.dab.gov.af/exchange-rates

Iran's is quoted in tomans of ten rials, with a digit or two; the middle divided by ten is the rial's.
The rates are those of Kabul's money market: in May 2026 the Indian rupee stood 14 % above its cross over the dollar,
the yuan 4 %.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from datetime import date

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._by_day import by_day
from rates.providers._html import below, whole

PROVIDER = Provider(
    name="Da Afghanistan Bank",
    country="AF",
    pivot="AFN",
    rate_type="mid of buying and selling",
    published="by 07:00 UTC",
    since=date(2019, 3, 31),
    max_days=1,
    gap_days=10,  # the feasts of Eid
    concurrency=1,  # no limit is known
    spacing_s=0.2,
)

URL = "https://www.dab.gov.af/exchange-rates"
HEAD = ("Currency", "Cash (Sell)", "Cash (Buy)", "Transfer (Sell)", "Transfer (Buy)")
NOTHING = "There were no results."

# The bank's label: the code, and how many units the label means.
LABELS = {
    "USD$": ("USD", 1),
    "EURO€": ("EUR", 1),
    "POUND£": ("GBP", 1),
    "SWISS₣": ("CHF", 1),
    "INDIAN Rs.": ("INR", 1),
    "PAKISTAN Rs.": ("PKR", 1),
    "IRAN Toman": ("IRR", 10),
    "CNY¥": ("CNY", 1),
    "UAE DIRHAM": ("AED", 1),
    "SAUDI RIYAL": ("SAR", 1),
}

_DAY_FIELD = re.compile(r"<input\b[^>]*\bname=\"field_date_value\"[^>]*>")


def steps(query: Query) -> Steps:
    """The page of the day."""
    return by_day(query, PROVIDER, _one)


def _one(day: date) -> Generator[Request, Reply, Iterable[Quote]]:
    reply = yield Request(URL, params=(("field_date_value", str(day)),), html=True)
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the day's table, of the day that stands in the form; below it stand averages of another day."""
    page = whole(body).partition("Average Rates")[0]
    field = _DAY_FIELD.search(page)
    if not field:
        raise ValueError("no form with the day")
    day = readers.day(readers.attributes(field[0])["value"])
    if NOTHING in page:
        raise NoRates(f"has no rates of {day}")
    return [_quote(row, day) for row in below(readers.tables(page), HEAD)]


def _quote(row: list[str], day: date) -> Quote:
    label, _, _, sell, buy = row
    if label not in LABELS:
        raise ValueError(f"no known currency: {label!r}")
    code, units = LABELS[label]
    middle = readers.midpoint(readers.number(buy), readers.number(sell))
    return Quote(code, "AFN", readers.per_unit(middle, units), day)
