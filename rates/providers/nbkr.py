"""National Bank of the Kyrgyz Republic: official rates.

Publishes: five currencies each working day, some 35 others weekly, for the days after.
Quoted: official rates, soms for 1, 10 or 100 units.
Answer: two XML documents in windows-1251 of the newest day; pages of the past, a currency each; decimal comma.
Source: https://www.nbkr.kg/index1.jsp?item=1562&lang=ENG

The pages of past rates know currencies by numbers of the bank's own and do not say how many units a rate is for: only
the dollar, the euro and the rouble, which are for one, are read of them. A fourth decimal is all there is for the rial,
the sum and the won: one to three digits.
"""

import re
from functools import partial

from rates.errors import Unsupported
from rates.model import Provider, Query, Quote, Request
from rates.providers.kit import Iterable, Steps, by_pieces, date, get, spans, timedelta
from rates.readers import child, day, number, per_unit, text, xml

PROVIDER = Provider(
    name="National Bank of the Kyrgyz Republic",
    country="KG",
    pivot="KGS",
    rate_type="official",
    cadence="daily, most currencies weekly",
    published="by 10:00 UTC, for the next day",
    since=date(1999, 1, 1),
    max_days=366,  # a page has no more rows
    gap_days=14,  # a week, and the holidays of New Year
    mixed_days=True,
    concurrency=1,  # the server drops connections after some twenty new ones
    spacing_s=0.2,
)

FOLDER = "https://www.nbkr.kg/XML/"
PAST = "https://www.nbkr.kg/index1.jsp"
NUMBERS = {"USD": 15, "EUR": 20, "RUB": 44}
LEFT_OUT = ("BYR",)  # Belarus's rouble of before 2016, frozen beside its successor BYN

_ROW = re.compile(r"<!--date-->([\d.]+)<!--date-->\s*</td>\s*<td[^>]*>\s*<!--value-->([\d,]+)<!--value-->")


def steps(query: Query) -> Steps:
    """The daily list, then the weekly one; of past days the pages of the three currencies that are read of them."""
    if query.kind != "latest":
        return (yield from _past(query))
    quotes: list[Quote] = []
    for name in ("daily.xml", "weekly.xml"):
        reply = yield get(FOLDER + name)
        found = list(parse(reply.body))
        if not found:
            raise ValueError(f"{name} lists no currency")
        quotes += found
    return quotes


def _past(query: Query) -> Steps:
    """A page for each year and currency, each from a pause before its days on, so that none is without a rate."""
    codes = [code for code in NUMBERS if not query.symbols or code in (query.base, *query.symbols)]
    if not codes:
        raise Unsupported(f"has past rates of {', '.join(NUMBERS)} alone, not of {', '.join(query.symbols)}")
    pause = timedelta(days=PROVIDER.gap_days)

    def pages(first: date, last: date) -> Steps:
        before = first if query.kind == "day" else first - pause  # the window of a day has its pause already
        quotes: list[Quote] = []
        for code in codes:
            reply = yield ask(code, before, last)
            quotes += past(reply.body, code)
        if not all(before <= quote.day <= last for quote in quotes):
            raise ValueError(f"expected the days from {before} to {last}, got others")
        return quotes

    pieces = partial(spans, max_days=366 - PROVIDER.gap_days)
    return (yield from by_pieces(query, PROVIDER, pages, tomorrow=True, split=pieces, cut=True))


def ask(code: str, first: date, last: date) -> Request:
    """The page of a currency's past rates."""
    begun = {"beg_day": f"{first:%d}", "beg_month": f"{first:%m}", "beg_year": f"{first:%Y}"}
    ended = {"end_day": f"{last:%d}", "end_month": f"{last:%m}", "end_year": f"{last:%Y}"}
    return get(PAST, {"item": 1562, "lang": "ENG", "valuta_id": NUMBERS[code], **begun, **ended}, html=True)


def past(body: bytes, code: str) -> Iterable[Quote]:
    """The quotes of a page of past rates, which does not name its currency; its cells stand between comments."""
    page = text(body)
    rows = _ROW.findall(page)
    marks = [page.count(f"<!--{name}-->") for name in ("date", "value")]
    if not rows or marks != [2 * len(rows)] * 2:
        raise ValueError(f"{marks} marks of days and rates make no table of {code}")
    if "</table>" not in page[page.rindex("<!--value-->") :].lower():
        raise ValueError(f"the table of {code} does not end")
    for written, rate in rows:
        yield Quote(code, "KGS", number(rate, comma=True), day(written, "D.M.Y"))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of one list."""
    root = xml(body, "CurrencyRates")
    on = day(root.attrib["Date"], "D.M.Y")
    for row in root.iter("Currency"):
        code = row.attrib["ISOCode"]
        if code not in LEFT_OUT:
            rate = number(child(row, "Value"), comma=True)
            yield Quote(code, "KGS", per_unit(rate, child(row, "Nominal")), on)
