"""Central Bank of Oman: buying and selling rates.

Publishes: 44 currencies, gold, silver, platinum and the SDR at about 10:00, Sunday to Thursday, since 2017-10-15.
Quoted: middle of buying and selling rates, rials for one unit or ounce.
Answer: a web page with the newest rates; for other days its form is posted for each currency, with a table as answer.
Source: https://cbo.gov.om/Pages/DFESearch.aspx

The option for all currencies passes over the days asked for, so that each currency needs a request. Of several rows
of a day the latest is valid. Rupiahs and Lebanese pounds have two or three significant digits, and the rupiah lay 5 %
above the ECB's on the recorded day. The server leaves out the intermediate certificate, so that a client which has none
gets `BadCertificate`.
"""

import re

from rates.providers.kit import (
    Iterable,
    Provider,
    Query,
    Quote,
    Steps,
    cookies,
    date,
    get,
    not_empty,
    post,
    wanted,
    window,
)
from rates.readers import day, hidden, is_html, matched, midpoint, rows_below, searched, tables, text, whole_page

PROVIDER = Provider(
    name="Central Bank of Oman",
    country="OM",
    pivot="OMR",
    rate_type="mid of buying and selling",
    published="about 10:00 Asia/Muscat",
    since=date(2017, 10, 15),
    gap_days=10,  # the feasts and the weekends around them
    spacing_s=1.0,
)

URL = "https://cbo.gov.om/Pages/DFESearch.aspx"
TOKENS = ("__VIEWSTATE", "__VIEWSTATEGENERATOR", "__EVENTVALIDATION")
NAMES = ("Currency Name (English)", "Country Name", "Buying", "Selling")
HEAD = ("Currency Code", *NAMES)
EXPORT_HEAD = ("Currency Code", "Exchange Date", *NAMES)

_STAMP = re.compile(r'lblDate"[^>]*>\d{1,2}(?::\d\d)? [AP]M, ([^<]+)<')
_TIME = re.compile(r"(\d\d/\d\d/\d{4}) (\d\d):(\d\d:\d\d) ([AP]M)")
_SELECT = re.compile(r'<select name="([^"]+\$)ddCurrencyCodes"(.*?)</select>', re.DOTALL)


def steps(query: Query) -> Steps:
    """The page, which will do if its rates are the newest up to the day asked for; else its form for each currency."""
    first, last = window(query, PROVIDER)
    page = yield get(URL, html=True)
    newest = list(parse(page.body))
    if query.kind == "latest" or (query.kind == "day" and newest[0].day <= last):
        return newest
    fields = {name: hidden(text(page.body))[name] for name in TOKENS}
    prefix, listed = searched(_SELECT, text(page.body), "list of currencies").groups()
    quotes: list[Quote] = []
    for code in wanted(query, re.findall(r'value="([A-Z]{3})"', listed)):
        asked = {
            f"{prefix}ddCurrencyCodes": code,
            f"{prefix}dateFrom": f"{first:%d/%m/%Y}",
            f"{prefix}dateTo": f"{last:%d/%m/%Y}",
            f"{prefix}btnExport": "",
        }
        export = yield post(URL, {**fields, **asked}, headers=cookies(page), html=True)
        found = list(parse(export.body))
        if {quote.base for quote in found} - {code}:
            raise ValueError(f"answers with other rates than those of {code}")
        quotes += found
    return not_empty(quotes, first, last)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the page, all of one day, or of an exported table with the day and time of each row."""
    if is_html(body):
        page = whole_page(body)
        rows = rows_below(tables(page), HEAD)
        if not rows:
            raise ValueError("the table has no row")
        on = day(searched(_STAMP, page, "day of the rates")[1], "D M Y")
        return [_quote(code, buying, selling, on) for code, _, _, buying, selling in rows]
    latest: dict[tuple[str, date], tuple[tuple[str, int, str], Quote]] = {}
    for code, written, _, _, buying, selling in rows_below(tables(text(body)), EXPORT_HEAD):
        _, hour, rest, half = matched(_TIME, written, "day and time").groups()
        on, time = day(written[:10], "D/M/Y"), (half, int(hour) % 12, rest)
        if (code, on) not in latest or latest[code, on][0] <= time:
            latest[code, on] = time, _quote(code, buying, selling, on)
    return [quote for _, quote in latest.values()]


def _quote(code: str, buying: str, selling: str, on: date) -> Quote:
    """The quote of a row, whose figures have the type of their column before them."""
    return Quote(code, "OMR", midpoint(buying.removeprefix("string;#"), selling.removeprefix("string;#")), on)
