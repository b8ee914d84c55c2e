"""Central Bank of Kuwait: rates of the dinar, from the form of its page of exchange rates.

Publishes: about 135 currencies from Sunday to Thursday; the main ones since 2008-01-02, most others since 2017-06-18.
Quoted: reference rates, fils (a thousandth of a dinar) for one unit of the currency.
Answer: a page whose form names the currencies and their numbers, then a piece of a page for each, a row a day.
Source: https://www.cbk.gov.kw/en/monetary-policy/market-operations/exchange-rates/usd

Users of the figures must credit the bank. A request a currency is needed, and all of them would take a minute: only the
main ones are read, unless others are named for a range.
"""

import re
from functools import partial

from rates.model import Provider, Query, Quote, Request
from rates.providers.kit import Iterable, Mapping, Steps, date, get, per_currency, post, timedelta, window
from rates.readers import counted, day, hidden, is_html, matched, per_unit, tables, text, whole_page

PROVIDER = Provider(
    name="Central Bank of Kuwait",
    country="KW",
    pivot="KWD",
    rate_type="reference",
    published="no stated time Asia/Kuwait",
    since=date(2008, 1, 2),
    max_days=366,  # our own
    gap_days=12,  # feasts of up to five days beside weekends
    spacing_s=0.2,
)

PAGE = "https://www.cbk.gov.kw/en/monetary-policy/market-operations/exchange-rates/usd"
FORM = "https://www.cbk.gov.kw/en/monetary-policy/market-operations/exchange-rates/get-exchange-rates"
FILS = 1000
MAIN = (
    "AED", "AUD", "BHD", "CAD", "CHF", "CNY", "DKK", "EGP", "EUR", "GBP", "HKD", "IDR", "INR", "JOD", "JPY", "KRW",
    "LBP", "MYR", "NOK", "NZD", "OMR", "PHP", "PKR", "QAR", "SAR", "SEK", "SGD", "THB", "TRY", "USD", "ZAR",
)  # fmt: skip

_OPTION = re.compile(r'<option value="([^"]*)"[^<>]*>([^<>]*)</option>')
_CHOICE = re.compile(r"([A-Z]{3}):(\d{4,9})")
_NUMBER = re.compile(r"\d{4,9}")
_HEAD = re.compile(r"KWD / ([A-Z]{3})")


def steps(query: Query) -> Steps:
    """The page for the numbers of the currencies, then the form for each that is named, else for the main ones."""
    window(query, PROVIDER)  # no request for days that the bank cannot have
    page = yield get(PAGE, html=True)
    number, choices = _fields(page.body)
    codes = [code for code in choices if query.symbols or code in MAIN]
    return (yield from per_currency(query, PROVIDER, codes, partial(ask, number, choices), _of))


def ask(number: str, choices: Mapping[str, str], code: str, first: date, last: date) -> Request:
    """The form for one currency; its first day is that before the window."""
    days = {"txtDateFrom": f"{first - timedelta(days=1):%d/%m/%Y}", "txtDateTo": f"{last:%d/%m/%Y}"}
    return post(FORM, {"formId": number, "selCurrency": choices[code], **days}, html=True)


def _fields(body: bytes) -> tuple[str, dict[str, str]]:
    """The number of the form on the page, and the choice of each currency."""
    page = whole_page(body)
    options = counted(_OPTION.findall(page), max(page.count("<option"), page.count("</option>")), "options")
    choices = [(matched(_CHOICE, value, "currency and its number"), label) for value, label in options if value]
    if not choices or any(one[1] != label.strip() for one, label in choices):
        raise ValueError("the form has no currency to choose, or names one otherwise than its value")
    number = matched(_NUMBER, hidden(page).get("formId", ""), "number of the form")[0]
    return number, {one[1]: one[0] for one, _ in choices}


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of one currency, which the head of the table names; the page with the form has none."""
    if is_html(body):
        _fields(body)
        return
    (table,) = tables(text(body))
    head, *listed = table
    code = matched(_HEAD, head[1], "dinar and a currency")[1]
    for on, rate in listed:
        yield Quote(code, "KWD", per_unit(rate, FILS), day(on, "D.M.Y"))


def _of(body: bytes, code: str) -> list[Quote]:
    """The quotes of a currency; ValueError for those of another."""
    quotes = list(parse(body))
    if any(quote.base != code for quote in quotes):
        raise ValueError(f"asked for {code}, it answers for {quotes[0].base}")
    return quotes
