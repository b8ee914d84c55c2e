"""Central Bank of Armenia: average rates, gold and silver among them.

Publishes: about 28 currencies, gold and silver each working day in the afternoon, Yerevan time.
Quoted: average market rates, drams for 1, 10 or 100 units as each row says; metals per gram, here per troy ounce.
Answer: XML in a SOAP envelope: today's list, or a data set with a row a currency and day.
Source: https://www.cba.am/en/SitePage/ExchangeArchive.aspx

The crosses with the ECB's rates show that a gram is meant: 60,871 drams were 161 dollars on 2026-03-18, 5,017 an ounce.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote
from rates.providers import Steps
from rates.providers._shared import spans
from rates.providers._soap import answer, question

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PROVIDER = Provider(
    name="Central Bank of Armenia",
    country="AM",
    pivot="AMD",
    rate_type="market average",
    published="16:00 Asia/Yerevan",  # the first of the hours (12 to 14 UTC) in which new rates are looked for
    since=date(1999, 1, 4),
    max_days=365,  # our own: a year of all currencies is some 2 MB
    gap_days=14,  # the New Year's holidays last up to ten days
    terms="https://www.cba.am/en/",  # the bank's home; its terms are not known
)

URL = "https://api.cba.am/exchangerates.asmx"
SPACE = "http://www.cba.am/"
LATEST, RANGE = "ExchangeRatesLatest", "ExchangeRatesByDateRangeByISO"
ROW = "ExchangeRatesByRange"  # in no namespace, though all around it is in one
METALS = ("XAG", "XAU")


def steps(query: Query) -> Steps:
    """Today's list, which for a day or range tells the codes to ask for; no rows are days of rest."""
    reply = yield question(URL, SPACE, LATEST, action=f'"{SPACE}{LATEST}"')
    quotes = list(parse(reply.body))
    if query.kind == "latest":
        return quotes
    codes = f"<ISOCodes>{','.join(dict.fromkeys(quote.base for quote in quotes))}</ISOCodes>"
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    quotes = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        days = f"<DateFrom>{start}</DateFrom><DateTo>{end}</DateTo>"
        reply = yield question(URL, SPACE, RANGE, codes + days, action=f'"{SPACE}{RANGE}"')
        quotes += parse(reply.body)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of today's list, or of a data set."""
    result = answer(body, LATEST, RANGE)
    return list(_latest(result) if result.tag.endswith(f"{LATEST}Response") else _data_set(result))


def _data_set(result: Element) -> Iterator[Quote]:
    if result.find(f"{{*}}{RANGE}Result") is None:
        raise ValueError("no data set in the answer")
    for row in result.iterfind(".//{*}DocumentElement/*"):  # no such element is how the bank says that it has no rows
        if row.tag.rpartition("}")[2] != ROW:
            raise ValueError(f"a row of rates was due, got <{row.tag}>")
        yield _quote(row, _day(readers.child(row, "{*}RateDate")))


def _latest(result: Element) -> Iterator[Quote]:
    day = _day(readers.child(result, "{*}ExchangeRatesLatestResult/{*}CurrentDate"))
    for row in result.iter(f"{{{SPACE}}}ExchangeRate"):
        yield _quote(row, day)


def _quote(row: Element, day: date) -> Quote:
    code = readers.child(row, "{*}ISO")
    rate = readers.number(readers.child(row, "{*}Rate"))
    rate = readers.per_unit(rate, readers.number(readers.child(row, "{*}Amount")))
    return Quote(code, "AMD", readers.per_ounce(rate) if code in METALS else rate, day)


def _day(stamp: str) -> date:
    """The day of a midnight: 2026-03-18T00:00:00, with +04:00 or without."""
    day, _, time = stamp.partition("T")
    if not time.startswith("00:00:00"):
        raise ValueError(f"no midnight: {stamp!r}")
    return readers.day(day)
