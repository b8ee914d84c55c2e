"""Central Bank of Egypt: official rates, from the form of its page of historical data.

Publishes: 18 currencies each day from Sunday to Thursday, about 14:00 Cairo time; read here since 2024-03-01.
Quoted: buying and selling rates, whose middle is taken; pounds for one unit of the currency, the yen per 100.
Answer: a page whose form is sent back with its token and cookies, then a workbook (xlsx), a row a currency and day.
Source: https://www.cbe.org.eg/en/economic-research/statistics/cbe-exchange-rates/historical-data

Users of the figures must name the bank as their source. A firewall in front of the page answers requests that do not
look like a browser's form with status 200 and the words "Request Rejected".
"""

import re

from rates.errors import Blocked
from rates.providers.kit import Iterable, Provider, Query, Quote, Reply, Request, Steps, cookies, date, form, get, post
from rates.readers import hidden, is_html, midpoint, named, per_unit, plain, rows_below, serial_day, sheets, text

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
AGENT = ("User-Agent", "Mozilla/5.0 (compatible; fetch-rates)")  # two words that every browser sends, and our name
WORKBOOK = "2"  # the button "Download As Excel"

NAMES = {
    "US Dollar": "USD", "Euro": "EUR", "Pound Sterling": "GBP", "Canadian Dollar": "CAD", "Danish Krone": "DKK",
    "Norwegian Krone": "NOK", "Swedish Krona": "SEK", "Swiss Franc": "CHF", "Japanese Yen 100": "JPY",
    "Saudi Riyal": "SAR", "Kuwaiti Dinar": "KWD", "UAE Dirham": "AED", "Australian Dollar": "AUD",
    "Bahraini Dinar": "BHD", "Omani Riyal": "OMR", "Qatari Riyal": "QAR", "Jordanian Dinar": "JOD",
    "Chinese Yuan": "CNY",
}  # fmt: skip
UNITS = {"JPY": 100}
HEAD = ("Date", "Currency", "Buy", "Sell")
FIELDS = ("__RequestVerificationToken", "DataSourceId", "FallbackUrl", "LanguageName")

_FORM = re.compile(r'<form\b[^<>]*\bid="historicalDataForm"(?:[^<]++|<(?!/?form\b))*+</form>')
_OPTION = re.compile(r'<option value="([^"]+)"')


def steps(query: Query) -> Steps:
    """The page for its token, then the form for each month."""
    return form(query, PROVIDER, get(PAGE, headers=(AGENT, ("Accept", "text/html")), html=True), fill, parse)


def fill(page: Reply, first: date, last: date) -> Request:
    """The form as a browser would send it."""
    days = (("FromDateRaw", f"{first:%d/%m/%Y}"), ("ToDateRaw", f"{last:%d/%m/%Y}"))
    headers = (*cookies(page), ("Referer", PAGE), ("Origin", HOST), ("Accept", "*/*"), AGENT)
    return post(FORM, (*days, *_fields(page.body), ("SubmitAction", WORKBOOK)), headers=headers)


def _fields(page: bytes) -> list[tuple[str, str]]:
    """The fields of the form on the page, with all currencies chosen."""
    if b"Request Rejected" in page:
        raise Blocked("its firewall rejects the request", hint="try later or another provider")
    found = _FORM.search(text(page))
    if not found:
        raise ValueError("the page has no form of historical data")
    known, names = hidden(found[0]), _OPTION.findall(found[0])
    if not names:
        raise ValueError("the form has no currency to choose")
    return [*((field, known[field]) for field in FIELDS), *(("SelectedSelectOptions", plain(name)) for name in names)]


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a workbook; the page with the form has none."""
    if is_html(body):
        _fields(body)
        return
    for serial, name, buy, sell in filter(any, rows_below(sheets(body).values(), HEAD)):
        code = named(NAMES, name)
        yield Quote(code, "EGP", per_unit(midpoint(buy, sell), UNITS.get(code, 1)), serial_day(serial))
