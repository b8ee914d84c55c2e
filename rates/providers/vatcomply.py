"""VATcomply: the European Central Bank's reference rates, re-quoted for any base.

Publishes: about 30 currencies each TARGET working day, read hourly from the European Central Bank, since 1999-01-04.
Quoted: units of the symbol for one of the base, a cross of the euro rates that is rounded for other bases.
Answer: JSON with date, base and rates; a day without rates answers with the last one before it.
Source: https://www.vatcomply.com/documentation
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rates import readers
from rates.errors import ErrorAnswer, NoRates, RatesError, Unsupported
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import said

PROVIDER = Provider(
    name="VATcomply",
    country="EE",
    rate_type="reference",
    published="16:00 Europe/Berlin",
    since=date(1999, 1, 4),
    answers=("latest", "day"),
    concurrency=2,
    spacing_s=0.5,  # two requests a second is the limit its documentation names
    kind="service",
    reprints="ecb",
    terms="https://www.vatcomply.com/terms",
)

URL = "https://api.vatcomply.com/rates"


def steps(query: Query) -> Steps:
    """One request for the base, of the latest day or the one asked for."""
    params = [("base", query.base)]
    if query.symbols:
        params.append(("symbols", ",".join(query.symbols)))
    if query.end:
        params.append(("date", str(query.end)))
    reply = yield Request(URL, params=tuple(params), allow=(400, 404))
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the answered base and day."""
    answer = readers.mapping(readers.json_value(body))
    if "rates" not in answer:
        raise _error(answer)
    base, day = answer["base"], readers.day(answer["date"])
    rates = readers.mapping(answer["rates"], "an object of rates")
    return [Quote(base, symbol, readers.number(rate), day) for symbol, rate in rates.items()]


def _error(answer: Mapping[str, Any]) -> RatesError:
    """Its errors by their words; the field is `error` in its documentation and `detail` in its newer code."""
    message = said(answer["error"] if "error" in answer else answer["detail"])
    if message.startswith("No rate data"):
        return NoRates("has no rates for that day")
    if "not supported" in message or "not available" in message:
        return Unsupported(message)
    return ErrorAnswer(f"reports {message!r}")
