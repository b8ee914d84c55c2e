"""Da Afghanistan Bank: buying and selling rates.

Publishes: ten currencies each day but Friday, since 2019-03-31.
Quoted: transfers' selling and buying rates, whose middle is taken; afghanis for one unit.
Answer: a web page with the rates of one day; labels such as USD$ and INDIAN Rs. for currencies.
Source: https://www.dab.gov.af/exchange-rates

Iran's is quoted in tomans of ten rials, with a digit or two; the middle divided by ten is the rial's.
The rates are those of Kabul's money market: in May 2026 the Indian rupee stood 14 % above its cross over the dollar,
the yuan 4 %.
"""

import re

from rates.errors import NoRates
from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_day, date, get
from rates.readers import attributes, day, midpoint, named, per_unit, rows_below, searched, tables, whole_page

PROVIDER = Provider(
    name="Da Afghanistan Bank",
    country="AF",
    pivot="AFN",
    rate_type="mid of buying and selling",
    published="by 07:00 UTC",
    since=date(2019, 3, 31),
    max_days=1,
    gap_days=10,  # the feasts of Eid
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

_DAY_FIELD = re.compile(r'<input\b[^<>]*\bname="field_date_value"[^<>]*>')


def steps(query: Query) -> Steps:
    """The page of the day, back over days without results."""
    return by_day(query, PROVIDER, ask, parse)


def ask(on: date) -> Request:
    """The page of a day."""
    return get(URL, {"field_date_value": on}, html=True)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the day's table, of the day that stands in the form; below it stand averages of another day."""
    page = whole_page(body).partition("Average Rates")[0]
    on = day(attributes(searched(_DAY_FIELD, page, "form with the day")[0])["value"])
    if NOTHING in page:
        raise NoRates(f"has no rates of {on}")
    for label, _, _, sell, buy in rows_below(tables(page), HEAD):
        code, units = named(LABELS, label)
        yield Quote(code, "AFN", per_unit(midpoint(buy, sell), units), on)
