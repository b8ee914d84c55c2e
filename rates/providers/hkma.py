"""Hong Kong Monetary Authority: rates of the market at the end of the day, from its monthly bulletin.

Publishes: 17 currencies and the SDR of each day but Sundays, about a month later, since 1981-01-02.
Quoted: rates of the market, Hong Kong dollars for one unit of the currency.
Answer: JSON, pages of 100 days, newest first; a field a currency, null where not quoted, indices among them.
Source: https://apidocs.hkma.gov.hk/documentation/market-data-and-statistics/monthly-statistical-bulletin/er-ir/er-eeri-daily/

Its numbers are sums of binary fractions: 7.8245000000000005 means 7.8245. What such a fraction holds for sure are 15
digits, to which longer numbers are rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Context, Decimal
from typing import Any

from rates import readers
from rates.errors import ErrorAnswer, NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import said

PROVIDER = Provider(
    name="Hong Kong Monetary Authority",
    country="HK",
    pivot="HKD",
    rate_type="market closing",
    cadence="daily, published monthly",
    published="monthly Asia/Hong_Kong, about a month late",
    since=date(1981, 1, 2),
    official=False,
    source="https://apidocs.hkma.gov.hk/documentation/market-data-and-statistics/monthly-statistical-bulletin/"
    "er-ir/er-eeri-daily/",
    terms="https://www.hkma.gov.hk/eng/disclaimer/",
)

URL = "https://api.hkma.gov.hk/public/market-data-and-statistics/monthly-statistical-bulletin/er-ir/er-eeri-daily"
PAGE = 100
LATEST_DAYS = 80  # two months, and some days for a late bulletin
FIELDS = {
    **{
        code.lower(): code
        for code in (
            "USD", "GBP", "JPY", "CAD", "AUD", "SGD", "TWD", "CHF", "CNY", "KRW", "THB", "MYR",
            "DEM", "NLG", "BEF", "FRF", "ITL", "EUR", "PHP", "INR", "IDR", "ZAR",
        )
    },
    "special_drawing_rights": "XDR",
}  # fmt: skip
INDICES = "neeri_"  # effective exchange rate indices of several weights

_CERTAIN = Context(prec=15)


def steps(query: Query) -> Steps:
    """The pages of the window, newest day first; the last is the one that is not full."""
    first, last = query.span(LATEST_DAYS if query.kind == "latest" else PROVIDER.gap_days)
    last = min(last, query.today)
    quotes: list[Quote] = []
    full, offset = True, 0
    while full:
        reply = yield Request(URL, params=_params(first, last, offset))
        records = _records(reply.body)
        found = [quote for record in records for quote in _quotes(record)]
        if quotes and found and found[0].day >= quotes[-1].day:
            raise ValueError(f"the page after {quotes[-1].day} begins with {found[0].day}")
        quotes += found
        full, offset = len(records) == PAGE, offset + PAGE
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def _params(first: date, last: date, offset: int) -> tuple[tuple[str, str], ...]:
    window = (("choose", "end_of_day"), ("from", str(first)), ("to", str(last)))
    page = (("pagesize", str(PAGE)), ("offset", str(offset)))
    return (*window, *page, ("sortby", "end_of_day"), ("sortorder", "desc"))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of one page."""
    return [quote for record in _records(body) for quote in _quotes(record)]


def _records(body: bytes) -> list[Any]:
    answer = readers.mapping(readers.json_value(body))
    header = readers.mapping(answer["header"])
    if header["success"] is not True:
        raise ErrorAnswer(f"reports {said(header['err_msg'])!r}")
    return readers.rows(answer["result"]["records"])


def _quotes(record: Mapping[str, Any]) -> Iterator[Quote]:
    """One day; null is no quote, but where anything is quoted the US dollar, to which the own is pegged, is."""
    day = readers.day(record["end_of_day"])
    if record["usd"] is None and any(record.get(field) is not None for field in FIELDS):
        raise ValueError(f"no US dollar among the rates of {day}")
    for field, value in record.items():
        if field == "end_of_day" or field.startswith(INDICES):
            continue
        if field not in FIELDS:
            raise ValueError(f"no known currency: {field!r}")
        if value is not None:
            yield Quote(FIELDS[field], "HKD", _meant(readers.number(value)), day)


def _meant(value: Decimal) -> Decimal:
    """The number without what binary arithmetic added to it."""
    if len(value.as_tuple().digits) <= _CERTAIN.prec:
        return value
    return Decimal(f"{_CERTAIN.plus(value).normalize(_CERTAIN):f}")
