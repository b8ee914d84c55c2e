"""Monetary Authority of Singapore: rates at noon.

Publishes: 21 currencies each working day; this reads them since 1999, when the euro began.
Quoted: interbank middles around noon, Singapore dollars for one euro, pound and US dollar, for 100 of the others.
Answer: CSV of whole months with a preamble, posted with the hidden fields and cookies of a first page.
Source: https://eservices.mas.gov.sg/statistics/msb/ExchangeRates.aspx
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._html import cookies, whole
from rates.providers._shared import spans

PROVIDER = Provider(
    name="Monetary Authority of Singapore",
    country="SG",
    pivot="SGD",
    rate_type="market mid",
    published="by 12:00 UTC",
    since=date(1999, 1, 4),  # earlier files are not known, and what stands in the euro's column there
    max_days=366,  # our own
    concurrency=1,  # no limit is known
    spacing_s=0.5,
    official=False,  # what the market made
    terms="https://www.mas.gov.sg/terms-of-use",
)

URL = "https://eservices.mas.gov.sg/statistics/msb/ExchangeRates.aspx"
FIELD = "ctl00$ContentPlaceHolder1$"
NOTHING = "No Results Found"
LAST_LINE = "values as of noon"  # of the file's notes: one without it was cut

NAMES = {
    "Australian Dollar": "AUD",
    "Canadian Dollar": "CAD",
    "Chinese Renminbi": "CNY",
    "Euro": "EUR",
    "Hong Kong Dollar": "HKD",
    "Indian Rupee": "INR",
    "Indonesian Rupiah": "IDR",
    "Japanese Yen": "JPY",
    "Korean Won": "KRW",
    "Malaysian Ringgit": "MYR",
    "New Taiwan Dollar": "TWD",
    "New Zealand Dollar": "NZD",
    "Philippine Peso": "PHP",
    "Pound Sterling": "GBP",
    "Qatar Riyal": "QAR",
    "Saudi Arabia Riyal": "SAR",
    "Swiss Franc": "CHF",
    "Thai Baht": "THB",
    "UAE Dirham": "AED",
    "US Dollar": "USD",
    "Vietnamese Dong": "VND",
}

_COLUMN = re.compile(r"S\$ Per (?:Unit|(100) Units) of (.+)")
_BOX = re.compile(r'name="(ctl00\$ContentPlaceHolder1\$EndOfPeriodPer\w+CheckBoxList\$\d+)"')


def steps(query: Query) -> Steps:
    """The form for its fields and cookies, then the months of the window, cut to its days."""
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    page = yield Request(URL, html=True)
    fields = _fields(whole(page.body))
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        reply = yield Request(URL, form=(*fields, *_months(start, end)), headers=cookies(page), html=True)
        try:
            quotes += [quote for quote in parse(reply.body) if first <= quote.day <= last]
        except NoRates:
            continue
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return list(dict.fromkeys(quotes))  # a month that two pieces share comes twice


def _fields(page: str) -> tuple[tuple[str, str], ...]:
    """The hidden fields, and all check boxes, each a currency."""
    hidden, boxes = readers.hidden(page), _BOX.findall(page)
    if not re.fullmatch(r"[\w+/=]{16,}", hidden.get("__VIEWSTATE", "")) or not boxes:
        raise ValueError("the page has no form of rates")
    return (*hidden.items(), *((box, "on") for box in boxes))


def _months(start: date, end: date) -> tuple[tuple[str, str], ...]:
    fields = {
        "StartYearDropDownList": str(start.year),
        "EndYearDropDownList": str(end.year),
        "StartMonthDropDownList": str(start.month),
        "EndMonthDropDownList": str(end.month),
        "FrequencyDropDownList": "D",
        "DownloadButton": "Download",
    }
    return tuple((FIELD + name, value) for name, value in fields.items())


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a file; the form has none, and says so when a question had no answer."""
    page = readers.text(body)
    if readers.is_html(body):
        if NOTHING in page:
            raise NoRates("has no rates of those months")
        _fields(whole(body))
        return []
    return list(_quotes(page))


def _quotes(page: str) -> Iterator[Quote]:
    """The rows between the line of titles and the notes; a year and a month are written once, where they begin."""
    _, header, table = page.partition("End of Period,")
    if not header or LAST_LINE not in table:
        raise ValueError("no table of rates with its notes")
    titles, *lines = table.splitlines()
    columns = [_column(title) for title in titles.split(",")[2:]]
    year = month = ""
    for line in lines:
        cells = line.split(",")
        if len(cells) == 1 or line.startswith('"'):
            continue
        if len(cells) != 3 + len(columns):
            raise ValueError(f"{3 + len(columns)} cells were due, got {len(cells)}")
        year, month = cells[0] or year, cells[1] or month
        day = readers.day(f"{year}-{month}-{cells[2]}")
        for (code, units), cell in zip(columns, cells[3:], strict=True):
            yield Quote(code, "SGD", readers.per_unit(readers.number(cell), units), day)


def _column(title: str) -> tuple[str, int]:
    """The currency and the units that a column's title names."""
    found = _COLUMN.fullmatch(title)
    if not found or found[2] not in NAMES:
        raise ValueError(f"no known currency: {title!r}")
    return NAMES[found[2]], int(found[1] or 1)
