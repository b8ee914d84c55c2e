"""Central Bank of the Republic of Türkiye: indicative rates, from its data service EVDS.

Publishes: 21 currencies each working day at 15:30 Istanbul time, since 1996-04-16.
Quoted: buying and selling rates, whose middle is taken; new liras for one unit, the yen per 100.
Answer: JSON, a row for every calendar day, nulls on closed ones; numbers as text; wants a key in the header `key`.
Source: https://evds3.tcmb.gov.tr/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from rates import readers
from rates.errors import ErrorAnswer, KeyRefused, NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import said, spans

PROVIDER = Provider(
    name="Central Bank of the Republic of Türkiye",
    country="TR",
    pivot="TRY",
    rate_type="mid of buying and selling",
    published="15:30 Europe/Istanbul",
    since=date(1996, 4, 16),
    max_days=730,  # our own: two years are some 1 MB
    gap_days=12,  # a feast of a working week has the weekends around it
    spacing_s=1.0,
    key_url="https://evds3.tcmb.gov.tr/",
    terms="https://www.tcmb.gov.tr/wps/wcm/connect/EN/TCMB+EN/Bottom+Menu/Other/Disclaimer",
)

FOLDER = "https://evds3.tcmb.gov.tr/igmevdsms-dis/"
SYMBOLS = (
    "AED", "AUD", "AZN", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP", "JPY", "KRW",
    "KWD", "KZT", "NOK", "PKR", "QAR", "RON", "RUB", "SAR", "SEK", "USD",
)  # fmt: skip
UNITS = {"JPY": 100}  # as the series' own description says; all others are of one unit


def steps(query: Query) -> Steps:
    """The window in pieces; one question for all currencies, whatever the base. A bad key has status 403."""
    first, last = query.span(PROVIDER.gap_days)
    last = min(last, query.today)
    key = (("key", query.secret(PROVIDER.key)),)
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        reply = yield Request(_url(start, end), headers=key, private=("key",), allow=(403,))
        if reply.status == 403:
            raise KeyRefused("does not accept the key", hint=f"see {PROVIDER.key_url}")
        quotes += parse(reply.body)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def _url(start: date, end: date) -> str:
    """The question: the service wants its parameters in the path, without a question mark."""
    series = "-".join(f"TP.DK.{symbol}.{side}.YTL" for symbol in SYMBOLS for side in "AS")
    return f"{FOLDER}series={series}&startDate={start:%d-%m-%Y}&endDate={end:%d-%m-%Y}&type=json&frequency=1"


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows; the service says how many rows there are, so that none can be lost."""
    answer = readers.mapping(readers.json_value(body))
    if "items" not in answer:
        raise ErrorAnswer(f"reports {said(answer.get('message') or answer['error'])!r}")
    rows = readers.rows(answer["items"])
    if len(rows) != answer["totalCount"]:
        raise ValueError(f"{answer['totalCount']} rows were due, got {len(rows)}")
    return [quote for row in rows for quote in _quotes(row)]


def _quotes(row: Mapping[str, Any]) -> Iterator[Quote]:
    """One day: buying (A, for alış) and selling (S, for satış) of each currency; both null where none is quoted."""
    day = readers.day(row["Tarih"], "D-M-Y")
    for symbol in SYMBOLS:
        sides = [row.get(f"TP_DK_{symbol}_{side}_YTL") for side in "AS"]
        if sides == [None, None]:
            continue
        buy, sell = (readers.number(side) for side in sides)
        yield Quote(symbol, "TRY", readers.per_unit(readers.midpoint(buy, sell), UNITS.get(symbol, 1)), day)
