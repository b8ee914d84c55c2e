"""Central Bank of Sri Lanka: daily indicative rates.

Publishes: 55 currencies and gold each working day, since 2011-01-20.
Quoted: indicative rates, rupees for one unit; gold per troy ounce.
Answer: a web page with a table a currency, posted for a window and the currencies that a first page names.
Source: https://www.cbsl.gov.lk/en/rates-and-indicators/exchange-rates/daily-indicative-exchange-rates

The tables' third column, the inverse, has too few digits to be read.
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Reply, Request, Steps, date, form, get, post, wanted
from rates.readers import attributes, day, matched, number, tables, text, whole_page

PROVIDER = Provider(
    name="Central Bank of Sri Lanka",
    country="LK",
    pivot="LKR",
    rate_type="indicative",
    published="by 06:00 UTC",
    since=date(2011, 1, 20),
    max_days=365,  # our own: a year of all currencies is some 2 MB
    spacing_s=0.2,
)

FOLDER = "https://www.cbsl.gov.lk/cbsl_custom/exrates/"
LOOKUP = "lookup_daily_exchange_rates.php"
NOTHING = "0 results"

_BOX = re.compile(r'<input\b[^<>]*\bname="chk_cur\[\]"[^<>]*>')
_NAMED = re.compile(r"([A-Z]{3})~.+")
_HEAD = re.compile(r"1 ([A-Z]{3}) -> LKR")


def steps(query: Query) -> Steps:
    """The form, whose check boxes go back as they are, then the window's tables."""

    def fill(page: Reply, first: date, last: date) -> Request:
        boxes = _boxes(page.body)
        chosen = (("chk_cur[]", boxes[code]) for code in wanted(query, boxes))
        days = ("rangeType", "dates"), ("txtStart", first), ("txtEnd", last)
        fields = [("lookupPage", LOOKUP), *days, *chosen, ("submit_button", "Submit")]
        return post(FOLDER + "exrates_results.php", fields, html=True)

    return form(query, PROVIDER, get(FOLDER + "exrates.php", html=True), fill, _tables)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all tables of an answer; the form has none."""
    return () if _BOX.search(text(body)) and _boxes(body) else _tables(body)


def _boxes(body: bytes) -> dict[str, str]:
    """The check boxes' values, such as USD~US Dollar, by their codes."""
    values = [attributes(box).get("value", "") for box in _BOX.findall(whole_page(body))]
    if not values:
        raise ValueError("the page has no check boxes of currencies")
    return {matched(_NAMED, value, "currency of a check box")[1]: value for value in values}


def _tables(body: bytes) -> Iterable[Quote]:
    """The quotes of all tables of a whole page: one that was cut between two of them would lack currencies."""
    if NOTHING in text(body) and b"<table" not in body:
        return
    page = whole_page(body)
    found = tables(page)
    if not found or len(found) != page.count("</table"):
        raise ValueError(f"the page has {len(found)} tables whole, and ends {page.count('</table')}")
    for (_, head, *_), *listed in found:
        code = matched(_HEAD, head, "currency against the rupee")[1]
        for written, rate, _ in listed:
            yield Quote(code, "LKR", number(rate, thousands=","), day(written))
