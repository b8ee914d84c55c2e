"""Central Bank of Egypt: official rates, from the form of its page of historical data.

Publishes: 18 currencies each day from Sunday to Thursday, about 14:00 Cairo time; read here since 2024-03-01.
Quoted: buying and selling rates, whose middle is taken; pounds for one unit of the currency, the yen per 100.
Answer: a page whose form is sent back with its token and cookies, then a workbook (xlsx), a row a currency and day.
Source: https://www.cbe.org.eg/en/economic-research/statistics/cbe-exchange-rates/historical-data

Whoever shows the figures must name the bank as their source. A firewall stands before the page, and refuses with
status 200 and the words "Request Rejected" what does not come as a browser's form does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from rates import readers
from rates.errors import Blocked, NoRates
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._shared import spans

PROVIDER = Provider(
    name="Central Bank of Egypt",
    country="EG",
    pivot="EGP",
    rate_type="mid of buying and selling",
    published="14:00 Africa/Cairo",
    since=date(2024, 3, 1),  # the first month of the float; the form may reach further back
    max_days=30,  # our own: the firewall minds large questions
    gap_days=12,  # feasts of up to five days beside weekends
    spacing_s=1.0,
    terms="https://www.cbe.org.eg/en/disclaimer",
)

HOST = "https://www.cbe.org.eg"
PAGE = f"{HOST}/en/economic-research/statistics/cbe-exchange-rates/historical-data"
FORM = f"{HOST}/api/statistics/GetHistoricalData"
# Two words that every browser says, and what asks.
AGENT = ("User-Agent", "Mozilla/5.0 (compatible; fetch-rates)")
WORKBOOK = "2"  # the button "Download As Excel"

NAMES = {
    "US Dollar": ("USD", 1),
    "Euro": ("EUR", 1),
    "Pound Sterling": ("GBP", 1),
    "Canadian Dollar": ("CAD", 1),
    "Danish Krone": ("DKK", 1),
    "Norwegian Krone": ("NOK", 1),
    "Swedish Krona": ("SEK", 1),
    "Swiss Franc": ("CHF", 1),
    "Japanese Yen 100": ("JPY", 100),
    "Saudi Riyal": ("SAR", 1),
    "Kuwaiti Dinar": ("KWD", 1),
    "UAE Dirham": ("AED", 1),
    "Australian Dollar": ("AUD", 1),
    "Bahraini Dinar": ("BHD", 1),
    "Omani Riyal": ("OMR", 1),
    "Qatari Riyal": ("QAR", 1),
    "Jordanian Dinar": ("JOD", 1),
    "Chinese Yuan": ("CNY", 1),
}
HEAD = ["Date", "Currency", "Buy", "Sell"]
FIELDS = ("__RequestVerificationToken", "DataSourceId", "FallbackUrl", "LanguageName")

_FORM = re.compile(r'<form\b[^>]*\bid="historicalDataForm".*?</form>', re.DOTALL)
_OPTION = re.compile(r'<option value="([^"]+)"')
_COOKIE = re.compile(r"(?:^|,\s*)([^=;,\s]+)=([^;]*)")  # a date within has its comma after "expires=", behind a ;


def steps(query: Query) -> Steps:
    """The page for its token, then the form for each month."""
    first, last = query.span(PROVIDER.gap_days)
    last = min(last, query.today)
    page = yield Request(PAGE, headers=(AGENT, ("Accept", "text/html")), html=True)
    fields, headers = _form(page.body), (*_headers(page), AGENT)
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        window = (("FromDateRaw", f"{start:%d/%m/%Y}"), ("ToDateRaw", f"{end:%d/%m/%Y}"))
        reply = yield Request(FORM, form=(*window, *fields, ("SubmitAction", WORKBOOK)), headers=headers)
        quotes += parse(reply.body)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def _form(page: bytes) -> list[tuple[str, str]]:
    """The fields of the form as a browser would send them, with all currencies chosen."""
    if b"Request Rejected" in page:
        raise Blocked("its firewall rejects the request", hint="try later or another provider")
    form = _FORM.search(readers.text(page))
    if not form:
        raise ValueError("the page has no form of historical data")
    known = readers.hidden(form[0])
    names = [readers.plain(name) for name in _OPTION.findall(form[0])]
    if not names:
        raise ValueError("the form has no currency to choose")
    return [*((field, known[field]) for field in FIELDS), *(("SelectedSelectOptions", name) for name in names)]


def _headers(page: Reply) -> tuple[tuple[str, str], ...]:
    cookies: Mapping[str, str] = dict(_COOKIE.findall(page.headers.get("set-cookie", "")))
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return (*((("Cookie", cookie),) if cookie else ()), ("Referer", PAGE), ("Origin", HOST), ("Accept", "*/*"))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a workbook; the page with the form has none."""
    if readers.is_html(body):
        _form(body)
        return []
    return list(_quotes(next(iter(readers.sheets(body).values()))))


def _quotes(rows: list[list[str]]) -> Iterator[Quote]:
    if HEAD not in rows[:3]:
        raise ValueError(f"no headings {HEAD} in {rows[:3]}")
    for row in rows[rows.index(HEAD) + 1 :]:
        if any(row):
            serial, name, buy, sell = row
            if name not in NAMES:
                raise ValueError(f"no known currency: {name!r}")
            code, units = NAMES[name]
            middle = readers.midpoint(readers.number(buy), readers.number(sell))
            yield Quote(code, "EGP", readers.per_unit(middle, units), readers.serial_day(serial))
