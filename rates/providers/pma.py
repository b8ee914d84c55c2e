"""Palestine Monetary Authority: rates of the currencies in use there and of others.

Publishes: 22 pairs with the US dollar from Sunday to Thursday, since 2020-09-01.
Quoted: the printed middle, in the direction of each name: USD/ILS in shekels, GBP/USD and XAU/USD in dollars.
Answer: a page with a form, posted with its token and cookies for a window; a workbook (xlsx) of texts, in Arabic.
Source: https://wcur.pma.ps/ar/webtools/currency/export

Shekel, dinar and dollar are in use there, and no local currency. Three more pairs (JOD/ILS, EUR/ILS and
EGP/ILS) are left out: they are crosses of the others.
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Reply, Request, Steps, cookies, date, form, get, post
from rates.readers import day, hidden, is_html, matched, number, sheets, whole_page

PROVIDER = Provider(
    name="Palestine Monetary Authority",
    country="PS",
    pivot="USD",
    rate_type="mid",
    published="no stated time Asia/Hebron",
    since=date(2020, 9, 1),
    gap_days=10,  # the feasts and the weekends around them
    spacing_s=0.5,
    restriction="non-commercial",
    terms="https://www.pma.ps/ (non-commercial use, with the source named)",
)

URL = "https://wcur.pma.ps/ar/webtools/currency/export"
HEAD = ["التاريخ", "العملة", "الشراء", "البيع", "الوسطي"]  # day, currency, buying, selling, middle

_PAIR = re.compile(r"([A-Z]{3})/([A-Z]{3})")


def steps(query: Query) -> Steps:
    """The form for its token and cookies, then the window, of any length."""
    return form(query, PROVIDER, get(URL, html=True), fill, parse)


def fill(page: Reply, first: date, last: date) -> Request:
    """The form of a window."""
    return post(URL, {**_token(page.body), "from": first, "to": last}, headers=(*cookies(page), ("Referer", URL)))


def _token(page: bytes) -> dict[str, str]:
    """The one hidden field, whose name changes as its value does."""
    found = hidden(whole_page(page))
    if len(found) != 1 or not all(re.fullmatch(r"[\w+/=]{16,}", word) for pair in found.items() for word in pair):
        raise ValueError("the page has no form with a token")
    return found


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the workbook; the page with the form has none."""
    if is_html(body):
        _token(body)
        return
    (table,) = sheets(body).values()
    head, *rows = (row for row in table if any(row))
    if [cell.strip() for cell in head] != HEAD:
        raise ValueError(f"expected other titles, got {', '.join(head)}")
    for written, pair, _, _, middle in rows:
        base, symbol = matched(_PAIR, pair.replace(" ", ""), "pair of currencies").groups()
        if PROVIDER.pivot in (base, symbol):
            rate = number(middle.replace(" ", ""), thousands=",")
            yield Quote(base, symbol, rate, day(written.strip().replace("-", "/"), "Y/M/D"))
