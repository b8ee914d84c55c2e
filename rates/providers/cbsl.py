"""Central Bank of Sri Lanka: daily indicative rates.

Publishes: 55 currencies and gold each working day, since 2011-01-20.
Quoted: indicative rates, rupees for one unit; gold per troy ounce.
Answer: a web page with a table a currency, posted for a window and the currencies that a first page names.
Source: https://www.cbsl.gov.lk/en/rates-and-indicators/exchange-rates/daily-indicative-exchange-rates

The tables' third column, the inverse, has too few digits to be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import NoRates, Unsupported
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._html import whole
from rates.providers._shared import spans

PROVIDER = Provider(
    name="Central Bank of Sri Lanka",
    country="LK",
    pivot="LKR",
    rate_type="indicative",
    published="by 06:00 UTC",
    since=date(2011, 1, 20),
    max_days=365,  # our own: a year of all currencies is some 2 MB
    concurrency=1,  # no limit is known
    spacing_s=0.2,
)

FOLDER = "https://www.cbsl.gov.lk/cbsl_custom/exrates/"
NOTHING = "0 results"

_BOX = re.compile(r'<input\b[^>]*\bname="chk_cur\[\]"[^>]*>')
_NAMED = re.compile(r"([A-Z]{3})~.+")
_HEAD = re.compile(r"1 ([A-Z]{3}) -> LKR")


def steps(query: Query) -> Steps:
    """The form, whose check boxes go back as they are, then the window's tables."""
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    reply = yield Request(FOLDER + "exrates.php", html=True)
    boxes = _boxes(whole(reply.body))
    asked = {query.base, *query.symbols} if query.symbols else set(boxes)
    chosen = tuple(("chk_cur[]", value) for code, value in boxes.items() if code in asked)
    if not chosen:
        raise Unsupported(f"publishes none of {', '.join(query.symbols)}")
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        how = (("lookupPage", "lookup_daily_exchange_rates.php"), ("rangeType", "dates"))
        window = (("txtStart", str(start)), ("txtEnd", str(end)))
        form = (*how, *window, *chosen, ("submit_button", "Submit"))
        reply = yield Request(FOLDER + "exrates_results.php", form=form, html=True)
        quotes += _tables(readers.text(reply.body))
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all tables of an answer; the form has none."""
    page = readers.text(body)
    return [] if _BOX.search(page) and _boxes(whole(body)) else list(_tables(page))


def _boxes(page: str) -> dict[str, str]:
    """The check boxes' values, such as USD~US Dollar, by their codes."""
    values = [readers.attributes(box).get("value", "") for box in _BOX.findall(page)]
    named = [_NAMED.fullmatch(value) for value in values]
    if not values or None in named:
        raise ValueError(f"check boxes of currencies were due, got {values[:3]}")
    return {found[1]: found[0] for found in named if found}


def _tables(page: str) -> Iterator[Quote]:
    """The quotes of all tables of a whole page: one that was cut between two of them would lack currencies."""
    if NOTHING in page and "<table" not in page:
        return
    tables = readers.tables(whole(page.encode()))
    if not tables or len(tables) != page.count("</table"):
        raise ValueError(f"the page has {len(tables)} tables whole, and ends {page.count('</table')}")
    for (_, head, *_), *rows in tables:
        found = _HEAD.fullmatch(head)
        if not found:
            raise ValueError(f"no currency against the rupee: {head!r}")
        for day, rate, _ in rows:
            yield Quote(found[1], "LKR", readers.number(rate, thousands=","), readers.day(day))
