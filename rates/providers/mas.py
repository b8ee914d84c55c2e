"""Monetary Authority of Singapore: rates at noon.

Publishes: 21 currencies each working day; this reads them since 1999, when the euro began.
Quoted: interbank middles around noon, Singapore dollars for one euro, pound and US dollar, for 100 of the others.
Answer: CSV of whole months with a preamble, posted with the hidden fields and cookies of a first page.
Source: https://eservices.mas.gov.sg/statistics/msb/ExchangeRates.aspx
"""

import re

from rates.errors import NoRates
from rates.providers.kit import Iterable, Provider, Query, Quote, Reply, Request, Steps, cookies, date, form, get, post
from rates.readers import day, hidden, is_html, matched, named, per_unit, text, whole_page

PROVIDER = Provider(
    name="Monetary Authority of Singapore",
    country="SG",
    pivot="SGD",
    rate_type="market mid",
    published="by 12:00 UTC",
    since=date(1999, 1, 4),  # earlier files are not known, and what stands in the euro's column there
    max_days=366,  # our own
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
    return form(query, PROVIDER, get(URL, html=True), fill, parse, cut=True)


def fill(page: Reply, first: date, last: date) -> Request:
    """The form with all its check boxes, each a currency, and the months of a window."""
    months = {
        "StartYearDropDownList": first.year,
        "EndYearDropDownList": last.year,
        "StartMonthDropDownList": first.month,
        "EndMonthDropDownList": last.month,
        "FrequencyDropDownList": "D",
        "DownloadButton": "Download",
    }
    fields = {**_fields(page.body), **{FIELD + name: value for name, value in months.items()}}
    return post(URL, fields, headers=cookies(page), html=True)


def _fields(body: bytes) -> dict[str, str]:
    """The hidden fields, and all check boxes."""
    page = whole_page(body)
    fields, boxes = hidden(page), _BOX.findall(page)
    if not re.fullmatch(r"[\w+/=]{16,}", fields.get("__VIEWSTATE", "")) or not boxes:
        raise ValueError("the page has no form of rates")
    return {**fields, **dict.fromkeys(boxes, "on")}


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a file; the form has none, and comes again with a message when there are no rates.

    The rows stand between the line of titles and the notes; a year and a month are written once, where they begin.
    """
    page = text(body)
    if is_html(body):
        if NOTHING in page:
            raise NoRates("has no rates of those months")
        _fields(body)
        return
    _, header, table = page.partition("End of Period,")
    if not header or LAST_LINE not in table:
        raise ValueError("no table of rates with its notes")
    titles, *lines = table.splitlines()
    columns = [_column(title) for title in titles.split(",")[2:]]
    year = month = ""
    for cells in (line.split(",") for line in lines if "," in line and not line.startswith('"')):
        if len(cells) != 3 + len(columns):
            raise ValueError(f"expected {3 + len(columns)} cells, got {len(cells)}")
        year, month = cells[0] or year, cells[1] or month
        on = day(f"{year}-{month}-{cells[2]}")
        for (code, units), cell in zip(columns, cells[3:], strict=True):
            yield Quote(code, "SGD", per_unit(cell, units), on)


def _column(title: str) -> tuple[str, int]:
    """The currency and the units that a column's title names."""
    found = matched(_COLUMN, title, "known currency")
    return named(NAMES, found[2]), int(found[1] or 1)
