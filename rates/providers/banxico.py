"""Bank of Mexico: the FIX rate of the US dollar, and four more currencies.

Publishes: the US dollar, euro, pound, yen and Canadian dollar each working day from noon; the FIX since 1991-11-12.
Quoted: the FIX is the average that settles debts in dollars; the others are its crosses; pesos for one unit.
Answer: JSON, a series a currency in the server's own order, figures as text, "N/E" for none; wants a key in a header.
Source: https://www.banxico.org.mx/SieAPIRest/service/v1/

The yen has four decimals, 0.1105, and so four digits at most. A rate's day is that on which it was determined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from rates import readers
from rates.errors import ErrorAnswer, KeyRefused, NoRates, RatesError
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import said

PROVIDER = Provider(
    name="Bank of Mexico",
    country="MX",
    pivot="MXN",
    rate_type="fixing",
    published="12:00 America/Mexico_City",
    since=date(1991, 11, 12),
    concurrency=2,
    key_url="https://www.banxico.org.mx/SieAPIRest/service/v1/token",
    terms="https://www.banxico.org.mx/footer-en/terms-and-conditions.html",
)

FOLDER = "https://www.banxico.org.mx/SieAPIRest/service/v1/series/"
SERIES = {"SF43718": "USD", "SF46410": "EUR", "SF46407": "GBP", "SF46406": "JPY", "SF60632": "CAD"}
KEY_HEADER = "Bmx-Token"
NONE = "N/E"

FIELDS = {"idSerie", "titulo", "datos"}


def steps(query: Query) -> Steps:
    """One request for all series and the whole window."""
    first, last = query.span(PROVIDER.gap_days)
    last = min(last, query.today)
    key = ((KEY_HEADER, query.secret(PROVIDER.key)),)
    url = f"{FOLDER}{','.join(SERIES)}/datos/{first}/{last}"
    reply = yield Request(url, headers=key, private=(KEY_HEADER,), allow=(400, 401, 403))
    quotes = list(parse(reply.body))
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all series, each of which must be there."""
    answer = readers.mapping(readers.json_value(body))
    if "bmx" not in answer:
        raise _error(readers.mapping(answer["error"]))
    series = [readers.mapping(item) for item in readers.rows(readers.mapping(answer["bmx"])["series"])]
    if {item["idSerie"] for item in series} != set(SERIES):
        raise ValueError(f"the series {', '.join(SERIES)} were due, got {[item['idSerie'] for item in series]}")
    return [quote for item in series for quote in _quotes(SERIES[item["idSerie"]], item)]


def _quotes(code: str, series: Mapping[str, Any]) -> Iterator[Quote]:
    """A series without any figure in the window has no list of them, and then nothing of another name either."""
    if unknown := set(series) - FIELDS:
        raise ValueError(f"a series has no {', '.join(sorted(unknown))}")
    for item in readers.rows(series.get("datos", [])):
        row = readers.mapping(item)
        if row["dato"] != NONE:
            rate = readers.number(row["dato"], thousands=",")
            yield Quote(code, "MXN", rate, readers.day(row["fecha"], "D/M/Y"))


def _error(error: Mapping[str, Any]) -> RatesError:
    words = said(f"{error['mensaje']} {error.get('detalle') or ''}")
    refused = KeyRefused if "token" in words.lower() else ErrorAnswer
    return refused(f"reports {words!r}")
