"""Central Bank of Malaysia: rates of the Kuala Lumpur interbank market at 9:00.

Publishes: 27 currencies each working day about midday, Kuala Lumpur time; the session of 9:00 is read.
Quoted: middle rates, ringgit for 1 or 100 units, as each row says; the SDR has only this rate.
Answer: JSON; numbers in 17 digits, as of a double (4.2244000000000002), mended to 15; wants its own media type.
Source: https://apikijangportal.bnm.gov.my/openapi
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from rates import readers
from rates.errors import ErrorAnswer, NoRates, Unsupported
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._shared import said

PROVIDER = Provider(
    name="Central Bank of Malaysia",
    country="MY",
    pivot="MYR",
    rate_type="mid",
    published="12:00 Asia/Kuala_Lumpur",
    since=date(2006, 1, 3),
    max_days=31,
    gap_days=10,
    official=False,  # the market's rates, as the bank collects them
    spacing_s=0.5,
    terms="https://www.bnm.gov.my/",  # the bank's home; its terms are not known
)

URL = "https://api.bnm.gov.my/public/exchange-rate"
SESSION = (("session", "0900"),)
HEADERS = (("Accept", "application/vnd.BNM.API.v1+json"),)
RENAMED = {"SDR": "XDR"}

# A double holds 15 digits of a decimal whole; the two that are printed beyond them are no figures of the bank.
DOUBLE = Context(prec=15, rounding=ROUND_HALF_EVEN)


def steps(query: Query) -> Steps:
    """The list of today, which tells the currencies; for a day or range then one request a currency and month."""
    reply = yield Request(URL, params=SESSION, headers=HEADERS)
    if query.kind == "latest":
        return parse(reply.body)
    wanted = [code for code in _listed(reply.body) if not query.symbols or _code(code) in (query.base, *query.symbols)]
    if not wanted:
        raise Unsupported(f"publishes none of {', '.join(query.symbols)}")
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    quotes: list[Quote] = []
    for code in wanted:
        quotes += yield from _months(code, first, last, whole=query.kind == "range")
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def _months(code: str, first: date, last: date, *, whole: bool) -> Generator[Request, Reply, list[Quote]]:
    """One currency from its last month back: of a range to its first, else until there is a rate."""
    quotes: list[Quote] = []
    month = last.replace(day=1)
    while month >= first.replace(day=1) and (whole or not quotes):
        reply = yield Request(f"{URL}/{code}/year/{month.year}/month/{month.month}", params=SESSION, headers=HEADERS)
        quotes += [quote for quote in parse(reply.body) if first <= quote.day <= last]
        month = (month - timedelta(days=1)).replace(day=1)
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the list of all currencies, or of one currency's month; a month without any has an empty list."""
    data = _data(body)
    items = data if isinstance(data, list) else [data]
    return [quote for item in items for quote in _quotes(readers.mapping(item))]


def _data(body: bytes) -> Any:
    answer = readers.mapping(readers.json_value(body))
    if "data" not in answer:
        raise ErrorAnswer(f"reports {said(answer['message'])!r}")
    return answer["data"]


def _listed(body: bytes) -> list[str]:
    return [item["currency_code"] for item in readers.rows(_data(body))]


def _code(name: str) -> str:
    return RENAMED.get(name, name)


def _quotes(item: Mapping[str, Any]) -> Iterator[Quote]:
    """One currency; a single day is an object where several are a list."""
    units = readers.number(item["unit"])
    for row in item["rate"] if isinstance(item["rate"], list) else [item["rate"]]:
        rate = _mended(readers.number(row["middle_rate"]))
        yield Quote(_code(item["currency_code"]), "MYR", readers.per_unit(rate, units), readers.day(row["date"]))


def _mended(value: Decimal) -> Decimal:
    """The number as the bank set it, without the digits of the double that it went through."""
    return DOUBLE.plus(value).normalize(DOUBLE) if len(value.as_tuple().digits) > DOUBLE.prec else value
